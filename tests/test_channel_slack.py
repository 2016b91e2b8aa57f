"""Slack: the channel contract, signatures, threads, modals, and blocks Slack would take.

The Web API is ours; requests are signed and calls made by Slack's own library, whose models check
the blocks. ``test_channel_slack_emulated.py`` has a counterpart that is not ours.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import settings as sizes
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View
from slack_sdk.socket_mode.request import SocketModeRequest
from starlette.testclient import TestClient

from bot.app import build_app
from bot.channels.connections import Alert, Connection, Unsigned
from bot.channels.slack import check, slack_webhooks
from bot.channels.slack.blocks import Origin, alert_blocks, to_messages
from bot.channels.slack.client import Client
from bot.channels.slack.manifest import to_manifest
from bot.channels.slack.messenger import Messenger, words_of
from bot.channels.slack.modals import form_view, home_view
from bot.channels.slack.reading import Reader, to_text
from bot.channels.slack.socket_mode import SocketMode
from bot.channels.slack.webhook import SignatureCheck
from bot.errors import SettingsError
from bot.messages import Chose, Command, File, Form, Opened, Reply, Said, Submitted
from bot.outbox import Refused, Unreachable
from bot.settings import Settings
from bot.texts import load_texts
from bot.web.application import build_web
from storage.errors import DatabaseFull
from tests.contracts import ChannelContract, contents
from tests.fakes import KIND, NOON, RECORD, ScriptedApp, say
from tests.reply_strategies import replies
from tests.slack_server import SECRET, SlackServer, signed, slack_server

ANNA, BO, ROOM = "UANNA", "UBO", "C0123"


@pytest.fixture(scope="module")
def server() -> Iterator[SlackServer]:
    with slack_server() as running:
        yield running


@pytest.fixture(autouse=True)
def forget(server: SlackServer) -> None:
    for remembered in (server.calls, server.uploads, server.people, server.faults):
        remembered.clear()  # type: ignore[attr-defined]


class SlackDriver:
    """A person in Slack; buttons are pressed where they were shown last."""

    def __init__(self, server: SlackServer) -> None:
        self.app = ScriptedApp()
        self.server = server
        client = Client("xoxb-1", server.url)
        self.reader = Reader(self.app, client, now=lambda: NOON)
        self.messenger = Messenger(self.app, client)
        webhooks = slack_webhooks(SignatureCheck(f"gammal, {SECRET}"), self.reader)
        connection = Connection("slack", self.messenger, webhooks)
        self.web = TestClient(build_web(self.app, connections=(connection,)))
        self.number = 0
        self.last: tuple[str, bytes] = ("", b"")
        self.pressed: dict[str, Any] = {}
        self.answer: dict[str, Any] = {}

    # What Slack sends ----------------------------------------------------------------------------

    def say(self, text: str, **changes: Any) -> str:
        typed = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return self.event(type="message", text=typed, **changes)

    def event(self, **event: Any) -> str:
        self.number += 1
        usual = {"user": ANNA, "channel": f"D{ANNA}", "ts": f"1700000000.{self.number:06}"}
        body = {"type": "event_callback", "team_id": "T1", "event_id": f"Ev{self.number}",
                "event": {**usual, **event}}  # fmt: skip
        return self.deliver("events", json.dumps(body).encode())

    def press(self, label: str, **changes: Any) -> str:
        message = self.server.shown()[-1]
        [self.pressed] = [each for each in buttons(message) if each["text"]["text"] == label]
        return self.press_again(label, **changes)

    def press_again(self, label: str, **changes: Any) -> str:
        message = self.server.shown()[-1]
        container = {"type": "message", "channel_id": message.get("channel", ROOM),
                     "message_ts": "1.2", "is_ephemeral": "user" in message}  # fmt: skip
        self.number += 1
        blocks = [{**block, "block_id": f"b{n}"} for n, block in enumerate(message["blocks"])]
        row = [each["block_id"] for each in blocks if self.pressed in each.get("elements", ())]
        stamp = f"1700000009.{self.number}"
        action = {**self.pressed, "block_id": (row or ["b"])[0], "action_ts": stamp}
        return self.interact(
            type="block_actions", trigger_id=f"t{self.number}", container=container,
            message={"ts": "1.2", "text": "", "blocks": blocks}, actions=[action],
            response_url=f"{self.server.url}hook", **changes,
        )  # fmt: skip

    def interact(self, **payload: Any) -> str:
        body = {"user": {"id": ANNA}, "team": {"id": "T1"}, **payload}
        return self.deliver("interactivity", urlencode({"payload": json.dumps(body)}).encode())

    def command(self, text: str, channel: str = ROOM) -> str:
        self.number += 1
        fields = {
            "command": "/hansyn",
            "text": text,
            "user_id": ANNA,
            "channel_id": channel,
            "trigger_id": f"t{self.number}",
            "response_url": f"{self.server.url}hook",
        }
        return self.deliver("commands", urlencode(fields).encode())  # fmt: skip

    # What comes of it ----------------------------------------------------------------------------

    def deliver(self, kind: str, body: bytes) -> str:
        self.last = (kind, body)
        return self.redeliver()

    def redeliver(self) -> str:
        known, sent = len(self.app.received), len(self.server.shown())
        answer = self.post(*self.last)
        assert answer.status_code == 200, answer.status_code
        self.answer = answer.json() if answer.content else {}
        for envelope in self.app.received[known:]:
            reply = self.app.turns(envelope.key, 1)[0].reply
            assert envelope.address is not None
            if not envelope.in_band:
                self.messenger.post(envelope.address, reply, repeated=False)
        shown = self.server.shown()
        return "\n".join(seen(each) for each in shown[sent:] or shown[-1:])

    def post(self, kind: str, body: bytes, headers: dict[str, str] | None = None) -> Any:
        form = "application/x-www-form-urlencoded" if kind != "events" else "application/json"
        told = {"Content-Type": form, **(signed(body) if headers is None else headers)}
        return self.web.post(f"/api/slack/{kind}", content=body, headers=told)

    def save(self, label: str) -> bytes:
        self.press(label)
        return self.server.uploads[-1]


def seen(message: dict[str, Any]) -> str:
    """What a person reads in a message, in order."""
    found: list[str] = []

    def walk(node: object) -> None:
        if isinstance(node, dict):
            if node.get("type") in ("plain_text", "mrkdwn"):
                text = str(node["text"])
                plain = to_text(text, "UBOT") if node["type"] == "mrkdwn" else text
                links = (
                    text.split("|", maxsplit=1)[0].partition("<")[2]
                    if node["type"] == "mrkdwn"
                    else ""
                )
                found.append(f"{plain} {links}".strip())
                return
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for each in node:
                walk(each)

    walk(message.get("blocks", ()))
    return "\n".join(found) or str(message.get("text", ""))


def buttons(message: dict[str, Any]) -> list[dict[str, Any]]:
    rows = [block for block in message.get("blocks", ()) if block["type"] == "actions"]
    return [element for row in rows for element in row["elements"]]


@pytest.fixture
def driver(server: SlackServer) -> SlackDriver:
    return SlackDriver(server)


class TestContract(ChannelContract):
    @pytest.fixture
    def driver(self, server: SlackServer) -> SlackDriver:
        return SlackDriver(server)


# Where the bot speaks, and where it keeps quiet --------------------------------------------------


def test_a_mention_is_answered_in_its_thread_and_what_follows_there_too(
    driver: SlackDriver,
) -> None:
    room = {"channel": ROOM, "thread_ts": "1.000001"}
    driver.event(type="app_mention", channel=ROOM, ts="1.000001", text="<@UBOT> Får vi?")
    assert driver.server.made("chat.postMessage")[-1]["thread_ts"] == "1.000001"
    driver.say("Och när?", **room)
    assert contents(driver) == [Said("Får vi?"), Said("Och när?")]


def test_mention_and_message_of_the_same_words_are_answered_once(driver: SlackDriver) -> None:
    words = {"channel": ROOM, "ts": "1.000002", "thread_ts": "1.000001"}
    driver.event(type="app_mention", channel=ROOM, ts="1.000001", text="<@UBOT> hej")
    for kind in ("app_mention", "message", "message"):
        driver.event(type=kind, text="<@UBOT> Får vi?", **words)
    assert contents(driver) == [Said("hej"), Said("Får vi?")]


def test_other_peoples_posts_are_left_alone(driver: SlackDriver) -> None:
    room = {"channel": ROOM, "thread_ts": "1.000001"}
    driver.say("Får vi?", channel=ROOM)
    driver.event(type="app_mention", channel=ROOM, ts="1.000001", text="<@UBOT> Får vi?")
    driver.say("Bra fråga", user=BO, **room)
    driver.event(type="message", text=f"<@{BO}> vad tror du?", **room)
    assert len(contents(driver)) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"bot_id": "B2"}, {"subtype": "message_changed"}, {"subtype": "channel_join"},
        {"subtype": "bot_message"}, {"edited": {"ts": "1"}}, {"user": "UBOT"},
    ],
)  # fmt: skip
def test_bots_notices_and_edits_are_no_messages(
    driver: SlackDriver, changes: dict[str, Any]
) -> None:
    driver.say("Får vi?", **changes)
    assert contents(driver) == []


def test_events_nobody_listens_to_are_acknowledged(driver: SlackDriver) -> None:
    driver.event(type="file_shared")
    driver.event(type="app_home_opened", tab="messages")
    assert contents(driver) == []


def test_a_file_without_words_is_said_to_be_unread(driver: SlackDriver) -> None:
    seen_there = driver.event(type="message", subtype="file_share", files=[{"id": "F1"}])
    assert "bara läsa text" in seen_there
    assert contents(driver) == []


def test_links_and_names_are_read_as_words() -> None:
    typed = "<@UBOT> se <https://a.se/?b=1&amp;c|avtalet> i <#C1|inkop> <!here> <@U2> &lt;b&gt;"
    assert to_text(typed, "UBOT") == "se avtalet i inkop !… @… <b>"


# What only the asker sees ------------------------------------------------------------------------


def test_in_a_room_votes_offers_and_files_are_shown_to_the_asker_alone(
    driver: SlackDriver,
) -> None:
    driver.event(type="app_mention", channel=ROOM, text="<@UBOT> Får vi?")
    [shown] = driver.server.made("chat.postMessage")
    [own] = driver.server.made("chat.postEphemeral")
    assert buttons(shown) == []
    assert [each["text"]["text"] for each in buttons(own)] == [
        "Ja", "Nej", "Fråga stödfunktionen", "Spara till akten"
    ]  # fmt: skip
    assert (own["user"], own["thread_ts"]) == (ANNA, "1700000000.000001")
    driver.press("Fråga stödfunktionen")
    assert driver.server.shown()[-1]["response_type"] == "ephemeral"
    assert contents(driver)[-1] == Chose("hjalp-1", "handover")


def test_a_file_asked_for_in_a_room_goes_to_the_askers_direct_messages(
    driver: SlackDriver,
) -> None:
    driver.event(type="app_mention", channel=ROOM, text="<@UBOT> Får vi?")
    assert driver.save("Spara till akten") == "Fråga: …".encode()
    assert driver.server.made("files.completeUploadExternal")[-1]["channel_id"] == f"D{ANNA}"


def test_somebody_elses_question_is_not_answered_by_pressing(driver: SlackDriver) -> None:
    driver.event(type="app_mention", channel=ROOM, text="<@UBOT> avsteg")
    driver.press("Ett helt år", user={"id": BO})
    assert driver.app.received[-1].key.person == BO
    assert driver.app.received[-1].content != Chose(KIND.interaction, "annual")
    assert driver.server.shown()[-1]["response_type"] == "ephemeral"


def test_nothing_is_filed_where_others_read_and_guests_file_nothing(driver: SlackDriver) -> None:
    driver.server.people |= {"UGAST": {"is_restricted": True}, "UANNAN": {"team_id": "T2"}}
    driver.event(type="app_mention", channel=ROOM, text="<@UBOT> hej")
    for person in ("UGAST", "UANNAN", ANNA):
        driver.say("hej", user=person, channel=f"D{person}")
    found = [(each.private, each.may_report) for each in driver.app.received]
    assert found == [(False, True), (True, False), (True, False), (True, True)]
    own = driver.messenger.open_private({"user": ANNA}, driver.app.received[0].key)
    assert own.conversation == f"D{ANNA}"


def test_the_command_answers_the_asker_alone_and_greets_without_words(
    driver: SlackDriver,
) -> None:
    driver.command("Får vi?")
    assert driver.answer["response_type"] == "ephemeral"
    assert "Ja, det får ni." in seen(driver.answer)
    driver.command("")
    driver.command("hej", channel=f"D{ANNA}")
    received = driver.app.received
    assert [each.content for each in received] == [Said("Får vi?"), Opened(), Said("hej")]
    assert [each.private for each in received] == [False, False, True]
    assert received[0].address is not None
    assert received[0].address["channel"] == f"D{ANNA}"


def test_the_shortcut_begins_a_report_in_the_direct_messages(driver: SlackDriver) -> None:
    driver.interact(
        type="message_action", callback_id="rapportera_avsteg", trigger_id="t1",
        channel={"id": ROOM}, message={"text": "Kravet togs bort &amp; ingen sa något"},
    )  # fmt: skip
    [envelope] = driver.app.received
    assert envelope.content == Command("avsteg", "Kravet togs bort & ingen sa något")
    assert (envelope.key.conversation, envelope.private) == (f"D{ANNA}", True)


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


# Buttons and forms -------------------------------------------------------------------------------


def test_an_answered_question_says_what_was_chosen(driver: SlackDriver) -> None:
    driver.say("avsteg")
    driver.press("Ett helt år")
    [updated] = driver.server.made("chat.update")
    assert "Du valde: Ett helt år" in seen(updated)
    assert buttons(updated) == []


@pytest.mark.parametrize("value", ["", "x", "a|b|c", None, f"0:9|{ROOM}|1.1"])
def test_a_button_nobody_remembers_is_explained(driver: SlackDriver, value: object) -> None:
    driver.app.script = lambda content: say("Den knappen har gått ut. Inget har ändrats.")
    driver.interact(
        type="block_actions", trigger_id="t", message={"ts": "1"},
        container={"type": "message", "channel_id": f"D{ANNA}"},
        actions=[{"type": "button", "action_id": "old", "value": value, "action_ts": "1"}],
    )  # fmt: skip
    assert "Inget har ändrats" in seen(driver.server.shown()[-1])


def test_a_form_is_a_modal_and_faults_stand_beside_their_fields(driver: SlackDriver) -> None:
    driver.say("formulär")
    driver.press("Öppna formuläret")
    [opened] = driver.server.made("views.open")
    assert opened["trigger_id"] == "t2"
    known = len(driver.server.shown())
    filled = {"organisation": "Higab", "count": "2", "reason": "kaffe", "kind": None}
    driver.interact(**submission(opened["view"], filled))
    assert driver.answer == {
        "response_action": "errors", "errors": {"field-reason": "Beskriv skälet utan kaffe."}
    }  # fmt: skip
    assert len(driver.server.shown()) == known
    driver.interact(**submission(opened["view"], {**filled, "reason": "brist"}))
    assert driver.answer == {}
    assert "Tack, avsteget är inskickat" in seen(driver.server.shown()[-1])
    values = {"organisation": "Higab", "kind": "goods", "count": "2", "reason": "brist"}
    assert contents(driver)[-1] == Submitted("formular-1-2", values)
    driver.redeliver()
    assert len(contents(driver)) == 3


def submission(view: dict[str, Any], filled: dict[str, Any]) -> dict[str, Any]:
    """The modal sent back; the menu's second option is picked."""
    state = {f"field-{name}": {"value": {"value": value}} for name, value in filled.items()}
    state["field-kind"] = {"value": {"selected_option": {"value": "1"}}}
    given = {name: view[name] for name in ("type", "callback_id", "private_metadata")}
    return {"type": "view_submission", "view": {"id": "V1", "state": {"values": state}, **given}}


