"""Microsoft Teams: the channel contract, strict tokens, cards that are replaced.

The connector is ours; activities are read by Microsoft's own model and sent by its client.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import jwt
import pytest

from bot.channels.connections import Alert, Unsigned
from bot.channels.teams.client import Client
from bot.channels.teams.tokens import Keys, TokenCheck
from bot.messages import Choices, Chose, Command, Opened, Option, Said, Submitted
from bot.outbox import Refused
from tests.contracts import ChannelContract, contents
from tests.fakes import FEEDBACK, FORM, KIND, say
from tests.teams_person import ANNA, TeamsDriver, actions, text_of
from tests.teams_service import (
    APP_ID,
    ISSUER,
    TENANT,
    TeamsService,
    key_set,
    teams_service,
    token,
)


@pytest.fixture(scope="module")
def service() -> Iterator[TeamsService]:
    with teams_service() as running:
        yield running


@pytest.fixture(scope="module")
def client() -> Client:
    return Client(lambda: "x.y.z")


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


def test_the_question_below_a_letter_has_its_own_words_and_the_letter_stays(
    driver: TeamsDriver,
) -> None:
    options = (Option("yes", "Ja, det stämmer"), Option("no", "Nej, inte riktigt"))
    asked = Choices("letter:H-2026-0001:1", options, "Stämmer det med din fråga?", "feedback")
    driver.app.script = lambda content: say("Ja, det får ni.", asked)
    assert asked.prompt in driver.say("hej")
    [(_, activity)] = driver.service.created
    assert activity["text"] == "Ja, det får ni."
    assert "channelData" not in activity
    assert "Ja, det får ni." not in text_of(driver.card)


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
    service.roles |= {"29:gast": "guest"}
    service.tenants |= {"29:annan": "another-tenant"}
    guests = ({"id": "29:gast", "aadObjectId": "g"}, {"id": "29:annan", "aadObjectId": "a"})
    for person in (*guests, {"id": "29:okänd"}, ANNA):
        driver.say("hej", **{"from": person})
    assert [envelope.outsider for envelope in driver.app.received] == [True, True, True, False]


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
        driver.messenger.alert("a:29:anna", Alert("A-1", "deviation", "Avsteg", "2026-03-09", "-"))
    assert (refused.value.retry_after, refused.value.sure) == (timedelta(seconds=7), True)


def test_a_reply_that_may_have_arrived_says_that_it_is_a_repeat(driver: TeamsDriver) -> None:
    driver.say("hej")
    room, _ = driver.service.created[-1]
    address = {"service": driver.service.url, "conversation": room, "shared": False}
    driver.messenger.post(address, say("Svar"), repeated=True)
    assert "Upprepning" in driver.see(driver.service.created[-1][1])


def test_an_alert_is_a_card_in_a_room_the_bot_has_heard_from(driver: TeamsDriver) -> None:
    alert = Alert("A-2026-0007", "deviation", "Avsteg", "2026-03-09", "https://x.example/a", True)
    with pytest.raises(Refused):
        driver.messenger.alert("a:29:anna", alert)
    driver.say("hej")
    driver.messenger.alert("a:29:anna", alert)
    seen = driver.see(driver.service.created[-1][1])
    for expected in ("A-2026-0007", "Upprepning", "Öppna ärendet"):
        assert expected in seen


def test_of_many_options_one_is_picked_from_a_list(driver: TeamsDriver) -> None:
    many = tuple(Option(f"v{number}", f"Val {number}") for number in range(9))
    driver.app.script = lambda content: say("Vilken?", replace(KIND, options=many))
    driver.say("organisation")
    driver.press("Välj", **{f"picked-{KIND.interaction}": "v7"})
    assert contents(driver)[-1] == Chose(KIND.interaction, "v7")
