"""Cut a message into the pieces quantities are made of: numbers, units, dates, operators, words.

Every lexeme keeps its place in the message, so whatever is read from it can be shown in the
person's own words.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from intents import quantity_words as words
from intents.folding import Folded, fold_with_origins
from intents.number_words import number_at, number_words


class YearMonthDay(NamedTuple):
    """A date as far as it was written; None where a part is missing."""

    year: int | None
    month: int
    day: int | None


@dataclass(frozen=True, slots=True)
class Lexeme:
    """One piece of a message."""

    #: number, unit, date, month, operator, worker, trainee, share, money, week, word or sign.
    kind: str
    #: Folded text for words and signs; a canonical name for units and operators.
    name: str
    #: Half-open span in the message.
    start: int
    end: int
    #: The value of a number (en and ett are 1), the month of a month name.
    value: float = 0
    #: The written date, for dates.
    date: YearMonthDay | None = None
    #: The word was "en", "ett", "a" or "an": an article as much as a number.
    article: bool = False
    #: The number was written in digits.
    digits: bool = False


_PATTERN = re.compile(
    r"""
    (?P<iso>(?<!\d)(?:19|20)\d\d-\d{1,2}-\d{1,2}(?!\d))
  | (?P<compact>(?<!\d)20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?![\d-]))
  | (?P<yearmonth>(?<![\d-])20\d\d-(?:0[1-9]|1[0-2])(?![\d]))
  | (?P<dotted>(?<![\d.])\d{1,2}\.\d{1,2}\.(?:20)?\d\d(?!\d))
  | (?P<daymonth>(?<![\d.,])\d{1,2}\.\d{1,2}\.?(?=\ ?-\ ?\d{1,2}\.\d{1,2}\.(?:20)?\d\d(?!\d)))
  | (?P<slash>(?<![\d/])\d{1,2}/\d{1,2}(?:\s(?=20\d\d)20\d\d|[/-](?:20)?\d\d)?(?![\d/]))
  | (?P<reference>(?<!\d)\d{3,}/\d{2,4}|(?<![\d-])0\d{1,3}-\d[\d ]{4,}\d|(?<![\d,.])0\d{4,}
      |\d+:\d+(?!\d))
  | (?P<ordinal>(?<!\d)\d{1,2}(?::?(?:e|a|ste|st|nd|rd|th)|:de)(?![a-z]))
  | (?P<thousands>(?<![\d.,])\d{1,3}(?:[ ]\d{3})+(?![\d]))
  | (?P<decimal>(?<![\d.,])\d+[.,]\d+(?![\d]))
  | (?P<half>\d*[½¼¾])
  | (?P<integer>\d+)
  | (?P<until>(?<![a-z])(?:tom|t\.\ ?o\.?\ ?m\.?|t\ o\ m|till\ och\ med
      |until\ and\ including|up\ to\ and\ including)(?![a-z]))
  | (?P<since>(?<![a-z])(?:from|fr?\.\ ?o\.\ ?m\.?|fr?\ o\ m|fran\ och\ med)(?![a-z]))
  | (?P<label>(?<![a-z0-9])(?:q|kv|kv\.|h)\ ?[1-4](?![\w.,]*\d))
  | (?P<weeklabel>(?<![a-z0-9])(?:v\.?|v\.?nr|vecka|veckorna|veckonr|week|weeks)
      \ ?(?P<weekno>\d{1,2})(?!\d|[.,]\d))
  | (?P<full>(?:full|half|part|heltid|helt)-time(?:rs?)?(?![a-z]))
  | (?P<word>[^\W\d_]+)
  | (?P<sign><=|>=|=>|->|--+|[^\w\s]|_)
  | (?P<space>\s+)
    """,
    re.VERBOSE,
)
_FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "1/2": 0.5, "1/4": 0.25, "3/4": 0.75, "1/3": 1 / 3}
_ARTICLES = frozenset(["en", "ett", "a", "an"])


def lex(text: str) -> tuple[Lexeme, ...]:
    """Return the lexemes of ``text``; nothing in it can make this fail."""
    folded = fold_with_origins(text)
    raw = [
        lexeme
        for match in _PATTERN.finditer(folded.text)
        for lexeme in _to_lexemes(match, folded, text)
    ]
    passes: tuple[Callable[[list[Lexeme]], list[Lexeme]], ...] = (
        _join_numbers,
        _join_halves,
        _settle_short_words,
        _join_operators,
    )
    for run in passes:
        raw = run(raw)
    return tuple(raw)


def _to_lexemes(match: re.Match[str], folded: Folded, text: str) -> list[Lexeme]:
    kind, found = str(match.lastgroup), match.group()
    if kind == "weekno":
        kind = "weeklabel"
    start, end = folded.span(match.start(), match.end())
    if kind == "space":
        return [Lexeme("sign", "¶", start, end)] if "\n" in text[start:end] else []
    if kind == "word":
        return _word(found, text[start:end], start, end)
    if kind == "weeklabel":
        return [Lexeme("week", found, start, end, float(match.group("weekno")), digits=True)]
    return [_NUMERIC.get(kind, _plain)(kind, found, start, end)]


def _plain(kind: str, found: str, start: int, end: int) -> Lexeme:
    name = {"until": "through", "since": "since"}.get(kind, found)
    return Lexeme(kind if kind in {"label", "reference", "sign"} else "word", name, start, end)


def _date(kind: str, found: str, start: int, end: int) -> Lexeme:
    parts = [int(part) for part in re.split(r"[-./ ]", found) if part]
    if kind == "compact":
        parts = [int(found[:4]), int(found[4:6]), int(found[6:])]
    year_first = kind in {"iso", "compact", "yearmonth"}
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
        value = float(found[:-1] or 0) + _FRACTIONS[found[-1]]
    elif kind == "ordinal":
        return Lexeme("ordinal", found, start, end, float(re.match(r"\d+", found)[0]))  # type: ignore[index]
    else:
        value = float(found.replace(" ", "").replace(",", ".")[:15])
    return Lexeme("number", found, start, end, value, digits=True)


_NUMERIC: dict[str, Callable[[str, str, int, int], Lexeme]] = {
    **dict.fromkeys(("iso", "compact", "yearmonth", "dotted", "daymonth", "slash"), _date),
    **dict.fromkeys(("thousands", "decimal", "half", "integer", "ordinal"), _number),
}


def _word(found: str, raw: str, start: int, end: int) -> list[Lexeme]:
    """Classify one word; a compound such as "sexmanadersavtal" gives its number, unit and rest."""
    composed = unicodedata.normalize("NFC", raw).casefold()
    kind, name = _kind_of(found, composed)
    if kind != "word":
        value = float(words.MONTHS.get(found, 0)) if kind == "month" else 0.0
        return [Lexeme(kind, name, start, end, value)]
    if found in _ARTICLES:
        return [Lexeme("number", found, start, end, 1.0, article=True)]
    if found in number_words():
        return [Lexeme("number", found, start, end, float(number_words()[found]))]
    return _compound(found, start, end) or [Lexeme("word", name, start, end)]


def _kind_of(found: str, composed: str) -> tuple[str, str]:
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
    if words.NO_WORKER.fullmatch(found):
        return ""
    agent = words.AGENT.fullmatch(composed) or re.fullmatch(r"[a-z]{3,}(?:are|arna)", found)
    return found if words.WORKER.fullmatch(found) or agent else ""


def _share(found: str, _: str) -> str:
    if words.FULL_TIME.fullmatch(found):
        return "FULL"
    if words.HALF_TIME.fullmatch(found):
        return "HALF"
    return "PART" if words.PART_TIME.fullmatch(found) else ""


_WORD_KINDS: tuple[tuple[str, Callable[[str, str], str]], ...] = (
    ("unit", lambda found, _: words.UNITS.get(found, "")),
    ("month", lambda found, _: found if found in words.MONTHS else ""),
    ("definite", lambda found, _: found if found in words.DEFINITE_UNITS else ""),
    ("trainee", lambda found, _: found if words.TRAINEE.fullmatch(found) else ""),
    ("share", _share),
    ("post", lambda found, _: found if words.POST.fullmatch(found) else ""),
    ("money", lambda found, _: found if found in words.MONEY else ""),
    ("piece", lambda found, _: found if found in words.PIECE else ""),
    ("filler", lambda found, _: found if found in words.FILLERS else ""),
    ("worker", _worker),
)


def _compound(found: str, start: int, end: int) -> list[Lexeme]:
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


def _join_numbers(lexemes: list[Lexeme]) -> list[Lexeme]:
    """Join "tjugo fem" and "twenty-five" to one number."""
    joined: list[Lexeme] = []
    index = 0
    while index < len(lexemes):
        run = _number_run(lexemes, index)
        found = number_at(tuple(lexeme.name for lexeme in run), 0) if len(run) > 1 else None
        used = found[1] if found else 1
        first = lexemes[index]
        if found and used > 1:
            value = float(found[0])
            last = run[used - 1]
            joined.append(Lexeme("number", "number", first.start, last.end, value))
            index = next(i for i in range(index, len(lexemes)) if lexemes[i] is last) + 1
        else:
            joined.append(first)
            index += 1
    return joined


def _number_run(lexemes: list[Lexeme], index: int) -> list[Lexeme]:
    """Return the words from ``index`` on that could make one number, hyphens left out."""
    run: list[Lexeme] = []
    for lexeme in lexemes[index : index + 9]:
        spoken = lexeme.kind == "number" and not lexeme.digits
        if spoken or (run and lexeme.name in {"och", "and"}):
            run.append(lexeme)
        elif not (run and lexeme.name == "-"):
            break
    return run


def _join_halves(lexemes: list[Lexeme]) -> list[Lexeme]:
    """Read "ett och ett halvt", "en halv", "halvannat" and "half a" as numbers."""
    joined: list[Lexeme] = []
    index = 0
    while index < len(lexemes):
        value, used = _half_at(lexemes, index)
        if used:
            last = lexemes[index + used - 1]
            joined.append(Lexeme("number", "number", lexemes[index].start, last.end, value))
        else:
            joined.append(lexemes[index])
        index += used or 1
    return joined


_HALF = frozenset(["halv", "halvt", "halva", "half"])
_AND = frozenset(["och", "and", "o"])


def _half_at(lexemes: list[Lexeme], index: int) -> tuple[float, int]:
    first = lexemes[index]
    names = [lexeme.name for lexeme in lexemes[index : index + 4]] + [""] * 4
    articles = [lexeme.article for lexeme in lexemes[index : index + 4]] + [False] * 4
    if first.name in {"halvannat", "halvannan"}:
        return 1.5, 1
    if first.name in _HALF:
        return 0.5, 2 if articles[1] else 1
    if first.kind != "number":
        return 0, 0
    if names[1] in _AND and articles[2] and names[3] in _HALF:
        return first.value + 0.5, 4
    if names[1] in _AND and names[2] in _HALF:
        return first.value + 0.5, 3
    if first.article and names[1] in _HALF:
        return 0.5, 2
    return 0, 0


def _settle_short_words(lexemes: list[Lexeme]) -> list[Lexeme]:
    """Decide words that depend on their neighbours: "2 ar", "1/2 tjanst", "4-manaders", "jul"."""
    settled: list[Lexeme] = []
    for index, lexeme in enumerate(lexemes):
        before = settled[-1] if settled else None
        after = lexemes[index + 1] if index + 1 < len(lexemes) else None
        settled.extend(_settle(lexeme, before, after, settled))
    return settled


def _settle(
    lexeme: Lexeme, before: Lexeme | None, after: Lexeme | None, settled: list[Lexeme]
) -> list[Lexeme]:
    numbered = before is not None and before.kind in {"number", "filler"}
    if lexeme.name == "ar" and lexeme.kind == "word":
        return [
            replace(lexeme, kind="unit", name="YEAR") if numbered else replace(lexeme, name="is")
        ]
    if lexeme.kind == "unit" and lexeme.name == "MONTH" and lexeme.end - lexeme.start == 1:
        return [lexeme if numbered else replace(lexeme, kind="word", name="m")]
    if lexeme.kind == "bound":
        if before is not None and before.name == "-" and len(settled) > 1:
            settled.pop()
            before = settled[-1]
        bound = before is not None and before.kind == "number"
        kind = "worker" if lexeme.name == "WORKER" else "unit"
        return [replace(lexeme, kind=kind if bound else "word")]
    if lexeme.kind == "date" and lexeme.name in _FRACTIONS and after is not None:
        if after.kind in {"unit", "post", "share", "worker"} and after.name != "MONTH":
            return [replace(lexeme, kind="number", value=_FRACTIONS[lexeme.name], date=None)]
    if lexeme.kind == "month" and lexeme.name in {"jul", "may", "mar"}:
        return [lexeme if _beside_date(before, after) else replace(lexeme, kind="word")]
    return [lexeme]


def _beside_date(before: Lexeme | None, after: Lexeme | None) -> bool:
    kinds = {"number", "ordinal", "month", "date"}
    near = [n for n in (before, after) if n is not None]
    return any(
        n.kind in kinds or n.name in {"-", "since", "until", "of", "to", "in", "from"} for n in near
    )


_LONGEST_OPERATOR = max(map(len, words.OPERATORS))


def _join_operators(lexemes: list[Lexeme]) -> list[Lexeme]:
    joined: list[Lexeme] = []
    index = 0
    while index < len(lexemes):
        operator, used = _operator_at(lexemes, index, joined)
        if used:
            last = lexemes[index + used - 1]
            joined.append(Lexeme("operator", operator, lexemes[index].start, last.end))
        else:
            joined.append(lexemes[index])
        index += used or 1
    return joined


def _operator_at(lexemes: list[Lexeme], index: int, before: list[Lexeme]) -> tuple[str, int]:
    names = tuple(lexeme.name for lexeme in lexemes[index : index + _LONGEST_OPERATOR])
    for length in range(len(names), 0, -1):
        operator = words.OPERATORS.get(names[:length])
        if operator is None:
            continue
        spread = before and before[-1].name in words.SPREAD
        if names[:length] == ("over",) and spread:
            continue
        return operator, length
    return "", 0
