"""A person in Teams, as Teams tells of them: signed activities in, messages and cards out.

What comes out is read with Microsoft's own types.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from microsoft_teams.api import AdaptiveCardInvokeResponse, MessageActivityInput
from pydantic import TypeAdapter
from starlette.testclient import TestClient

from bot.channels.connections import Connection
from bot.channels.teams.case_cards import TeamsCards
from bot.channels.teams.client import Client
from bot.channels.teams.messenger import Messenger
from bot.channels.teams.reading import Reader
from bot.channels.teams.tokens import Keys, TokenCheck
from bot.channels.teams.webhook import TeamsWebhook
from bot.web.application import build_web
from tests.fakes import AS_FORM, NOON, ScriptedApp
from tests.teams_service import APP_ID, TENANT, TeamsService, key_set, token

ANSWER: TypeAdapter[Any] = TypeAdapter(AdaptiveCardInvokeResponse)
ANNA = {"id": "29:anna", "aadObjectId": "11111111-0000-4000-8000-00000000a22a"}
CALL = {"channelId": "msteams", "recipient": {"id": f"28:{APP_ID}"}}


class TeamsDriver:
    """A person in a personal chat; cards are pressed as Teams presses them."""

    def __init__(
        self,
        service: TeamsService,
        client: Client,
        app: Any = None,
        person: Mapping[str, str] = ANNA,
    ) -> None:
        service.created.clear()
        service.faults.clear()
        self.app = app or ScriptedApp()
        self.service = service
        self.person = person
        hosts = ("127.0.0.1",)
        reader = Reader(self.app, APP_ID, TENANT, hosts, client.is_guest, now=lambda: NOON)
        tokens = TokenCheck(APP_ID, Keys(key_set))

        def find_room(room: str) -> Mapping[str, object] | None:
            return self.app.room_address("teams", TENANT, room)

        self.messenger = Messenger(client, reader.words, find_room)
        cards = TeamsCards(client, reader.words("sv"), find_room)
        webhook = TeamsWebhook(tokens, reader)
        connection = Connection("teams", self.messenger, (webhook,), cards=cards)
        self.app.connect(connection)
        self.web = TestClient(build_web(self.app, connections=(connection,)))
        self.number = 0
        #: Messages seen so far.
        self.looked = 0
        self.last: dict[str, Any] = {}
        #: The card shown last, wherever it came from.
        self.card: dict[str, Any] = {}
        self.pressed: dict[str, Any] = {}

    def activity(self, **content: Any) -> dict[str, Any]:
        self.number += 1
        own = f"a:{self.person['id']}"
        conversation = {"id": own, "conversationType": "personal", "tenantId": TENANT}
        place = {"serviceUrl": self.service.url, "conversation": conversation, "from": self.person}
        return {"type": "message", "id": f"{own}:{self.number}", **CALL, **place, **content}

    def say(self, text: str, **changes: Any) -> str:
        self.last = self.activity(text=text, **changes)
        return self.redeliver()

    def redeliver(self) -> str:
        answer = self.post(self.last)
        assert answer.status_code == 200
        if answer.content:
            ANSWER.validate_python(answer.json())
            self.card = answer.json()["value"]
            return text_of(self.card)
        return self.look()

    def look(self) -> str:
        """What was sent since last time, or the latest message there is."""
        self.app.relay.deliver_due()
        shown = self.service.created[self.looked :] or self.service.created[-1:]
        self.looked = len(self.service.created)
        return "\n".join(self.see(activity) for _, activity in shown)

    def see(self, activity: dict[str, Any]) -> str:
        MessageActivityInput.model_validate(activity)
        cards = [each["content"] for each in activity.get("attachments", ())]
        self.card = cards[-1] if cards else {}
        text = re.sub(r"\\([\\`*_\[\]<>#|~])", r"\1", activity.get("text", ""))
        return "\n".join((text.replace("\n\n", "\n"), *map(text_of, cards)))

    def press(self, label: str, **inputs: str) -> str:
        [self.pressed] = [each for each in actions(self.card) if each["title"] == label]
        return self.press_again(label, **inputs)

    def pick(self, label: str) -> str:
        """The option with this label, whether it is a button or an entry of a list."""
        for listed in self.card.get("body", ()):
            for each in listed.get("choices", ()):
                if each["title"] == label:
                    [send] = [action for action in actions(self.card)
                              if action["data"].get("input") == listed["id"]]  # fmt: skip
                    return self.press(send["title"], **{listed["id"]: each["value"]})
        return self.press(label)

    def press_again(self, label: str, place: Mapping[str, str] | None = None, **inputs: str) -> str:
        data = {**self.pressed["data"], **inputs}
        action = {"type": "Action.Execute", "verb": self.pressed["verb"], "data": data}
        where = {"conversation": place} if place else {}
        self.last = self.activity(
            type="invoke", name="adaptiveCard/action", value={"action": action}, **where
        )
        return self.redeliver()

    def fill(self, values: Mapping[str, str]) -> str:
        """Fills in the card shown, options by their labels, and sends it."""
        if not any(each["verb"] == "submit" for each in actions(self.card)):
            self.press(AS_FORM)
        filled = {}
        for each in self.card["body"]:
            value = values.get(str(each.get("id", "")).removeprefix("field-"), "")
            known = {choice["title"]: choice["value"] for choice in each.get("choices", ())}
            if "id" in each:
                filled[each["id"]] = known.get(value, value)
        [send] = [each for each in actions(self.card) if each["verb"] == "submit"]
        return self.press(send["title"], **filled)

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
        if isinstance(node, dict) and node.get("type") == "FactSet":
            found.extend(f"{each['title']}: {each['value']}" for each in node["facts"])
        elif isinstance(node, dict):
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
