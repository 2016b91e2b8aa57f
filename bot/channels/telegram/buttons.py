"""Buttons within Telegram's 64 bytes of callback data.

A question's id may hold words and its options long codes, so a button carries a digest of the one
and the number of the other; what they stand for is looked up in the stored conversation.
"""

from __future__ import annotations

import hashlib

from bot.messages import Choices, Chose, Option
from bot.port import Turn

#: Bytes (core.telegram.org/bots/api#inlinekeyboardbutton).
MOST_BYTES = 64
FILE = "fil:"


def button_data(choices: Choices, option: Option) -> str:
    """Which option of which question a button stands for."""
    return f"{_digest(choices.interaction)}:{choices.options.index(option)}"


def read_button(data: str, turns: tuple[Turn, ...]) -> tuple[Chose, bool]:
    """The button pressed, and whether a dialog asked, whose buttons go stale once answered.

    A button of a conversation no longer stored stands for no question there is, which the
    application explains.
    """
    digest, _, number = data.partition(":")
    for turn in reversed(turns):
        for part in turn.reply.parts:
            if isinstance(part, Choices) and _digest(part.interaction) == digest:
                value = part.options[int(number)].value if _fits(number, part) else ""
                return Chose(part.interaction, value), part.role == "dialog"
    return Chose(digest, ""), False


def _fits(number: str, choices: Choices) -> bool:
    return number.isascii() and number.isdigit() and int(number) < len(choices.options)


def _digest(interaction: str) -> str:
    return hashlib.sha256(interaction.encode()).hexdigest()[:16]
