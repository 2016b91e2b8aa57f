"""Buttons of a few characters, for platforms that limit what a button may carry.

A question's id may hold words and its options long codes, so a button carries a digest of the one
and the number of the other; what they stand for is looked up in the stored conversation.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from bot.messages import Choices, Chose, File, Form, Option, Part
from bot.port import Turn

#: Turns searched for the question a button stood in.
LOOK_BACK = 200


def button_data(choices: Choices, option: Option) -> str:
    """Which option of which question a button stands for, in at most 24 characters."""
    return f"{digest_of(choices.interaction)}:{choices.options.index(option)}"


def read_button(data: str, turns: tuple[Turn, ...]) -> tuple[Chose, bool]:
    """The button pressed, and whether a dialog asked, whose buttons go stale once answered.

    A button of a conversation no longer stored stands for no question there is, which the
    application explains.
    """
    digest, _, number = data.partition(":")
    for turn in reversed(turns):
        for part in turn.reply.parts:
            if isinstance(part, Choices) and digest_of(part.interaction) == digest:
                value = part.options[int(number)].value if _fits(number, part) else ""
                return Chose(part.interaction, value), part.role == "dialog"
    return Chose(digest, ""), False


def find_form(digest: str, turns: tuple[Turn, ...]) -> Form | None:
    """The form with this digest; once sent back with faults, the one that came in its place."""
    found: Form | None = None
    for turn in turns:
        follows = found is not None and turn.answered == found.interaction
        for part in turn.reply.parts:
            if isinstance(part, Form) and (digest_of(part.interaction) == digest or follows):
                found = part
    return found


def for_room(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """What everybody may see and press; votes, offers and files are the asker's own."""
    return tuple(part for part in parts if not _is_askers_own(part))


def _is_askers_own(part: Part) -> bool:
    if isinstance(part, Choices):
        # Without its buttons the question what was meant could not be answered.
        return part.role != "dialog" and not part.interaction.startswith("clarify:")
    return isinstance(part, File)


def told_apart(parts: Iterable[Part]) -> tuple[Part, ...]:
    """The parts; files of the same label, such as a receipt in two forms, with their endings."""
    found = tuple(parts)
    labels = [part.label for part in found if isinstance(part, File)]
    return tuple(
        replace(part, label=f"{part.label} ({part.name.rpartition('.')[2]})")
        if isinstance(part, File) and labels.count(part.label) > 1
        else part
        for part in found
    )


def digest_of(interaction: str) -> str:
    """Sixteen hexadecimal characters in the place of an id."""
    return hashlib.sha256(interaction.encode()).hexdigest()[:16]


def _fits(number: str, choices: Choices) -> bool:
    return number.isascii() and number.isdigit() and int(number) < len(choices.options)
