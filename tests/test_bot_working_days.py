"""Working days follow the Swedish calendar."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.working_days import after_working_days, days_off, is_working_day


def test_the_days_off_of_2026_are_those_of_the_almanac() -> None:
    assert days_off(2026) == {
        date(2026, 1, 1), date(2026, 1, 6), date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 1),
        date(2026, 5, 14), date(2026, 6, 6), date(2026, 6, 19), date(2026, 12, 24),
        date(2026, 12, 25), date(2026, 12, 26), date(2026, 12, 31),
    }  # fmt: skip


def test_three_working_days_from_a_friday_is_wednesday() -> None:
    assert after_working_days(date(2026, 11, 20), 3) == date(2026, 11, 25)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 30))
def test_the_last_day_is_a_working_day_and_the_count_is_right(start: date, days: int) -> None:
    end = after_working_days(start, days)
    passed = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert is_working_day(end)
    assert sum(map(is_working_day, passed)) == days
