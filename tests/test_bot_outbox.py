"""Alerts go out at least once, are recognisable when repeated and never lost."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from functools import partial
from socket import SocketIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from talking import NOON, Talk

from bot.app import App
from bot.mail import MailSender
from bot.outbox import (
    GIVE_UP_AFTER,
    GiveUp,
    Refused,
    RetryAt,
    after_failure,
    asked_wait,
    send_in_order,
)
from bot.relay import Relay
from bot.settings import load_settings
from bot.texts import Texts, load_texts
from intents.dialogs import load_dialogs
from storage.model import OutboxRow
from storage.records import OutboxItem
from tests.scripted_desks import ONE

pytest_plugins = ["app_fixtures"]


def row(attempts: int = 1, created: datetime = NOON) -> OutboxRow:
    payload = {"number": "H-2026-0001", "line": "Fråga", "due": "2026-11-25", "link": "-"}
    return OutboxRow(1, "handover:H-2026-0001:mail", "mail:x@example.org", "handover", payload,
                     "", attempts, created, created, "token", "")  # fmt: skip


class MailServer:
    """A mail server on a socket: takes every message, or hangs up at once when silent."""

    def __init__(self) -> None:
        self.silent = False
        self.calls = 0
        self.got: list[str] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._socket.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                with connection, connection.makefile("rwb", buffering=0) as line:
                    self.calls += 1
                    if not self.silent:
                        self._talk(line)

    def _talk(self, line: SocketIO) -> None:
        line.write(b"220 x\r\n")
        while command := line.readline():
            if command.upper().startswith(b"QUIT"):
                line.write(b"221 x\r\n")
                return
            if command.upper().startswith(b"DATA"):
                line.write(b"354 x\r\n")
                lines = list(iter(line.readline, b".\r\n"))
                self.got.append(
                    message_from_bytes(b"".join(lines)).get_payload(decode=True).decode()
                )
            line.write(b"250 x\r\n")


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    server.close()


class Down:
    """A destination that refuses everything until it is told to work."""

    def __init__(self) -> None:
        self.up = False
        self.got: list[str] = []

    def send(self, row: OutboxRow) -> None:
        if not self.up:
            raise Refused("down")
        self.got.append(row.idem)


@given(attempts=st.integers(1, 500), seconds=st.integers(0, 86_399), spread=st.floats(0, 1))
def test_a_retry_is_never_earlier_than_the_destination_asks_for(
    attempts: int, seconds: int, spread: float
) -> None:
    asked = timedelta(seconds=90)
    now = NOON + timedelta(seconds=seconds)
    decision = after_failure(row(attempts), Refused("429", asked), now, spread)
    assert isinstance(decision, RetryAt)
    assert decision.when >= now + asked


def test_after_a_day_a_message_is_parked_and_the_operator_is_told(talk: Talk, app: App) -> None:
    _ask_support(talk)
    clock = [NOON]
    alarms: list[str] = []
    down = Down()
    relay = Relay(app.store, {"page": down}, lambda: clock[0], lambda r: alarms.append(r.idem))
    for _ in range(400):
        relay.deliver_due()
        clock[0] += timedelta(minutes=6)
        if alarms:
            break
    assert clock[0] - NOON >= GIVE_UP_AFTER
    assert len(alarms) == 1
    assert [letter.case for letter in app.support.outbox_problems(ONE)]


def test_when_the_mail_server_comes_back_nothing_is_lost(talk: Talk, app: App) -> None:
    _ask_support(talk)
    clock = [NOON + timedelta(minutes=1)]
    down = Down()
    relay = Relay(app.store, {"page": down}, lambda: clock[0], lambda r: None)
    relay.deliver_due()
    down.up = True
    clock[0] += timedelta(hours=1)
    relay.deliver_due()
    assert len(down.got) == 1


def test_an_old_failure_is_given_up() -> None:
    old = row(30, datetime(2026, 11, 18, tzinfo=UTC))
    assert isinstance(after_failure(old, Refused("x"), NOON), GiveUp)


def test_a_parked_message_goes_out_when_a_person_sends_it_again(talk: Talk, app: App) -> None:
    _ask_support(talk)
    (parked,) = app.store.outbox.claim(NOON + timedelta(minutes=1))
    app.store.outbox.give_up(parked, "down")
    (problem,) = app.support.outbox_problems(ONE)
    assert app.support.send_again(ONE, problem.id)
    assert not app.support.send_again(ONE, problem.id)
    working = Down()
    working.up = True
    later = app.now() + timedelta(seconds=1)
    Relay(app.store, {"page": working}, lambda: later, lambda r: None).deliver_due()
    assert working.got == [parked.idem]


def test_a_mail_server_that_is_silent_for_hours_gets_every_alert_within_a_minute_of_its_return(
    talk: Talk, app: App, mail_server: MailServer
) -> None:
    for number in range(6):
        item = OutboxItem(f"n{number}", "mail:x@example.org", "handover", row().payload)
        app.store.outbox.add([item], NOON)
    settings = load_settings(smtp_host="127.0.0.1", smtp_port=mail_server.port, smtp_starttls=False)
    clock = [NOON]
    sender = MailSender(lambda: settings, load_texts())
    relay = Relay(app.store, {"mail": sender}, lambda: clock[0], lambda r: None)
    mail_server.silent = True
    for _ in range(5):
        relay.deliver_due()
        clock[0] += timedelta(hours=3)
    assert mail_server.calls == 5, "once a round is enough to see that it is silent"
    mail_server.silent = False
    relay.deliver_due()
    clock[0] += timedelta(minutes=1)
    relay.deliver_due()
    assert len(mail_server.got) == 6
    assert not any("Upprepning" in mail for mail in mail_server.got), "nothing can have arrived"


def test_a_reminder_is_tried_for_a_day_from_the_day_it_is_for(app: App) -> None:
    due = NOON + timedelta(days=180)
    item = OutboxItem("later", "conversation:x", "reminder", {}, due_at=due)
    app.store.outbox.add([item], NOON)
    (reminder,) = app.store.outbox.claim(due)
    assert isinstance(after_failure(reminder, Refused("x"), due), RetryAt)


def test_a_mail_names_number_and_deadline_and_is_known_again_when_repeated() -> None:
    sender = MailSender(load_settings, load_texts())
    first, again = sender.to_message(row()), sender.to_message(row(attempts=3))
    assert first["Message-ID"] == again["Message-ID"]
    assert "H-2026-0001" in first["Subject"]
    assert "Upprepning" not in first.get_content()
    assert "Upprepning av H-2026-0001" in again.get_content()
    sentences = load_texts().sentences
    own = {"alert.subject": "Nytt:\n{number} {line}"}
    texts = Texts({"sv": {**sentences["sv"], **own}, "en": sentences["en"]})
    assert "Nytt: H-2026-0001" in MailSender(load_settings, texts).to_message(row())["Subject"]


def test_an_alert_carries_no_word_the_person_wrote(talk: Talk, app: App) -> None:
    _ask_support(talk)
    (alert,) = app.store.outbox.claim(NOON + timedelta(minutes=5))
    assert "sommarjobb" not in str(alert.payload)


def _ask_support(talk: Talk) -> None:
    talk.command("fraga")
    for line in ("Vad gäller för sommarjobb?", "hoppa över", "hoppa över", "ja"):
        talk.say(line)


def test_every_kind_of_alert_has_a_name_in_both_languages() -> None:
    texts = load_texts()
    kinds = {dialog.record for dialog in load_dialogs().values() if dialog.record} - {"survey"}
    for kind in kinds | {"unclear_screening", "grosslist"}:
        for language in ("sv", "en"):
            assert texts.render(f"alert.kind.{kind}", language)  # type: ignore[arg-type]


DAY = "Fri, 20 Nov 2026"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "30"}, 30),
        ({"retry-after": f"{DAY} 12:05:00 GMT", "date": f"{DAY} 12:03:00 GMT"}, 120),
        ({"Retry-After": f"{DAY} 11:00:00 GMT"}, 0),
        ({"Retry-After": f"{DAY} 12:00:10 GMT", "Date": "i dag"}, 10),
        ({"Retry-After": "snart"}, None),
        ({}, None),
    ],
)
def test_a_wait_is_read_as_seconds_and_as_a_date(
    headers: dict[str, str], seconds: int | None
) -> None:
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert asked_wait(headers, noon) == (seconds if seconds is None else timedelta(0, seconds))


@pytest.mark.parametrize(("refused", "sure"), [(0, True), (1, False)])
def test_a_message_half_of_which_arrived_is_repeated(refused: int, sure: bool) -> None:
    def send(number: int) -> None:
        if number == refused:
            raise Refused("429", sure=True)

    with pytest.raises(Refused) as error:
        send_in_order(partial(send, number) for number in range(3))
    assert error.value.sure is sure
