"""Counts over answers and votes: what they say, and that they add up."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.guidance.insight import (
    Text,
    age_in_days,
    ageing,
    falls_due,
    shares,
    votes_by_article,
    whole_percents,
)
from storage.model import Answer, Ending, Feedback

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TODAY = NOON.date()


def ending(days_ago: int, outcome: str = "answered", *documents: str) -> Ending:
    return Ending("S-1", NOON - timedelta(days=days_ago), outcome, documents)


def voted(document: str, locator: str, vote: str) -> Answer:
    quote = {"document": document, "title": document.title(), "locator": locator}
    feedback = Feedback("S-1", NOON, vote, "")
    return Answer("S-1", NOON, "", "sv", "", "", (quote,), {}, "answered", 1, feedback)


def text(name: str, dated: str, review_by: str = "", valid_to: str = "") -> Text:
    return Text(name, name, "article", "", dated, review_by, valid_to)


@pytest.mark.parametrize(
    ("counts", "told"),
    [((1, 1, 1), (34, 33, 33)), ((0, 0, 0), (0, 0, 0)), ((199, 1, 0), (100, 0, 0)),
     ((2, 1, 0), (67, 33, 0))],
)  # fmt: skip
def test_percents_always_add_up(counts: tuple[int, ...], told: tuple[int, ...]) -> None:
    assert whole_percents(counts) == told


def test_a_question_counts_in_the_period_it_was_asked_in() -> None:
    since = NOON - timedelta(days=30)
    asked = [ending(0), ending(30, "no_answer"), ending(31, "near_miss")]
    assert shares(asked, since, NOON + timedelta(seconds=1)).counts == (1, 0, 1)
    assert shares(asked, since - timedelta(days=30), since).counts == (0, 1, 0)


def test_the_text_most_complained_about_comes_first_and_so_does_its_passage() -> None:
    votes = [
        voted("lärling", "Nivå 1", "yes"), voted("bilaga", "Sida 2", "yes"),
        voted("bilaga", "Sida 1", "no"), voted("bilaga", "Sida 1", "yes"),
    ]  # fmt: skip
    first, second = votes_by_article(votes)
    assert (first.title, first.wrong, first.right) == ("Bilaga", 1, 2)
    assert [each.locator for each in first.passages] == ["Sida 1", "Sida 2"]
    assert second.title == "Lärling"


def test_an_old_text_with_many_answers_is_the_riskiest_and_an_undated_one_counts_as_oldest() -> (
    None
):
    texts = [text("ny", "2026-01-01"), text("gammal", "2016-03-02"), text("odaterad", "odaterad")]
    used = [ending(1, "answered", "ny"), ending(1, "answered", "gammal"),
            ending(2, "answered", "odaterad"), ending(3, "answered", "odaterad")]  # fmt: skip
    rows = ageing(texts, used, TODAY)
    assert [row.text.document for row in rows] == ["odaterad", "gammal", "ny"]
    assert [(row.answers, row.days) for row in rows] == [(2, None), (1, 3652), (1, 60)]
    assert rows[0].risk == 2 * rows[1].risk == 20


def test_what_is_no_date_has_no_age_and_a_future_one_is_new() -> None:
    assert age_in_days("odaterad", TODAY) is None
    assert age_in_days("2027-01-01", TODAY) == 0


@pytest.mark.parametrize(
    ("review_by", "valid_to", "due"),
    [("", "", False), ("2026-03-20", "", True), ("2025-01-01", "", True),
     ("2027-01-01", "2026-03-20", True), ("2026-04-20", "", False)],
)  # fmt: skip
def test_a_text_is_due_when_its_review_or_its_end_is_near_or_past(
    review_by: str, valid_to: str, due: bool
) -> None:
    within = timedelta(days=30)
    assert falls_due(text("a", "", review_by, valid_to), date(2026, 3, 2), within) is due
