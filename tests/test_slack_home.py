"""Slack: App Home, the person's own language, and files that do not get through."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.messages import Command
from bot.port import OpenedFile
from tests.contracts import contents
from tests.fakes import say
from tests.slack_person import ANNA, BO, SlackDriver, buttons, seen, submission
from tests.slack_server import slack_server


@pytest.fixture
def driver() -> Iterator[SlackDriver]:
    with slack_server() as server:
        yield SlackDriver(server)


def test_app_home_shows_own_drafts_and_receipts(driver: SlackDriver) -> None:
    driver.event(type="app_home_opened", tab="home")
    driver.say("Får vi?")
    driver.event(type="app_home_opened", tab="home")
    empty, filled = (call["view"] for call in driver.server.made("views.publish"))
    assert "inga utkast" in seen(empty)
    assert "Utkast: Avsteg" in seen(filled)
    driver.interact(
        type="block_actions", trigger_id="t", container={"type": "view"},
        actions=[{**buttons(filled)[0], "action_ts": "1"}],
    )  # fmt: skip
    assert contents(driver)[-1] == Command("resume")
    driver.interact(
        type="block_actions", trigger_id="t", container={"type": "view"},
        actions=[{**buttons(filled)[1], "action_ts": "2"}],
    )  # fmt: skip
    assert driver.server.uploads == ["Fråga: …".encode()]


def test_whoever_reads_english_is_met_in_english_before_and_after_the_first_word(
    driver: SlackDriver,
) -> None:
    driver.server.people[BO] = {"locale": "en-GB"}
    for person in (ANNA, BO):
        driver.event(type="app_home_opened", tab="home", user=person)
    swedish, english = (seen(call["view"]) for call in driver.server.made("views.publish"))
    assert "Du har inga utkast" in swedish
    assert "no drafts or receipts" in english
    driver.app.script = lambda content: replace(say("Sure."), language="en")
    driver.say("Which contracts count?")
    driver.event(type="app_home_opened", tab="home")
    assert "Draft: " in seen(driver.server.made("views.publish")[-1]["view"])
    view = {"type": "modal", "callback_id": "form",
            "private_metadata": json.dumps(["0", f"D{ANNA}", ""])}  # fmt: skip
    assert "no longer valid" in driver.interact(**submission(view, {}))


@pytest.mark.parametrize(
    ("media_type", "content", "told"),
    [
        ("text/plain; charset=utf-8", "Fråga: … åäö".encode(), "Fråga: … åäö"),
        ("application/x-word", b"PK\x03", "skriv till stod@example.org"),
    ],
)
def test_a_file_that_cannot_be_uploaded_is_offered_another_way(
    driver: SlackDriver, media_type: str, content: bytes, told: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    kept = OpenedFile("S-1001", media_type, content)
    monkeypatch.setattr(driver.app, "open_file", lambda reference, key: kept)
    driver.event(type="app_home_opened", tab="home")
    driver.say("Får vi?")
    driver.server.faults.append((200, {}, {"ok": False, "error": "missing_scope"}))
    driver.press("Spara till akten")
    shown = " ".join(seen(message) for message in driver.server.shown())
    assert "S-1001 gick inte att skicka just nu" in shown
    assert told in shown
    assert driver.server.uploads == []
