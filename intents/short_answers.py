"""A day or a whole number out of a short answer, or why there is none."""

import re
from datetime import date

from intents.language import fold
from intents.model import Problem
from intents.quantities import read_count, read_date
from intents.reading import Operator

#: Longer texts are no short answers; reading them would only find chance numbers.
LONGEST = 120
_MINUS = re.compile(r"(?<!\w)[-−–]\s*(\d{1,9})(?!\d|-)")
_DIGITS = re.compile(r"^\D{0,30}?(\d{1,12})\D{0,30}$")


def read_day(text: str, today: date, *, past: bool = False) -> date | Problem:
    """Return the one day a text names; ``past`` takes a day without a year as the last such."""
    if len(text) > LONGEST:
        return Problem("date", understood=False)
    moment = read_date(text, today, past=past)
    if moment is None or moment.first is None:
        return Problem("date", understood=False)
    exact = moment.precision == "day" and moment.first[0] == moment.first[1] and moment.sure
    return moment.first[0] if exact else Problem("unclear_date")


def read_whole(text: str) -> int | None:
    """Return the whole number a text names, below zero included; None for none or a vague one."""
    if len(text) > LONGEST:
        return None
    minus = _MINUS.search(text)
    if minus:
        return -int(minus[1])
    digits = _DIGITS.match(fold(text).replace(" ", ""))
    if digits:
        return int(digits[1])
    count = read_count(text)
    if count is None or count.bounds.operator is not Operator.EXACT:
        return None
    low = count.bounds.low
    return int(low) if low == int(low) and low == count.bounds.high else None
