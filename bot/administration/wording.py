"""Sentences an administrator has put in own words, over those of the release."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from bot.messages import Language
from bot.texts import LANGUAGES, Texts
from intents.personal_data import mask

#: Keys of their decisions: "text:sv:common.greeting".
PREFIX = "text:"
PLACEHOLDER = re.compile(r"\{(\w+)\}")
LONGEST = 2_000

Own = Mapping[str, str]


class Worded(Mapping[str, str]):
    """The sentences of one language as they are now."""

    def __init__(self, shipped: Mapping[str, str], own: Callable[[], Own]) -> None:
        self._shipped = shipped
        self._own = own

    def __getitem__(self, key: str) -> str:
        return self._own().get(key) or self._shipped[key]

    def __contains__(self, key: object) -> bool:
        return key in self._shipped

    def __iter__(self) -> Iterator[str]:
        return iter(self._shipped)

    def __len__(self) -> int:
        return len(self._shipped)


def worded(shipped: Texts, own: Callable[[Language], Own]) -> Texts:
    """The catalogue with own words; ``own`` is asked for them each time a sentence is read."""

    def of(language: Language) -> Worded:
        return Worded(shipped.sentences[language], lambda: own(language))

    return Texts({language: of(language) for language in LANGUAGES})


def decision_key(key: str, language: Language) -> str:
    """The key under which own words of a sentence are stored."""
    return f"{PREFIX}{language}:{key}"


def placeholders(sentence: str) -> frozenset[str]:
    """What is filled in where the sentence is said."""
    return frozenset(PLACEHOLDER.findall(sentence))


def fault_of(words: str, shipped: str) -> str:
    """Why the words cannot stand for a shipped sentence; empty when they can.

    The code is one of ``console_settings.fault``.
    """
    if not words:
        return "no_words"
    if len(words) > LONGEST:
        return "long_words"
    if placeholders(words) != placeholders(shipped) or _loose_braces(words):
        return "placeholders"
    return "" if mask(words).text == words else "personal_data"


def _loose_braces(words: str) -> bool:
    return any(brace in PLACEHOLDER.sub("", words) for brace in "{}")
