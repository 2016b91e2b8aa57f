"""Gold questions: what an answer must rest on and hold, read from ``gold/*.jsonl``."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from knowledge.errors import BadDocument
from knowledge.model import Passage

FOLDER = Path(__file__).with_name("gold")
Half = Literal["tuning", "reporting"]
#: Kinds that the corpus answers, and kinds that it must not pretend to answer.
ANSWERABLE = frozenset({"answerable", "answerable_law", "answerable_model"})
DECLINED = frozenset({"out_of_scope", "out_of_corpus"})
# Files of the city's own pages are numbered; answers cite them as S0 to S4.
CITY_PAGE = re.compile(r"00(\d)_\w+\.txt")


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """One question with what is known about its answer."""

    id: str
    language: str
    question: str
    kind: str
    #: Locators or page keys one of which the first source must have; empty where any will do.
    wanted: tuple[str, ...]
    #: Patterns that answer and quotes must hold.
    must: tuple[re.Pattern[str], ...]
    #: "ja", "nej", "oklar" or "fråga" of the gross list; empty where none is due.
    verdict: str = ""

    @property
    def half(self) -> Half:
        """Tuning half, which thresholds may see, or the reporting half, which gates."""
        first = hashlib.sha256(self.question.encode()).digest()[0]
        return "tuning" if first % 2 == 0 else "reporting"

    @property
    def answerable(self) -> bool:
        """Does the corpus hold the answer?"""
        return self.kind in ANSWERABLE

    def holds_facts(self, text: str) -> bool:
        """Are all expected patterns in the text?"""
        return all(pattern.search(text) for pattern in self.must)

    def rests_on(self, passage: Passage, twins: Mapping[str, str]) -> bool:
        """Is the passage, or the section it repeats or explains, one that is wanted?"""
        return bool(self.met_by(passage, twins))

    def met_by(self, passage: Passage, twins: Mapping[str, str]) -> frozenset[str]:
        """Which of the wanted sources the passage is; the facts where none is named."""
        if not self.wanted:
            return frozenset({"must"} if self.must and self.holds_facts(passage.text) else ())
        names = {passage.locator, passage.basis}
        names |= {twins[name] for name in names if name in twins}
        return frozenset(names & set(self.wanted))


def load_gold(folder: Path = FOLDER) -> list[GoldQuestion]:
    """Reads every JSONL file of a folder, or one file.

    Raises:
        BadDocument: a line is not a gold question; names file and line.
    """
    paths = sorted(folder.glob("*.jsonl")) if folder.is_dir() else [folder]
    return [question for path in paths for question in _read(path)]


def _read(path: Path) -> Iterable[GoldQuestion]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            yield to_gold(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError, re.error) as error:
            raise BadDocument(f"{path.name}:{number}: {error}") from error


def to_gold(raw: Mapping[str, object]) -> GoldQuestion:
    """A gold question from one row as it lies in a file."""
    law = str(raw.get("law") or "")
    source = str(raw.get("source") or "")
    kind = str(raw["kind"])
    named = law or (CITY_PAGE.sub(r"S\1", source) if kind == "answerable" else "")
    wanted = [part.strip() for part in named.split(";") if part.strip()]
    must = raw.get("must") or ()
    patterns = must if isinstance(must, list) else ()
    return GoldQuestion(
        str(raw["id"]),
        str(raw.get("lang", "sv")),
        str(raw["question"]),
        kind,
        tuple(wanted),
        tuple(re.compile(str(pattern), re.IGNORECASE) for pattern in patterns),
        str(raw.get("verdict") or ""),
    )
