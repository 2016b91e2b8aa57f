"""The two small fits behind a search: a listwise softmax for the legs, a logistic for trust."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]

STEPS = 300
RATE = 0.3
RIDGE = 2e-4


@dataclass(frozen=True, slots=True)
class Group:
    """Candidates of one question, of which some are right."""

    #: One row per candidate, one column per feature.
    features: Doubles
    right: NDArray[np.bool_]
    #: How much the question counts.
    weight: float


def fit_listwise(groups: Sequence[Group], positive: int = 0) -> Doubles:
    """Weights under which the right candidates are likeliest (softmax over each group).

    Deterministic: starts at one for every feature and takes ``STEPS`` Adam steps. The first
    ``positive`` weights stay at zero or above: being nearer never counts against a passage.
    """
    usable = [g for g in groups if g.weight and g.right.any() and not g.right.all()]
    if not usable:
        raise ValueError("no question has a right and a wrong candidate")
    features = np.concatenate([group.features for group in usable])
    right = np.concatenate([group.right for group in usable]).astype(np.float64)
    sizes = np.array([len(group.right) for group in usable])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    weights = np.array([group.weight for group in usable], np.float64)
    each = np.repeat(weights / weights.sum(), sizes)

    def gradient(parameters: Doubles) -> Doubles:
        scores = features @ parameters
        powers = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), sizes))
        good = powers * right
        share = powers / np.repeat(np.add.reduceat(powers, starts), sizes)
        wanted = good / np.repeat(np.add.reduceat(good, starts), sizes)
        slope: Doubles = features.T @ ((share - wanted) * each) + RIDGE * parameters
        return slope

    return _descend(np.ones(features.shape[1]), gradient, positive)


def fit_logistic(features: Doubles, right: NDArray[np.bool_], weights: Doubles) -> Doubles:
    """Constant and coefficients of a ridge logistic regression, by Newton's method."""
    design = np.hstack([np.ones((len(features), 1)), features])
    each = weights / weights.sum()
    ridge = np.full(design.shape[1], 2e-3)
    ridge[0] = 1e-6
    parameters = np.zeros(design.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-np.clip(design @ parameters, -30, 30)))
        slope = design.T @ (each * (chance - right)) + ridge * parameters
        curve = design.T @ (design * (each * chance * (1 - chance))[:, None]) + np.diag(ridge)
        step = np.linalg.solve(curve, slope)
        parameters = parameters - step
        if np.abs(step).max() < 1e-8:
            break
    return np.asarray(parameters)


def _descend(start: Doubles, gradient: Callable[[Doubles], Doubles], positive: int) -> Doubles:
    parameters, first, second = start.copy(), np.zeros_like(start), np.zeros_like(start)
    for step in range(1, STEPS + 1):
        slope = gradient(parameters)
        first = 0.9 * first + 0.1 * slope
        second = 0.999 * second + 0.001 * slope**2
        pace = RATE * (1 - (step - 1) / STEPS)
        change = (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-9)
        parameters = parameters - pace * change
        parameters[:positive] = np.maximum(parameters[:positive], 0)
    return parameters
