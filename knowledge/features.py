"""What the calibration looks at: how convincing the best hit of a search is."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from intents.language import Language
from knowledge.index import LEGS, SearchIndex
from knowledge.segments import Floats

#: Names of the features, in the order of every feature tuple.
FEATURES = (
    *LEGS,
    "margin",
    "mass",
    "coverage",
    "missing",
    "agreement",
    "near_top",
    "statute",
    "english",
    "length",
    "outside",
    "asks_particulars",
)
# Acts and sources this corpus does not hold; a question that rests on one is not answered by
# whatever else uses the same words.
OUTSIDE = re.compile(
    r"\b(?:LOV|LUFS|OSL|LAS|MBL|KL|PBL|KPI|GDPR|SOU|HFD|JO|JK|AB ?04|ABT ?06|ABS ?18)\b"
    r"|(?i:\b(?:lov|lufs|osl|pbl|gdpr|kpi|ab ?04|abt ?06)\b)"
    r"|(?i:\b(?:EU-domstol|kammarrätt|avgörande från|rättsfall|praxis|dom från)\w*)"
    r"|(?i:\b(?:någon domstol|domstolarna)\b)"
    r"|(?i:\b(?!(?:förvaltnings|upphandlings)lag)\w{3,}(?:lagen|förordningen|balken)s?\b)"
    r"|(?i:\b(?:adda|kammarkollegiet|statens inköpscentral|konkurrensverket)\w*)"
    r"|(?i:\bcompetition authority\b)"
)
# Figures, names and the state of things today are rarely in a guidance text.
PARTICULARS = re.compile(
    r"\b(?:just nu|idag|i dag|senaste|exakt\w*|förra (?:året|månaden|veckan)|i år|i morgon"
    r"|hur många kronor|pris(?:et)?|timpris\w*|lön(?:en)?|heter|namn(?:et)? på|nummer|kostar"
    r"|right now|today|latest|exact|price|salary|name of)\b",
    re.IGNORECASE,
)


# Past this lead, in log odds, a rival no longer matters.
FAR = 6.0
# A leg that has the best hit among so many agrees with the others.
NEAR_TOP = 3


@dataclass(frozen=True, slots=True)
class Lead:
    """How far the best source is ahead of the others."""

    #: Log odds between it and the first other one, at most ``FAR``.
    margin: float
    #: Its share of the likelihood of all candidates.
    mass: float


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the search reads it."""

    #: As typed, cut to a length one may search.
    text: str
    #: Stems to look for.
    terms: tuple[str, ...]
    language: Language


def describe_best(
    index: SearchIndex, asked: Asked, number: int, legs: Floats, best: int, lead: Lead
) -> tuple[float, ...]:
    """The features of the best hit.

    Args:
        index: what was searched.
        asked: the question.
        number: number of the best passage.
        legs: the legs of all candidates.
        best: row of the best passage in ``legs``.
        lead: how far it is ahead of other sources.
    """
    own = legs[best]
    whole = index.lexical["whole_stems"]
    terms = tuple(dict.fromkeys(asked.terms))
    weights = np.array([whole.weight(term) for term in terms], np.float32)
    there = np.array(whole.holds(number, terms), np.bool_)
    known = np.array([whole.frequency(term) > 0 for term in terms], np.bool_)
    total = max(float(weights.sum()), 1e-6)
    return (
        *map(float, own),
        min(lead.margin, FAR) / FAR,
        lead.mass,
        float(weights[there].sum()) / total if terms else 0.0,
        float(weights[~known].sum()) / total if terms else 1.0,
        float(np.mean(own >= legs.max(axis=0) - 1e-6)),
        float(np.mean(np.sum(legs > own + 1e-6, axis=0) < NEAR_TOP)),
        float(index.passages[number].kind == "statute"),
        float(asked.language == "en"),
        math.log1p(len(terms)) / 4,
        float(bool(OUTSIDE.search(asked.text))),
        float(bool(PARTICULARS.search(asked.text))),
    )


def measure_lead(fused: Floats, same: NDArray[np.bool_]) -> Lead:
    """How the best candidate, and those that say the same, stand against all others.

    Args:
        fused: scores of all candidates, in log odds.
        same: which of them rest on the best one's source, or on the same rule for another value.
    """
    powers = np.exp(fused - fused.max())
    rest = fused[~same]
    margin = float(fused.max() - rest.max()) if len(rest) else FAR
    return Lead(margin, float(powers[same].sum() / powers.sum()))
