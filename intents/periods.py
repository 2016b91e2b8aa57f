"""Periods: two dates that belong together, or one date that stands alone.

Both ends are included. A missing year is the next one to come and is said to be assumed; whether
a leap day decides is checked with the same period in the years that follow.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from intents.lexemes import Lexeme
from intents.moments import Resolved, Written, moment_at, resolve, year_at
from intents.quantity_words import MONTHS
from intents.reading import Moment, Period, Words

_JOINTS = frozenset(("-", "--", "till", "through", "to", "/", "->", "→", "thru"))
#: They leave open whether the month they name is still part of the period.
_SOFT = (("fram", "till"), ("anda", "till"), ("fram", "tills"), ("tills",), ("until",))
_BETWEEN = frozenset(("mellan", "between"))
_STARTS = ("start", "borja", "fran", "since", "pabor", "inled", "begin", "from", "avtalsstart")
_ENDS = ("slut", "avslut", "upphor", "klar", "fardig", "end", "finish", "ends", "tom", "until",
         "lopa", "loper")  # fmt: skip
#: Years ahead in which a period without a year is tried; a leap year is among any eight.
_YEARS_TRIED = 8


@dataclass(frozen=True, slots=True)
class FoundDates:
    """Everything dated in a message, and the lexemes it was read from."""

    periods: tuple[Period, ...]
    moments: tuple[Moment, ...]
    #: Where each period begins and ends, and where each moment does, in lexemes.
    period_places: tuple[tuple[int, int], ...]
    moment_places: tuple[tuple[int, int], ...]
    taken: frozenset[int]
    flags: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Pair:
    start: Written
    end: Written
    where: tuple[int, int]
    #: "fram till juni" may or may not hold June.
    soft: bool = False


def find_dates(lexemes: Sequence[Lexeme], text: str, today: date) -> FoundDates:
    """Return the periods and the dates that stand alone in a message."""
    pairs: list[_Pair] = []
    singles: list[Written] = []
    index = 0
    while index < len(lexemes):
        pair = _pair_at(lexemes, index)
        if pair is not None:
            pairs.append(pair)
            index = pair.where[1]
            continue
        single = moment_at(lexemes, index) or _spanning_year(lexemes, index)
        if single is None:
            index += 1
            continue
        singles.append(single)
        index = single.stop
    joined = _started_and_ended(lexemes, singles)
    if joined is not None:
        pairs.append(joined)
        singles = [s for s in singles if s not in (joined.start, joined.end)]
    return _build(lexemes, text, today, pairs, singles)


def _build(
    lexemes: Sequence[Lexeme],
    text: str,
    today: date,
    pairs: list[_Pair],
    singles: list[Written],
) -> FoundDates:
    periods, period_places = [], []
    moments, moment_places = [], []
    flags: set[str] = set()
    taken: set[int] = set()
    for pair in pairs:
        taken.update(range(*pair.where))
        period, flag = _period(lexemes, text, pair, today)
        flags |= {flag} if flag else set()
        if period is not None:
            periods.append(period)
            period_places.append(pair.where)
    for single in singles:
        taken.update(range(single.start, single.stop))
        moment = _moment(lexemes, text, single, today)
        if moment is None:
            flags.add("invalid_date")
        elif single.precision in _SPANS and _is_whole(lexemes, single):
            periods.append(Period(moment, moment, moment.words, moment.year_assumed))
            period_places.append((single.start, single.stop))
        else:
            moments.append(moment)
            moment_places.append((single.start, single.stop))
            flags |= {"unclear_time"} if not moment.sure else set()
    return FoundDates(tuple(periods), tuple(moments), tuple(period_places),
                      tuple(moment_places), frozenset(taken), frozenset(flags))  # fmt: skip


_SPANS = frozenset(("quarter", "half", "tertial", "year", "month"))


def _is_whole(lexemes: Sequence[Lexeme], single: Written) -> bool:
    """A quarter or a year alone is a period, unless it says when something starts."""
    before = [lexeme.name for lexeme in lexemes[max(0, single.start - 3) : single.start]]
    if any(name.startswith(_STARTS) for name in before):
        return False
    whole = bool(before) and before[-1] in {"hela", "whole", "all", "helar"}
    return whole or single.precision != "month"


def _spanning_year(lexemes: Sequence[Lexeme], index: int) -> Written | None:
    """Read "hela 2027" and "under 2027"; any other bare year is no date of its own."""
    before = lexemes[index - 1].name if index else ""
    if before not in {"hela", "under", "during", "whole", "of", "helaret", "aret", "for"}:
        return None
    return year_at(lexemes, index)


def _pair_at(lexemes: Sequence[Lexeme], index: int) -> _Pair | None:
    between = lexemes[index].name in _BETWEEN
    for read in (_month_list, _shared_month, _written_pair):
        pair = read(lexemes, index + between, between=between)
        if pair is not None:
            return replace(pair, where=(index, pair.where[1]))
    return None


def _joint(lexemes: Sequence[Lexeme], at: int, *, between: bool) -> tuple[int, bool] | None:
    """Return (index after the words that join two dates, whether they leave the end open)."""
    while _name(lexemes, at) in {".", ","}:
        at += 1
    if between and _name(lexemes, at) in {"och", "and", "-"}:
        return at + 1, False
    at += _name(lexemes, at) in {"och", "and"}
    for phrase in _SOFT:
        if tuple(_name(lexemes, at + ahead) for ahead in range(len(phrase))) == phrase:
            return at + len(phrase), True
    at += _name(lexemes, at) == "fram" and _name(lexemes, at + 1) == "through"
    if _name(lexemes, at) not in _JOINTS:
        return None
    while _name(lexemes, at) in _JOINTS or _name(lexemes, at) in {"i", "and", "with"}:
        at += 1
    return at, False


def _name(lexemes: Sequence[Lexeme], at: int) -> str:
    return lexemes[at].name if 0 <= at < len(lexemes) else ""


def _written_pair(lexemes: Sequence[Lexeme], index: int, *, between: bool) -> _Pair | None:
    """Read "1 mars - 30 juni", "mars till juni 2027", "2027-03-01--2027-06-30", "2027-2029"."""
    first = moment_at(lexemes, index) or year_at(lexemes, index)
    if first is None:
        return None
    joint = _joint(lexemes, first.stop, between=between)
    if joint is None or joint[0] >= len(lexemes):
        return None
    at, soft = joint
    if _name(lexemes, at - 1) == "/" and first.precision != "day":
        return None
    second = _second(lexemes, at, first)
    if second is None:
        return None
    return _Pair(first, second, (index, second.stop), soft)


def _second(lexemes: Sequence[Lexeme], at: int, first: Written) -> Written | None:
    """Return the end of a period; it may lean on its start ("vecka 10-30", "2027-03-01 - 06-30")."""
    found = moment_at(lexemes, at)
    if found is not None:
        return found
    if first.precision == "year":
        return year_at(lexemes, at)
    number = lexemes[at]
    if first.precision == "week" and number.kind == "number" and 1 <= number.value <= 53:
        if at + 1 < len(lexemes) and lexemes[at + 1].kind == "unit":
            return None
        return Written("week", at, at + 1, None, int(number.value))
    pieces = lexemes[at : at + 3]
    digits = [piece.name for piece in pieces if piece.name.isdigit() and len(piece.name) == 2]
    if first.year and first.precision == "day" and len(digits) == 2 and pieces[1].name == "-":
        if 1 <= int(digits[0]) <= 12:
            return Written("day", at, at + 3, None, int(digits[0]), int(digits[1]))
    if first.precision == "quarter" and number.kind == "number" and 1 <= number.value <= 4:
        return Written("quarter", at, at + 1, None, int(number.value))
    if number.name == "aret" and at + 1 < len(lexemes) and lexemes[at + 1].name in {"ut", "slut"}:
        return Written("day", at, at + 2, first.year, 12, 31)
    return None


def _shared_month(lexemes: Sequence[Lexeme], index: int, *, between: bool) -> _Pair | None:
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
    return _Pair(first, second, (index, second.stop))


def _month_list(lexemes: Sequence[Lexeme], index: int, *, between: bool) -> _Pair | None:
    """Read "april, maj och juni": consecutive months named one by one."""
    months: list[int] = []
    at = index
    while at < len(lexemes) and lexemes[at].kind == "month":
        months.append(MONTHS[lexemes[at].name])
        stop = at + 1
        at = stop
        while at < len(lexemes) and lexemes[at].name in {",", "och", "and", "+", "samt", "&"}:
            at += 1
    consecutive = all(b == a % 12 + 1 for a, b in zip(months, months[1:], strict=False))
    if len(months) < 2 or not consecutive:
        return None
    last = moment_at(lexemes, stop - 1)
    if last is None or last.precision != "month":
        return None
    first = Written("month", index, index + 1, None, months[0])
    return _Pair(first, last, (index, last.stop))


def _started_and_ended(lexemes: Sequence[Lexeme], singles: list[Written]) -> _Pair | None:
    """Read "börjar 1 mars och slutar 30 juni": two dates with words between."""
    if len(singles) != 2:
        return None
    first, second = singles
    before = [lexeme.name for lexeme in lexemes[max(0, first.start - 4) : first.start]]
    middle = [lexeme.name for lexeme in lexemes[first.stop : second.start]]
    starts = any(name.startswith(_STARTS) for name in before)
    ends = any(name.startswith(_ENDS) for name in middle) or middle[-1:] == ["till"]
    if not ends or not (starts or middle):
        return None
    return _Pair(first, second, (first.start, second.stop))


def _words(lexemes: Sequence[Lexeme], text: str, start: int, stop: int) -> Words:
    begin, end = lexemes[start].start, lexemes[stop - 1].end
    return Words(begin, end, text[begin:end])


def _moment(lexemes: Sequence[Lexeme], text: str, written: Written, today: date) -> Moment | None:
    words = _words(lexemes, text, written.start, written.stop)
    if written.precision == "unclear":
        return Moment(None, None, "unclear", words, sure=False)
    year = written.year if written.year is not None else _next_year(written, today)
    days = resolve(written, year) if year is not None else None
    if days is None:
        return None
    return Moment(*days, written.precision, words, written.year is None, _is_sure(written))


def _is_sure(written: Written) -> bool:
    return written.precision not in {"part", "unclear", "year_end"}


def _next_year(written: Written, today: date) -> int | None:
    """Return the year in which the date comes next; None if it never does."""
    for year in range(today.year, today.year + _YEARS_TRIED + 1):
        days = resolve(written, year)
        if days is not None and days[0][0] >= today:
            return year
    return None


def _years(pair: _Pair, today: date) -> tuple[int, int] | None:
    """Return the years of both ends; None if neither end ever occurs."""
    start, end = pair.start, pair.end
    wraps = _wraps(pair)
    if start.year is not None and end.year is not None:
        return start.year, end.year
    if start.year is not None:
        return start.year, start.year + wraps
    if end.year is not None:
        return end.year - wraps, end.year
    year = _next_year(start, today)
    return None if year is None else (year, year + wraps)


def _wraps(pair: _Pair) -> int:
    """Return 1 when the end comes before the start in the calendar, so lies a year later."""
    start, end = resolve(pair.start, 2027), resolve(pair.end, 2027)
    if start is None or end is None:
        start, end = resolve(pair.start, 2028), resolve(pair.end, 2028)
    if start is None or end is None:
        return 0
    if pair.start.precision == "year_end":
        return 1
    return int(end[1][1] < start[0][0])


def _period(
    lexemes: Sequence[Lexeme], text: str, pair: _Pair, today: date
) -> tuple[Period | None, str]:
    words = _words(lexemes, text, *pair.where)
    unclear = "unclear" in {pair.start.precision, pair.end.precision}
    years = None if unclear else _years(pair, today)
    if years is None:
        return None, "unclear_time" if unclear else "invalid_date"
    start, end = resolve(pair.start, years[0]), resolve(pair.end, years[1])
    if start is None or end is None:
        return None, "invalid_date"
    if end[1][1] < start[0][0]:
        return None, "reversed_period"
    last = _soften(end, pair)
    assumed = pair.start.year is None and pair.end.year is None
    sure = _is_sure(pair.start) and _is_sure(pair.end) and last == end[1]
    first_moment = Moment(*start, pair.start.precision,
                          _words(lexemes, text, pair.start.start, pair.start.stop), assumed)  # fmt: skip
    end_words = _words(lexemes, text, pair.end.start, pair.end.stop)
    last_moment = Moment(end[0], last, pair.end.precision, end_words, assumed)
    months = {"month"} & {pair.start.precision, pair.end.precision}
    alternatives = _alternatives(pair, years) if assumed else ()
    return (
        Period(first_moment, last_moment, words, assumed, bool(months), sure, alternatives),
        "",
    )


def _soften(end: Resolved, pair: _Pair) -> tuple[date, date]:
    """ "Fram till juni" may end before June: the end is open by that month."""
    if pair.soft and pair.end.precision == "month":
        return end[0][0] - timedelta(days=1), end[1][1]
    return end[1]


def _alternatives(pair: _Pair, years: tuple[int, int]) -> tuple[tuple[date, date], ...]:
    found = []
    for ahead in range(_YEARS_TRIED):
        start, end = resolve(pair.start, years[0] + ahead), resolve(pair.end, years[1] + ahead)
        if start is not None and end is not None:
            found.append((start[0][0], end[1][1]))
    return tuple(found)
