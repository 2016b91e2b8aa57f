"""An own BM25 index that can be updated: segments, statistics summed over them, tombstones.

Okapi BM25 (Robertson and Zaragoza 2009) over any analyser's terms. A published article goes into
a small segment; the large one is not tokenised again. Only the length normalisation of stored
postings is redone after a change, in one vector operation, so that scores equal those of a full
build within rounding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Analyser = Callable[[str], Sequence[str]]
Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

K1 = 1.2
B = 0.75
# A small segment past this share of the large one is merged into it.
MERGE_SHARE = 0.2


@dataclass(slots=True)
class _Segment:
    """Postings of a run of rows, sorted by term."""

    #: Term -> its number in this segment.
    terms: dict[str, int]
    #: Postings of term t are ``rows[starts[t]:starts[t + 1]]``.
    starts: NDArray[np.int64]
    rows: Ints
    counts: Floats
    #: Live rows per term.
    frequency: Ints
    #: ``counts`` after length normalisation; redone when the corpus changes.
    impacts: Floats


class LexicalIndex:
    """Rows of text, found by the terms an analyser cuts them into."""

    def __init__(self, analyse: Analyser) -> None:
        self.analyse = analyse
        self._segments: list[_Segment] = []
        self._lengths: Floats = np.zeros(0, np.float32)
        self._alive: NDArray[np.bool_] = np.zeros(0, np.bool_)

    def __len__(self) -> int:
        return len(self._lengths)

    def add(self, texts: Sequence[str]) -> range:
        """Appends rows and returns their numbers."""
        first = len(self)
        if not texts:
            return range(first, first)
        segment, lengths = _build(texts, self.analyse, first)
        self._segments.append(segment)
        self._lengths = np.concatenate([self._lengths, lengths])
        self._alive = np.concatenate([self._alive, np.ones(len(texts), np.bool_)])
        self._merge_small()
        self._normalise()
        return range(first, len(self))

    def remove(self, rows: Iterable[int]) -> None:
        """Takes rows out; their numbers are not used again."""
        gone = np.zeros(len(self), np.bool_)
        gone[list(rows)] = True
        gone &= self._alive
        self._alive &= ~gone
        for segment in self._segments:
            hit = np.flatnonzero(gone[segment.rows])
            numbers = np.searchsorted(segment.starts, hit, side="right") - 1
            np.subtract.at(segment.frequency, numbers, 1)
            segment.counts[hit] = 0
        self._normalise()

    def scores(self, terms: Iterable[str]) -> tuple[Floats, float]:
        """BM25 of every row for these terms, and the score no row can pass."""
        total = np.zeros(len(self), np.float32)
        ceiling = 0.0
        for term in dict.fromkeys(terms):
            found = [(s, s.terms[term]) for s in self._segments if term in s.terms]
            frequency = sum(int(segment.frequency[number]) for segment, number in found)
            weight = self._weight(frequency)
            # A word the corpus has never seen counts against a match as a rare one would.
            ceiling += weight * (K1 + 1)
            for segment, number in found:
                span = slice(segment.starts[number], segment.starts[number + 1])
                total[segment.rows[span]] += np.float32(weight) * segment.impacts[span]
        return total, ceiling

    def weight(self, term: str) -> float:
        """Inverse document frequency of a term; largest for one the corpus has never seen."""
        frequency = sum(
            int(segment.frequency[segment.terms[term]])
            for segment in self._segments
            if term in segment.terms
        )
        return self._weight(frequency)

    def _weight(self, frequency: int) -> float:
        return float(np.log1p((int(self._alive.sum()) - frequency + 0.5) / (frequency + 0.5)))

    def vocabulary(self) -> frozenset[str]:
        """Every term of a live row."""
        return frozenset(
            term
            for segment in self._segments
            for term, number in segment.terms.items()
            if segment.frequency[number] > 0
        )

    def _normalise(self) -> None:
        mean = float(self._lengths[self._alive].mean()) if self._alive.any() else 1.0
        norm = (K1 * (1 - B + B * self._lengths / max(mean, 1e-9))).astype(np.float32)
        for segment in self._segments:
            segment.impacts = segment.counts * (K1 + 1) / (segment.counts + norm[segment.rows])

    def _merge_small(self) -> None:
        while len(self._segments) > 1:
            large, small = self._segments[-2], self._segments[-1]
            if len(self._segments) <= 2 and len(small.rows) < MERGE_SHARE * len(large.rows):
                return
            self._segments[-2:] = [_merge(large, small)]


def _build(texts: Sequence[str], analyse: Analyser, first: int) -> tuple[_Segment, Floats]:
    terms: dict[str, int] = {}
    numbers: list[int] = []
    lengths = np.zeros(len(texts), np.float32)
    for row, text in enumerate(texts):
        before = len(numbers)
        numbers.extend(terms.setdefault(term, len(terms)) for term in analyse(text))
        lengths[row] = len(numbers) - before
    row_of = np.repeat(np.arange(len(texts), dtype=np.int64), lengths.astype(np.int64))
    keys = np.asarray(numbers, np.int64) * len(texts) + row_of
    pairs, counts = np.unique(keys, return_counts=True)
    term_of, row_in = np.divmod(pairs, len(texts))
    return _segment(terms, term_of, (row_in + first).astype(np.int32), counts), lengths


def _segment(
    terms: dict[str, int], term_of: NDArray[np.int64], rows: Ints, counts: NDArray[np.generic]
) -> _Segment:
    frequency = np.bincount(term_of, minlength=len(terms)).astype(np.int32)
    starts = np.concatenate([[0], np.cumsum(frequency)]).astype(np.int64)
    floats = counts.astype(np.float32)
    return _Segment(terms, starts, rows, floats, frequency, floats)


def _merge(left: _Segment, right: _Segment) -> _Segment:
    """One segment with the live postings of both."""
    terms = dict(left.terms)
    moved = np.array([terms.setdefault(term, len(terms)) for term in right.terms], np.int64)
    spread_left = np.repeat(np.arange(len(left.terms)), np.diff(left.starts))
    spread_right = np.repeat(np.arange(len(right.terms)), np.diff(right.starts))
    term_of = np.concatenate([spread_left, moved[spread_right]])
    rows = np.concatenate([left.rows, right.rows])
    counts = np.concatenate([left.counts, right.counts])
    order = np.lexsort((rows, term_of))
    order = order[counts[order] > 0]
    return _segment(terms, term_of[order], rows[order], counts[order])
