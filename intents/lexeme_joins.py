"""Join lexemes that belong together and decide words by their neighbours.

"tjugo fem" is one number, "ett och ett halvt" another, "fler an" an operator; "2 ar" is two years.
"""

import re
from dataclasses import replace

from intents import quantity_words as words
from intents.lexemes import Lexeme, name_at
from intents.number_words import number_at
from intents.word_classes import kind_of
from intents.words import correct

FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "1/2": 0.5, "1/4": 0.25, "3/4": 0.75, "1/3": 1 / 3}


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


_ALONE = {
    "halvannat": 1.5,
    "halvtannat": 1.5,
    "halvannan": 1.5,
    "trekvarts": 0.75,
    "trekvart": 0.75,
}
_SHARES = {"kvarts": 0.25, "fjardedels": 0.25, "fjardedel": 0.25, "tredjedels": 1 / 3,
           "tredjedel": 1 / 3}  # fmt: skip
_PARTS = dict.fromkeys(_HALF, 0.5) | _SHARES


def _half_at(lexemes: list[Lexeme], index: int) -> tuple[float, int]:
    """Return (value, lexemes used) of a number with a fraction at ``index``; (0, 0) for none."""
    first = lexemes[index]
    if first.name in _ALONE:
        return _ALONE[first.name], 1
    article = index + 1 < len(lexemes) and lexemes[index + 1].article
    if first.name in _HALF:
        # "Halva april" is a part of a month, "first half" of a year.
        month = index + 1 < len(lexemes) and lexemes[index + 1].kind == "month"
        ordinal = name_at(lexemes, index - 1) in words.ORDINALS
        return (0, 0) if month or ordinal else (0.5, 1 + article)
    return _fraction_after(lexemes, index) if first.kind == "number" else (0, 0)


def _fraction_after(lexemes: list[Lexeme], index: int) -> tuple[float, int]:
    """Read "en halv", "tre kvarts", "1 ½", "två och (en) halv"."""
    first = lexemes[index]
    names = [name_at(lexemes, index + ahead) for ahead in range(4)]
    if names[1] in FRACTIONS and first.value == int(first.value):
        return first.value + FRACTIONS[names[1]], 2
    if names[1] in _SHARES or (first.article and names[1] in _HALF):
        return first.value * _PARTS[names[1]], 2
    if names[1] not in _AND:
        return 0, 0
    article = index + 2 < len(lexemes) and lexemes[index + 2].article
    part = _PARTS.get(names[2 + article])
    return (first.value + part, 3 + article) if part else (0, 0)


def _settle_short_words(lexemes: list[Lexeme]) -> list[Lexeme]:
    """Decide words that depend on their neighbours: "2 ar", "1/2 tjanst", "4-manaders", "jul"."""
    settled: list[Lexeme] = []
    for index, lexeme in enumerate(lexemes):
        before = settled[-1] if settled else None
        after = lexemes[index + 1] if index + 1 < len(lexemes) else None
        settled.extend(_settle(_or_shorter(lexeme, before, after), before, after, settled))
    return settled


#: Nouns worth a guess when a misspelt word follows a number.
_COUNTED_NOUNS = ("manader", "manad", "veckor", "dagar", "kvartal", "halvar", "personer", "person",
                  "arbetstagare", "anstallda", "medarbetare", "konsulter", "snickare",
                  "lokalvardare", "months", "weeks", "workers", "people", "persons",
                  "employees")  # fmt: skip


_NOT_MISSPELT = frozenset(("personen", "manaden", "perioder", "pensioner", "konsoler", "minader",
                           "vecko", "dagen", "dagis", "dagars", "people's", "marader", "managers",
                           "versioner"))  # fmt: skip


def _mended(lexeme: Lexeme) -> Lexeme:
    """Read "fyra månder" and "2 persnoer"; a known word of the language is left alone."""
    near = correct(lexeme.name, _COUNTED_NOUNS)
    if near == lexeme.name or near not in _COUNTED_NOUNS or lexeme.name in _NOT_MISSPELT:
        return lexeme
    kind, name = kind_of(near, near)
    return replace(lexeme, kind=kind, name=name)


#: "3 m hög", "200 m kabel": metres, not months.
_MEASURED = frozenset(("hog", "hoga", "hogt", "lang", "langa", "langt", "bred", "breda", "djup",
                       "djupt", "kabel", "ror", "vag", "staket", "ledning", "²"))  # fmt: skip


