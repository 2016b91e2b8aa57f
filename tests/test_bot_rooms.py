"""In a room others read: answers and verdicts in the thread, everything that is filed in private.

Teams is the channel; the application is the real one.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from bot.app import App, build_app
from bot.channels.connections import Alert
from bot.channels.teams.client import Client
from bot.settings import Settings
from storage.model import CaseFilter
from tests.fakes import NOON
from tests.teams_person import TeamsDriver, actions
from tests.teams_service import TENANT, TeamsService, teams_service

pytest_plugins = ["app_fixtures"]

ROOM = {"id": "19:r@thread.example;messageid=5", "conversationType": "channel",
        "tenantId": TENANT}  # fmt: skip
NOW = [NOON]


class Member(TeamsDriver):
    """A member of the tenant, in a channel and in their own chat."""

    def __init__(self, app: App, service: TeamsService, number: int) -> None:
        identity = {"id": f"29:{number}", "aadObjectId": f"{number:08}-0000-4000-8000-000000000000"}
        super().__init__(service, Client(lambda: "x.y.z"), app, identity)
        self.own = {"id": f"a:29:{number}", "conversationType": "personal", "tenantId": TENANT}

    def write(self, text: str, place: dict[str, str] = ROOM) -> dict[str, list[str]]:
        """What is then said, by conversation."""
        known = len(self.service.created)
        self.say(text, conversation=place)
        said: dict[str, list[str]] = {}
        for conversation, sent in self.service.created[known:]:
            said.setdefault(conversation, []).append(json.dumps(sent, ensure_ascii=False))
        return said

    def press_in_room(self, value: str) -> str:
        """The card that takes the place of the latest one with such a button."""
        cards = [each["content"] for _, activity in self.service.created
                 for each in activity.get("attachments", ())]  # fmt: skip
        [self.pressed] = [action for card in cards for action in actions(card)
                          if action["data"].get("picked") == value][-1:]  # fmt: skip
        shown = self.press_again(value, place=ROOM)
        self.app.relay.deliver_due()
        return shown


@pytest.fixture(scope="module")
def service() -> Iterator[TeamsService]:
    with teams_service() as running:
        yield running


@pytest.fixture(scope="module")
def app(
    loaded_data: Path, service: TeamsService, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[App]:
    folder = tmp_path_factory.mktemp("rooms") / "data"
    shutil.copytree(loaded_data, folder)
    app = build_app(Settings(data=folder), lambda: NOW[-1])
    yield app
    app.close()


MEMBERS = count(1)


@pytest.fixture
def anna(app: App, service: TeamsService) -> Member:
    return Member(app, service, next(MEMBERS))


def test_a_question_is_answered_in_the_thread(anna: Member) -> None:
    said = anna.write("<at>Hänsyn</at> Vad är ett avsteg?")
    assert list(said) == [ROOM["id"]]
    assert "AIGeneratedContent" in said[ROOM["id"]][0]


@pytest.mark.parametrize(
    ("wish", "begun"),
    [
        ("Vi på Higab vill rapportera ett avsteg", "Higab"),
        ("Jag vill prata med stödfunktionen", "stödfunktionen"),
        ("Hur långt har A-2026-0007 kommit?", "A-2026-0007"),
    ],
)
def test_what_is_filed_or_anybodys_own_goes_on_in_the_private_chat(
    anna: Member, wish: str, begun: str
) -> None:
    said = anna.write(f"<at>Hänsyn</at> {wish}")
    [in_room] = said[ROOM["id"]]
    assert "privata chatt" in in_room
    assert begun not in in_room
    assert any(begun in text for text in said[anna.own["id"]])


def test_a_report_begun_in_a_room_is_finished_in_the_private_chat(anna: Member) -> None:
    anna.write("jag vill rapportera ett avsteg")
    said = anna.write("Vi på Egnahemsbolaget kom överens med målaren om två lärlingsplatser i går",
                    anna.own)  # fmt: skip
    assert "Egnahemsbolaget" in said[anna.own["id"]][0]
    # The room knows nothing of the draft.
    [again] = anna.write("fortsätt")[ROOM["id"]]
    assert "Egnahemsbolaget" not in again


def test_the_verdict_stands_in_the_thread_and_registering_it_is_private(anna: Member) -> None:
    said = anna.write("Ska den med på bruttolistan? 1 mars till 30 september 2027, sex personer")
    [verdict] = said[ROOM["id"]]
    assert "ska med på bruttolistan" in verdict
    known = len(anna.service.created)
    assert "privata chatt" in anna.press_in_room("yes")
    [(conversation, _)] = anna.service.created[known:]
    assert conversation == anna.own["id"]


def test_a_private_beginning_waits_for_a_service_that_is_away(anna: Member) -> None:
    anna.service.faults += [(503, {})]
    assert anna.write("jag vill rapportera ett avsteg") == {}
    known = len(anna.service.created)
    for _ in range(3):
        NOW.append(NOW[-1] + timedelta(seconds=5))
        anna.app.relay.deliver_due()
    said = [conversation for conversation, _ in anna.service.created[known:]]
    assert said == [ROOM["id"], anna.own["id"]]


def test_an_alert_goes_to_a_channel_the_assistant_was_mentioned_in(anna: Member) -> None:
    anna.write("Vad är ett avsteg?")
    channel = ROOM["id"].partition(";")[0]
    anna.messenger.alert(channel, Alert("A-1", "deviation", "Avsteg", "2026-03-09", "-"))
    assert anna.service.created[-1][0] == channel


def test_a_press_that_teams_repeats_under_new_ids_is_one_case(anna: Member) -> None:
    for line in ("jag vill prata med en människa", "Hur räknas vite?", "hoppa över", "hoppa över"):
        anna.say(line)
    before = len(anna.app.store.cases.list(CaseFilter()))
    first = anna.press("Ja, skicka")
    pressed = dict(anna.last)
    for number in range(3):
        anna.last = {**pressed, "id": f"again:{number}"}
        assert anna.redeliver() == first
    assert len(anna.app.store.cases.list(CaseFilter())) == before + 1


def test_channels_are_not_linked_where_others_see_the_code(anna: Member) -> None:
    [said] = anna.write("koppla")[ROOM["id"]]
    assert "privata chatt" in said
