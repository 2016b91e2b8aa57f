"""Microsoft Teams: the channel contract, strict tokens, cards that are replaced.

The connector is ours; activities are read by Microsoft's own model and sent by its client.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import jwt
import pytest
from starlette.testclient import TestClient

from bot.channels.connections import Alert, Connection, Unsigned
from bot.channels.teams.client import Client
from bot.channels.teams.messenger import Messenger
from bot.channels.teams.reading import Reader
from bot.channels.teams.tokens import Keys, TokenCheck
from bot.channels.teams.webhook import TeamsWebhook
from bot.messages import Chose, Command, Opened, Option, Said, Submitted
from bot.outbox import Refused
from bot.web.application import build_web
from tests.contracts import ChannelContract, contents
from tests.fakes import FEEDBACK, FORM, KIND, NOON, ScriptedApp, say
from tests.teams_service import (
    APP_ID,
    ISSUER,
    TENANT,
    TeamsService,
    key_set,
    teams_service,
    token,
)

ANNA = {"id": "29:anna", "aadObjectId": "11111111-0000-4000-8000-00000000a22a"}
CALL = {"channelId": "msteams", "recipient": {"id": f"28:{APP_ID}"}}


@pytest.fixture(scope="module")
def service() -> Iterator[TeamsService]:
    with teams_service() as running:
        yield running


@pytest.fixture(scope="module")
def client() -> Client:
    return Client(lambda: "x.y.z")


class TeamsDriver:
    """A person in a personal chat; cards are pressed as Teams presses them."""

    def __init__(self, service: TeamsService, client: Client) -> None:
        service.created.clear()
        service.faults.clear()
        self.app = ScriptedApp()
        self.service = service
        hosts = ("127.0.0.1",)
        reader = Reader(self.app, APP_ID, TENANT, hosts, client.is_guest, now=lambda: NOON)
        tokens = TokenCheck(APP_ID, Keys(key_set))
        self.messenger = Messenger(
            client, reader.words, lambda room: self.app.room_address("teams", TENANT, room)
        )
        webhook = TeamsWebhook(tokens, reader)
        connection = Connection("teams", self.messenger, (webhook,))
        self.web = TestClient(build_web(self.app, connections=(connection,)))
        self.number = 0
        self.last: dict[str, Any] = {}
        #: The card shown last, wherever it came from.
        self.card: dict[str, Any] = {}
        self.pressed: dict[str, Any] = {}

    def activity(self, **content: Any) -> dict[str, Any]:
        self.number += 1
        conversation = {"id": "a:1", "conversationType": "personal", "tenantId": TENANT}
        place = {"serviceUrl": self.service.url, "conversation": conversation, "from": ANNA}
        return {"type": "message", "id": f"1:{self.number}", **CALL, **place, **content}

    def say(self, text: str, **changes: Any) -> str:
        self.last = self.activity(text=text, **changes)
        return self.redeliver()

    def redeliver(self) -> str:
        known, sent = len(self.app.received), len(self.service.created)
        answer = self.post(self.last)
        assert answer.status_code == 200
        if answer.content:
            self.card = answer.json()["value"]
            return text_of(self.card)
        for envelope in self.app.received[known:]:
            reply = self.app.turns(envelope.key, 1)[0].reply
            assert envelope.address is not None
            self.messenger.post(envelope.address, reply, repeated=False)
        shown = self.service.created[sent:] or self.service.created[-1:]
        return "\n".join(self.see(activity) for _, activity in shown)

    def see(self, activity: dict[str, Any]) -> str:
        cards = [each["content"] for each in activity.get("attachments", ())]
        self.card = cards[-1] if cards else {}
        text = re.sub(r"\\([\\`*_\[\]<>#|~])", r"\1", activity.get("text", ""))
        return "\n".join((text.replace("\n\n", "\n"), *map(text_of, cards)))

    def press(self, label: str, **inputs: str) -> str:
        [self.pressed] = [each for each in actions(self.card) if each["title"] == label]
        return self.press_again(label, **inputs)

    def press_again(self, label: str, **inputs: str) -> str:
        data = {**self.pressed["data"], **inputs}
        action = {"type": "Action.Execute", "verb": self.pressed["verb"], "data": data}
        self.last = self.activity(
            type="invoke", name="adaptiveCard/action", value={"action": action}
        )
        return self.redeliver()

    def post(self, activity: object, bearer: str = "") -> Any:
        bearer = bearer or token(self.service.url)
        content = activity if isinstance(activity, bytes) else json.dumps(activity).encode()
        return self.web.post(
            "/api/teams", content=content, headers={"Authorization": f"Bearer {bearer}"}
        )

    def save(self, label: str) -> bytes:
        return self.press(label).split("\n", 1)[1].encode()


def text_of(card: dict[str, Any]) -> str:
    """Everything a person reads on a card, in order."""
    found: list[str] = []

    def walk(node: object) -> None:
        if isinstance(node, dict):
            found.extend(str(node[name]) for name in ("text", "label", "title") if name in node)
            for name, value in node.items():
                if name not in ("data", "text", "label", "title"):
                    walk(value)
        elif isinstance(node, list):
            for each in node:
                walk(each)

    walk(card.get("body", []))
    return "\n".join(found)


def actions(card: dict[str, Any]) -> list[dict[str, Any]]:
    rows = [each for each in card.get("body", ()) if each["type"] == "ActionSet"]
    return [action for row in rows for action in row["actions"]]


@pytest.fixture
def driver(service: TeamsService, client: Client) -> TeamsDriver:
    return TeamsDriver(service, client)


class TestContract(ChannelContract):
    @pytest.fixture
    def driver(self, service: TeamsService, client: Client) -> TeamsDriver:
        return TeamsDriver(service, client)


def test_a_pressed_card_is_replaced_and_says_what_was_chosen(driver: TeamsDriver) -> None:
    driver.say("avsteg")
    seen = driver.press("Ett helt år")
    assert "Du valde: Ett helt år" in seen
    assert not actions(driver.card)


def test_an_invoke_repeated_under_a_new_id_is_the_same_answer(driver: TeamsDriver) -> None:
    driver.say("avsteg")
    driver.press("Ett helt år")
    driver.press_again("Ett helt år")
    assert contents(driver)[1:] == [Chose(KIND.interaction, "annual")]


def test_a_form_is_a_card_and_a_fault_comes_back_beside_its_field(driver: TeamsDriver) -> None:
    driver.say("formulär")
    filled = {"field-organisation": "Higab", "field-kind": "goods", "field-reason": "kaffe"}
    seen = driver.press("Skicka in", **filled)
    assert "Beskriv skälet utan kaffe." in seen
    assert contents(driver)[-1] == Submitted(
        FORM.interaction, {"organisation": "Higab", "kind": "goods", "reason": "kaffe"}
    )
    inputs = {each.get("id"): each for each in driver.card["body"]}
    assert inputs["field-organisation"]["value"] == "Higab"


def test_an_answer_carries_label_citation_and_thumbs(driver: TeamsDriver) -> None:
    driver.say("Får vi?")
    [(_, activity)] = driver.service.created
    [entity] = activity["entities"]
    assert entity["additionalType"] == ["AIGeneratedContent"]
    assert entity["citation"][0]["appearance"]["url"] == "https://www.riksdagen.se/lou"
    assert "[1]" in activity["text"]
    assert activity["channelData"]["feedbackLoop"]["type"] == "default"
    assert "Hjälpte svaret dig?" not in json.dumps(activity, ensure_ascii=False)


@pytest.mark.parametrize(
    ("given", "content"),
    [
        ({"reaction": "like", "feedback": "{}"}, Chose(FEEDBACK.interaction, "yes")),
        ({"reaction": "dislike", "feedback": "{}"}, Chose(FEEDBACK.interaction, "no")),
        (
            {"reaction": "dislike", "feedback": '{"feedbackText": "fel lag"}'},
            Submitted("comment:", {"comment": "fel lag"}),
        ),
    ],
)
def test_a_thumb_is_a_vote_on_the_latest_answer(
    driver: TeamsDriver, given: dict[str, str], content: object
) -> None:
    driver.say("Får vi?")
    value = {"actionName": "feedback", "actionValue": given}
    driver.post(driver.activity(type="invoke", name="message/submitAction", value=value))
    assert contents(driver)[-1] == content


def test_in_a_channel_the_answer_goes_to_the_thread_without_the_askers_own_buttons(
    driver: TeamsDriver,
) -> None:
    room = {"id": "19:r@thread.example;messageid=5", "conversationType": "channel",
            "tenantId": TENANT}  # fmt: skip
    seen = driver.say("<at>Hänsyn</at> Får vi?", conversation=room)
    [(conversation, activity)] = driver.service.created
    assert contents(driver) == [Said("Får vi?")]
    assert (conversation, activity["replyToId"]) == (room["id"], driver.last["id"])
    assert "Fråga stödfunktionen" not in seen
    assert not driver.app.received[-1].private


def test_a_question_in_a_room_is_for_the_asker_to_answer(driver: TeamsDriver) -> None:
    room = {"id": "19:r@thread.example", "conversationType": "groupChat", "tenantId": TENANT}
    driver.say("avsteg", conversation=room)
    [pressed] = [each for each in actions(driver.card) if each["title"] == "Ett helt år"]
    press = {"type": "invoke", "name": "adaptiveCard/action", "conversation": room,
             "value": {"action": {**pressed, "data": pressed["data"]}}}  # fmt: skip
    bo = {"id": "29:bo", "aadObjectId": "22222222-0000-4000-8000-00000000b00b"}
    answer = driver.post(driver.activity(**press, **{"from": bo})).json()
    assert "någon annan" in answer["value"]
    assert contents(driver) == [Said("avsteg")]
    driver.post(driver.activity(**press))
    assert contents(driver)[-1] == Chose(KIND.interaction, "annual")


def test_a_guest_may_ask_and_not_report(service: TeamsService) -> None:
    driver = TeamsDriver(service, Client(lambda: "x.y.z"))
    service.roles["29:gast"] = "guest"
    for person in ({"id": "29:gast", "aadObjectId": "g"}, {"id": "29:okänd"}, ANNA):
        driver.say("hej", **{"from": person})
    assert [envelope.may_report for envelope in driver.app.received] == [False, False, True]


def test_being_added_is_greeted_and_a_slash_is_a_command(driver: TeamsDriver) -> None:
    added = {"type": "conversationUpdate", "membersAdded": [{"id": f"28:{APP_ID}"}]}
    driver.post(driver.activity(**added))
    driver.post(driver.activity(type="conversationUpdate", membersAdded=[ANNA]))
    driver.say("/koppla")
    received = [envelope.content for envelope in driver.app.received]
    assert received == [Opened(), Command("koppla", "")]


SERVICE = "https://smba.trafficmanager.net/emea/"
FORGED = {
    "no token": "",
    "garbage": "a.b.c",
    "another key": token(SERVICE, key="strangers"),
    "unknown key id": token(SERVICE, kid="k9"),
    "another audience": token(SERVICE, aud="someone-else"),
    "another issuer": token(SERVICE, iss="https://example.org"),
    "no issuer": token(SERVICE, iss=None),
    "expired": token(SERVICE, exp=1_600_000_000),
    "never expires": token(SERVICE, exp=None),
    "not yet valid": token(SERVICE, nbf=4_000_000_000),
    "alg none": jwt.encode({"iss": ISSUER, "aud": APP_ID, "exp": 4_000_000_000}, "", "none"),
    "alg hs256": jwt.encode({"iss": ISSUER, "aud": APP_ID, "exp": 4_000_000_000},
                            "n" * 64, "HS256", {"kid": "k1"}),
}  # fmt: skip


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_a_forged_token_is_not_accepted(forged: str) -> None:
    with pytest.raises(Unsigned):
        TokenCheck(APP_ID, Keys(key_set)).claims(f"Bearer {forged}")


@pytest.mark.parametrize(
    "changes",
    [
        {"serviceUrl": "https://evil.example/"},
        {"serviceUrl": ""},
        {"conversation": {"id": "a:1", "tenantId": "another"}},
        {"channelData": {"tenant": {"id": "another"}}},
    ],
)
def test_another_service_or_tenant_is_not_accepted(
    driver: TeamsDriver, changes: dict[str, Any]
) -> None:
    assert driver.post(driver.activity(text="hej", **changes)).status_code == 401
    assert driver.app.received == []


def test_a_claimed_service_must_be_microsofts(driver: TeamsDriver) -> None:
    evil = "https://trafficmanager.net.evil.example/"
    activity = driver.activity(text="hej", serviceUrl=evil)
    assert driver.post(activity, token(evil)).status_code == 401


def test_unknown_keys_are_fetched_once_a_minute() -> None:
    fetched, clock = [], [0.0]
    keys = Keys(lambda: (fetched.append(1), key_set())[1], lambda: clock[0])
    for _ in range(50):
        assert keys.find("k9") is None
    assert keys.find("k1") is not None
    clock[0] = 61
    keys.find("k9")
    assert len(fetched) == 2


def test_a_rate_limit_is_obeyed(driver: TeamsDriver) -> None:
    driver.say("hej")
    driver.service.faults.append((429, {"Retry-After": "7"}))
    with pytest.raises(Refused) as refused:
        driver.messenger.alert("a:1", Alert("A-1", "deviation", "Avsteg", "2026-03-09", "-"))
    assert refused.value.retry_after == timedelta(seconds=7)


def test_an_alert_is_a_card_in_a_room_the_bot_has_heard_from(driver: TeamsDriver) -> None:
    alert = Alert("A-2026-0007", "deviation", "Avsteg", "2026-03-09", "https://x.example/a", True)
    with pytest.raises(Refused):
        driver.messenger.alert("a:1", alert)
    driver.say("hej")
    driver.messenger.alert("a:1", alert)
    seen = driver.see(driver.service.created[-1][1])
    for expected in ("A-2026-0007", "Upprepning", "Öppna ärendet"):
        assert expected in seen


def test_of_many_options_one_is_picked_from_a_list(driver: TeamsDriver) -> None:
    many = tuple(Option(f"v{number}", f"Val {number}") for number in range(9))
    driver.app.script = lambda content: say("Vilken?", replace(KIND, options=many))
    driver.say("organisation")
    driver.press("Välj", **{f"picked-{KIND.interaction}": "v7"})
    assert contents(driver)[-1] == Chose(KIND.interaction, "v7")
