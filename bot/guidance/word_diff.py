"""Two texts side by side, word by word: what went, what came, what stayed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal

#: Lines that are less alike than this are shown as one that went and one that came.
ALIKE = 0.4
#: Unchanged lines shown around a change.
AROUND = 1
WORDS = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a line."""

    text: str
    kind: Literal["same", "gone", "new"]


Line = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A line before and after; one of them is empty where a whole line went or came."""

    before: Line
    after: Line

    @property
    def changed(self) -> bool:
        """Does the line differ?"""
        return any(piece.kind != "same" for piece in (*self.before, *self.after))


@dataclass(frozen=True, slots=True)
class Gap:
    """Unchanged lines that are left out."""

    lines: int


def side_by_side(before: str, after: str) -> list[Pair | Gap]:
    """The changed lines of two texts with a little of what stands around them."""
    pairs = list(_pairs(_lines(before), _lines(after)))
    near = {
        place + step
        for place, pair in enumerate(pairs)
        if pair.changed
        for step in range(-AROUND, AROUND + 1)
    }
    found: list[Pair | Gap] = []
    for place, pair in enumerate(pairs):
        if place in near:
            found.append(pair)
        elif found and isinstance(found[-1], Gap):
            found[-1] = Gap(found[-1].lines + 1)
        else:
            found.append(Gap(1))
    return found


def compare_lines(before: str, after: str) -> Pair:
    """One line against another."""
    left: list[Piece] = []
    right: list[Piece] = []
    for same, gone, came in _runs(WORDS.findall(before), WORDS.findall(after)):
        if same:
            left.append(Piece(gone, "same"))
            right.append(Piece(came, "same"))
        else:
            left += [Piece(gone, "gone")] if gone else []
            right += [Piece(came, "new")] if came else []
    return Pair(tuple(left), tuple(right))


def compare_alike(before: str, after: str) -> Pair:
    """One line against another; the words of two that have little in common are left unmarked."""
    if SequenceMatcher(None, before, after, autojunk=False).ratio() >= ALIKE:
        return compare_lines(before, after)
    return Pair((Piece(before, "same"),), (Piece(after, "same"),))


def _runs(old: Sequence[str], new: Sequence[str]) -> list[tuple[bool, str, str]]:
    """(is it the same, before, after); a mere space between two changes belongs to them."""
    runs: list[tuple[bool, str, str]] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        run = (kind == "equal", "".join(old[a:b]), "".join(new[c:d]))
        if len(runs) > 1 and not run[0] and runs[-1][0] and runs[-1][1].isspace():
            first, space = runs[-2], runs[-1]
            runs[-2:] = [(False, first[1] + space[1] + run[1], first[2] + space[2] + run[2])]
        else:
            runs.append(run)
    return runs


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _pairs(before: Sequence[str], after: Sequence[str]) -> Iterator[Pair]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            yield from (_same(line) for line in before[a:b])
        else:
            yield from _replaced(before[a:b], after[c:d])


def _replaced(before: Sequence[str], after: Sequence[str]) -> Iterator[Pair]:
    for old, new in zip_longest(before, after, fillvalue=""):
        if old and new and SequenceMatcher(None, old, new).quick_ratio() >= ALIKE:
            yield compare_lines(old, new)
        else:
            yield from _apart(old, new)


def _apart(old: str, new: str) -> Iterable[Pair]:
    if old:
        yield Pair((Piece(old, "gone"),), ())
    if new:
        yield Pair((), (Piece(new, "new"),))


def _same(line: str) -> Pair:
    piece = (Piece(line, "same"),)
    return Pair(piece, piece)
