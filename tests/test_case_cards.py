"""One card per case in the support function's room, the same in Slack and in Teams.

The whole application stands behind both rooms; a property test presses in any order.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from bot.app import App, build_app
from bot.cases.alerts import Alerts
from bot.cases.reminders import Reminders
from bot.channels.teams.client import Client
from bot.commands.checks import check_channels
from bot.login.colleagues import KnownColleagues
from bot.policy import OPERATOR, Actor
from bot.settings import Settings
from storage.cards import CARD
from storage.grants import Grant
from storage.model import Case
from storage.records import NewCase, OutboxItem
from tests.card_rooms import CardRoom, SlackRoom, TeamsRoom
from tests.slack_server import SlackServer, slack_server
from tests.teams_service import teams_service
from tests.test_support_letters import Asker, Clock, ask

pytest_plugins = ["app_fixtures"]

QUESTION = "Får vi kräva lärlingar av målaren?"
PERSONS = count()
#: Two handlers, and somebody who may hand out cases but not read them.
PEOPLE = {"ett": "handlaggare", "tva": "handlaggare", "larm": "larmmottagare"}
ANSWER = "Ja, ni får ställa det kravet. Personnummer 19811218-9876 hör inte hit."


@dataclass
class House:
    """One application with a room in Slack and one in Teams; tests have cases of their own."""

    app: App
    rooms: Mapping[str, CardRoom]
    slack: SlackServer


@pytest.fixture(scope="module")
def house(loaded_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("cards") / "data"
    shutil.copytree(loaded_data, folder)
    places = (SlackRoom.place, TeamsRoom.place)
    app = build_app(Settings(data=folder, alert_to=places), Clock())
    with slack_server() as slack, teams_service() as teams:
        rooms = {
            "slack": SlackRoom(slack, app), "teams": TeamsRoom(teams, Client(lambda: "t"), app),
        }  # fmt: skip
        for room in rooms.values():
            for name, role in PEOPLE.items():
                grant(app, room.person(name), role)
        yield House(app, rooms, slack)
    app.close()


@pytest.fixture
def app(house: House) -> App:
    return house.app


@pytest.fixture(params=["slack", "teams"])
def room(request: pytest.FixtureRequest, house: House) -> CardRoom:
    return house.rooms[request.param]


@pytest.fixture
def talk(app: App) -> Asker:
    return Asker(app, f"p{next(PERSONS)}")


@pytest.fixture
def number(talk: Asker) -> str:
    return ask(talk, QUESTION)


def grant(app: App, person: str, role: str) -> None:
    app.store.grants.save(Grant(person, (role,), None, "local", app.now()))


def case(app: App, number: str) -> Case:
    found = app.store.cases.find(number)
    assert found is not None
    return found


def due(app: App, number: str) -> str:
    return app.texts.show(case(app, number).due_on, "sv")


def kinds(app: App, number: str) -> list[str]:
    return [event.kind for event in app.store.cases.events(number)]


def test_a_case_has_one_card_that_follows_it_to_the_end(
    room: CardRoom, app: App, number: str
) -> None:
    assert "Läge: Ingen har tagit ärendet" in room.card()
    assert f"Besvaras senast: {due(app, number)}" in room.card()
    room.press("ett", "Ta ärendet")
    assert f"Läge: Handläggs av kollega {room.person('ett')[:4]}" in room.card()
    room.press("ett", "Släpp")
    room.press("tva", "Ta ärendet")
    room.press("tva", "Stäng")
    assert "Läge: Avslutat" in room.card()
    assert room.buttons() == ["Återöppna", "Visa ärendet"]
    room.press("ett", "Återöppna")
    assert case(app, number).owner_person == room.person("ett")
    assert "Läge: Handläggs av" in room.card()
    assert room.sent(number) == 1
    assert room.below(number) == []


def test_nothing_anybody_wrote_stands_on_a_card(room: CardRoom, talk: Asker, number: str) -> None:
    room.press("ett", "Svara")
    room.fill("ett", ANSWER)
    assert "Svar skickat" in room.card()
    assert QUESTION not in room.card()
    assert "hör inte hit" not in room.card()


def test_the_second_to_press_is_told_who_was_first(room: CardRoom, app: App, number: str) -> None:
    room.press("ett", "Ta ärendet")
    for label in ("Svara", "Stäng", "Be om komplettering", "Tilldela", "Släpp"):
        told = room.press("tva", label)
        assert f"handläggs av kollega {room.person('ett')[:4]}" in told
    assert kinds(app, number) == ["filed", "taken"]


def test_a_press_told_of_twice_is_one_event(room: CardRoom, app: App, number: str) -> None:
    room.press("ett", "Ta ärendet")
    room.again()
    room.press("ett", "Svara")
    room.fill("ett", ANSWER)
    room.again()
    assert kinds(app, number) == ["filed", "taken", "answered"]


def test_an_answer_from_the_card_lands_in_the_askers_thread_without_personal_data(
    room: CardRoom, app: App, talk: Asker, number: str
) -> None:
    assert "Skriv något först" in (room.press("ett", "Svara") and room.fill("ett", "  "))
    room.fill("ett", ANSWER)
    room.card()
    talk.reply = app.turns(talk.key, 1)[-1].reply
    assert f"svarar på ärende {number}" in talk.text
    assert "Personnummer [personnummer] hör inte hit" in talk.text
    assert case(app, number).owner_person == room.person("ett")


def test_what_is_written_too_late_is_not_lost(room: CardRoom, app: App, number: str) -> None:
    room.press("ett", "Svara")
    room.press("tva", "Ta ärendet")
    told = room.fill("ett", ANSWER)
    assert f"handläggs av kollega {room.person('tva')[:4]}" in told
    assert "answered" not in kinds(app, number)
    room.press("tva", "Släpp")


def test_what_is_missing_is_asked_for_with_ready_texts(
    room: CardRoom, app: App, talk: Asker
) -> None:
    talk.say("hej")
    values: dict[str, object] = {"organisation": {"other": "Hemliga bolaget"}}
    report_number = app.store.reserve_number("deviation", 2026)
    report = NewCase(report_number, "deviation", values, 2026, report_status="inskickad")
    app.store.cases.file(report, app.now(), str(talk.key))
    first = OutboxItem(
        f"card:{report.number}:{room.place}", room.place, CARD, {"number": report.number}
    )
    app.store.outbox.add([first], app.now())
    assert "Hemliga bolaget" not in room.card()
    opened = room.press("ett", "Be om komplettering")
    assert "Ta bort det du inte behöver fråga om" in opened
    room.fill("ett", "Vilken dag hände det?")
    room.card()
    assert "Vilken dag hände det?" in str(app.turns(talk.key, 1)[-1].reply)
    assert case(app, report.number).report_status == "komplettering"


def test_a_case_is_given_to_a_colleague_with_a_role(room: CardRoom, app: App, number: str) -> None:
    opened = room.press("ett", "Tilldela")
    other = f"kollega {room.person('tva')[:4]}"
    assert other in opened
    assert "frammande" not in opened
    room.fill("ett", other)
    assert case(app, number).owner_person == room.person("tva")
    assert other in room.card()


def test_the_askers_words_are_shown_to_the_handler_alone_and_the_reading_is_audited(
    room: CardRoom, app: App, number: str
) -> None:
    assert QUESTION in room.press("ett", "Visa ärendet")
    assert QUESTION not in room.card()
    reads = [
        e for e in app.store.audit.list() if (e.action, e.object) == ("read", f"case:{number}")
    ]
    assert [e.actor for e in reads] == [room.person("ett")]
    key = f"|case-{number}|"
    assert not any(QUESTION in str(row.reply_json) for row in app.store.inbox.of_conversation(key))


def test_where_cases_are_not_to_be_read_there_is_no_button_for_it(
    room: CardRoom, app: App, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.card()
    changed = app._given.model_copy(update={"cases_read_in": ("web",)})
    monkeypatch.setattr(app, "_given", changed)
    told = room.press("ett", "Visa ärendet")
    assert "Ärenden läses inte här" in told
    assert QUESTION not in told
    room.press("ett", "Ta ärendet")
    assert "Visa ärendet" not in room.buttons()


def test_whoever_has_no_role_or_the_wrong_one_is_told_so_and_changes_nothing(
    room: CardRoom, app: App, number: str
) -> None:
    for label in ("Ta ärendet", "Svara", "Visa ärendet", "Stäng", "Tilldela"):
        told = room.press("frammande", label)
        assert "”koppla”" in told
        assert QUESTION not in told
    assert "Din roll i Hänsyn räcker inte" in room.press("larm", "Visa ärendet")
    assert "Din roll i Hänsyn räcker inte" in room.press("larm", "Svara")
    assert kinds(app, number) == ["filed"]
    room.press("larm", "Ta ärendet")
    assert case(app, number).owner_person == room.person("larm")


def test_who_handles_cases_by_a_login_acts_from_the_card_once_linked(
    room: CardRoom, app: App, number: str
) -> None:
    person = app.store.people.admit("oidc:https://idp.example", room.place, app.now())
    grant(app, person, "handlaggare")
    actor = Actor(person, frozenset({"handlaggare"}))
    colleagues = KnownColleagues(app.store, app.now)
    signature = f"ak-{room.place[0]}"
    assert colleagues.sign(actor, signature)
    assert "Knapparna är till för stödfunktionen" in room.press("ny", "Ta ärendet")
    room.say("ny", f"koppla {colleagues.code(actor)}")
    room.press("ny", "Ta ärendet")
    assert f"Läge: Handläggs av {signature}" in room.card()
    assert case(app, number).owner_person == person


def test_a_cards_room_alone_is_shown_it(house: House, app: App, number: str) -> None:
    assert house.rooms["teams"].card()
    assert app.case_card(number, TeamsRoom.place) is not None
    assert app.case_card(number, "teams:19:annat") is None


def test_what_wants_attention_is_said_below_the_card_and_shown_on_it(
    room: CardRoom, app: App, talk: Asker, number: str
) -> None:
    room.press("ett", "Svara")
    room.fill("ett", ANSWER)
    room.card()
    talk.say("Och gäller det elever?")
    talk.press("send")
    assert "Obs: Nytt från den som frågade" in room.card()
    assert room.below(number) == [f"{number}: Den som frågade har skrivit"]


def test_a_late_case_says_so_on_its_card_and_below_it_even_if_somebody_deleted_that(
    room: CardRoom, app: App, number: str
) -> None:
    room.card()
    room.delete()
    app.now.time += timedelta(days=6)  # type: ignore[attr-defined]
    Reminders(app.store, Alerts(app.configuration, app.texts), app.texts).run(app.now())
    assert f"Besvaras senast: {due(app, number)}, tiden har gått ut" in room.card()
    [said] = room.below(number)
    assert said.startswith(f"{number}: Påminnelse: Fråga väntar på svar, tiden har gått ut")
    assert room.sent(number) == 2


def test_a_deleted_card_is_sent_anew_when_the_case_goes_on(
    room: CardRoom, app: App, number: str
) -> None:
    room.card()
    room.delete()
    app.store.cases.take(number, room.person("ett"), app.now())
    assert "Handläggs av" in room.card()
    assert room.sent(number) == 2
    app.store.cases.close(number, room.person("ett"), app.now())


def test_a_room_that_does_not_answer_is_shown_to_the_support_function_until_it_does(
    house: House, app: App, talk: Asker
) -> None:
    room = house.rooms["slack"]
    room.below("")
    house.slack.faults.extend([(200, {}, {"ok": False, "error": "not_in_channel"})] * 4)
    number = ask(talk, QUESTION)
    for _ in range(4):
        app.relay.deliver_due()
        app.now.time += timedelta(minutes=1)  # type: ignore[attr-defined]
    [problem] = [row for row in app.support.outbox_problems(OPERATOR) if row.case == number]
    assert (problem.id, problem.channel, problem.error) == ("", "slack", "not_in_channel")
    assert not app.support.send_again(OPERATOR, "")
    told = {check.name: check.state for check in check_channels(app)}
    assert told[f"Larm till {room.place}"] == "red"
    assert number in room.card()
    assert not [row for row in app.support.outbox_problems(OPERATOR) if row.case == number]
