"""Drafts that rest are warned about and only then dropped; reports follow their own later life."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from talking import NOON, Talk, jobs_at

from bot.app import App
from bot.messages import Chose, Due
from bot.relay import Relay
from intents.drafts import fate_of
from storage.model import CaseFilter
from storage.records import CaseChange

pytest_plugins = "app_fixtures"

STORY = (
    "I går diskuterade vi på Poseidon lärlingar med takläggaren utan er. "
    "Jag är projektledare. Upphandling dnr 44/26, entreprenad, avtalet är inte tecknat."
)
GAPS = ("Nybyggnad", "inte klart än", "om ett halvår", "egen", "vår jurist", "vet inte", "nej",
        "det var bråttom", "ja")  # fmt: skip


def day(number: int) -> datetime:
    return NOON + timedelta(days=number)


def after(app: App, days: int) -> None:
    """What the server does by itself that many days later."""
    jobs_at(app, lambda: day(days)).run()


def last_turn(app: App, talk: Talk) -> str:
    return " ".join(str(part) for part in app.turns(talk.key, 1)[-1].reply.parts)


def report(app: App, talk: Talk) -> str:
    """Files a report whose results are not known yet, and returns its number."""
    for line in (STORY, *GAPS):
        talk.say(line)
    (case,) = app.store.cases.list(CaseFilter(kinds=("deviation",)))
    return case.number


@pytest.mark.parametrize(
    ("touched", "warned", "now", "fate"),
    [
        (0, None, 24, "keep"),
        (0, None, 25, "warn"),
        (0, None, 400, "warn"),
        (25, 25, 29, "keep"),
        (25, 25, 30, "drop"),
        (26, 25, 30, "keep"),
    ],
)
def test_no_draft_goes_without_a_warning_that_nobody_answered(
    touched: int, warned: int | None, now: int, fate: str
) -> None:
    at = None if warned is None else day(warned)
    assert fate_of(day(touched), at, day(now), 30) == fate


def test_a_resting_draft_is_warned_about_once_and_then_dropped(app: App, talk: Talk) -> None:
    talk.say(STORY)
    after(app, 24)
    assert "utkast" not in last_turn(app, talk)
    after(app, 26)
    after(app, 26)
    after(app, 27)
    assert "tas bort 21 december 2026" in last_turn(app, talk)
    assert len(app.turns(talk.key, 10)) == 2
    after(app, 32)
    assert "borttaget" in last_turn(app, talk)
    talk.now = day(32)
    assert "Vilken enhet" not in talk.say("fortsätt")


def test_a_draft_gone_on_with_after_the_warning_stays(app: App, talk: Talk) -> None:
    talk.say(STORY)
    after(app, 26)
    talk.now = day(27)
    talk.say("Nybyggnad")
    after(app, 33)
    assert "borttaget" not in last_turn(app, talk)
    assert "Nybyggnad" in talk.command("summary")


def test_what_is_not_ready_yet_is_asked_for_once_and_becomes_a_new_version(
    app: App, talk: Talk
) -> None:
    number = report(app, talk)
    Relay(app.store, app.relay._senders, lambda: datetime(2027, 5, 21, tzinfo=UTC),
          lambda row: None).deliver_due()  # fmt: skip
    assert "Vad blev det av" in str(app.turns(talk.key, 20))
    talk.now = day(200)
    talk.say("två lärlingsplatser")
    talk.say("ja")
    case = app.store.cases.find(number)
    assert case is not None
    assert (case.version, case.values["results"]) == (2, {"larling": 2})
    assert case.values["unit"] == "Nybyggnad"


def test_a_report_changed_meanwhile_is_not_overwritten(app: App, talk: Talk) -> None:
    number = report(app, talk)
    talk.say(f"ändra rapport {number}")
    talk.say("ändra enheten till Drift")
    case = app.store.cases.find(number)
    assert case is not None
    values = {**case.values, "unit": "Park"}
    app.store.cases.amend(CaseChange(number, values, 2026, 1, submitted_by=str(talk.key)), NOON)
    assert "har ändrats sedan du började" in talk.say("ja")
    kept = app.store.cases.find(number)
    assert kept is not None
    assert kept.values["unit"] == "Park"


def test_a_report_taken_back_says_so_and_is_not_changed(app: App, talk: Talk) -> None:
    number = report(app, talk)
    for line in ("jag vill dra tillbaka min rapport", "hoppa över", "ja"):
        told = talk.say(line)
    assert f"{number} är tillbakadragen" in told
    assert "tillbakadragen" in talk.say(f"status på {number}")
    assert "redan tillbakadragen" in talk.say(f"ändra rapport {number}")


def test_nobody_can_change_another_ones_report(app: App, talk: Talk) -> None:
    number = report(app, talk)
    other = Talk(app, "kim")
    forged = f'deviation:{{"amends": "{number}", "values": {{"unit": "Drift", "seen_version": 1}}}}'
    other.send(Chose("offer:x", forged))
    assert "finns inte" in other.text


def test_the_support_function_registers_for_somebody_who_mailed(app: App, talk: Talk) -> None:
    values = {"registered_for": "inköparen på Poseidon"}
    facts = {"dialog": "deviation", "values": values, "text": STORY}
    talk.send(Due("begin", facts))
    assert "Du registrerar åt någon annan: inköparen på Poseidon" in talk.text
    for line in GAPS:
        talk.say(line)
    (case,) = app.store.cases.list(CaseFilter(kinds=("deviation",)))
    assert case.values["registered_for"] == "inköparen på Poseidon"
    assert case.submitted_by == str(talk.key)
    assert ("Registrerad av stödfunktionen åt", "inköparen på Poseidon") in app.support.fields(case)
