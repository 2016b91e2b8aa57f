"""Figures of a ranking and how sure one can be of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

DEPTH = 10
ROUNDS = 1_000
SEED = 20_250_901


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float
    #: How many questions it is the mean of.
    count: int

    def as_dict(self) -> dict[str, float]:
        """Plain numbers, rounded to four places."""
        return {name: round(number, 4) for name, number in asdict(self).items()}


def figure(values: Sequence[float]) -> Figure:
    """The mean of per-question values; zeros without any; always the same interval for them."""
    if not values:
        return Figure(0.0, 0.0, 0.0, 0)
    sample = np.asarray(values, np.float64)
    draws = np.random.default_rng(SEED).integers(0, len(sample), (ROUNDS, len(sample)))
    means = sample[draws].mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return Figure(float(sample.mean()), float(low), float(high), len(sample))


def recall_at(marks: Sequence[bool], depth: int) -> float:
    """1 when a right one is among the first ``depth``, else 0."""
    return float(any(marks[:depth]))


def reciprocal_rank(marks: Sequence[bool]) -> float:
    """1 over the place of the first right one; 0 without any."""
    return next((1 / place for place, right in enumerate(marks, 1) if right), 0.0)


def ndcg(marks: Sequence[bool], relevant: int, depth: int = DEPTH) -> float:
    """Normalised discounted gain of a ranking in which ``relevant`` items are right in all."""
    if relevant <= 0:
        return 0.0
    gain = sum(1 / math.log2(place + 1) for place, right in enumerate(marks[:depth], 1) if right)
    best = sum(1 / math.log2(place + 1) for place in range(1, min(relevant, depth) + 1))
    return gain / best


@dataclass(frozen=True, slots=True)
class RankFigures:
    """What a leg, or all of them together, finds."""

    recall_at_1: Figure
    recall_at_3: Figure
    recall_at_5: Figure
    mrr: Figure
    ndcg_at_10: Figure

    def as_dict(self) -> dict[str, dict[str, float]]:
        """Figures by name."""
        return {name: getattr(self, name).as_dict() for name in self.__slots__}


def rank_figures(rankings: Sequence[tuple[Sequence[bool], int]]) -> RankFigures:
    """Figures of rankings, each with the number of items that would be right."""
    first, three, five = (
        figure([recall_at(marks, depth) for marks, _ in rankings]) for depth in (1, 3, 5)
    )
    return RankFigures(
        first,
        three,
        five,
        figure([reciprocal_rank(marks) for marks, _ in rankings]),
        figure([ndcg(marks, relevant) for marks, relevant in rankings]),
    )
