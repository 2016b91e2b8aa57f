"""Every sentence a person can read, by key and language: ``Texts.render(key, language, ...)``.

The sentences lie in ``sv/*.toml`` and ``en/*.toml``, one file per dialog and ``common.toml``; the
file's name is the first part of the key. A text with ``one`` and ``many`` is chosen by the value
``count``. A key that a dialog does not have falls back to the common one: the buttons, problems
and help of a slot are written once unless a slot needs its own.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from bot.errors import HansynError
from bot.messages import Language
from intents.exchange import Lines, Phrase, Shown

LANGUAGES: tuple[Language, ...] = ("sv", "en")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_AND = {"sv": "och", "en": "and"}
_MONTHS = {
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "en": "January February March April May June July August September October November December",
}


class TextMissingError(HansynError):
    """A text is missing; every key must stand in bot/texts in both languages."""


@dataclass(frozen=True)
class Texts:
    """The catalogue: language -> key -> sentence."""

    sentences: Mapping[Language, Mapping[str, str]]

    def render(self, key: str, language: Language, **values: Shown) -> str:
        """Return the sentence with its values filled in.

        Raises ``TextMissingError`` for a key or a placeholder that is not there.
        """
        sentence = self.sentences[language][self.resolve(key, language, values)]
        return _PLACEHOLDER.sub(lambda m: self._filled(key, m[1], language, values), sentence)

    def resolve(
        self, key: str, language: Language, values: Mapping[str, Shown] | None = None
    ) -> str:
        """Return the key whose sentence serves ``key``: its own, a plural form, or a common one."""
        number = "one" if (values or {}).get("count") == 1 else "many"
        for candidate in candidates(key):
            for form in (candidate, f"{candidate}.{number}"):
                if form in self.sentences[language]:
                    return form
        raise TextMissingError(f"No text for {key} in {language}.")

    def show(self, value: Shown, language: Language) -> str:
        """Return a value as a person reads it: dates in words, lists with "och"."""
        if isinstance(value, Phrase):
            return self.render(value.key, language, **value.values)
        if isinstance(value, Lines):
            return "\n".join(self.show(item, language) for item in value.items)
        if isinstance(value, tuple):
            return _joined([self.show(item, language) for item in value], language)
        if isinstance(value, date):
            return to_words(value, language)
        if isinstance(value, float):
            return f"{value:g}".replace(".", "," if language == "sv" else ".")
        return str(value)

    def _filled(self, key: str, name: str, language: Language, values: Mapping[str, Shown]) -> str:
        if name not in values:
            raise TextMissingError(f"{key} in {language} wants {{{name}}}, which it was not given.")
        return self.show(values[name], language)


def candidates(key: str) -> Iterable[str]:
    """Return the keys that may serve ``key``, nearest first.

    ``deviation.event_date.problem.future`` falls back to ``common.event_date.problem.future``, and
    that to ``common.problem.future``.
    """
    parts = key.split(".")
    return (key, ".".join(("common", *parts[1:])), ".".join(("common", *parts[2:])))


def to_words(day: date, language: Language) -> str:
    """Return a date as "14 mars 2026" or "14 March 2026"."""
    return f"{day.day} {_MONTHS[language].split()[day.month - 1]} {day.year}"


def _joined(items: list[str], language: Language) -> str:
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {_AND[language]} {items[-1]}"


@cache
def load_texts() -> Texts:
    """Return the catalogue shipped with the package."""
    return Texts({language: _load(language) for language in LANGUAGES})


def _load(language: Language) -> Mapping[str, str]:
    folder = files("bot").joinpath("texts", language)
    sentences: dict[str, str] = {}
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        if entry.name.endswith(".toml"):
            read = tomllib.loads(entry.read_text("utf-8"))
            sentences.update(_flat(read, entry.name.removesuffix(".toml")))
    return sentences


def _flat(table: Mapping[str, object], prefix: str) -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in table.items():
        if isinstance(value, Mapping):
            flat.update(_flat(value, f"{prefix}.{name}"))
        else:
            flat[f"{prefix}.{name}"] = str(value).strip()
    return flat
