"""What administrators have set for the questions of a form: help of their own, and what is hidden.

A record keeps the number of the form it was filed by: "deviation-3.2" is the form of the release,
version 3, after two changes here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.messages import Language
from storage.model import PolicyValue

#: Keys of their decisions: "field:deviation.reason".
PREFIX = "field:"


@dataclass(frozen=True, slots=True)
class FieldSetting:
    """What is set for one question."""

    #: Shown with the question, by language.
    help: Mapping[Language, str]
    hidden: bool = False

    def to_json(self) -> dict[str, object] | None:
        """As it is stored; None where it sets nothing."""
        help_text = {language: text for language, text in self.help.items() if text}
        return {"help": help_text, "hidden": self.hidden} if help_text or self.hidden else None


def field_settings(latest: Mapping[str, PolicyValue]) -> Mapping[str, FieldSetting]:
    """The settings by "dialog.slot"."""
    return {
        key.removeprefix(PREFIX): to_setting(value.value)
        for key, value in latest.items() if key.startswith(PREFIX)
    }  # fmt: skip


def to_setting(stored: object) -> FieldSetting:
    """A setting as it was stored; anything else sets nothing."""
    if not isinstance(stored, Mapping):
        return FieldSetting({})
    help_text = stored.get("help")
    return FieldSetting(dict(help_text) if isinstance(help_text, Mapping) else {},
                        bool(stored.get("hidden")))  # fmt: skip


def revisions(decisions: Sequence[PolicyValue]) -> Mapping[str, int]:
    """How many changes each form has seen, by dialog."""
    found: dict[str, int] = {}
    for decision in decisions:
        if decision.key.startswith(PREFIX):
            dialog = decision.key.removeprefix(PREFIX).partition(".")[0]
            found[dialog] = found.get(dialog, 0) + 1
    return found


def numbered(shipped: int, revision: int) -> str:
    """A form's number: the release's version, and how often it was changed here."""
    return f"{shipped}.{revision}" if revision else str(shipped)
