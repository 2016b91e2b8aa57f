"""Guests and other organisations' members get public guidance, whatever they try.

Slack and Teams are the channels; the application is the real one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from talking import NOON, Talk

from bot.app import App
from bot.channels.teams.client import Client
from bot.messages import (
    Choices,
    Chose,
    Command,
    Content,
    ConversationKey,
    Due,
    Envelope,
    Reply,
    Said,
    Submitted,
    Uploaded,
)
from storage.model import CaseFilter
from tests.slack_person import BO, ROOM, SlackDriver, buttons
from tests.slack_server import SlackServer, slack_server
from tests.teams_person import TeamsDriver
from tests.teams_service import TENANT, TeamsService, teams_service
from tests.test_bot_drafts import STORY
from tests.test_bot_linking import TalkElsewhere, code_in

pytest_plugins = ["app_fixtures"]

REFUSED = "för medlemmar i organisationen"


@dataclass
class Guest(Talk):
    """Somebody the platform knows as a guest."""

    private: bool = True
    seen: list[Choices] = field(default_factory=list)

    @property
    def key(self) -> ConversationKey:
        return ConversationKey("slack", "T1", f"D{self.person}", "", self.person)

    def send(self, content: Content, message_id: str = "") -> Reply:
        self.sent += 1
        envelope = Envelope(self.key, f"g{self.sent}", self.now, content, outsider=True,
                            private=self.private)  # fmt: skip
        self.reply = self.app.receive(envelope)
        self.seen += [part for part in self.reply.parts if isinstance(part, Choices)]
        return self.reply


@pytest.fixture
def guest(app: App) -> Guest:
    return Guest(app, "UGAST")


ATTEMPTS: list[Content] = [
    Said("jag vill rapportera ett avsteg"), Said(STORY), Command("avsteg", STORY),
    Said("jag vill prata med en människa"), Command("fraga"), Said("anmäl till bruttolistan"),
    Said("vi vill berätta om ett gott exempel"), Said("årsrapport för Higab"),
    Said("hur går det med A-2026-0001?"), Said("ändra rapport A-2026-0001"),
    Said("svara på enkäten"), Chose("offer:x", "handover"), Chose("offer:x", "deviation:STORY"),
    Chose("offer:x", 'deviation:{"amends": "A-2026-0001"}'), Chose("offer:x", "form:deviation"),
    Chose("clarify:avsteg", "deviation"), Submitted("x", {"story": STORY}),
    Uploaded("avtal.txt", b"hemligt"), Due("begin", {"dialog": "deviation", "values": {}}),
]  # fmt: skip


@pytest.mark.parametrize("private", [True, False])
def test_nothing_a_guest_tries_is_filed(app: App, private: bool) -> None:
    guest = Guest(app, "UGAST", private=private)
    for attempt in ATTEMPTS:
        guest.send(attempt)
        for line in ("Nybyggnad", "hoppa över", "ja"):
            guest.say(line)
    assert app.store.cases.list(CaseFilter()) == ()
    assert app.relay.deliver_due() == 0
    assert [part for part in guest.seen if part.interaction.startswith("offer:")] == []


def test_a_guest_is_answered_and_told_the_verdict_without_being_asked_to_register(
    guest: Guest,
) -> None:
    assert "fyra månader" in guest.say("Vad är bruttolistan?")
    said = guest.say("Ska städning i sex månader med tre personer med på bruttolistan?")
    assert "Ja, den ska med på bruttolistan." in said
    assert "anmäla upphandlingen" not in said
    assert guest.parts(Choices) == []
    assert REFUSED in guest.say("jag vill rapportera ett avsteg")


def test_a_guest_links_with_nobody_and_gets_no_code(app: App, guest: Guest) -> None:
    member = TalkElsewhere(app, channel="teams")
    code = code_in(member.say("koppla"))
    for said in ("koppla", f"koppla {code}", "/koppla"):
        assert "Bara medlemmar i organisationen" in guest.say(said)
    assert app.store.people.find("slack:T1", "UGAST") is None


def test_a_member_who_becomes_a_guest_loses_drafts_and_reports(app: App, guest: Guest) -> None:
    member = TalkElsewhere(app, "UGAST", channel="slack")
    member.say(STORY)
    assert "Egnahemsbolaget" not in guest.say("fortsätt")
    assert "Poseidon" not in guest.command("summary")
    assert app.belongings(guest.key).receipts == ()


def test_a_dialog_begun_as_a_member_is_not_gone_on_with_as_a_guest(app: App, guest: Guest) -> None:
    envelope = Envelope(guest.key, "m1", NOON, Said("jag vill prata med en människa"))
    app.receive(envelope)
    for line in ("Hur räknas vite?", "hoppa över", "ja"):
        assert "Steg" not in guest.say(line)
    assert app.store.cases.list(CaseFilter()) == ()


# As the platforms tell of them -------------------------------------------------------------------


@pytest.fixture(scope="module")
def slack() -> Iterator[SlackServer]:
    with slack_server() as running:
        yield running


@pytest.fixture(scope="module")
def teams() -> Iterator[TeamsService]:
    with teams_service() as running:
        yield running


@pytest.mark.parametrize(
    "flags", [{"is_restricted": True}, {"is_stranger": True}, {"team_id": "T2"}]
)
def test_a_slack_guest_is_turned_away_in_every_way_in(
    app: App, slack: SlackServer, flags: dict[str, Any]
) -> None:
    slack.people[BO] = flags
    driver = SlackDriver(slack, app, BO)
    ways: list[Callable[[], str]] = [
        lambda: driver.say("jag vill rapportera ett avsteg"),
        lambda: driver.event(type="app_mention", channel=ROOM, text="<@UBOT> rapportera avsteg"),
        lambda: driver.interact(
            type="message_action", callback_id="rapportera_avsteg", trigger_id="t1",
            channel={"id": ROOM}, message={"text": STORY},
        ),
    ]  # fmt: skip
    for way in ways:
        assert REFUSED in way()
    driver.command("rapportera ett avsteg")
    assert REFUSED in json.dumps(driver.answer, ensure_ascii=False)
    driver.say("Vad är bruttolistan?")
    shown = [b["text"]["text"] for b in buttons(driver.server.shown()[-1])]
    assert "Fråga stödfunktionen" not in shown
    assert app.store.cases.list(CaseFilter()) == ()


def test_a_teams_guest_of_a_shared_channel_reads_answers_and_files_nothing(
    app: App, teams: TeamsService
) -> None:
    teams.tenants["29:utifran"] = "another-tenant"
    person = {"id": "29:utifran", "aadObjectId": "22222222-0000-4000-8000-000000000000"}
    driver = TeamsDriver(teams, Client(lambda: "x.y.z"), app, person)
    room = {"id": "19:delad@thread.example;messageid=5", "conversationType": "channel",
            "tenantId": TENANT}  # fmt: skip
    driver.say("<at>Hänsyn</at> Vad är bruttolistan?", conversation=room)
    assert "fyra månader" in str(driver.service.created[-1])
    for place in ({"conversation": room}, {}):
        assert REFUSED in driver.say("<at>Hänsyn</at> rapportera ett avsteg", **place)
    assert "Bara medlemmar" in driver.say("koppla")
