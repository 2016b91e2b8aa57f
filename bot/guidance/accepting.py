"""Gold as somebody decides it: an accepted answer is what a right one rests on from now on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from bot.guidance.answer_diff import Change
from storage.gold import Gold
from storage.records import Facts

#: Id of a gold question born in operation; the shipped ones have other ids.
BORN = re.compile(r"d(\d+)")


def accept(gold: Gold, changes: Iterable[Change], by: str, at: datetime) -> int:
    """Makes each answer gold that gold did not know as right; returns how many.

    A question of gold's is replaced. A real one becomes gold where it is answered; what nobody
    answers is not settled by a publication.
    """
    new = [
        each
        for each in changes
        if not each.right and (each.origin == "gold" or each.after.outcome == "answered")
    ]
    for change in new:
        born = BORN.fullmatch(change.id) if change.origin == "gold" else None
        if born:
            gold.end(int(born[1]), at)
        gold.add(change.question, change.language, _expected(change, shipped=not born), by, at)
    return len(new)


def _expected(change: Change, *, shipped: bool) -> Facts:
    """The row that evaluation reads; ``replaces`` puts the shipped question aside."""
    if change.after.outcome == "answered":
        expected: Facts = {"source": change.after.basis}
    else:
        expected = {"kind": "out_of_corpus"}
    if shipped and change.origin == "gold":
        return {**expected, "replaces": change.id}
    return expected
