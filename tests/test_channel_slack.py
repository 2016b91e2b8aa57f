"""Slack: the channel contract, signatures, threads, modals, and blocks Slack would take.

The Web API is ours; requests are signed and calls made by Slack's own library, whose models check
the blocks. ``test_channel_slack_emulated.py`` has a counterpart that is not ours.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.app import build_app
from bot.channels.connections import Alert
from bot.channels.slack import check
from bot.channels.slack.client import Client
from bot.channels.slack.manifest import to_manifest
from bot.channels.slack.messenger import Messenger
from bot.channels.slack.reading import to_text
from bot.channels.slack.socket_mode import SocketMode
from bot.errors import SettingsError
from bot.messages import Chose, Command, Opened, Option, Said, Submitted, Uploaded
from bot.outbox import Refused, Unreachable
from bot.settings import Settings
from bot.texts import load_texts
from storage.errors import DatabaseFull
from tests.contracts import ChannelContract, contents
from tests.fakes import KIND, NOON, say
from tests.slack_person import ANNA, BO, ROOM, SlackDriver, buttons, seen, submission
from tests.slack_server import SlackServer, slack_server


@pytest.fixture(scope="module")
def server() -> Iterator[SlackServer]:
    with slack_server() as running:
        yield running


@pytest.fixture(autouse=True)
def forget(server: SlackServer) -> None:
    for remembered in (server.calls, server.uploads, server.people, server.faults):
        remembered.clear()  # type: ignore[attr-defined]


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


def test_words_and_files_of_a_message_are_a_turn_each_and_only_slack_is_asked(
    driver: SlackDriver,
) -> None:
    own = {"id": "F1", "name": "avtal.txt", "url_private": f"{driver.server.url}files/avtal"}
    elsewhere = {"id": "F2", "name": "b.txt", "url_private": "https://drive.example/b"}
    driver.event(type="message", subtype="file_share", text="Se här", files=[own, elsewhere])
    driver.redeliver()
    driver.event(type="app_mention", channel=ROOM, text="<@UBOT> hej", files=[own])
    assert contents(driver) == [
        Said("Se här"), Uploaded("avtal.txt", b'{"file": "/api/files/avtal"}'),
        Uploaded("b.txt", b""), Said("hej"),
    ]  # fmt: skip


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
    found = [(each.private, each.outsider) for each in driver.app.received]
    assert found == [(False, False), (True, True), (True, True), (True, False)]
    own = driver.messenger.open_private({"user": ANNA}, driver.app.received[0].key)
    assert own.conversation == f"D{ANNA}"


def test_nobody_is_turned_away_because_slack_is_busy(driver: SlackDriver) -> None:
    limited = {"ok": False, "error": "ratelimited"}
    driver.server.faults.append((429, {"Retry-After": "1"}, limited))
    body = {"type": "message", "user": ANNA, "channel": f"D{ANNA}", "ts": "1.1", "text": "hej"}
    event = json.dumps({"type": "event_callback", "event": body}).encode()
    assert [driver.post("events", event).status_code for _ in range(2)] == [503, 200]
    assert not driver.app.received[0].outsider


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


# Buttons and forms -------------------------------------------------------------------------------


def test_an_answered_question_says_what_was_chosen(driver: SlackDriver) -> None:
    driver.say("avsteg")
    driver.press("Ett helt år")
    [updated] = driver.server.made("chat.update")
    assert "Du valde: Ett helt år" in seen(updated)
    assert buttons(updated) == []


def test_of_many_options_one_is_picked_from_a_menu(driver: SlackDriver) -> None:
    many = tuple(Option(f"v{number}", f"Val {number}") for number in range(9))
    driver.app.script = lambda content: say("Vilken?", replace(KIND, options=many))
    driver.say("organisation")
    [menu] = buttons(driver.server.shown()[-1])
    driver.pressed = {**menu, "selected_option": menu["options"][7]}
    driver.press_again("Välj")
    assert contents(driver)[-1] == Chose(KIND.interaction, "v7")


def test_an_old_question_loses_its_buttons_and_claims_nothing(driver: SlackDriver) -> None:
    driver.say("avsteg")
    driver.press("En upphandling")
    driver.press_again("En upphandling")
    pending, old = driver.server.made("chat.update")
    assert "Du valde: En upphandling" in seen(pending)
    assert "Du valde:" not in seen(old)


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


def test_a_form_nobody_remembers_is_explained(driver: SlackDriver) -> None:
    view = {
        "type": "modal",
        "callback_id": "form",
        "private_metadata": json.dumps(["0", f"D{ANNA}", ""]),
    }
    assert "gäller inte längre" in driver.interact(**submission(view, {}))
    assert contents(driver) == []


# Ways in ----------------------------------------------------------------------------------------


def test_a_new_address_is_confirmed(driver: SlackDriver) -> None:
    driver.deliver("events", b'{"type":"url_verification","token":"x","challenge":"3eZbrw"}')
    assert driver.answer == {"challenge": "3eZbrw"}


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
        assert connection.clock.startswith("https://")
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
