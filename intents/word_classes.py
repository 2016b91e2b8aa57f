"""Tell what a single word is to a quantity: a number, a unit, a worker, a month or none."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from intents import people_words as people
from intents import quantity_words as words
from intents.lexemes import Lexeme
from intents.number_words import number_words

_ARTICLES = frozenset(["en", "ett", "a", "an"])


def classify_word(found: str, raw: str, start: int, end: int) -> list[Lexeme]:
    """Classify one word; a compound such as "sexmanadersavtal" gives its number, unit and rest."""
    composed = unicodedata.normalize("NFC", raw).casefold()
    kind, name = kind_of(found, composed)
    if kind != "word":
        value = float(words.MONTHS.get(found, 0)) if kind == "month" else 0.0
        return [Lexeme(kind, name, start, end, value)]
    if found in _ARTICLES:
        return [Lexeme("number", found, start, end, 1.0, article=True)]
    if found in number_words():
        return [Lexeme("number", found, start, end, float(number_words()[found]))]
    return _compound(found, start, end) or [Lexeme("word", name, start, end)]


@lru_cache(maxsize=4_096)
def kind_of(found: str, composed: str) -> tuple[str, str]:
    """Return the kind and the canonical name of a word, folded and as it was written."""
    # Folding makes one word of "mån" and "man", "år" and "är": only the written letter tells.
    if found in {"man", "mans", "mans."}:
        return ("unit", "MONTH") if "å" in composed else ("worker", "man")
    if found in {"ar", "are"}:
        if "å" in composed:
            return "unit", "YEAR"
        return ("word", "is") if "ä" in composed else ("word", "ar")
    for kind, known in _WORD_KINDS:
        name = known(found, composed)
        if name:
            return kind, name
    return "word", found


def _worker(found: str, composed: str) -> str:
    if people.NO_WORKER.fullmatch(found):
        return ""
    agent = people.AGENT.fullmatch(composed) or people.AGENT.fullmatch(found)
    return found if people.WORKER.fullmatch(found) or agent else ""


def _share(found: str, _: str) -> str:
    if people.FULL_TIME.fullmatch(found):
        return "FULL"
    if people.HALF_TIME.fullmatch(found):
        return "HALF"
    return "PART" if people.PART_TIME.fullmatch(found) else ""


_WORD_KINDS: tuple[tuple[str, Callable[[str, str], str]], ...] = (
    ("unit", lambda found, _: words.UNITS.get(found, "")),
    ("month", lambda found, _: found if found in words.MONTHS else ""),
    ("definite", lambda found, _: found if found in words.DEFINITE_UNITS else ""),
    ("trainee", lambda found, _: found if people.TRAINEE.fullmatch(found) else ""),
    ("share", _share),
    ("post", lambda found, _: found if people.POST.fullmatch(found) else ""),
    ("money", lambda found, _: found if found in words.MONEY else ""),
    ("piece", lambda found, _: found if found in words.PIECE else ""),
    ("filler", lambda found, _: found if found in words.FILLERS else ""),
    ("worker", _worker),
)


def _compound(found: str, start: int, end: int) -> list[Lexeme]:
    if found.startswith(("arslang", "manadslang", "halvarslang")):
        unit = {"a": "YEAR", "m": "MONTH", "h": "HALFYEAR"}[found[0]]
        number = Lexeme("number", "number", start, start, 1.0)
        return [number, Lexeme("unit", unit, start, end)]
    if re.match(r"halvars(?!vis|rapport|skift)[a-z]", found):
        return [Lexeme("unit", "HALFYEAR", start, end)]
    for stem, unit in words.COMPOUND_UNITS:
        at = found.find(stem)
        if at > 0 and found[:at] in number_words():
            value = float(number_words()[found[:at]])
            kind = "worker" if unit == "WORKER" else "unit"
            cut = min(start + at, end)
            return [
                Lexeme("number", found[:at], start, cut, value),
                Lexeme(kind, unit if kind == "unit" else found[at:], cut, end),
            ]
        # "4-manadersavtal": the number stands before the hyphen.
        if at == 0 and len(found) > len(stem):
            kind = "worker" if unit == "WORKER" else "unit"
            if unit in {"WORKER"} or stem in {"manad", "arig", "ars", "veck", "dagar"}:
                return [Lexeme("bound", unit, start, end)]
    return []