def test_a_form_nobody_remembers_is_explained(driver: SlackDriver) -> None:
    view = {
        "type": "modal",
        "callback_id": "form",
        "private_metadata": json.dumps(["0", f"D{ANNA}", ""]),
    }
    assert "gäller inte längre" in driver.interact(**submission(view, {}))
    assert contents(driver) == []


# Signatures --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changed",
    [
        {"X-Slack-Signature": "v0=00"}, {"X-Slack-Signature": ""}, {"X-Slack-Signature": "å"},
        {"X-Slack-Request-Timestamp": ""}, {"X-Slack-Request-Timestamp": "１７"},
        {"X-Slack-Request-Timestamp": "1e9"}, {"X-Slack-Request-Timestamp": "9" * 5000},
    ],
)  # fmt: skip
def test_an_unsigned_request_is_not_read(driver: SlackDriver, changed: dict[str, str]) -> None:
    body = b'{"type":"url_verification","challenge":"x"}'
    headers = {name.lower(): value for name, value in {**signed(body), **changed}.items()}
    with pytest.raises(Unsigned):
        SignatureCheck(SECRET).check(headers, body)


def test_old_requests_and_other_secrets_are_not_read_and_two_secrets_are_while_rotating() -> None:
    body = b"{}"
    check_two = SignatureCheck(f"ny, {SECRET}", now=lambda: 1_700_000_300)
    for stamp, good in (("1700000000", True), ("1699999999", False), ("1700000601", False)):
        for secret in (SECRET, "ny", "annan"):
            made = signed(body, secret=secret, stamp=stamp)
            headers = {name.lower(): value for name, value in made.items()}
            if good and secret != "annan":
                check_two.check(headers, body)
            else:
                with pytest.raises(Unsigned):
                    check_two.check(headers, body)


