"""The support function answers in place: in the asker's own thread, once, and seen to arrive."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from talking import NOON, Talk

from bot.app import App, build_app
from bot.cases.alerts import Alerts
from bot.cases.letters import delivery_of
from bot.cases.reminders import Reminders
from bot.cases.words import CaseWords
from bot.channels.connections import Connection
from bot.messages import Choices, Content, ConversationKey, Envelope, Reply, Said
from bot.port import CaseQuery, CaseView, Letter
from bot.settings import Settings
from bot.texts import load_texts
from intents.dialogs import load_dialogs
from intents.picklists import load_picklists
from storage.model import CaseFilter
from storage.records import NewCase
from tests.scripted_desks import ONE, OTHER

pytest_plugins = ["app_fixtures"]
TICK = timedelta(minutes=1)

ANSWER = Letter("answer", "Ja, ni får ställa det kravet. Hör av er före annonsen.", "brev-1")


@dataclass
class Clock:
    """Goes on a little whenever it is looked at."""

    time: datetime = NOON

    def __call__(self) -> datetime:
        self.time += timedelta(milliseconds=10)
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(loaded_data: Path, tmp_path: Path, clock: Clock) -> Iterator[App]:
    shutil.copytree(loaded_data, tmp_path / "data")
    application = build_app(Settings(data=tmp_path / "data"), clock)
    yield application
    application.close()


@dataclass
class Asker(Talk):
    """A conversation on the application's clock."""

    def send(self, content: Content, message_id: str = "") -> Reply:
        self.now = self.app.now() - timedelta(seconds=1)
        return super().send(content, message_id)


@pytest.fixture
def talk(app: App) -> Talk:
    return Asker(app)


def ask(talk: Talk, question: str = "Får vi kräva lärlingar av målaren?") -> str:
    """Sends a question to the support function and returns the case's number."""
    talk.say("jag vill prata med en människa")
    for line in (question, "hoppa över", "hoppa över", "ja"):
        talk.say(line)
    return talk.app.store.cases.list(CaseFilter(conversation_key=str(talk.key)))[-1].number


def view(app: App, number: str) -> CaseView:
    found = app.support.case(ONE, number)
    assert found is not None
    return found


def delivery(app: App, number: str) -> str:
    return [event.delivery for event in view(app, number).history if event.delivery][-1]


def shown(app: App, talk: Talk) -> str:
    """The latest turn as it stands in the asker's conversation."""
    talk.reply = app.turns(talk.key, 1)[-1].reply
    return talk.text


def test_support_types_an_answer_once_and_it_lands_in_her_thread(talk: Talk, app: App) -> None:
    number = ask(talk)
    assert "här i samtalet" in talk.text
    assert view(app, number).row.due == date(2026, 11, 25)
    before = app.revision(talk.key)
    assert app.support.send(ONE, number, ANSWER)
    assert delivery(app, number) == "waiting"
    app.relay.deliver_due()
    assert app.revision(talk.key) > before
    turn = app.turns(talk.key, 1)[-1]
    assert turn.said == ""
    text = shown(app, talk)
    assert f"svarar på ärende {number}" in text
    assert "Du frågade: ”Får vi kräva lärlingar av målaren?”" in text
    assert ANSWER.text in text
    assert delivery(app, number) == "delivered"
    assert "stämde" in talk.press("yes")
    assert delivery(app, number) == "read"
    assert "Sade att svaret stämde" in [e.text for e in view(app, number).history]
    assert view(app, number).row.state == "closed"
    talk.reply = turn.reply
    talk.press("no")
    assert view(app, number).row.state == "taken"
    assert view(app, number).row.waiting


def test_who_says_the_answer_was_not_right_is_heard_and_can_write_on_in_the_case(
    talk: Talk, app: App
) -> None:
    number = ask(talk)
    app.support.send(ONE, number, ANSWER)
    app.relay.deliver_due()
    shown(app, talk)
    assert "vad som saknas" in talk.press("no")
    talk.say("Gäller det också för ramavtal?")
    (asked,) = talk.parts(Choices)
    assert f"Gäller detta ärende {number}?" in asked.prompt
    assert f"Skickat till ärende {number}" in talk.press("send")
    written = view(app, number).history[-1]
    assert written.body == "Gäller det också för ramavtal?"
    assert [row.waiting for row in app.support.cases(ONE, CaseQuery())] == [True]
    told = [row.payload["kind"] for row in app.store.outbox.claim(app.now() + TICK)]
    assert told.count("case_reply") == 2
    app.support.send(ONE, number, replace(ANSWER, identity="brev-2"))
    assert [row.waiting for row in app.support.cases(ONE, CaseQuery())] == [False]


