"""A trained vote on what a message wants, for wordings no rule was written for.

A linear model over the concepts of the message (``phrases/concepts.toml``), its form and its
length. The weights in ``vote.json`` come from ``python -m knowledge.vote_training``; a rule that
holds goes before the vote, unless the vote is all but certain.
"""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from intents.concepts import Sentence, load_lexicon
from intents.phrasebook import Topic, load_phrasebook
from intents.signals import Signals

#: The vote of "none of these": a rule question, a case for the list.
PLAIN = "question"
#: Words per step of length, and the last step.
_STEP, _LAST_STEP = 8, 5
#: Keeps a story of forty concepts on the scale of a line with four.
_SCALE = 3.0
_FLAGS = ("about_list", "facts_alone", "asks_duty", "time", "people", "tells_deviation")

_TOPICS = {"deviation": "new", "handover": "human", "consultation": "request",
           "example": "read", "report_status": "own"}  # fmt: skip
#: Concepts that make it another topic of the intent; the last one found counts.
_UNLESS = {
    "deviation": (("annual", "annual"), ("amend_word", "amend"), ("resume_word", "resume")),
    "consultation": (("visit", "visit"), ("gr_town", "request")),
    "example": (("success", "give"), ("tell_share", "give")),
}


@dataclass(frozen=True, slots=True)
class Vote:
    """What the model takes a message for."""

    name: str
    #: 0 to 1.
    sure: float
    #: How likely it is a plain question, 0 to 1.
    plain: float


@dataclass(frozen=True)
class Weights:
    """The trained model."""

    names: tuple[str, ...]
    bias: tuple[float, ...]
    #: Feature -> its weight for each name.
    features: Mapping[str, tuple[float, ...]]


def features_of(whole: Sentence, given: Signals) -> Iterator[str]:
    """Yield the features of a message given as one formed sentence."""
    names, left = _names_by_bit(), whole.mask
    while left:
        lowest = left & -left
        yield names[lowest]
        left ^= lowest
    for flag in _FLAGS:
        if getattr(given, flag):
            yield f"signal:{flag}"
    yield f"length:{min(len(whole.words) // _STEP, _LAST_STEP)}"


def scale(count: int) -> float:
    """Return the value each of so many known features has."""
    return _SCALE / math.sqrt(count + 1)


def vote(whole: Sentence, given: Signals) -> Vote:
    """Return what the model takes a message for."""
    weights = load_weights()
    known = [weights.features[f] for f in features_of(whole, given) if f in weights.features]
    value = scale(len(known))
    sums = [
        bias + value * sum(column)
        for bias, column in zip(weights.bias, zip(*known, strict=True), strict=True)
    ]
    highest = max(sums)
    odds = [math.exp(each - highest) for each in sums]
    chances = dict(zip(weights.names, (each / sum(odds) for each in odds), strict=True))
    best = max(chances, key=lambda name: chances[name])
    return Vote(best, chances[best], chances[PLAIN])


def voted_topic(intent: str, whole: Sentence) -> Topic:
    """Return the topic a voted intent stands for in this message."""
    bits = load_lexicon().bits
    name = _TOPICS[intent]
    for concept, other in _UNLESS.get(intent, ()):
        if whole.mask & bits[concept]:
            name = other
    return load_phrasebook().topic(intent, name)


@cache
def _names_by_bit() -> Mapping[int, str]:
    return {bit: name for name, bit in load_lexicon().bits.items()}


@cache
def load_weights() -> Weights:
    """Return the weights shipped with the package."""
    raw = json.loads(files("intents").joinpath("vote.json").read_text(encoding="utf-8"))
    features = {name: tuple(row) for name, row in raw["features"].items()}
    return Weights(tuple(raw["names"]), tuple(raw["bias"]), features)
