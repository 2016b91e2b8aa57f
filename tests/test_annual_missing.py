"""A flagged organisation whose yearly report has not come is a case until it comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from talking import Talk, jobs_at
from test_bot_drafts import GAPS, STORY

from bot.app import App
from bot.cases.alerts import Alerts
from bot.cases.reminders import Reminders
from bot.guidance.insight_desk import STOCKHOLM
from bot.policy import OPERATOR
from bot.port import Letter
from bot.settings import Settings
from storage.model import Case, CaseFilter
from storage.records import NewCase
from storage.vocabularies import Term

pytest_plugins = ["app_fixtures"]

NEW_YEARS_EVE = datetime(2026, 12, 31, 10, 0, tzinfo=STOCKHOLM)
#: The first working day of 2027 is a Monday.
FIRST_DAY = datetime(2027, 1, 4, 9, 0, tzinfo=STOCKHOLM)


@pytest.fixture
def flagged(app: App) -> App:
    """The application, with one organisation that is to report whole years."""
    [row] = [
        t for t in app.store.vocabularies.terms("organisations") if t.code == "egnahemsbolaget"
    ]
    term = replace(row, meta={**row.meta, "year_round": True})
    assert isinstance(term, Term)
    app.store.vocabularies.save_terms({"organisations": [term]})
    app.administered.look()
    return app


def missing(app: App) -> list[Case]:
    return list(app.store.cases.list(CaseFilter(kinds=("annual_missing",))))


def report(app: App, number: str, organisation: str, year: int) -> None:
    values: dict[str, object] = {"organisation": organisation, "year": year}
    case = NewCase(number, "deviation_annual", values, year, organisation=organisation)
    app.store.cases.file(case, FIRST_DAY)


def test_a_missing_report_is_a_case_once_the_year_is_over_and_closes_when_it_comes(
    flagged: App,
) -> None:
    for at in (NEW_YEARS_EVE, NEW_YEARS_EVE + timedelta(days=2), FIRST_DAY, FIRST_DAY):
        jobs_at(flagged, lambda at=at: at).run()  # type: ignore[misc]
    [case] = missing(flagged)
    assert (case.organisation, case.year, case.due_on) == (
        "egnahemsbolaget",
        2026,
        date(2027, 1, 8),
    )
    card = flagged._cards.card(case.number, "slack")
    assert card is not None
    assert card.line.startswith("Helårsrapport saknas · Egnahemsbolaget")
    assert "answer" not in [option.value for option in card.buttons]

    report(flagged, "H-1", "egnahemsbolaget", 2025)
    report(flagged, "H-2", "familjebostader", 2026)
    jobs_at(flagged, lambda: FIRST_DAY).run()
    assert missing(flagged)[0].state == "new"
    report(flagged, "H-3", "egnahemsbolaget", 2026)
    jobs_at(flagged, lambda: FIRST_DAY + timedelta(hours=1)).run()
    jobs_at(flagged, lambda: FIRST_DAY + timedelta(days=1)).run()
    assert [case.state for case in missing(flagged)] == ["closed"]


def test_a_case_the_support_function_has_closed_is_not_filed_again(flagged: App) -> None:
    jobs_at(flagged, lambda: FIRST_DAY).run()
    assert flagged.support.close(OPERATOR, missing(flagged)[0].number)
    jobs_at(flagged, lambda: FIRST_DAY + timedelta(days=1)).run()
    assert [case.state for case in missing(flagged)] == ["closed"]


def test_what_comes_in_the_digest_gets_its_card_with_it(flagged: App) -> None:
    jobs_at(flagged, lambda: FIRST_DAY).run()
    [case] = missing(flagged)
    place = "slack:C1"
    settings = Settings(data=flagged.configuration.data, alert_to=(place,))
    tuesday = FIRST_DAY + timedelta(days=1)
    for _ in range(2):
        Reminders(flagged.store, Alerts(settings, flagged.texts), flagged.texts).run(tuesday)
    rows = [row for row in flagged.store.outbox.claim(tuesday) if row.destination == place]
    assert sorted((row.kind, str(row.payload["number"])) for row in rows) == [
        ("card", case.number), ("digest", "Nytt sedan i går"),
    ]  # fmt: skip
    [digest] = [row for row in rows if row.kind == "digest"]
    assert digest.payload["line"] == "1 Helårsrapport saknas"


def test_a_completed_report_is_again_what_it_was_before_it_was_asked_for_more(
    app: App, talk: Talk
) -> None:
    for line in (STORY, *GAPS):
        talk.say(line)
    [case] = app.store.cases.list(CaseFilter(kinds=("deviation",)))
    for before in ("inskickad", "mottagen"):
        if before == "mottagen":
            app.store.cases.set_report_status(case.number, "mottagen", "stod:ett", app.now())
        app.support.send(OPERATOR, case.number, Letter("completion", "Vilken dag?", before))
        assert status(app, case.number) == "komplettering"
        talk.say(f"ändra {case.number}")
        talk.say("ja")
        assert status(app, case.number) == before


def status(app: App, number: str) -> str:
    found = app.store.cases.find(number)
    assert found is not None
    return found.report_status
