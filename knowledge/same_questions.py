"""Which questions seem to mean the same, so that one answer can serve them; a person decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from intents.language import stem, tokenize
from knowledge.embedding import Embedder

#: Cosine from which two questions are put together. Over thirteen questions of six meanings, pairs
#: of one meaning lay from 0.38 (but for one at 0.24) and pairs of two meanings below 0.22.
ALIKE = 0.35

#: Shorter words name no subject.
SHORTEST_WORD = 4


def group_alike(
    questions: Sequence[str], embedder: Embedder, alike: float = ALIKE
) -> list[list[int]]:
    """Positions of the questions in groups, the largest group first; each is in one group.

    A question joins every group it is like a member of, and thereby joins those groups.
    """
    if not questions:
        return []
    encoded = np.asarray(embedder.encode_queries(list(questions)))
    lengths = np.linalg.norm(encoded, axis=1, keepdims=True)
    vectors = encoded / np.where(lengths == 0, 1, lengths)
    groups: list[list[int]] = []
    for place, vector in enumerate(vectors):
        near = [g for g in groups if float(np.max(vectors[g] @ vector)) >= alike]
        joined = sorted([*(each for group in near for each in group), place])
        groups = [*(group for group in groups if group not in near), joined]
    return sorted(groups, key=lambda group: (-len(group), group))


def telling_words(
    questions: Sequence[str], weight: Callable[[str], float], most: int = 3
) -> tuple[str, ...]:
    """The words that say most of what the questions are about, in the order they are first used.

    A word counts for each question it stands in, times the ``weight`` of its stem, such as its
    rarity among all texts; what only one of several asks tells little of them all. Words of one
    stem are one, shown as it is written most often.
    """
    written: dict[str, Counter[str]] = {}
    asked_in: Counter[str] = Counter()
    for question in questions:
        words = [token.text.lower() for token in tokenize(question) if _may_tell(token.text)]
        for word in words:
            written.setdefault(stem(word), Counter())[word] += 1
        asked_in.update({stem(word) for word in words})
    shared = [each for each, count in asked_in.items() if count > 1] or list(asked_in)
    best = sorted(shared, key=lambda each: -asked_in[each] * weight(each))[:most]
    return tuple(written[each].most_common(1)[0][0] for each in written if each in best)


def _may_tell(word: str) -> bool:
    return len(word) >= SHORTEST_WORD and word.isalpha()
