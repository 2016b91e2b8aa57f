"""What a length of time is found as, and the calendar length of a number of units."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from intents.amounts import Amount
from intents.lexemes import Lexeme, words_at
from intents.quantity_words import UNIT_LENGTHS
from intents.reading import Bounds, Duration, Length, Role

#: Working days in a week; public holidays can stretch a stretch of them by some days.
_WORKING_WEEK = 5
_HOLIDAY_SLACK = 10


@dataclass(frozen=True, slots=True)
class Found:
    """A duration and the lexemes it was read from."""

    duration: Duration
    start: int
    stop: int


def found_at(
    lexemes: Sequence[Lexeme],
    text: str,
    where: tuple[int, int],
    bounds: Bounds,
    unit: str,
    role: Role = Role.BASE,
) -> Found:
    start, stop = where
    span = words_at(lexemes, text, start, stop)
    low, high, sure = _lengths(bounds, unit)
    duration = Duration(
        low, high, bounds.operator, role, span, bounds.low_open, bounds.high_open, sure
    )
    return Found(duration, start, stop)


def _lengths(bounds: Bounds, unit: str) -> tuple[Length, Length | None, bool]:
    if unit == "FUZZY":
        return Length(), None, False
    if unit == "WORKDAY":
        calendar_days = [value * 7 / _WORKING_WEEK for value in (bounds.low, bounds.high or 0)]
        low = Length(0, max(0, math.floor(calendar_days[0]) - 2))
        high = Length(0, math.ceil(calendar_days[1]) + _HOLIDAY_SLACK)
        return low, None if bounds.high is None else high, True
    months, days = UNIT_LENGTHS[unit]
    low = Length(months * bounds.low, days * bounds.low)
    if bounds.high is None:
        return low, None, True
    return low, Length(months * bounds.high, days * bounds.high), True


def duration_of(amount: Amount, unit: str, text: str, lexemes: Sequence[Lexeme]) -> Duration:
    """Return the duration of a bare amount whose unit a form has asked for ("4" months)."""
    return found_at(lexemes, text, (amount.start, amount.stop), amount.bounds, unit).duration
