"""An own BM25 index that can be updated: segments, statistics summed over them, tombstones.

Okapi BM25 (Robertson and Zaragoza 2009) over any analyser's terms. A published article goes into
a small segment; the large one is not tokenised again. Only the length normalisation of stored
postings is redone after a change, in one vector operation, so that scores equal those of a full
build within rounding.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from knowledge.segments import Floats, Segment, build_segment, merge_segments, renumbered

Analyser = Callable[[str], Sequence[str]]

K1 = 1.2
B = 0.75
# A small segment past this share of the large one is merged into it.
MERGE_SHARE = 0.2


class LexicalIndex:
    """Rows of text, found by the terms an analyser cuts them into."""

    def __init__(self, analyse: Analyser) -> None:
        self.analyse = analyse
        self.segments: list[Segment] = []
        self.lengths: Floats = np.zeros(0, np.float32)
        self.alive: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self._live = 0

    def __len__(self) -> int:
        return len(self.lengths)

    def add(self, texts: Sequence[str]) -> range:
        """Appends rows and returns their numbers."""
        return self.replace((), texts)

    def remove(self, rows: Iterable[int]) -> None:
        """Takes rows out; their numbers are not used again."""
        self.replace(rows, ())

    def replace(self, rows: Iterable[int], texts: Sequence[str]) -> range:
        """Takes rows out and appends others; returns the numbers of the new ones."""
        self._take_out(rows)
        first = len(self)
        if texts:
            segment, lengths = build_segment(texts, self.analyse, first)
            self.segments.append(segment)
            self.lengths = np.concatenate([self.lengths, lengths])
            self.alive = np.concatenate([self.alive, np.ones(len(texts), np.bool_)])
            self._merge_small()
        self.normalise()
        return range(first, len(self))

    def compacted(self, live: NDArray[np.intp]) -> Segment:
        """One segment of the live rows, numbered in the order given."""
        if not self.segments:
            return build_segment((), self.analyse, 0)[0]
        whole = self.segments[0]
        for segment in self.segments[1:]:
            whole = merge_segments(whole, segment)
        return renumbered(whole, live, len(self))

    def restore(self, segment: Segment, lengths: Floats) -> None:
        """Takes over the rows of a saved segment."""
        self.segments = [segment]
        self.lengths = lengths
        self.alive = np.ones(len(lengths), np.bool_)
        self.normalise()

    def copied(self) -> LexicalIndex:
        """Another index of the same rows; a change of one leaves the other as it is."""
        other = LexicalIndex(self.analyse)
        other.segments = [
            replace(segment, counts=segment.counts.copy(), frequency=segment.frequency.copy())
            for segment in self.segments
        ]
        other.lengths, other.alive, other._live = self.lengths, self.alive.copy(), self._live
        return other

    def scores(self, terms: Iterable[str]) -> tuple[Floats, float]:
        """BM25 of every row for these terms, and the score no row can pass."""
        total = np.zeros(len(self), np.float32)
        ceiling = 0.0
        for term in dict.fromkeys(terms):
            found = [(s, s.terms[term]) for s in self.segments if term in s.terms]
            weight = self._weight(sum(int(s.frequency[number]) for s, number in found))
            # A word the corpus has never seen counts against a match as a rare one would.
            ceiling += weight * (K1 + 1)
            for segment, number in found:
                span = slice(segment.starts[number], segment.starts[number + 1])
                # A row stands once in a term's postings, so that none is lost in adding.
                total[segment.rows[span]] += np.float32(weight) * segment.impacts[span]
        return total, ceiling

    def weight(self, term: str) -> float:
        """Inverse document frequency of a term; largest for one the corpus has never seen."""
        return self._weight(self.frequency(term))

    def frequency(self, term: str) -> int:
        """How many live rows hold the term."""
        return sum(
            int(segment.frequency[segment.terms[term]])
            for segment in self.segments
            if term in segment.terms
        )

    def holds(self, row: int, terms: Iterable[str]) -> list[bool]:
        """For each term: does it stand in the row?"""
        return [self._stands(row, term) for term in terms]

    def score_less(self, row: int, terms: Iterable[str], less: str) -> float:
        """BM25 of one row as if the text ``less`` did not stand in it."""
        taken = Counter(self.analyse(less))
        mean = float(self.lengths[self.alive].mean())
        length = float(self.lengths[row]) - taken.total()
        norm = K1 * (1 - B + B * length / max(mean, 1e-9))
        left = ((term, self._count(row, term) - taken[term]) for term in dict.fromkeys(terms))
        return sum(
            self.weight(term) * count * (K1 + 1) / (count + norm)
            for term, count in left
            if count > 0
        )

    def _stands(self, row: int, term: str) -> bool:
        return self._count(row, term) > 0

    def _count(self, row: int, term: str) -> int:
        for segment in self.segments:
            number = segment.terms.get(term)
            if number is not None:
                start, end = segment.starts[number], segment.starts[number + 1]
                place = int(start + np.searchsorted(segment.rows[start:end], row))
                if place < end and segment.rows[place] == row:
                    return int(segment.counts[place])
        return 0

    def vocabulary(self) -> frozenset[str]:
        """Every term of a live row."""
        return frozenset(
            term
            for segment in self.segments
            for term, number in segment.terms.items()
            if segment.frequency[number] > 0
        )

    def normalise(self) -> None:
        """Redoes the length normalisation after a change of the corpus."""
        self._live = int(self.alive.sum())
        mean = float(self.lengths[self.alive].mean()) if self._live else 1.0
        norm = (K1 * (1 - B + B * self.lengths / max(mean, 1e-9))).astype(np.float32)
        for segment in self.segments:
            counts = segment.counts.astype(np.float32)
            segment.impacts = counts * np.float32(K1 + 1) / (counts + norm[segment.rows])

    def _weight(self, frequency: int) -> float:
        return float(np.log1p((self._live - frequency + 0.5) / (frequency + 0.5)))

    def _take_out(self, rows: Iterable[int]) -> None:
        gone = np.zeros(len(self), np.bool_)
        gone[list(rows)] = True
        gone &= self.alive
        if not gone.any():
            return
        self.alive &= ~gone
        for segment in self.segments:
            hit = np.flatnonzero(gone[segment.rows])
            numbers = np.searchsorted(segment.starts, hit, side="right") - 1
            np.subtract.at(segment.frequency, numbers, 1)
            segment.counts[hit] = 0

    def _merge_small(self) -> None:
        while len(self.segments) > 1:
            large, small = self.segments[-2], self.segments[-1]
            if len(self.segments) <= 2 and len(small.rows) < MERGE_SHARE * len(large.rows):
                return
            self.segments[-2:] = [merge_segments(large, small)]
