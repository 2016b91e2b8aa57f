"""Alerts go out at least once, are recognisable when repeated and never lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from talking import NOON, Talk

from bot.app import App
from bot.outbox import GIVE_UP_AFTER, GiveUp, Refused, Relay, RetryAt, after_failure
from bot.settings import load_settings
from bot.texts import load_texts
from intents.dialogs import load_dialogs
from storage.model import OutboxRow

pytest_plugins = ["app_fixtures"]


def row(attempts: int = 1, created: datetime = NOON) -> OutboxRow:
    payload = {"number": "H-2026-0001", "line": "Fråga", "due": "2026-11-25", "link": "-"}
    return OutboxRow(1, "handover:H-2026-0001:mail", "mail:x@example.org", "handover", payload,
                     "", attempts, created, created, "token", "")  # fmt: skip


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
    assert [letter.case for letter in app.support.outbox_problems()]


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


def test_a_mail_names_number_and_deadline_and_is_known_again_when_repeated() -> None:
    from bot.mail import MailSender

    sender = MailSender(load_settings(), load_texts())
    first, again = sender.to_message(row()), sender.to_message(row(attempts=3))
    assert first["Message-ID"] == again["Message-ID"]
    assert "H-2026-0001" in first["Subject"]
    assert "Upprepning" not in first.get_content()
    assert "Upprepning av H-2026-0001" in again.get_content()


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