def test_after_an_answer_a_new_message_is_asked_about_once_and_thanks_are_just_thanks(
    talk: Talk, app: App
) -> None:
    number = ask(talk)
    app.support.send(ONE, number, ANSWER)
    app.relay.deliver_due()
    assert "Varsågod" in talk.say("tack!")
    talk.say("Vad är bruttolistan?")
    assert "Gäller detta" in talk.parts(Choices)[0].prompt
    talk.press("bot")
    assert talk.sources
    talk.say("Vem beslutar om vite?")
    assert "Gäller detta" not in str(talk.reply)
    assert not [e for e in view(app, number).history if e.body and "|" in e.actor]


def test_a_letter_in_mid_form_leaves_the_form_and_its_answers_alone(talk: Talk, app: App) -> None:
    number = ask(talk)
    talk.say("rapportera avsteg")
    pending = talk.parts(Choices)[-1:]
    app.support.send(ONE, number, ANSWER)
    app.relay.deliver_due()
    assert ANSWER.text in shown(app, talk)
    assert talk.parts(Choices)[-1:] == pending
    talk.say("Vi lovade målaren två lärlingsplatser i går.")
    assert "Gäller detta ärende" not in str(talk.reply)


def test_yes_in_words_sends_the_message_and_a_closed_case_is_left_in_peace(
    talk: Talk, app: App
) -> None:
    number = ask(talk)
    app.support.send(ONE, number, ANSWER)
    app.relay.deliver_due()
    shown(app, talk)
    letter = talk.reply
    talk.say("Vad menar ni med före annonsen?")
    talk.reply = letter
    talk.press("yes")
    assert "Skickat" in talk.say("ja")
    talk.say("En sak till om annonsen?")
    app.support.close(ONE, number)
    assert "avslutat" in talk.press("send")
    for line in ("hoppa över", "hoppa över", "ja"):
        talk.say(line)
    newest = app.store.cases.list(CaseFilter(kinds=("handover",)))[-1]
    assert newest.number != number
    assert newest.values["question"] == "En sak till om annonsen?"
    talk.say("Vad är bruttolistan?")
    assert talk.sources


def test_of_two_handlers_the_first_click_wins_also_when_both_answer(talk: Talk, app: App) -> None:
    number = ask(talk)
    desk = app.support
    assert desk.send(ONE, number, ANSWER)
    assert not desk.send(OTHER, number, replace(ANSWER, identity="brev-2"))
    assert not desk.take(OTHER, number)
    assert desk.assign(ONE, number, OTHER.id)
    assert not desk.assign(ONE, number, ONE.id)
    assert not desk.close(ONE, number)
    assert desk.close(OTHER, number)
    assert not desk.send(OTHER, number, replace(ANSWER, identity="brev-3"))
    assert desk.reopen(ONE, number)
    assert not desk.reopen(OTHER, number)
    assert desk.take_over(OTHER, number), "a colleague who is away cannot give it back"
    assert not desk.take_over(OTHER, number)
    assert "Togs över från en kollega" in view(app, number).history[-1].text
    assert [e.body for e in view(app, number).history if e.body] == [ANSWER.text]


def test_the_same_form_sent_twice_is_one_letter(talk: Talk, app: App) -> None:
    number = ask(talk)
    for _ in range(2):
        assert app.support.send(ONE, number, ANSWER)
        app.relay.deliver_due()
    assert sum(ANSWER.text in str(turn.reply) for turn in app.turns(talk.key, 50)) == 1


def test_an_internal_note_never_leaves(talk: Talk, app: App) -> None:
    number, words = ask(talk), "Ring juristen innan vi svarar"
    assert app.support.note(ONE, number, words)
    app.support.send(ONE, number, ANSWER)
    assert not any(words in str(row.payload) for row in app.store.outbox.claim(app.now() + TICK))
    app.relay.deliver_due()
    assert words not in str(app.turns(talk.key, 50))
    (note,) = [event for event in view(app, number).history if event.internal]
    assert (note.body, note.delivery) == (words, "")


@dataclass
class Room:
    """A platform where nobody is reached until it opens."""

    open: bool = False
    posted: list[tuple[Any, Reply]] = field(default_factory=list)

    def post(self, address: Any, reply: Reply, *, repeated: bool) -> None:
        if not self.open:
            raise OSError("down")
        self.posted.append((address, reply))

    def alert(self, place: str, alert: Any) -> None:
        raise AssertionError(place)


