"""Telegram: the channel contract, and what only Telegram does.

The API server is ours; python-telegram-bot is the other side that proves the wire format.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event
from time import monotonic, sleep

import pytest
from hypothesis import given

from bot.app import build_app
from bot.channels.connections import Alert, Unreadable
from bot.channels.listening import listening
from bot.channels.telegram import connect
from bot.channels.telegram.client import Client
from bot.channels.telegram.polling import Polling
from bot.channels.telegram.reading import Reader
from bot.channels.telegram.rendering import to_messages
from bot.errors import SettingsError
from bot.messages import Command, Opened, Reply, Said, Submitted
from bot.outbox import GiveUp, Gone, Refused, after_failure
from bot.settings import Settings
from bot.texts import load_texts
from storage.errors import DatabaseFull
from storage.model import OutboxRow
from tests.contracts import ChannelContract, contents
from tests.fakes import FORM, NOON, RECORD, ScriptedApp, say
from tests.reply_strategies import replies
from tests.telegram_person import SECRET, TelegramDriver
from tests.telegram_server import TOKEN, Seen, TelegramServer, telegram_server


@pytest.fixture(scope="module")
def server() -> Iterator[TelegramServer]:
    with telegram_server() as running:
        yield running


@pytest.fixture(autouse=True)
def forget(server: TelegramServer) -> None:
    for remembered in (server.messages, server.documents, server.updates, server.faults):
        remembered.clear()  # type: ignore[attr-defined]
    server.offsets.clear()
    server.webhook = ""


@pytest.fixture(scope="module")
def client(server: TelegramServer) -> Client:
    return Client(TOKEN, server.url)


@pytest.fixture
def driver(server: TelegramServer, client: Client) -> TelegramDriver:
    return TelegramDriver(server, client)


class TestContract(ChannelContract):
    @pytest.fixture
    def driver(self, server: TelegramServer, client: Client) -> TelegramDriver:
        return TelegramDriver(server, client)


def test_start_greets_and_a_command_is_a_command(driver: TelegramDriver) -> None:
    assert "automatisk assistent" in driver.say("/start")
    driver.say("/koppla@hansyn_bot K7QF 2M9D")
    assert [envelope.content for envelope in driver.app.received] == [
        Opened(), Command("koppla", "K7QF 2M9D")
    ]  # fmt: skip


@pytest.mark.parametrize("secret", ["", "fel", "hemligt-nog ", "å"])
def test_without_the_secret_nothing_is_read(driver: TelegramDriver, secret: str) -> None:
    content = json.dumps({"update_id": 1}).encode()
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret.encode("latin-1")}
    assert driver.web.post("/api/telegram", content=content, headers=headers).status_code == 401
    assert driver.app.received == []


def test_edits_bots_and_other_peoples_talk_are_left_alone(driver: TelegramDriver) -> None:
    group = {"chat": {"id": -5, "type": "supergroup", "title": "Inköp"}}
    robot = {"from": {"id": 99, "is_bot": True, "first_name": "Bot"}}
    driver.post({"update_id": 1, "edited_message": driver.message("Får vi?")})
    driver.post({"update_id": 2, "message": driver.message("Får vi?", **robot)})
    driver.post({"update_id": 3, "message": driver.message("Får vi?", **group)})
    assert contents(driver) == []
    for number, text in enumerate(("/weather@another_bot", "@hansyn_bot2 Får vi?"), 4):
        driver.post({"update_id": number, "message": driver.message(text, **group)})
    driver.post({"update_id": 6, "edited_channel_post": driver.message("Får vi?", **group)})
    assert contents(driver) == []
    photo = driver.message("", caption="@hansyn_bot Och när?", **group)
    del photo["text"]
    driver.post({"update_id": 7, "message": driver.message("@Hansyn_Bot Får vi?", **group)})
    driver.post({"update_id": 8, "message": photo})
    assert contents(driver) == [Said("Får vi?"), Said("Och när?")]


def test_in_a_group_votes_and_offers_are_left_out_and_files_go_to_the_asker(
    driver: TelegramDriver,
) -> None:
    group = {"chat": {"id": -5, "type": "supergroup", "title": "Inköp"}}
    driver.say("@hansyn_bot Får vi?", **group)
    assert driver.server.messages[-1]["buttons"] == {}
    data = f"fil:{RECORD.reference}"
    record = {"id": "q", "from": driver.person, "chat_instance": "c", "data": data,
              "message": {"message_id": 1, "date": 1, **group}}  # fmt: skip
    driver.post({"update_id": 90, "callback_query": record})
    assert driver.server.document_chats[-1] == driver.person["id"]


def test_somebody_elses_button_in_a_group_changes_nothing(driver: TelegramDriver) -> None:
    group = {"chat": {"id": -5, "type": "supergroup", "title": "Inköp"}}
    driver.say("@hansyn_bot avsteg", **group)
    data = driver.server.messages[-1]["buttons"]["Ett helt år"]
    press = {"id": "q", "from": {**driver.person, "id": 4711}, "chat_instance": "c", "data": data,
             "message": {"message_id": 1, "date": 1, **group}}  # fmt: skip
    shown = len(driver.server.messages)
    driver.post({"update_id": 91, "callback_query": press})
    assert (contents(driver), len(driver.server.messages)) == ([Said("avsteg")], shown)


@pytest.mark.parametrize("start", ["/start", "/start koppla-3f9a", "/Start@hansyn_bot"])
def test_a_start_link_greets_and_what_it_carries_is_not_taken_for_words(
    driver: TelegramDriver, start: str
) -> None:
    driver.say(start)
    assert [envelope.content for envelope in driver.app.received] == [Opened()]


def test_the_longest_message_is_taken_and_its_answer_comes_in_pieces(
    driver: TelegramDriver,
) -> None:
    driver.app.script = lambda content: say("å" * 9000)
    driver.say("a" * 4096)
    assert contents(driver) == [Said("a" * 4096)]
    assert sum(each["text"].count("å") for each in driver.server.messages) == 9000


def test_whoever_blocked_the_bot_is_not_tried_for_ever(driver: TelegramDriver) -> None:
    blocked = {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked"}
    driver.server.faults.append((403, blocked))
    with pytest.raises(Gone) as gone:
        driver.messenger.alert("-5", Alert("A", "deviation", "", "", ""))
    row = OutboxRow(1, "r", "telegram", "reply", {}, "", 1, NOON, NOON, "", "")
    assert after_failure(row, gone.value, NOON) == GiveUp()


def test_what_is_no_text_is_said_so(driver: TelegramDriver) -> None:
    sticker = {"file_id": "a", "file_unique_id": "b", "type": "regular", "width": 1, "height": 1,
               "is_animated": False, "is_video": False}  # fmt: skip
    message = driver.message("", sticker=sticker)
    del message["text"]
    assert "bara läsa text" in driver.deliver(message=message)
    assert contents(driver) == []


def test_buttons_of_an_answered_question_go_and_votes_stay(driver: TelegramDriver) -> None:
    driver.say("avsteg")
    asked = driver.server.messages[-1]
    driver.press("Ett helt år")
    assert asked["buttons"] == {}
    driver.say("Får vi?")
    answer = driver.server.messages[-1]
    driver.press("Ja")
    assert "Nej" in answer["buttons"]


def test_a_form_of_one_field_is_answered_by_writing(driver: TelegramDriver) -> None:
    form = replace(FORM, fields=FORM.fields[-1:])
    driver.app.script = lambda content: say("Berätta gärna", form)
    driver.say("nej")
    driver.say("Vad är ett avsteg?")
    assert driver.app.received[-1].content == Said("Vad är ett avsteg?")
    driver.say("Svaret gällde fel lag")
    assert driver.app.received[-1].content == Submitted(
        form.interaction, {"reason": "Svaret gällde fel lag"}
    )


def test_an_alert_names_case_and_time_and_says_when_it_is_a_repeat(
    driver: TelegramDriver,
) -> None:
    alert = Alert("A-2026-0007", "deviation", "Avsteg · <bolaget>", "2026-03-09", "-", True)
    driver.messenger.alert("-5", alert)
    [message] = driver.server.messages
    assert message["chat"] == -5
    for expected in ("A-2026-0007", "Avsteg · <bolaget>", "2026-03-09", "Upprepning"):
        assert expected in message["text"]


def test_a_rate_limit_is_obeyed(driver: TelegramDriver) -> None:
    parameters = {"ok": False, "error_code": 429, "description": "Too Many Requests",
                  "parameters": {"retry_after": 7}}  # fmt: skip
    driver.server.faults.append((429, parameters))
    with pytest.raises(Refused) as refused:
        driver.messenger.alert("-5", Alert("A", "deviation", "", "", ""))
    assert (refused.value.retry_after, refused.value.sure) == (timedelta(seconds=7), True)


def test_a_reply_that_may_have_arrived_says_that_it_is_a_repeat(driver: TelegramDriver) -> None:
    driver.messenger.post({"chat": "5"}, say("Svar"), repeated=True)
    assert "Upprepning" in driver.server.messages[-1]["text"]


@pytest.fixture
def polling(server: TelegramServer, client: Client) -> tuple[Polling, ScriptedApp]:
    app = ScriptedApp()
    return Polling(app, client, Reader(app, client)), app


def test_the_offset_moves_only_after_the_commit(
    polling: tuple[Polling, ScriptedApp], driver: TelegramDriver
) -> None:
    poller, app = polling
    updates = [{"update_id": n, "message": driver.message(f"nr {n}")} for n in (5, 6)]
    driver.server.updates.extend(updates)
    app.fault = DatabaseFull()
    with pytest.raises(DatabaseFull):
        poller.fetch()
    app.fault = None
    poller.fetch()
    assert contents_of(app) == [Said("nr 5"), Said("nr 6")]
    poller.fetch()
    assert driver.server.offsets == [0, 0, 7]


def contents_of(app: ScriptedApp) -> list[object]:
    return [envelope.content for envelope in app.received]


def test_an_update_nobody_can_read_holds_nothing_back(
    polling: tuple[Polling, ScriptedApp], driver: TelegramDriver
) -> None:
    poller, app = polling
    poison = {"update_id": 8, "callback_query": {"id": "x"}}
    after = {"update_id": 9, "message": driver.message("efter")}
    driver.server.updates.extend([poison, after])
    stopping = Event()
    app.script = lambda content: (stopping.set(), say("ok"))[1]
    poller.run(stopping)
    assert contents_of(app) == [Said("efter")]


def test_what_is_no_update_is_unreadable(client: Client) -> None:
    for raw in (None, [], {}, {"update_id": "1"}, {"update_id": 1, "message": {"chat": 3}}):
        with pytest.raises(Unreadable):
            Reader(ScriptedApp(), client).read(raw)


@given(replies())
def test_every_reply_becomes_messages_telegram_takes(reply: Reply) -> None:
    texts = load_texts()
    for message in to_messages(reply, lambda key, **v: texts.render(f"telegram.{key}", "sv", **v)):
        seen = Seen()
        seen.feed(message.html)
        assert not seen.faults
        assert not seen.open
        assert len("".join(seen.text).encode("utf-16-le", "surrogatepass")) // 2 <= 4096
        for row in message.keyboard:
            assert all(1 <= len(data.encode()) <= 64 for _, data in row)


def test_telegram_is_connected_by_its_token_and_checked_by_doctor(
    server: TelegramServer, tmp_path: Path
) -> None:
    settings = Settings(data=tmp_path, telegram_token=TOKEN, telegram_api_url=server.url)
    app = build_app(settings, now=lambda: NOON)
    try:
        [connection] = app.connections
        assert connection.listen is not None
        assert [(each.good, each.told) for each in connection.check()] == [
            (True, "@hansyn_bot"), (True, "polling"),
        ]  # fmt: skip
        server.webhook = "https://elsewhere.example/api/telegram"
        assert not connection.check()[1].good
    finally:
        app.close()


def test_with_a_secret_the_server_tells_telegram_its_address(
    server: TelegramServer, tmp_path: Path
) -> None:
    address = "https://hansyn.example.org"
    settings = Settings(
        data=tmp_path, telegram_token=TOKEN, telegram_api_url=server.url, telegram_secret=SECRET,
        public_url=address,
    )  # fmt: skip
    app = build_app(settings, now=lambda: NOON)
    try:
        [connection] = app.connections
        assert not connection.check()[1].good
        with listening(app.connections):
            end = monotonic() + 10
            while not server.webhook and monotonic() < end:
                sleep(0.02)
        assert (server.webhook, server.secret) == (f"{address}/api/telegram", SECRET)
        assert connection.check()[1].good
        with pytest.raises(SettingsError):
            connect(app, settings.model_copy(update={"public_url": ""}))
    finally:
        app.close()
