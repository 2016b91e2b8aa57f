"""Finds passages that try to win every search: stuffed with keywords or holding hidden text."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from intents.language import tokenize
from knowledge.model import Passage
from knowledge.retriever import Retriever

#: A passage among the first three for more than this share of a panel is flagged.
HUB_SHARE = 0.02
FIRST = 3
#: Questions of a panel: enough to tell one in fifty from chance.
PANEL = 300
# Fewer appearances than this say nothing, however small the panel.
FEWEST = 4
# In running Swedish text of some length about half the words are different ones and one in four
# ends a clause; a list of search words has neither sentences nor small words.
LONG = 60
REPEATED = 0.25
PUNCTUATION = re.compile(r"[.!?;:,\n]")
RUN_ON = 60
HIDDEN_SHARE = 0.02

Reason = Literal["wins", "stuffed", "hidden"]


@dataclass(frozen=True, slots=True)
class Flag:
    """A passage somebody should look at before it is published."""

    passage: Passage
    reason: Reason
    #: Share of the panel it is among the first three for; 0 where it was not searched.
    share: float


def find_suspects(current: Retriever, passages: Sequence[Passage]) -> tuple[Flag, ...]:
    """What somebody should look at before these passages are published beside the live ones."""
    ids = {passage.document_id for passage in passages}
    index = current.index.exchanged(ids, passages)
    candidate = Retriever(index, current.fusion, current.twins)
    return (*find_stuffed(passages), *find_hubs(candidate, panel_of(current, ids), ids))


def panel_of(retriever: Retriever, without: Collection[str] = ()) -> list[str]:
    """``PANEL`` questions, evenly from those the texts of a corpus list as their own."""
    asked = dict.fromkeys(
        question
        for _, passage in retriever.index.live()
        if passage.document_id not in without
        for question in passage.questions
    )
    return list(asked)[:: max(1, len(asked) // PANEL)][:PANEL]


def find_hubs(
    retriever: Retriever, panel: Sequence[str], only: Iterable[str] = ()
) -> tuple[Flag, ...]:
    """Passages among the first three for too many questions of a panel.

    Args:
        retriever: the corpus as it would be published.
        panel: questions of many kinds.
        only: document ids to judge, by questions that other texts answer; when empty all are, and
            the questions a passage lists as its own do not count for it.
    """
    judged = set(only)
    wins: Counter[str] = Counter()
    found: dict[str, Passage] = {}
    for question in panel:
        for hit in retriever.search(question, k=FIRST).hits[:FIRST]:
            passage = hit.passage
            if passage.document_id in judged or not (judged or question in passage.questions):
                wins[passage.id] += 1
                found[passage.id] = passage
    limit = max(FEWEST, HUB_SHARE * len(panel))
    return tuple(
        Flag(found[name], "wins", count / len(panel))
        for name, count in wins.most_common()
        if count > limit
    )


def find_stuffed(passages: Iterable[Passage]) -> tuple[Flag, ...]:
    """Passages whose text was not written to be read."""
    flags = []
    reason: Reason | None
    for passage in passages:
        shown = "\n".join((passage.title, passage.heading, passage.text, *passage.questions))
        reason = "hidden" if _hides(shown) else _unreadable(passage.text)
        if reason is not None:
            flags.append(Flag(passage, reason, 0.0))
    return tuple(flags)


def _hides(text: str) -> bool:
    """Does it hold more characters without a shape than soft hyphens and joiners account for?"""
    hidden = sum(unicodedata.category(character) == "Cf" for character in text)
    return hidden > max(10, HIDDEN_SHARE * len(text))


def _unreadable(text: str) -> Reason | None:
    words = [token.folded for token in tokenize(text)]
    if len(words) < LONG:
        return None
    commonest = max(Counter(word for word in words if len(word) > 4).values(), default=0)
    if commonest > REPEATED * len(words) or len(words) > RUN_ON * (
        1 + len(PUNCTUATION.findall(text))
    ):
        return "stuffed"
    return None
