"""Exact calendar arithmetic: when does a period reach four months?"""

import calendar
from datetime import date, timedelta

#: Days in any run of one, two, three or four calendar months (checked by test for 2023-2040).
RUN_OF_MONTHS = {0: (0, 0), 1: (28, 31), 2: (59, 62), 3: (89, 92), 4: (120, 123)}


def last_day(year: int, month: int) -> int:
    """Return the number of days in a month."""
    return calendar.monthrange(year, month)[1]


def add_months(day: date, months: int) -> date:
    """Return the same day ``months`` later, moved back to the last day of a shorter month.

    Raises OverflowError past year 9999.
    """
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if not 1 <= year <= 9999:
        raise OverflowError("date out of range")
    return date(year, month + 1, min(day.day, last_day(year, month + 1)))


def deciding_day(start: date, months: int = 4) -> date:
    """Return the first last day on which a period from ``start`` has lasted ``months`` months."""
    return add_months(start, months) - timedelta(days=1)
