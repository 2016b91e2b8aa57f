"""The editorial layer: a plain-Swedish name and everyday questions for each statute section.

Kept as ``knowledge/editorial/*.toml``, keyed by locator ("LOU 17 kap. 1 §"), so that any import
of the act picks it up. Sections of other acts share an entry when they are twins (``twins.py``).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from knowledge.errors import BadDocument

FOLDER = Path(__file__).parent / "editorial"


@dataclass(frozen=True, slots=True)
class Entry:
    """What the layer says of one section."""

    #: Plain-Swedish name, shown as "Om: …".
    name: str
    #: Questions as people ask them.
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Editorial:
    """All entries, by locator."""

    entries: Mapping[str, Entry] = field(default_factory=dict)
    #: Locator of a twin section -> locator of the section whose entry it shares.
    twins: Mapping[str, str] = field(default_factory=dict)

    def entry(self, locator: str) -> Entry | None:
        """The section's own entry, else its twin's."""
        return self.entries.get(locator) or self.entries.get(self.twins.get(locator, ""))

    def missing(self, locators: Iterable[str]) -> list[str]:
        """The sections nobody has written for."""
        return [locator for locator in locators if self.entry(locator) is None]


@cache
def load_editorial(folder: Path = FOLDER) -> Editorial:
    """Reads every TOML file of the folder.

    Raises:
        BadDocument: a file is not TOML or an entry lacks name or questions; names the file.
    """
    entries: dict[str, Entry] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise BadDocument(f"{path.name}: {error}") from error
        for locator, values in table.items():
            entries[locator] = _read_entry(path.name, locator, values)
    return Editorial(entries)


def _read_entry(file_name: str, locator: str, values: object) -> Entry:
    match values:
        case {"name": str(name), "questions": list(questions)} if all(
            isinstance(question, str) for question in questions
        ):
            return Entry(name, tuple(questions))
    raise BadDocument(f"{file_name}: {locator} ska ha name och questions")
