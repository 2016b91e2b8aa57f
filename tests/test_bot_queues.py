"""Which queue a case stands in, and what is done first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.cases.queues import QUEUES, STATES, Wanted, holds, in_queue, ordered, passes, tallies
from bot.port import CaseRow

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TODAY = NOON.date()
ME = "stod:ab"
NEW = CaseRow("A-1", "deviation", "", "new", "", TODAY, NOON, organisation="Egnahemsbolaget")
LATE = replace(NEW, number="A-2", due=TODAY - timedelta(days=1))
MINE = replace(NEW, number="A-3", state="taken", owner=ME)
ANSWERED = replace(LATE, number="A-4", state="taken", owner=ME, answered=True)
WAITING = replace(MINE, number="A-5", due=None, waiting=True)
CLOSED = replace(LATE, number="A-6", state="closed", owner=ME)
ALL = (NEW, LATE, MINE, ANSWERED, WAITING, CLOSED)


@pytest.mark.parametrize(
    ("queue", "numbers"),
    [("oppna", "12345"), ("sena", "2"), ("vantar", "5"), ("nya", "12"), ("mina", "345"),
     ("stangda", "6"), ("alla", "123456")],
)  # fmt: skip
def test_each_queue_holds_its_cases(queue: str, numbers: str) -> None:
    found = [row.number for row in ALL if in_queue(row, queue, ME, TODAY)]
    assert found == [f"A-{number}" for number in numbers]


def test_the_sizes_shown_are_those_of_the_queues_that_can_be_worked_off() -> None:
    counts = tallies(ALL, ME, TODAY)
    assert counts == {"oppna": 5, "sena": 1, "vantar": 1, "nya": 2, "mina": 3}
    assert set(counts) < set(QUEUES) == set(STATES)


def test_who_has_written_comes_first_then_the_nearest_day_and_what_is_answered_last() -> None:
    found = [row.number for row in ordered(ALL, "bradska")]
    assert found == ["A-5", "A-2", "A-1", "A-3", "A-4", "A-6"]


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [({"owner": "ingen"}, "12"), ({"owner": ME}, "345"), ({"limit": "utan"}, "5"),
     ({"limit": "idag"}, "1234"), ({"organisation": "Göteborg Energi"}, "")],
)  # fmt: skip
def test_filters_narrow_a_queue(wanted: dict[str, str], numbers: str) -> None:
    found = [row.number for row in ALL if passes(row, Wanted(**wanted), ME, TODAY)]
    assert found == [f"A-{number}" for number in numbers]


def test_a_time_limit_counts_whole_days() -> None:
    within = replace(NEW, due=date(2026, 3, 9))
    assert passes(within, Wanted(limit="vecka"), ME, TODAY)
    assert not passes(replace(within, due=date(2026, 3, 10)), Wanted(limit="vecka"), ME, TODAY)


def test_every_word_is_looked_for_in_any_of_the_texts() -> None:
    assert holds("måleri a-1", "A-1", "Måleriet i Majorna")
    assert not holds("måleri a-2", "A-1", "Måleriet i Majorna")
    assert holds("", "")
