"""Commands people write in words, in any state: "avbryt", "tillbaka", "ändra 3", "var var vi?"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from intents.language import fold

_WORDS = {
    "cancel": "avbryt|avsluta|stopp|cancel|stop|quit|glom det|strunta i det|never mind",
    "back": "tillbaka|backa|ga tillbaka|back|go back|angra|undo|forra fragan|previous",
    "later": "fortsatt senare|senare|spara till senare|pausa|later|save for later",
    "resume": "fortsatt|aterta|resume|continue|fortsatt utkastet|fortsatta",
    "summary": "var var vi|sammanfatta|sammanfattning|var ar jag|where were we|summary",
    "why": "varfor fragar ni|varfor fragar du|varfor|why|why do you ask|varfor vill ni veta det",
}
_COMMANDS = {words: name for name, line in _WORDS.items() for words in line.split("|")}
_CHANGE = re.compile(r"^(?:andra|byt|ratta|change|edit|correct)\b\s*(.*)$")
_RESUME = re.compile(
    r"\b(fortsatt|fortsatta|ater|resume|continue|go on)\w*\b"
    r".*\b(rapport|utkast|report|draft|avsteg)"
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A command read from words."""

    name: str
    argument: str = ""


def read_command(text: str) -> Spoken | None:
    """The command a short message is; None for anything else."""
    folded = fold(text[:200]).strip(" .!?")
    if name := _COMMANDS.get(folded):
        return Spoken(name)
    if match := _CHANGE.match(folded):
        return Spoken("change", text.strip().split(None, 1)[1] if match[1] else "")
    return None


def resumes_report(text: str) -> bool:
    """Does the person want to go on with a report begun earlier?"""
    return bool(_RESUME.search(fold(text[:500])))
