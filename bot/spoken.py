"""Commands people write in words, in any state: "avbryt", "tillbaka", "ändra 3", "var var vi?"."""

from __future__ import annotations

import re

from intents.language import fold
from intents.spoken_commands import Command as Spoken
from intents.spoken_commands import read_command

__all__ = ["Spoken", "read_command", "resumes_report"]

_RESUME = re.compile(
    r"\b(fortsatt|fortsatta|ater|resume|continue|go on)\w*\b"
    r".*\b(rapport|utkast|report|draft|avsteg)"
)


def resumes_report(text: str) -> bool:
    """Does the person want to go on with a report begun earlier?"""
    return bool(_RESUME.search(fold(text[:500])))
