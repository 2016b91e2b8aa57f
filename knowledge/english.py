"""Everyday English of procurement into Swedish, so that English questions find Swedish guidance."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from intents.language import tokenize

LONGEST_PHRASE = 3


def to_swedish(text: str) -> list[str]:
    """Swedish words for the English ones of ``text``, longest phrases first, in reading order."""
    words = [token.folded for token in tokenize(text)]
    table = _table()
    found: list[str] = []
    at = 0
    while at < len(words):
        for length in range(min(LONGEST_PHRASE, len(words) - at), 0, -1):
            phrase = " ".join(words[at : at + length])
            swedish = table.get(phrase) or table.get(phrase.removesuffix("s"))
            if swedish is not None:
                found.append(swedish)
                at += length - 1
                break
        at += 1
    return found


@cache
def _table() -> dict[str, str]:
    raw = tomllib.loads(files("knowledge").joinpath("english.toml").read_text(encoding="utf-8"))
    return {
        " ".join(token.folded for token in tokenize(phrase)): str(swedish)
        for phrase, swedish in raw["words"].items()
    }