def test_a_new_address_is_confirmed(driver: SlackDriver) -> None:
    driver.deliver("events", b'{"type":"url_verification","token":"x","challenge":"3eZbrw"}')
    assert driver.answer == {"challenge": "3eZbrw"}


# Socket Mode -------------------------------------------------------------------------------------


class Socket:
    """What the library's client does for a listener."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    def send_socket_mode_response(self, response: Any) -> None:
        self.sent.append(response.to_dict())


def test_an_envelope_is_acknowledged_only_after_the_commit(driver: SlackDriver) -> None:
    event = {"type": "message", "user": ANNA, "channel": f"D{ANNA}", "ts": "1.1", "text": "hej"}
    request = SocketModeRequest("events_api", "e1", {"type": "event_callback", "event": event})
    socket, mode = Socket(), SocketMode(driver.app, driver.reader, "xapp-1")
    driver.app.fault = DatabaseFull()
    mode.take(socket, request)  # type: ignore[arg-type]
    assert socket.sent == []
    driver.app.fault = None
    mode.take(socket, request)  # type: ignore[arg-type]
    mode.take(socket, SocketModeRequest("events_api", "e2", {"type": 3}))  # type: ignore[arg-type]
    assert socket.sent == [{"envelope_id": "e1"}, {"envelope_id": "e2"}]
    assert contents(driver) == [Said("hej")]


# Sending -----------------------------------------------------------------------------------------


def test_a_rate_limit_is_obeyed_and_silence_is_told_from_refusal(driver: SlackDriver) -> None:
    alert = Alert("A-2026-0007", "deviation", "Avsteg", "2026-03-09", "https://x.example/a", True)
    limited = {"ok": False, "error": "ratelimited"}
    driver.server.faults += [(429, {"Retry-After": "7"}, limited), (500, {}, {})]
    with pytest.raises(Refused) as refused:
        driver.messenger.alert(ROOM, alert)
    assert refused.value.retry_after == timedelta(seconds=7)
    with pytest.raises(Refused):
        driver.messenger.alert(ROOM, alert)
    with pytest.raises(Unreachable):
        Messenger(driver.app, Client("x", "http://127.0.0.1:9/api/")).alert(ROOM, alert)
    driver.messenger.alert(ROOM, alert)
    shown = seen(driver.server.shown()[-1])
    for expected in ("A-2026-0007", "Upprepning", "Öppna ärendet"):
        assert expected in shown


def test_a_reply_that_may_have_arrived_says_so(driver: SlackDriver) -> None:
    address = {"channel": "D1", "thread": "", "user": ANNA, "shared": False, "origin": ["D1", ""]}
    driver.messenger.post(address, say("Svar"), repeated=True)
    assert "Upprepning" in seen(driver.server.shown()[-1])


@sizes(max_examples=60)
@given(replies())
def test_every_reply_becomes_blocks_slack_takes(reply: Reply) -> None:
    words = words_of(ScriptedApp(), "sv")
    origin = Origin(ROOM, "1700000000.000001")
    for message in to_messages(reply.parts, origin, words):
        faultless(message["blocks"], most=50)
        assert not any(mark in message["text"] for mark in ("<!", "<@", "<http"))
    for part in reply.parts:
        if isinstance(part, Form):
            modal(form_view(part, origin, words))


def faultless(blocks: list[dict[str, Any]], most: int) -> None:
    """Slack's own models, and the two checks they lack; no text can ring a bell."""
    assert 0 < len(blocks) <= most
    named = [block["block_id"] for block in blocks if "block_id" in block]
    assert len(named) == len(set(named))
    for read in Block.parse_all(blocks):
        assert read is not None
        read.to_dict()
    for block in blocks:
        for element in block.get("elements", ()):
            if element.get("type") == "mrkdwn":
                assert element["text"].count("<") <= 1
                assert "<!" not in element["text"]
                assert "<@" not in element["text"]


