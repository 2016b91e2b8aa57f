"""How the legs of a search become one score: weights and calibration, read from a data file.

The numbers are fitted by ``knowledge.calibration`` on the tuning half of the gold questions and
on the example questions themselves, each held out in turn; nothing here is guessed by hand.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from knowledge.errors import BadDocument
from knowledge.index import LEGS
from knowledge.lexical import Floats

FILE = Path(__file__).with_name("fusion.json")
#: What the calibration looks at besides the constant, for the best hit of a search.
FEATURES = ("fused", "margin", "coverage", "question", "statute")


@dataclass(frozen=True, slots=True)
class Fusion:
    """Weights of the legs and what turns a fused score into a probability."""

    #: One weight per leg, in the order of ``LEGS``.
    weights: tuple[float, ...]
    #: Factor on a section of another act than the question hints at.
    other_act: float
    #: Constant and one coefficient per feature of a logistic regression.
    calibration: tuple[float, ...]
    #: At or above: answered. From the coverage-risk curve.
    answer_at: float
    #: At or above: near miss; below: no answer.
    near_at: float

    def fuse(self, legs: Floats) -> Floats:
        """Weighted sum of the legs, one number per passage."""
        return legs @ np.asarray(self.weights, np.float32)

    def probability(self, features: tuple[float, ...]) -> float:
        """Probability that the best hit answers the question."""
        total = self.calibration[0] + float(np.dot(self.calibration[1:], features))
        return float(1 / (1 + np.exp(-np.clip(total, -30, 30))))


def load_fusion(path: Path = FILE) -> Fusion:
    """Reads the shipped or re-derived numbers.

    Raises:
        BadDocument: the file is damaged or made for other legs.
    """
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        fusion = Fusion(
            tuple(float(raw["weights"][name]) for name in LEGS),
            float(raw["other_act"]),
            tuple(float(raw["calibration"][name]) for name in ("constant", *FEATURES)),
            float(raw["answer_at"]),
            float(raw["near_at"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadDocument(f"{path.name}: {error}") from error
    return fusion


def save_fusion(fusion: Fusion, path: Path, notes: dict[str, object]) -> None:
    """Writes the numbers with a note of what they were fitted on."""
    raw = asdict(fusion) | {
        "weights": dict(zip(LEGS, fusion.weights, strict=True)),
        "calibration": dict(zip(("constant", *FEATURES), fusion.calibration, strict=True)),
        "fitted_on": notes,
    }
    path.write_text(json.dumps(raw, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
