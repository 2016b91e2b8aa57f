"""Swedish working days: weekends and public holidays left out (lag 1989:253 om allmänna helgdagar).

Midsummer's, Christmas and New Year's Eve are no public holidays but nobody answers then, so they
count as days off here too.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def after_working_days(start: date, days: int) -> date:
    """The day that is ``days`` working days after ``start``."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return day


def is_working_day(day: date) -> bool:
    """Is somebody at work that day?"""
    return day.weekday() < 5 and day not in days_off(day.year)


@cache
def days_off(year: int) -> frozenset[date]:
    """The year's days off that may fall on a weekday."""
    easter = _easter(year)
    midsummer_eve = _weekday_from(date(year, 6, 19), 4)
    return frozenset(
        {
            date(year, 1, 1),
            date(year, 1, 6),
            easter - timedelta(days=2),
            easter + timedelta(days=1),
            date(year, 5, 1),
            easter + timedelta(days=39),
            date(year, 6, 6),
            midsummer_eve,
            date(year, 12, 24),
            date(year, 12, 25),
            date(year, 12, 26),
            date(year, 12, 31),
        }
    )


def _weekday_from(first: date, weekday: int) -> date:
    return first + timedelta(days=(weekday - first.weekday()) % 7)


def _easter(year: int) -> date:
    """Easter Sunday by the anonymous Gregorian computus (Meeus 1991)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    moon = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * moon) // 451
    month, day = divmod(h + moon - 7 * m + 114, 31)
    return date(year, month, day + 1)


def stockholm_day(moment: datetime) -> date:
    """The day it is in Sweden at an aware moment."""
    return moment.astimezone(STOCKHOLM).date()
