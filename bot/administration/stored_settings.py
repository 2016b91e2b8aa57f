"""Settings that are changed while the server runs; what is stored wins over the environment.

Only those of ``SETTABLE``: the others belong to whoever runs the machine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from bot.settings import Settings
from intents.contact_details import is_functional
from intents.language import fold
from storage.model import PolicyValue

#: Keys of their decisions begin so.
PREFIX = "setting:"
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(\.[\w-]{1,63}){1,4}")


def _days(most: int) -> Callable[[str], int | None]:
    def read(text: str) -> int | None:
        days = int(text) if text.isdecimal() and len(text) < len("10000") else 0
        return days if 1 <= days <= most else None

    return read


def _mailbox(text: str) -> str | None:
    """A mailbox of an office, never of a person."""
    return text if _ADDRESS.fullmatch(text) and is_functional(fold(text)) else None


def _words(text: str) -> str | None:
    return text if 2 <= len(text) <= 200 else None


def _yes_no(text: str) -> bool | None:
    return {"ja": True, "true": True, "nej": False, "false": False}.get(text.casefold())


#: Name of each setting -> reads what is written in its field; None for what it cannot be.
SETTABLE: Mapping[str, Callable[[str], object | None]] = {
    "support_mailbox": _mailbox,
    "responsible": _words,
    "whistleblowing": _words,
    "answer_days": _days(60),
    "draft_days": _days(730),
    "two_persons": _yes_no,
}


def with_stored(base: Settings, decided: Mapping[str, PolicyValue]) -> Settings:
    """The settings of the machine with those that are stored; an unusable one is passed over."""
    stored: dict[str, object] = {}
    for name, read in SETTABLE.items():
        decision = decided.get(PREFIX + name)
        value = read(str(decision.value)) if decision else None
        if value is not None:
            stored[name] = value
    return base.model_copy(update=stored) if stored else base
