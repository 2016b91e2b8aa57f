"""Periods: two dates that belong together, or one date that stands alone.

Both ends are included. A missing year is the next one to come and is said to be assumed; whether
a leap day decides is checked with the same period in the years that follow.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from intents.date_pairs import DatePair, pair_at, year_after
from intents.duration_roles import dated_role_of
from intents.lexemes import Lexeme, words_at
from intents.moments import moment_at, opens_date, year_at
from intents.reading import Moment, Period, Role
from intents.written_dates import Resolved, Written, resolve

_STARTS = (
    "start",
    "borja",
    "fran",
    "since",
    "pabor",
    "inled",
    "begin",
    "from",
    "avtalsstart",
    "kontraktsstart",
)


_ENDS = ("slut", "avslut", "upphor", "klar", "fardig", "avtalsslut", "kontraktsslut",
         "end", "finish", "ends", "tom", "until",
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


def find_dates(lexemes: Sequence[Lexeme], text: str, today: date) -> FoundDates:
    """Return the periods and the dates that stand alone in a message."""
    pairs: list[DatePair] = []
    singles: list[Written] = []
    index = 0
    while index < len(lexemes):
        if not opens_date(lexemes[index]):
            index += 1
            continue
        pair = pair_at(lexemes, index)
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


def with_roles(lexemes: Sequence[Lexeme], found: FoundDates) -> FoundDates:
    """Return the dates with what they were said about: "annonseras 1-30 mars" is tendering."""
    places = sorted((*found.period_places, *found.moment_places))

    def role(where: tuple[int, int]) -> Role:
        begin = max((place[1] for place in places if place[1] <= where[0]), default=0)
        return dated_role_of(lexemes, where, begin)

    periods = zip(found.periods, found.period_places, strict=True)
    moments = zip(found.moments, found.moment_places, strict=True)
    return replace(
        found,
        periods=tuple(replace(period, role=role(where)) for period, where in periods),
        moments=tuple(replace(moment, role=role(where)) for moment, where in moments),
    )


def _build(
    lexemes: Sequence[Lexeme],
    text: str,
    today: date,
    pairs: list[DatePair],
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
    if before not in {
        "hela",
        "kalenderaret",
        "YEAR",
        "avtalsaret",
        "ar",
        "under",
        "during",
        "whole",
        "of",
        "helaret",
        "aret",
        "for",
    }:
        return None
    return year_at(lexemes, index)


def _started_and_ended(lexemes: Sequence[Lexeme], singles: list[Written]) -> DatePair | None:
    """Read "börjar 1 mars och slutar 30 juni": two dates with words between."""
    if len(singles) != 2:
        return None
    first, second = singles
    before = [lexeme.name for lexeme in lexemes[max(0, first.start - 4) : first.start]]
    middle = [lexeme.name for lexeme in lexemes[first.stop : second.start]]
    starts = any(name.startswith(_STARTS) for name in before)
    ends = any(name.startswith(_ENDS) for name in middle) or middle[-1:] == ["till"]
    if not ends:
        return _ended_and_started(singles, before, middle)
    if not (starts or middle):
        return None
    used = year_after(lexemes, second.stop)
    where = (first.start, second.stop + used)
    return DatePair(first, second, where, year_later=bool(used))


def _ended_and_started(
    singles: list[Written], before: list[str], middle: list[str]
) -> DatePair | None:
    """Read "till och med 31 december, från 1 oktober": the end said first."""
    last, first = singles
    ended = any(name.startswith((*_ENDS, "through")) for name in before)
    started = any(name.startswith(_STARTS) for name in middle)
    return DatePair(first, last, (last.start, first.stop)) if ended and started else None


def _moment(lexemes: Sequence[Lexeme], text: str, written: Written, today: date) -> Moment | None:
    words = words_at(lexemes, text, written.start, written.stop)
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


def _years(pair: DatePair, today: date) -> tuple[int, int] | None:
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


def _wraps(pair: DatePair) -> int:
    """Return 1 when the end lies a year later: it is said, or the calendar tells."""
    if pair.year_later:
        return 1
    start, end = resolve(pair.start, 2027), resolve(pair.end, 2027)
    if start is None or end is None:
        start, end = resolve(pair.start, 2028), resolve(pair.end, 2028)
    if start is None or end is None:
        return 0
    if pair.start.precision == "year_end":
        return 1
    return int(end[1][1] < start[0][0])


def _period(
    lexemes: Sequence[Lexeme], text: str, pair: DatePair, today: date
) -> tuple[Period | None, str]:
    words = words_at(lexemes, text, *pair.where)
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
    start_words = words_at(lexemes, text, pair.start.start, pair.start.stop)
    first_moment = Moment(*start, pair.start.precision, start_words, assumed)
    end_words = words_at(lexemes, text, pair.end.start, pair.end.stop)
    last_moment = Moment(end[0], last, pair.end.precision, end_words, assumed)
    months = {"month"} & {pair.start.precision, pair.end.precision}
    alternatives = _alternatives(pair, years) if assumed else ()
    return (
        Period(first_moment, last_moment, words, assumed, bool(months), sure, alternatives),
        "",
    )


def _soften(end: Resolved, pair: DatePair) -> tuple[date, date]:
    """ "Fram till juni" may end before June: the end is open by that month."""
    if pair.soft and pair.end.precision == "month":
        return end[0][0] - timedelta(days=1), end[1][1]
    return end[1]


def _alternatives(pair: DatePair, years: tuple[int, int]) -> tuple[tuple[date, date], ...]:
    found = []
    for ahead in range(_YEARS_TRIED):
        start, end = resolve(pair.start, years[0] + ahead), resolve(pair.end, years[1] + ahead)
        if start is not None and end is not None:
            found.append((start[0][0], end[1][1]))
    return tuple(found)