#: "Avtalet är under fyra månader" is shorter, "pågår under fyra månader" is not.
_SHORTER_AFTER = frozenset(("ar", "is", "blir", "ligger", "pa", "tar", "takes"))


def _or_shorter(lexeme: Lexeme, before: Lexeme | None, after: Lexeme | None) -> Lexeme:
    if lexeme.name != "under" or before is None or before.name not in _SHORTER_AFTER:
        return lexeme
    numbered = after is not None and after.kind == "number"
    return replace(lexeme, kind="operator", name="LT") if numbered else lexeme


def _settle(
    lexeme: Lexeme, before: Lexeme | None, after: Lexeme | None, settled: list[Lexeme]
) -> list[Lexeme]:
    numbered = before is not None and before.kind in {"number", "filler"}
    if lexeme.kind == "bound":
        return [_bound(lexeme, settled)]
    if lexeme.name == "FUZZY" and before is not None and before.kind == "unit":
        # "Fyra veckors semester" is a holiday, "one semester" a length.
        return [replace(lexeme, kind="word", name="semester")]
    if lexeme.kind == "date" and after is not None and re.fullmatch(r"\d+/\d+", lexeme.name):
        return _fraction_or_range(lexeme, after)
    if lexeme.kind == "month" and lexeme.name in {"jul", "may", "mar"}:
        return [lexeme if _beside_date(before, after) else replace(lexeme, kind="word")]
    if lexeme.kind == "unit" and lexeme.end - lexeme.start == 1 and lexeme.name == "MONTH":
        metres = after is not None and (after.start == lexeme.end or after.name in _MEASURED)
        return [lexeme if numbered and not metres else replace(lexeme, kind="word", name="m")]
    return [_short_word(lexeme, numbered=numbered)]


def _short_word(lexeme: Lexeme, *, numbered: bool) -> Lexeme:
    """Decide "ar" (år or är) and "dar" (dagar or där), and mend a misspelt noun."""
    if lexeme.kind != "word":
        return lexeme
    if not numbered:
        return replace(lexeme, name="is") if lexeme.name == "ar" else lexeme
    unit = {"ar": "YEAR", "dar": "DAY"}.get(lexeme.name)
    return replace(lexeme, kind="unit", name=unit) if unit else _mended(lexeme)


def _bound(lexeme: Lexeme, settled: list[Lexeme]) -> Lexeme:
    """Read the noun of "4-manadersavtal": it counts only with its number before the hyphen."""
    if len(settled) > 1 and settled[-1].name == "-":
        settled.pop()
    bound = bool(settled) and settled[-1].kind == "number"
    kind = "worker" if lexeme.name == "WORKER" else "unit"
    return replace(lexeme, kind=kind if bound else "word")


def _fraction_or_range(lexeme: Lexeme, after: Lexeme) -> list[Lexeme]:
    """Read "2/3 år" and "1/2 tjänst" as fractions, "6/7 månader" as a range; else it is a date."""
    if after.kind not in {"unit", "post", "share"}:
        return [lexeme]
    low, high = (float(part) for part in lexeme.name.split("/"))
    number = replace(lexeme, kind="number", date=None, digits=True)
    if after.name not in {"MONTH", "WEEK", "DAY"} and low < high:
        return [replace(number, value=low / high)]
    return [replace(number, value=low), replace(number, kind="sign", name="-"),
            replace(number, value=high)]  # fmt: skip


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
            joined += _qualified(
                Lexeme("operator", operator, lexemes[index].start, last.end), joined
            )
        else:
            joined.append(lexemes[index])
        index += used or 1
    return joined


def _qualified(operator: Lexeme, before: list[Lexeme]) -> list[Lexeme]:
    """Read "ett drygt år" and "ett knappt halvår" like "drygt ett år"."""
    if operator.name not in {"DR", "KN"} or not (before and before[-1].article):
        return [operator]
    article = before.pop()
    end = operator.end
    return [replace(operator, start=article.start), replace(article, start=end, end=end)]


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


def join(raw: list[Lexeme]) -> tuple[Lexeme, ...]:
    """Return the lexemes of a message with everything joined that belongs together."""
    settled = _settle_short_words(_join_halves(_join_numbers(raw)))
    return tuple(_join_operators(settled))
