"""No question that measures the assistant is one it was taught, word for word or nearly."""

from __future__ import annotations

import json
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from intents.language import tokenize

ROOT = Path(__file__).resolve().parent.parent
#: Share of common character 4-grams above which two questions count as the same.
NEAR = 0.6
#: A concept is a word or a set phrase ("hej", "what can you do"), and no way around those exists.
SET_PHRASE = 4


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
    lines = list(taught)
    sets = [grams(line.folded) for line in lines]
    holders: dict[str, list[int]] = defaultdict(list)
    for number, known in enumerate(sets):
        for gram in known:
            holders[gram].append(number)
    for question in measured:
        wanted = grams(question.folded)
        shared = Counter(number for gram in wanted for number in holders[gram])
        for number, common in shared.items():
            if common > NEAR * (len(wanted) + len(sets[number]) - common):
                yield question, lines[number]


def questions(folder: Path) -> list[Line]:
    return [
        Line(f"{path.name}:{number}", json.loads(row)["question"])
        for path in sorted(folder.glob("*.jsonl"))
        for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if row.strip()
    ]


def taught_lines() -> list[Line]:
    """Every line of the guidance, the editorial layer and the phrases."""
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
    return articles + [
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


def assert_apart(measured: list[Line], taught: list[Line]) -> None:
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


def test_the_comparison_finds_what_it_looks_for() -> None:
    taught = [Line("a", "Hur rapporterar jag ett avsteg?"), Line("b", "Vad är en option?")]
    near = [
        Line("c", "hur rapporterar jag  ETT AVSTEG"),
        Line("d", "hur rapporterar vi ett avsteg"),
    ]
    assert [pair[1].place for pair in near_copies(near, taught)] == ["a", "a"]
    assert not list(near_copies([Line("e", "Vem svarar på frågor om avsteg?")], taught))
