"""Commands in plain words: "avbryt", "gå tillbaka tack", "ändra 3 till fyra", "where were we?".

A message is a command only as a whole: "avbryt" cancels, "avbryta upphandlingen får man det?" asks.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, cast

from intents.corrections import read_change
from intents.folding import fold, tokenize

CommandName = Literal[
    "cancel", "back", "later", "resume", "summary", "why", "help", "skip", "submit", "change",
    "swedish", "english", "yes", "no", "unknown", "form",
]  # fmt: skip

#: No command is longer, save a change that brings the new value along.
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Command:
    """A command as it was said."""

    name: CommandName
    #: What to change: a number of the summary or a name; empty if not said.
    argument: str = ""
    #: What to change it to, if that was said too.
    value: str = ""


def read_command(text: str) -> Command | None:
    """Return the command a message is, or None when it says anything else."""
    change = read_change(text)
    if change is not None and _names_slot(change.slot):
        return Command("change", change.slot, change.text)
    if len(text) > _LONGEST:
        return None
    said = _plain(text)
    table = _load()
    name = table.get(said) or table.get(_stripped(said))
    return Command(name) if name else None


def _names_slot(slot: str) -> bool:
    """ "Ändra 3" and "ändra datumet" name a slot; "ändra avtalet efter tilldelning" asks."""
    return len(tokenize(slot)) <= 3


def _plain(text: str) -> str:
    words = " ".join(fold(text).replace("'", " ").split())
    return words.strip(" .!,?…") or words


def _stripped(said: str) -> str:
    """Take politeness away from both ends, longest first, as long as anything is left."""
    changed = True
    said = " ".join(said.replace(",", " ").split())
    while changed:
        changed = False
        for filler in _fillers():
            if said.startswith(f"{filler} "):
                said, changed = said[len(filler) + 1 :], True
            if said.endswith(f" {filler}"):
                said, changed = said[: -len(filler) - 1], True
    return said


@cache
def _raw() -> Mapping[str, object]:
    return tomllib.loads(files("intents").joinpath("phrases/commands.toml").read_text("utf-8"))


@cache
def _load() -> Mapping[str, CommandName]:
    tables = cast(Mapping[str, list[str]], _raw()["commands"])
    return {
        _plain(phrase): cast(CommandName, name)
        for name, phrases in tables.items()
        for phrase in phrases
    }


@cache
def _fillers() -> tuple[str, ...]:
    fillers = map(_plain, cast(list[str], _raw()["strip"]))
    return tuple(sorted(fillers, key=len, reverse=True))