def test_in_a_platform_channel_the_answer_goes_to_the_address_the_question_came_from(
    app: App, clock: Clock
) -> None:
    room = Room()
    app.connect(Connection("slack", room))
    key = ConversationKey("slack", "T1", "D1", "", "U1")
    lines = ("jag vill prata med en människa", "Får vi kräva lärlingar?", "hoppa över",
             "hoppa över", "ja")  # fmt: skip
    for place, line in enumerate(lines):
        app.receive(Envelope(key, str(place), app.now(), Said(line), address={"channel": "D1"}))
    (case,) = app.store.cases.list(CaseFilter(kinds=("handover",)))
    app.support.send(ONE, case.number, ANSWER)
    for _ in range(3):
        app.relay.deliver_due()
    assert delivery(app, case.number) == "waiting"
    room.open = True
    clock.time += TICK
    for _ in range(3):
        app.relay.deliver_due()
    ((address, reply),) = room.posted
    assert address == {"channel": "D1"}
    assert ANSWER.text in str(reply)
    assert delivery(app, case.number) == "delivered"


@pytest.mark.parametrize(
    ("row", "sent_on", "handled", "state"),
    [
        ("new", "sent", False, "waiting"),
        ("dead", "sent", False, "failed"),
        ("sent", "new", True, "waiting"),
        ("sent", "dead", True, "failed"),
        ("", "sent", True, "delivered"),
    ],
)
def test_the_state_of_a_delivery(row: str, sent_on: str, handled: bool, state: str) -> None:
    assert delivery_of(row, sent_on, handled=handled) == state


def test_what_is_missing_in_a_report_is_asked_for_with_the_forms_own_question(
    talk: Talk, app: App
) -> None:
    values: dict[str, object] = {"organisation": "egnahemsbolaget"}
    case = NewCase("A-2026-0009", "deviation", values, 2026, form_version="follow_up-1",
                   report_status="inskickad", submitted_by=str(talk.key))  # fmt: skip
    talk.say("hej")
    app.store.cases.file(case, app.now(), str(talk.key))
    missing = {field.slot: field for field in view(app, case.number).missing}
    assert "organisation" not in missing
    assert missing["event_date"].text == "Vilken dag hände det?"
    letter = Letter("completion", missing["event_date"].text, "brev-9")
    assert app.support.send(ONE, case.number, letter)
    app.relay.deliver_due()
    assert "behöver veta mer" in shown(app, talk)
    stored = app.store.cases.find(case.number)
    assert stored is not None
    assert stored.report_status == "komplettering"
    (button,) = talk.parts(Choices)
    assert isinstance(button, Choices)
    assert "Vi ändrar A-2026-0009" in talk.press(button.options[0].value)


@pytest.mark.parametrize("dialog", load_dialogs())
def test_a_case_of_any_form_can_be_asked_to_be_completed(dialog: str) -> None:
    words = CaseWords(load_texts(), load_picklists, lambda: NOON)
    case = SimpleNamespace(kind="", form_version=f"{dialog}-1", values={})
    fields = words.missing(case)  # type: ignore[arg-type]
    assert fields
    assert all(field.label and field.text and "{" not in field.text for field in fields)


STOCKHOLM = ZoneInfo("Europe/Stockholm")


def told(app: App, at: datetime) -> dict[str, str]:
    """Number, or heading of the digest -> line of the mails queued by then."""
    rows = [r for r in app.store.outbox.claim(at, limit=50) if r.destination != "page"]
    return {str(row.payload["number"]): str(row.payload["line"]) for row in rows}


def test_reminders_name_case_and_deadline_in_working_hours_and_stop_when_it_is_closed(
    app: App,
) -> None:
    settings = Settings(data=app.configuration.data, smtp_host="mail.example.org")
    reminders = Reminders(app.store, Alerts(settings, load_texts()), load_texts())
    friday = datetime(2026, 11, 20, 15, 0, tzinfo=STOCKHOLM)
    due = {"due_on": date(2026, 11, 23), "year": 2026, "values": {}}
    for number, kind in (("H-1", "handover"), ("BL-1", "grosslist")):
        app.store.cases.file(NewCase(number, kind, **due), friday - 3 * TICK)  # type: ignore[arg-type]
    reminders.run(friday + timedelta(days=1))
    assert told(app, friday + timedelta(days=1)) == {}
    reminders.run(friday)
    reminders.run(friday + TICK)
    app.support.close(ONE, "BL-1")
    assert told(app, friday + TICK) == {
        "H-1": "Påminnelse: Fråga väntar på svar, tiden går ut",
        "Nytt sedan i går": "inget, men larmkanalen fungerar",
    }
    monday = friday + timedelta(days=3)
    app.support.reopen(ONE, "BL-1")
    reminders.run(monday)
    assert told(app, monday)["Nytt sedan i går"] == "1 Bruttolistan"
