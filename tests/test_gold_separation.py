"""No question that measures the assistant is one it was taught, word for word or nearly."""

from __future__ import annotations

import gzip
import json
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from intents.language import tokenize

ROOT = Path(__file__).resolve().parent.parent
#: Share of common character 4-grams above which two questions count as the same.
NEAR = 0.6
#: Up to so many words a concept or a heading is a set phrase ("what can you do", "Alternativ 2")
#: that belongs to the language, and not a question that was taught.
SET_PHRASE = 4
#: Characters; a longer text is near no question.
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text and where it stands."""

    place: str
    text: str

    @property
    def folded(self) -> str:
        return " ".join(token.folded for token in tokenize(self.text))


def grams(text: str) -> frozenset[str]:
    return frozenset(text[start : start + 4] for start in range(max(1, len(text) - 3)))


def near_copies(measured: Iterable[Line], taught: Iterable[Line]) -> Iterator[tuple[Line, Line]]:
    """Finds all pairs by the 4-grams they share; two lines without a common one never meet."""
    asked = list(measured)
    sets = [grams(question.folded) for question in asked]
    holders: dict[str, list[int]] = defaultdict(list)
    for number, wanted in enumerate(sets):
        for gram in wanted:
            holders[gram].append(number)
    for line in taught:
        known = grams(line.folded)
        shared = Counter(chain.from_iterable(holders[gram] for gram in known & holders.keys()))
        for number, common in shared.items():
            if common > NEAR * (len(known) + len(sets[number]) - common):
                yield asked[number], line


def questions(folder: Path) -> list[Line]:
    return [
        Line(f"{path.name}:{number}", json.loads(row)["question"])
        for path in sorted(folder.glob("*.jsonl"))
        for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if row.strip()
    ]


def taught_lines() -> list[Line]:
    """Every line of the guidance, the editorial layer, the phrases and the told examples."""
    articles = [
        Line(f"{path.name}:{number}", row.strip().removeprefix("title:").strip("-# \"'"))
        for path in sorted((ROOT / "knowledge" / "guidance").glob("*.md"))
        for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if row.strip()
    ]
    tables = [
        *(ROOT / "knowledge" / "editorial").glob("*.toml"),
        *(ROOT / "intents" / "phrases").glob("*.toml"),
    ]
    told = (ROOT / "knowledge" / "told.jsonl").read_text(encoding="utf-8").splitlines()
    examples = [Line("told.jsonl", json.loads(row)["question"]) for row in told]
    return [
        *articles,
        *(line for line in examples if len(line.text.split()) > SET_PHRASE),
    ] + [
        Line(path.name, text)
        for path in sorted(tables)
        for text in strings(tomllib.loads(path.read_text(encoding="utf-8")))
        if path.parent.name != "phrases" or len(text.split()) > SET_PHRASE
    ]


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from strings(item)


def training_lines(folder: Path) -> Iterator[Line]:
    """Every question, heading and sentence the shipped model may be trained on."""
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as rows:
            texts = {text for row in rows for text in strings(json.loads(row))}
        for text in texts:
            if len(text) < LONGEST and len(text.split()) > SET_PHRASE:
                yield Line(path.name, text)


def assert_apart(measured: list[Line], taught: Iterable[Line]) -> None:
    assert measured
    pairs = [
        f"{question.place}: {question.text!r} ~ {line.place}: {line.text!r}"
        for question, line in near_copies(measured, taught)
    ]
    assert not pairs, "\n".join(pairs)


def test_no_gold_question_is_taught() -> None:
    assert_apart(questions(ROOT / "knowledge" / "gold"), taught_lines())


def test_no_development_question_is_taught_or_is_gold(shared: Path) -> None:
    measured = questions(shared / "eval")
    assert_apart(measured, taught_lines())
    assert_apart(measured, questions(ROOT / "knowledge" / "gold"))


@pytest.mark.slow
def test_no_measured_question_is_training_material(shared: Path) -> None:
    measured = questions(ROOT / "knowledge" / "gold") + questions(shared / "eval")
    assert max(len(question.text) for question in measured) * NEAR < LONGEST
    assert_apart(measured, training_lines(shared / "train"))


def test_the_comparison_finds_what_it_looks_for() -> None:
    taught = [Line("a", "Hur rapporterar jag ett avsteg?"), Line("b", "Vad är en option?")]
    near = [
        Line("c", "hur rapporterar jag  ETT AVSTEG"),
        Line("d", "hur rapporterar vi ett avsteg"),
    ]
    assert [pair[1].place for pair in near_copies(near, taught)] == ["a", "a"]
    assert not list(near_copies([Line("e", "Vem svarar på frågor om avsteg?")], taught))
