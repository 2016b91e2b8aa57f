"""Two dates that make a period: "1 mars-30 juni", "mellan april och juli", "vecka 10-30"."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from intents.lexemes import Lexeme, kind_at, name_at
from intents.moments import moment_at, year_at
from intents.quantity_words import MONTHS, ORDINALS
from intents.written_dates import Written

_JOINTS = frozenset(("-", "--", "till", "through", "to", "/", "->", "→", "thru"))


#: They leave open whether the month they name is still part of the period.
_SOFT = (("fram", "till"), ("anda", "till"), ("fram", "tills"), ("tills",), ("until",))


_YEAR_AFTER = frozenset((
    ("aret", "efter"), ("aret", "darpa"), ("aret", "darefter"), ("foljande", "YEAR"),
    ("pafoljande", "YEAR"), ("foljande", "ar"), ("pafoljande", "ar"), ("following", "YEAR"),
    ("YEAR", "after"),
))  # fmt: skip


_BETWEEN = frozenset(("mellan", "between"))


@dataclass(frozen=True, slots=True)
class DatePair:
    start: Written
    end: Written
    where: tuple[int, int]
    #: "fram till juni" may or may not hold June.
    soft: bool = False
    #: "1 mars till 30 juni året efter" ends in the year after its start.
    year_later: bool = False


def year_after(lexemes: Sequence[Lexeme], at: int) -> int:
    """Return how many lexemes say "året efter" at ``at``; 0 for none."""
    comma = name_at(lexemes, at) == ","
    pair = tuple(name_at(lexemes, at + comma + ahead) for ahead in range(2))
    if pair in _YEAR_AFTER:
        return 2 + comma
    return 3 + comma if pair == ("the", "following") else 0


def pair_at(lexemes: Sequence[Lexeme], index: int) -> DatePair | None:
    between = lexemes[index].name in _BETWEEN
    for read in (_month_list, _shared_month, _shared_division, _written_pair):
        pair = read(lexemes, index + between, between=between)
        if pair is not None:
            return replace(pair, where=(index, pair.where[1]))
    return None


def _joint(lexemes: Sequence[Lexeme], at: int, *, between: bool) -> tuple[int, bool] | None:
    """Return (index after the words that join two dates, whether they leave the end open)."""
    if name_at(lexemes, at) == name_at(lexemes, at + 1) == ".":
        return at + 2, False
    while name_at(lexemes, at) in {".", ","}:
        at += 1
    if between and name_at(lexemes, at) in {"och", "and", "-"}:
        return at + 1, False
    at += name_at(lexemes, at) in {"och", "and"}
    for phrase in _SOFT:
        if tuple(name_at(lexemes, at + ahead) for ahead in range(len(phrase))) == phrase:
            return at + len(phrase), True
    at += name_at(lexemes, at) == "fram" and name_at(lexemes, at + 1) == "through"
    if name_at(lexemes, at) not in _JOINTS:
        return None
    while name_at(lexemes, at) in _JOINTS or name_at(lexemes, at) in {"i", "and", "with"}:
        at += 1
    return at, False


def _written_pair(lexemes: Sequence[Lexeme], index: int, *, between: bool) -> DatePair | None:
    """Read "1 mars - 30 juni", "mars till juni 2027", "2027-03-01--2027-06-30", "2027-2029"."""
    first = moment_at(lexemes, index) or year_at(lexemes, index)
    if first is None:
        return None
    rest = _rest_of_year(lexemes, first) or _next_in_row(lexemes, first)
    if rest is not None:
        return DatePair(first, rest, (index, rest.stop))
    joint = _joint(lexemes, first.stop, between=between)
    if joint is None or joint[0] >= len(lexemes):
        return None
    at, soft = joint
    if name_at(lexemes, at - 1) == "/" and first.precision != "day":
        return None
    second = _second(lexemes, at, first)
    if second is None:
        return None
    used = year_after(lexemes, second.stop)
    return DatePair(first, second, (index, second.stop + used), soft, bool(used))


def _rest_of_year(lexemes: Sequence[Lexeme], first: Written) -> Written | None:
    """Read "1 april och året ut", "från april till årets slut"."""
    at = first.stop
    while name_at(lexemes, at) in {"och", ",", "till", "and", "hela", "resten", "av"}:
        at += 1
    pair = (name_at(lexemes, at), name_at(lexemes, at + 1))
    if pair not in {("aret", "ut"), ("ut", "aret"), ("arets", "slut"), ("arets", "ut")}:
        return None
    return Written("day", at, at + 2, None, 12, 31)


def _next_in_row(lexemes: Sequence[Lexeme], first: Written) -> Written | None:
    """Read "kvartal 2 och 3", "Q2 + Q3" and "2027 och 2028"."""
    if first.precision not in {"quarter", "year"} or name_at(lexemes, first.stop) not in {
        "och",
        "+",
        "and",
        "&",
    }:
        return None
    second = moment_at(lexemes, first.stop + 1) if first.stop + 1 < len(lexemes) else None
    if second is None:
        second = _second(lexemes, first.stop + 1, first) if first.stop + 1 < len(lexemes) else None
    if second is None or second.precision != first.precision:
        return None
    quarter = second.precision == "quarter"
    last, next_one = (first.number, second.number) if quarter else (first.year, second.year)
    return second if last is not None and next_one == last + 1 else None


def _second(lexemes: Sequence[Lexeme], at: int, first: Written) -> Written | None:
    """Return the end of a period; it may lean on its start ("vecka 10-30", "Q2-3")."""
    found = moment_at(lexemes, at)
    if found is not None:
        return found
    if first.precision == "year":
        return year_at(lexemes, at)
    if first.precision == "day" and first.year:
        return _month_and_day(lexemes, at)
    number = lexemes[at]
    most = {"week": 53, "quarter": 4}.get(first.precision, 0)
    counted = kind_at(lexemes, at + 1) == "unit"
    if number.kind != "number" or counted or not 1 <= number.value <= most:
        return None
    return Written(first.precision, at, at + 1, None, int(number.value))


def _month_and_day(lexemes: Sequence[Lexeme], at: int) -> Written | None:
    """Read the "06-30" of "2027-03-01 - 06-30"."""
    pieces = [name_at(lexemes, at + ahead) for ahead in range(3)]
    if pieces[1] != "-" or not all(len(p) == 2 and p.isdigit() for p in (pieces[0], pieces[2])):
        return None
    month, day = int(pieces[0]), int(pieces[2])
    return Written("day", at, at + 3, None, month, day) if 1 <= month <= 12 else None


def _shared_month(lexemes: Sequence[Lexeme], index: int, *, between: bool) -> DatePair | None:
    """Read "1-30 juni 2027", "den 3 till 17 april", where one month serves both days."""
    at = index + (lexemes[index].name == "den" if index < len(lexemes) else 0)
    if at >= len(lexemes) or lexemes[at].kind not in {"number", "ordinal"} or lexemes[at].article:
        return None
    day = lexemes[at].value
    joint = _joint(lexemes, at + 1, between=between)
    second = moment_at(lexemes, joint[0]) if joint and joint[0] < len(lexemes) else None
    if second is None or second.precision != "day" or not 1 <= day <= 31 or day != int(day):
        return None
    if lexemes[second.start].kind == "date":
        return None
    first = Written("day", at, at + 1, second.year, second.number, int(day))
    return DatePair(first, second, (index, second.stop))


def _shared_division(lexemes: Sequence[Lexeme], index: int, *, between: bool) -> DatePair | None:
    """Read "andra och tredje kvartalet 2027", where one noun serves both."""
    number = ORDINALS.get(name_at(lexemes, index), 0)
    if not number or name_at(lexemes, index + 1) not in _JOINTS | {"och", "and"}:
        return None
    last = moment_at(lexemes, index + 2)
    if last is None or last.precision not in {"quarter", "half", "tertial"}:
        return None
    first = Written(last.precision, index, index + 1, last.year, number)
    return DatePair(first, last, (index, last.stop)) if number < last.number else None


def _month_list(lexemes: Sequence[Lexeme], index: int, *, between: bool) -> DatePair | None:
    """Read "april, maj och juni": consecutive months named one by one."""
    months: list[int] = []
    at = index
    while at < len(lexemes) and lexemes[at].kind == "month":
        months.append(MONTHS[lexemes[at].name])
        stop = at + 1
        at = stop
        while at < len(lexemes) and lexemes[at].name in {",", "och", "and", "+", "samt", "&"}:
            at += 1
    consecutive = all(b == a % 12 + 1 for a, b in pairwise(months))
    if len(months) < 2 or not consecutive:
        return None
    last = moment_at(lexemes, stop - 1)
    if last is None or last.precision != "month":
        return None
    first = Written("month", index, index + 1, None, months[0])
    return DatePair(first, last, (index, last.stop))
