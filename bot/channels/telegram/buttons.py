"""Buttons within Telegram's 64 bytes of callback data."""

from __future__ import annotations

from bot.messages import Choices, Chose, Option
from bot.port import Turn

#: Bytes (core.telegram.org/bots/api#inlinekeyboardbutton).
MOST_BYTES = 64
FILE = "fil:"
#: Before the number of an option whose own value is too long.
NUMBER = "#"


def button_data(choices: Choices, option: Option) -> str:
    """Which option of which question a button stands for."""
    plain = f"{choices.interaction}:{option.value}"
    if len(plain.encode()) <= MOST_BYTES and not option.value.startswith(NUMBER):
        return plain
    return f"{choices.interaction}:{NUMBER}{choices.options.index(option)}"


def read_button(data: str, turns: tuple[Turn, ...]) -> Chose | None:
    """The button pressed; a numbered option is looked up in the stored ``turns``."""
    interaction, colon, value = data.rpartition(":")
    if not colon or not interaction:
        return None
    if not value.startswith(NUMBER):
        return Chose(interaction, value)
    asked = _asked(interaction, turns)
    if asked is None:
        return Chose(interaction, value)
    number = value.removeprefix(NUMBER)
    known = number.isdigit() and int(number) < len(asked.options)
    return Chose(interaction, asked.options[int(number)].value) if known else None


def is_dialog(interaction: str, turns: tuple[Turn, ...]) -> bool:
    """Is it a dialog's question, whose buttons go stale once it is answered?"""
    asked = _asked(interaction, turns)
    return asked is not None and asked.role == "dialog"


def _asked(interaction: str, turns: tuple[Turn, ...]) -> Choices | None:
    for turn in reversed(turns):
        for part in turn.reply.parts:
            if isinstance(part, Choices) and part.interaction == interaction:
                return part
    return None
