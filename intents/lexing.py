"""Cut a message into numbers, units, dates, operators, words and signs.

Every lexeme keeps its place in the message, so whatever is read from it can be shown in the
person's own words.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from intents.folding import Folded, fold_with_origins
from intents.lexeme_joins import FRACTIONS, join
from intents.lexemes import Lexeme, YearMonthDay
from intents.word_classes import classify_word

_PATTERN = re.compile(
    r"""
    (?P<iso>(?<!\d)(?:19|20)\d\d(?P<between>[-/.])\d{1,2}(?P=between)\d{1,2}(?!\d))
  | (?P<shortiso>(?:(?<![\d-])|(?<=--))[23]\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])
      (?!\d))
  | (?P<short>(?<!\d)[23]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])
      (?=\ ?-\ ?[23]\d[01]\d[0-3]\d(?!\d))
      |(?:(?<=\d{6}-)|(?<=\d{6}\ -\ ))[23]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d))
  | (?P<compact>(?<!\d)20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d|-\d{4}(?!\d)))
  | (?P<yearmonth>(?<!\d)20\d\d-(?:0[1-9]|1[0-2])(?![\d]))
  | (?P<dotted>(?<![\d.])\d{1,2}\.\d{1,2}\.(?:20)?\d\d(?!\d)|(?<![\d-])\d{1,2}-\d{1,2}-20\d\d(?!\d))
  | (?P<daymonth>(?<![\d.,])\d{1,2}\.\d{1,2}\.?(?=\ ?-\ ?\d{1,2}\.\d{1,2}\.(?:20)?\d\d(?!\d)))
  | (?P<slash>(?<![\d/])\d{1,2}/\d{1,2}(?:\s(?=20\d\d)20\d\d|[/-](?:20)?\d\d)?(?![\d/]))
  | (?P<reference>(?<!\d)\d{3,}/\d{2,4}|(?<![\d-])0\d{1,3}-\d[\d ]{4,}\d|(?<![\d,.])0\d{4,}
      |\d+:\d+(?!\d))
  | (?P<ordinal>(?<!\d)(?:\d{1,2}(?::?(?:e|a|ste|nd|rd|th)|:de)|[23]?1st)(?![a-z]))
  | (?P<thousands>(?<![\d.,])\d{1,3}(?:[ ]\d{3})+(?![\d]))
  | (?P<decimal>(?<![\d.,])\d+[.,]\d+(?![\d]))
  | (?P<half>\d*[½¼¾])
  | (?P<integer>\d+)
  | (?P<until>(?<![a-z])(?:tom\.?|t\.\ ?o\.?\ ?m\.?|t\ o\ m|till\ och\ med
      |until\ and\ including|up\ to\ and\ including)(?![a-z]))
  | (?P<since>(?<![a-z])(?:from|fr?\.\ ?o\.\ ?m\.?|fr?\ o\ m|fran\ och\ med)(?![a-z]))
  | (?P<ongoing>(?<![a-z])t\.\ ?v\.?(?![a-z]))
  | (?P<about>(?<![a-z])c(?:[:.]a\.?|a\.|irca)(?![a-z]))
  | (?P<label>(?<![a-z0-9])(?:q|kv|kv\.|h)\ ?[1-4](?![\w.,]*\d))
  | (?P<weeklabel>(?<![a-z0-9])(?<!(?<!\d)\d\ )(?<!(?<!\d)\d\d\ )
      (?:v\.?|v\.?nr|vecka|veckorna|veckonr|week|weeks)
      \ ?(?P<weekno>\d{1,2})(?!\d|[.,]\d))
  | (?P<hyphened>(?:(?:full|half|part)[- ]time(?:rs?)?|call-?\ ?offs?)(?![a-z]))
  | (?P<fewer>(?<![a-z])(?<!just\ )(?<!little\ )(?<!slightly\ )under
      (?=\ [a-z0-9]+[- ](?:months?|weeks?|years?|days|people)(?![a-z])))
  | (?P<heads>(?<=\d)p(?![\w-]))
  | (?P<word>[^\W\d_]+)
  | (?P<sign><=|>=|=>|->|--+|[^\w\s]|_)
  | (?P<space>\s+)
    """,
    re.VERBOSE,
)


@lru_cache(maxsize=64)
def lex(text: str) -> tuple[Lexeme, ...]:
    """Return the lexemes of ``text``; nothing in it can make this fail."""
    folded = fold_with_origins(text)
    raw = [
        lexeme
        for match in _PATTERN.finditer(folded.text)
        for lexeme in _to_lexemes(match, folded, text)
    ]
    return join(raw)


def _to_lexemes(match: re.Match[str], folded: Folded, text: str) -> list[Lexeme]:
    kind, found = str(match.lastgroup), match.group()
    if kind == "weekno":
        kind = "weeklabel"
    start, end = folded.span(match.start(), match.end())
    if kind == "space":
        return [Lexeme("sign", "¶", start, end)] if "\n" in text[start:end] else []
    if kind == "fewer":
        return [Lexeme("operator", "LT", start, end)]
    if kind in {"word", "hyphened"}:
        return classify_word(found, text[start:end], start, end)
    if kind == "weeklabel":
        return [Lexeme("week", found, start, end, float(match.group("weekno")), digits=True)]
    return [_NUMERIC.get(kind, _plain)(kind, found, start, end)]


def _plain(kind: str, found: str, start: int, end: int) -> Lexeme:
    name = {"until": "through", "since": "since", "about": "ca", "ongoing": "tillsvidare"}.get(
        kind, found
    )
    kind = {"heads": "worker"}.get(kind, kind if kind in {"label", "reference", "sign"} else "word")
    return Lexeme(kind, name, start, end)


def _date(kind: str, found: str, start: int, end: int) -> Lexeme:
    parts = [int(part) for part in re.split(r"[-./ ]", found) if part]
    if kind in {"compact", "short"}:
        found = found if kind == "compact" else f"20{found}"
        parts = [int(found[:4]), int(found[4:6]), int(found[6:])]
    year_first = kind in {"iso", "compact", "short", "shortiso", "yearmonth"}
    day: int | None
    year: int | None
    if year_first:
        year, month, day = parts[0], parts[1], parts[2] if len(parts) > 2 else None
    else:
        day, month, year = parts[0], parts[1], parts[2] if len(parts) > 2 else None
    if year is not None and year < 100:
        year += 2000
    if not 1 <= month <= 12:
        return Lexeme("reference", found, start, end)
    return Lexeme("date", found, start, end, date=YearMonthDay(year, month, day))


def _number(kind: str, found: str, start: int, end: int) -> Lexeme:
    if kind == "half":
        value = float(found[:-1] or 0) + FRACTIONS[found[-1]]
    elif kind == "ordinal":
        return Lexeme("ordinal", found, start, end, float(re.match(r"\d+", found)[0]))  # type: ignore[index]
    else:
        value = float(found.replace(" ", "").replace(",", ".")[:15])
    return Lexeme("number", found, start, end, value, digits=True)


_NUMERIC: dict[str, Callable[[str, str, int, int], Lexeme]] = {
    **dict.fromkeys(
        ("iso", "compact", "short", "shortiso", "yearmonth", "dotted", "daymonth", "slash"), _date
    ),
    **dict.fromkeys(("thousands", "decimal", "half", "integer", "ordinal"), _number),
}
