"""Postings of a run of rows: built once, merged with others, kept as plain arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Longs = NDArray[np.int64]

# A word that stands more often in one passage adds nothing, and counts fit two bytes.
MOST = 65_535


@dataclass(slots=True)
class Segment:
    """Postings of a run of rows, sorted by term and row."""

    #: Term -> its number in this segment.
    terms: dict[str, int]
    #: Postings of term t are ``rows[starts[t]:starts[t + 1]]``.
    starts: Longs
    #: Row of each posting.
    rows: Longs
    #: How often the term stands in the row; 0 for a row that was taken out.
    counts: NDArray[np.uint16]
    #: Live rows per term.
    frequency: Longs
    #: ``counts`` after length normalisation; redone when the corpus changes.
    impacts: Floats


def build_segment(
    texts: Sequence[str], analyse: Callable[[str], Sequence[str]], first: int
) -> tuple[Segment, Floats]:
    """Cuts texts into postings of rows ``first``, ``first + 1``, …; also returns their lengths."""
    terms: dict[str, int] = {}
    numbers: list[int] = []
    lengths = np.zeros(len(texts), np.float32)
    for row, text in enumerate(texts):
        before = len(numbers)
        numbers.extend([terms.setdefault(term, len(terms)) for term in analyse(text)])
        lengths[row] = len(numbers) - before
    row_of = np.repeat(np.arange(len(texts), dtype=np.int64), lengths.astype(np.int64))
    keys = np.asarray(numbers, np.int64) * len(texts) + row_of
    pairs, counts = np.unique(keys, return_counts=True)
    term_of, row_in = np.divmod(pairs, max(1, len(texts)))
    return to_segment(terms, term_of, row_in + first, counts), lengths


def to_segment(
    terms: dict[str, int], term_of: Longs, rows: Longs, counts: NDArray[np.integer]
) -> Segment:
    """A segment of postings that are sorted by term and row."""
    frequency = np.bincount(term_of, minlength=len(terms)).astype(np.int64)
    starts = np.concatenate([[0], np.cumsum(frequency)]).astype(np.int64)
    short = np.minimum(counts, MOST).astype(np.uint16)
    return Segment(terms, starts, rows.astype(np.int64), short, frequency, np.zeros(0, np.float32))


def merge_segments(left: Segment, right: Segment) -> Segment:
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
    return to_segment(terms, term_of[order], rows[order], counts[order])


def renumbered(segment: Segment, live: NDArray[np.intp], count: int) -> Segment:
    """The postings of the rows ``live`` of ``count``; row ``live[i]`` becomes row i."""
    new = np.full(count, -1, np.int64)
    new[live] = np.arange(len(live))
    term_of = np.repeat(np.arange(len(segment.terms)), np.diff(segment.starts))
    kept = (segment.counts > 0) & (new[segment.rows] >= 0)
    term_of, rows, counts = term_of[kept], new[segment.rows[kept]], segment.counts[kept]
    order = np.lexsort((rows, term_of))
    return to_segment(dict(segment.terms), term_of[order], rows[order], counts[order])
