"""How the legs of a search become one score: weights and calibration, read from a data file.

The numbers are fitted by ``knowledge.calibration`` on the tuning half of the gold questions and
on the example questions themselves, each held out in turn; nothing here is guessed by hand.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import BadDocument
from knowledge.features import FEATURES
from knowledge.index import LEGS
from knowledge.segments import Floats

#: A best candidate below this is no find (nDCG@10 of known items in 1 200 passages without
#: questions: 0.88 instead of 0.79; right source first on gold unchanged within its interval).
FAR = np.float32(0.5)
#: Share of passages more or fewer past which weights and thresholds are fitted anew.
DRIFT = 0.1
#: Marks of a candidate that shift its score besides the legs.
KINDS = (
    "statute",
    "other_act",
    "named_act",
    "other_regime",
    "unasked_regime",
    "other_number",
    "outside",
    "web_page",
)
FILE = Path(__file__).with_name("fusion.json")


@dataclass(frozen=True, slots=True)
class Fusion:
    """Weights of the legs and what turns the best hit's features into a probability."""

    #: One weight per leg, in the order of ``LEGS``.
    weights: tuple[float, ...]
    #: Added for a statute section, so that articles and sections compete on equal terms; for one
    #: of another act than the question hints at; of the act it hints at; of another regime than it
    #: names; of the rules below the threshold when it names none; for an article on another level
    #: or indicator than the numbered one it names; for an article that marks where the corpus
    #: ends; for one on a web page, which ranks below the city's documents. In that order.
    shifts: tuple[float, ...]
    #: Constant and one coefficient per feature of a logistic regression.
    calibration: tuple[float, ...]
    #: At or above: answered. From the coverage-risk curve.
    answer_at: float
    #: At or above: near miss; below: no answer.
    near_at: float
    #: Corpus and model the numbers were fitted on; empty where nobody noted it.
    fingerprint: str = ""
    #: The embedding model alone; empty where nobody noted it.
    model: str = ""
    #: How many passages the corpus had; 0 where nobody noted it.
    passages: int = 0

    def for_model(self, model: str) -> Fusion:
        """These numbers, or more careful ones where another model's vectors are to be judged.

        The way left from the threshold to certainty is halved until numbers are fitted.
        """
        if not self.model or self.model == model:
            return self
        return replace(self, answer_at=(1 + self.answer_at) / 2)

    def fits(self, model: str, passages: int) -> bool:
        """Do the numbers serve a corpus of about the same size, read by this model?

        One edited text moves them less than it would move answers nobody has looked at.
        """
        return self.model == model and abs(passages - self.passages) <= DRIFT * self.passages

    def fuse(self, legs: Floats, kinds: NDArray[np.bool_]) -> Floats:
        """One number per candidate; differences are log odds of being the right one."""
        weights = np.asarray(self.weights, np.float32)
        shifts = np.asarray(self.shifts, np.float32)
        return np.asarray(relative(legs) @ weights + kinds @ shifts, np.float32)

    def probability(self, features: tuple[float, ...]) -> float:
        """Probability that the best hit answers the question."""
        total = self.calibration[0] + float(np.dot(self.calibration[1:], features))
        return float(1 / (1 + np.exp(-np.clip(total, -30, 30))))


def relative(legs: Floats) -> Floats:
    """Each leg as a share of its best candidate, so that long and short questions compare.

    A leg whose best is far off says little, and must not speak as loudly as one that has found
    the thing itself: texts nobody wrote questions for would lose to chance likenesses.
    """
    if not len(legs):
        return legs
    best = np.maximum(legs.max(axis=0, keepdims=True), FAR)
    return np.asarray(legs / best, np.float32)


def load_fusion(path: Path = FILE) -> Fusion:
    """Reads the shipped or re-derived numbers.

    Raises:
        BadDocument: the file is damaged or made for other legs.
    """
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        fusion = Fusion(
            tuple(float(raw["weights"][name]) for name in LEGS),
            tuple(float(raw["shifts"][name]) for name in KINDS),
            tuple(float(raw["calibration"][name]) for name in ("constant", *FEATURES)),
            float(raw["answer_at"]),
            float(raw["near_at"]),
            str(raw.get("fingerprint", "")),
            str(raw.get("model", "")),
            int(raw.get("passages", 0)),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadDocument(f"{path.name}: {error}") from error
    return fusion


def save_fusion(fusion: Fusion, path: Path, notes: dict[str, object]) -> None:
    """Writes the numbers with a note of what they were fitted on."""
    raw = asdict(fusion) | {
        "weights": dict(zip(LEGS, _short(fusion.weights), strict=True)),
        "shifts": dict(zip(KINDS, _short(fusion.shifts), strict=True)),
        "calibration": dict(zip(("constant", *FEATURES), _short(fusion.calibration), strict=True)),
        "fitted_on": notes,
    }
    path.write_text(json.dumps(raw, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _short(numbers: tuple[float, ...]) -> list[float]:
    return [round(number, 4) for number in numbers]
