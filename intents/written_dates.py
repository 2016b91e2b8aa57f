"""A date as it was written, and the days it can mean in a given year.

The year comes in later, because in a period one year often serves both ends.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from intents.calendar_rules import last_day

#: Earliest and latest day of a month that "början", "mitten" and "slutet" can mean; 0 is the last.
PARTS = {"beginning": (1, 10), "middle": (10, 20), "end": (20, 0)}


@dataclass(frozen=True, slots=True)
class Written:
    """A date as written: everything but, perhaps, the year."""

    #: day, month, part, week, quarter, half, year, year_end or unclear.
    precision: str
    #: Index of the first lexeme and of the one after the last.
    start: int
    stop: int
    year: int | None = None
    #: Month (or quarter, half year, week number) and day of month.
    number: int = 0
    day: int = 0
    #: beginning, middle or end, for parts.
    part: str = ""


#: Earliest and latest first day, earliest and latest last day.
Resolved = tuple[tuple[date, date], tuple[date, date]]


def resolve(written: Written, year: int) -> Resolved | None:
    """Return the days ``written`` can mean in ``year``; None if there are none (31 April)."""
    try:
        return _RESOLVERS[written.precision](written, year)
    except (ValueError, OverflowError, KeyError):
        return None


def _exact(first: date, last: date) -> Resolved:
    return (first, first), (last, last)


def _months(year: int, first: int, last: int) -> Resolved:
    return _exact(date(year, first, 1), date(year, last, last_day(year, last)))


def _day(written: Written, year: int) -> Resolved:
    day = written.day or last_day(year, written.number)
    return _exact(date(year, written.number, day), date(year, written.number, day))


def _part(written: Written, year: int) -> Resolved:
    first, last = PARTS[written.part]
    last = last or last_day(year, written.number)
    span = date(year, written.number, first), date(year, written.number, last)
    return span, span


def _week(written: Written, year: int) -> Resolved:
    monday = date.fromisocalendar(year, written.number, 1)
    return _exact(monday, monday + timedelta(days=6))


def _year_end(_: Written, year: int) -> Resolved:
    # As a start the turn of the year is New Year's Day, as an end it may be the day before.
    span = date(year, 12, 31), date(year + 1, 1, 1)
    return span, span


_RESOLVERS: dict[str, Callable[[Written, int], Resolved]] = {
    "day": _day,
    "month": lambda written, year: _months(year, written.number, written.number),
    "part": _part,
    "week": _week,
    "quarter": lambda written, year: _months(year, written.number * 3 - 2, written.number * 3),
    "tertial": lambda written, year: _months(year, written.number * 4 - 3, written.number * 4),
    "half": lambda written, year: _months(year, written.number * 6 - 5, written.number * 6),
    "year": lambda written, year: _months(year, 1, 12),
    "year_end": _year_end,
}
