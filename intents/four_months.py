"""Does the performance reach the limit of months? Exact calendar arithmetic or a question back."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from intents.calendar_rules import RUN_OF_MONTHS, add_months
from intents.facts import Dates, Facts, Stretch
from intents.reading import Length

#: "0,33 år" is meant as a third of a year: this close below the limit a fraction decides nothing.
_NEARLY = 0.05
#: Days that may be tried as the first day when only a month was named.
_MOST_STARTS = 62


@dataclass(frozen=True, slots=True)
class Reach:
    """How a period compares with the limit."""

    #: Whether the limit is reached; None while it is open.
    met: bool | None
    #: The period is exactly as long as the limit.
    exact: bool = False
    #: What to ask when it is open: duration, start_date or year.
    missing: str = ""
    #: First and last day, when both are known.
    start: date | None = None
    end: date | None = None
    #: Last day that would have been early enough to reach the limit, and days short of it.
    deciding_day: date | None = None
    days_short: int = 0


def compare_length(length: Length, months: int = 4) -> int | None:
    """Return -1, 0 or 1 for shorter, exactly or longer; None if the start decides."""
    if length.months >= months:
        return 0 if length.months == months and not length.days else 1
    whole = math.floor(length.months)
    fraction = length.months - whole
    if not length.days:
        return None if months - length.months < _NEARLY else -1
    shortest, longest = _run(months - whole)
    low, high = length.days + fraction * 28, length.days + fraction * 31
    if low > longest:
        return 1
    if low == longest:
        return 1 if shortest < longest else 0
    return -1 if high < shortest else None


def _run(months: int) -> tuple[int, int]:
    return RUN_OF_MONTHS.get(months, (months * 28, months * 31))


def compare_dates(start: date, end: date, months: int = 4) -> int:
    """Return -1, 0 or 1 for a period (both days included) shorter, exactly or longer."""
    try:
        needed, got = add_months(start, months), end.toordinal() + 1
    except OverflowError:
        return -1
    return (got > needed.toordinal()) - (got < needed.toordinal())


def compare_from(start: date, length: Length, months: int = 4) -> int | None:
    """Return how a length from a known first day compares; None for fractions of a month."""
    if length.months % 1 or length.days % 1:
        return compare_length(length, months)
    try:
        end = add_months(start, int(length.months)) + timedelta(days=int(length.days) - 1)
    except OverflowError:
        return 1
    return compare_dates(start, end, months)


def _compare_from(start: date, months: int, length: Length) -> int | None:
    return compare_from(start, length, months)


def reach(facts: Facts, months: int, *, strictly: bool) -> Reach:
    """Return whether the time of performance reaches ``months`` (more than, if ``strictly``)."""
    found = [_reach_dates(dates, months, strictly=strictly) for dates in facts.periods]
    found += [_reach_from(facts, stretch, months, strictly=strictly) for stretch in facts.lengths]
    if not found:
        return Reach(True) if facts.open_ended else Reach(None, missing="duration")
    answers = {one.met for one in found}
    if len(answers) == 1:
        return found[0]
    if facts.periods and facts.lengths and answers <= {True, False, None}:
        # An exact period beside a rounded length ("fyra månader (1 mars-30 juni)") decides only
        # when the length left it open.
        decided = [one for one in found if one.met is not None]
        if len({one.met for one in decided}) == 1:
            return decided[0]
    return Reach(None, missing="duration")


def _reach_dates(dates: Dates, months: int, *, strictly: bool) -> Reach:
    longest = compare_dates(dates.start[0], dates.end[1], months)
    shortest = compare_dates(dates.start[1], dates.end[0], months)
    if _met(longest, strictly) != _met(shortest, strictly):
        return Reach(None, missing="duration")
    years = {_met(compare_dates(start, end, months), strictly) for start, end in dates.alternatives}
    if len(years) > 1:
        return Reach(None, missing="year")
    met = _met(longest, strictly)
    exact_days = dates.start[0] == dates.start[1] and dates.end[0] == dates.end[1]
    if not exact_days:
        return Reach(met)
    return _described(dates.start[0], dates.end[0], met, longest == 0, months)


def _met(compared: int, strictly: bool) -> bool:
    return compared > 0 or (compared == 0 and not strictly)


def _described(start: date, end: date, met: bool, exact: bool, months: int) -> Reach:
    try:
        deciding = add_months(start, months) - timedelta(days=1)
    except OverflowError:
        return Reach(met, exact, start=start, end=end)
    return Reach(met, exact, "", start, end, deciding, max(0, (deciding - end).days))


def _reach_from(facts: Facts, stretch: Stretch, months: int, *, strictly: bool) -> Reach:
    """Decide a length from its start; ask for the year where a leap day would decide."""
    here = _reach_stretch(stretch, facts.start, months, strictly=strictly)
    others = {
        _reach_stretch(stretch, start, months, strictly=strictly).met
        for start in facts.other_starts
    }
    return Reach(None, missing="year") if others - {here.met} else here


def _reach_stretch(
    stretch: Stretch, start: tuple[date, date] | None, months: int, *, strictly: bool
) -> Reach:
    def from_any_day(length: Length) -> int | None:
        return compare_length(length, months)

    plain = _between(stretch, from_any_day, strictly)
    if start is None or plain.met is not None or plain.missing != "start_date":
        return plain
    days = (start[1] - start[0]).days + 1
    if days > _MOST_STARTS:
        return plain
    tried = [
        _between(
            stretch, partial(_compare_from, start[0] + timedelta(days=ahead), months), strictly
        )
        for ahead in range(days)
    ]
    if len({one.met for one in tried}) > 1:
        return plain
    if days == 1 and tried[0].met is not None and stretch.high == stretch.low:
        end = _end(start[0], stretch.low)
        if end is not None:
            return _described(start[0], end, tried[0].met, tried[0].exact, months)
    return tried[0]


def _end(start: date, length: Length) -> date | None:
    try:
        return add_months(start, int(length.months)) + timedelta(days=int(length.days) - 1)
    except OverflowError:
        return None


def _between(stretch: Stretch, compare: Callable[[Length], int | None], strictly: bool) -> Reach:
    low = compare(stretch.low)
    high = 1 if stretch.high is None else compare(stretch.high)
    exact = low == 0 and stretch.low == stretch.high and not stretch.low_open
    if low is not None and _met(1 if low == 0 and stretch.low_open else low, strictly):
        return Reach(True, exact)
    if high is not None and not _met(-1 if high == 0 and stretch.high_open else high, strictly):
        return Reach(False, exact)
    single = stretch.low == stretch.high and low is None
    return Reach(None, missing="start_date" if single else "duration")


def with_option(facts: Facts) -> Facts | None:
    """Return the facts with the options used; None if their length is not known."""
    if facts.option_length is None:
        return None
    if facts.periods:
        dates = facts.periods[0]
        low = _end(dates.end[0] + timedelta(days=1), facts.option_length.low)
        longest = facts.option_length.high or facts.option_length.low
        high = _end(dates.end[1] + timedelta(days=1), longest)
        if low is None or high is None:
            return None
        ends = (min(low, high), max(low, high))
        return Facts(periods=(Dates(dates.start, ends),))
    if not facts.lengths:
        return None
    lengths = tuple(stretch.plus(facts.option_length) for stretch in facts.lengths)
    return Facts(lengths=lengths, start=facts.start, other_starts=facts.other_starts)