def modal(view: dict[str, Any]) -> None:
    """A modal with inputs needs a button to send it."""
    assert view["submit"]["text"]
    faultless(view["blocks"], most=100)
    View(**view).to_dict()


def test_home_and_alerts_are_blocks_slack_takes() -> None:
    words = words_of(ScriptedApp(), "sv")
    receipts = [File(f"A-{n}.docx", "x", f"receipt:A-{n}:docx", f"Kvitto A-{n}") for n in range(9)]
    faultless(home_view(["Avsteg", "Avsteg"], [RECORD, *receipts], "D1", words)["blocks"], 100)
    alert = Alert("A-1", "deviation", "<!channel> <@U1>", "2026-03-09", "https://x.example/a", True)
    faultless(alert_blocks(alert, words), 50)


# Set-up ------------------------------------------------------------------------------------------


def test_every_event_command_and_shortcut_of_the_manifest_has_a_listener(
    driver: SlackDriver,
) -> None:
    made = to_manifest(load_texts())
    features, settings = made["features"], made["settings"]
    events = {name.partition(".")[0] for name in settings["event_subscriptions"]["bot_events"]}
    wanted = {f"event:{name}" for name in events}
    wanted |= {f"command:{each['command']}" for each in features["slash_commands"]}
    wanted |= {f"shortcut:{each['callback_id']}" for each in features["shortcuts"]}
    assert {name for name in driver.reader.readers if ":" in name} == wanted


def test_slack_is_connected_by_its_token_and_checked_by_doctor(
    server: SlackServer, tmp_path: Path
) -> None:
    told = {"data": tmp_path, "slack_bot_token": "xoxb-1"}
    with pytest.raises(SettingsError):
        build_app(Settings(**told), now=lambda: NOON)
    app = build_app(
        Settings(**told, slack_app_token="xapp-1", slack_signing_secret="a,b"), now=lambda: NOON
    )
    try:
        [connection] = app.connections
        assert connection.listen is not None
        assert [hook.path for hook in connection.webhooks] == [
            f"/api/slack/{kind}" for kind in ("events", "interactivity", "commands", "options")
        ]
    finally:
        app.close()
    good = check(Client("xoxb-1", server.url), "xapp-1")
    assert [(each.good, each.told) for each in good] == [
        (True, "Staden, hansyn, Socket Mode"), (True, "ok")
    ]  # fmt: skip
    server.faults.append((200, {}, {"ok": False, "error": "invalid_auth"}))
    assert not check(Client("xoxb-1", server.url), "xapp-1")[0].good
