"""Questions whose answer depends on a decision nobody has taken: said before anything is quoted."""

from __future__ import annotations

from collections.abc import Iterable

from intents.language import stem, tokenize
from intents.picklists import ListTerm

#: Shorter words tell no topic apart.
SHORTEST = 4


def undecided_topic(question: str, topics: Iterable[ListTerm]) -> ListTerm | None:
    """The topic one of whose phrases has all its words in the question; of several the longest."""
    asked = _stems(question)
    best: tuple[int, ListTerm] | None = None
    for topic in topics:
        for phrase in (topic.name, *topic.synonyms):
            wanted = _stems(phrase)
            if wanted and wanted <= asked and (best is None or len(wanted) > best[0]):
                best = len(wanted), topic
    return best[1] if best else None


def _stems(text: str) -> frozenset[str]:
    words = (token.folded for token in tokenize(text) if len(token.folded) >= SHORTEST)
    return frozenset(map(stem, words))
