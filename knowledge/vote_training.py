"""Trains the vote on intents: ``python -m knowledge.vote_training`` writes ``intents/vote.json``.

Learns from the example phrases, the questions of the guidance and the editorial layer, the told
examples and the tuning half of gold; the reporting half is never seen. Full-batch and without
chance, so the same data give the same weights.
"""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intents.intent_rules import join
from intents.phrasebook import load_phrasebook
from intents.sentence_form import formed_sentences
from intents.signals import read_signals
from intents.vote import PLAIN, features_of, scale
from knowledge.gold_questions import load_gold

#: A feature in fewer messages says nothing.
_RARE = 3
_ROUNDS, _RATE, _DECAY = 300, 0.05, 1e-4
#: Gold kinds that are no plain question.
_KINDS = {
    "intent:deviation": "deviation", "intent:handoff": "handover", "intent:example": "example",
    "intent:consultation": "consultation", "intent:report_status": "report_status",
    "intent:screening": "screening", "smalltalk": "smalltalk", "out_of_scope": "policy",
}  # fmt: skip

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Row:
    """One message and what it wants."""

    text: str
    intent: str


def load_rows(folder: Path) -> list[Row]:
    """Returns everything the vote learns from; ``folder`` is the package ``knowledge``."""
    book = load_phrasebook()
    phrases = [Row(text, topic.intent) for topic in book.topics for text in topic.phrases]
    gold = [
        Row(each.question, _KINDS.get(each.kind, PLAIN))
        for each in load_gold(folder / "gold")
        if each.half == "tuning"
    ]
    told = [
        Row(row["question"], row["intent"])
        for row in map(json.loads, (folder / "told.jsonl").read_text(encoding="utf-8").splitlines())
    ]
    short = phrases + gold + told
    around = (folder / "told_around.txt").read_text(encoding="utf-8").splitlines()
    return (
        short
        + list(_rambling(short, around))
        + [Row(text, PLAIN) for text in _plain_questions(folder)]
    )


def _rambling(rows: list[Row], around: list[str]) -> Iterator[Row]:
    """The same messages as people write them who tell the whole background first."""
    for number, row in enumerate(rows):
        before, more, after = (around[number * step % len(around)] for step in (1, 5, 7))
        yield Row(f"{before} {more} {row.text}", row.intent)
        yield Row(f"{before} {row.text} {after}", row.intent)


def _plain_questions(folder: Path) -> Iterator[str]:
    for path in sorted((folder / "editorial").glob("*.toml")):
        for section in tomllib.loads(path.read_text(encoding="utf-8")).values():
            yield from section.get("questions", ())
    for path in sorted((folder / "guidance").glob("*.md")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith('  - "'):
                yield line.strip().removeprefix('- "').removesuffix('"')


def read_features(text: str) -> list[str]:
    """Returns the features of a message as the vote sees them."""
    given = read_signals(text)
    return list(features_of(join(formed_sentences(text, given)), given))


def train(rows: list[Row]) -> dict[str, Any]:
    """Returns the weights as they are written to the file."""
    seen = [read_features(row.text) for row in rows]
    counted = Counter(feature for features in seen for feature in features)
    known = {f: n for n, f in enumerate(sorted(f for f in counted if counted[f] >= _RARE))}
    names = sorted({row.intent for row in rows})
    values = np.zeros((len(rows), len(known)), np.float32)
    for number, features in enumerate(seen):
        places = [known[feature] for feature in features if feature in known]
        values[number, places] = scale(len(places))
    wanted = np.array([names.index(row.intent) for row in rows])
    weights, bias = _fit(values, wanted, len(names))
    return {
        "names": names,
        "bias": _rounded(bias),
        "features": {feature: _rounded(weights[place]) for feature, place in known.items()},
    }


def _fit(values: Matrix, wanted: NDArray[np.intp], names: int) -> tuple[Matrix, Matrix]:
    """Softmax regression by Adam; a rare intent weighs more, but not as much as a common one."""
    values = np.hstack([values, np.ones((len(values), 1), np.float32)])
    targets = np.eye(names, dtype=np.float32)[wanted]
    worth = (1 / np.sqrt(np.bincount(wanted)))[wanted].astype(np.float32)
    worth /= worth.sum()
    weights = np.zeros((values.shape[1], names), np.float32)
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for turn in range(1, _ROUNDS + 1):
        sums = values @ weights
        odds = np.exp(sums - sums.max(axis=1, keepdims=True))
        missed = (odds / odds.sum(axis=1, keepdims=True) - targets) * worth[:, None]
        slope = values.T @ missed + _DECAY * weights
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        step = mean / (1 - 0.9**turn) / (np.sqrt(square / (1 - 0.99**turn)) + 1e-8)
        weights -= _RATE / (1 + turn / 100) * step
    return weights[:-1], weights[-1]


def _rounded(row: Matrix) -> list[float]:
    return [round(float(each), 2) for each in row]


def main() -> None:
    """Trains on the shipped data and writes the weights beside the phrases."""
    weights = train(load_rows(Path(str(files("knowledge")))))
    lines = [
        f"  {json.dumps(name)}: {json.dumps(row)}" for name, row in weights["features"].items()
    ]
    head = f'{{"names": {json.dumps(weights["names"])},\n"bias": {json.dumps(weights["bias"])},\n'
    text = head + '"features": {\n' + ",\n".join(lines) + "\n}}\n"
    Path(str(files("intents"))).joinpath("vote.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
