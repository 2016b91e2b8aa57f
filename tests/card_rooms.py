"""The support function's rooms in Slack and Teams, with people who press cards there."""

from __future__ import annotations

from typing import Any, Protocol

from bot.app import App
from bot.channels.teams.case_cards import CHANNELS
from bot.channels.teams.client import Client
from storage.people import first_id
from tests.slack_person import ROOM as SLACK_ROOM
from tests.slack_person import SlackDriver, buttons, seen
from tests.slack_server import DELETED, SlackServer
from tests.teams_person import TeamsDriver, actions, text_of
from tests.teams_service import TENANT, TeamsService

TEAMS_ROOM = "19:stod" + CHANNELS[0]


class CardRoom(Protocol):
    """A room with cards, and its people by short names."""

    place: str

    def person(self, name: str) -> str:
        """The id of somebody nobody has linked to another channel."""
        ...

    def card(self) -> str:
        """What everybody reads on the newest card."""
        ...

    def buttons(self) -> list[str]:
        """Their labels."""
        ...

    def press(self, name: str, label: str) -> str:
        """What only the one who pressed sees."""
        ...

    def fill(self, name: str, text: str) -> str:
        """Sends the form that was opened; what its sender sees."""
        ...

    def say(self, name: str, text: str) -> None:
        """Writes to the bot in private."""
        ...

    def again(self) -> str:
        """The platform tells of the last press or form once more."""
        ...

    def below(self, number: str) -> list[str]:
        """What was said below a case's card."""
        ...

    def sent(self, number: str) -> int:
        """How often a case's card was sent, edits left out."""
        ...

    def delete(self) -> None:
        """Somebody deletes the newest card."""
        ...


class SlackRoom:
    """A channel in Slack."""

    place = f"slack:{SLACK_ROOM}"

    def __init__(self, server: SlackServer, app: App) -> None:
        self.server = server
        self.driver = SlackDriver(server, app)
        self.driver.look()
        self.number = 0

    def person(self, name: str) -> str:
        return first_id("slack:T1", f"U{name}")

    def message(self) -> tuple[tuple[str, str], dict[str, Any]]:
        self.driver.look()
        return [
            (place, each) for place, each in self.server.messages.items()
            if place[0] == SLACK_ROOM and buttons(each)
        ][-1]  # fmt: skip

    def card(self) -> str:
        return seen(self.message()[1])

    def buttons(self) -> list[str]:
        return [each["text"]["text"] for each in buttons(self.message()[1])]

    def press(self, name: str, label: str) -> str:
        (channel, ts), message = self.message()
        [button] = [each for each in buttons(message) if each["text"]["text"] == label]
        self.number += 1
        payload = {
            "type": "block_actions", "user": {"id": f"U{name}"}, "trigger_id": f"t{self.number}",
            "container": {"type": "message", "channel_id": channel, "message_ts": ts},
            "actions": [{**button, "block_id": "b", "action_ts": f"17.{self.number}"}],
            "response_url": f"{self.server.url}hook",
        }  # fmt: skip
        return self.private(lambda: self.driver.interact(**payload))

    def fill(self, name: str, text: str) -> str:
        view = self.server.made("views.open")[-1]["view"]
        [block] = [each for each in view["blocks"] if each["type"] == "input"]
        options = block["element"].get("options")
        value: dict[str, Any] = {"value": text}
        if options:
            [picked] = [each for each in options if each["text"]["text"] == text]
            value = {"selected_option": picked}
        state = {block["block_id"]: {block["element"]["action_id"]: value}}
        given = {part: view[part] for part in ("type", "callback_id", "private_metadata")}
        sent = {"id": f"V{self.number}", "state": {"values": state}, **given}
        return self.private(
            lambda: self.driver.interact(type="view_submission", user={"id": f"U{name}"}, view=sent)
        )

    def say(self, name: str, text: str) -> None:
        self.driver.say(text, user=f"U{name}", channel=f"DU{name}")

    def again(self) -> str:
        return self.private(self.driver.redeliver)

    def private(self, act: Any) -> str:
        before = len(self.server.calls)
        act()
        told = [given for method, given in self.server.calls[before:] if method == "hook"]
        views = [given["view"] for method, given in self.server.calls[before:]
                 if method == "views.open"]  # fmt: skip
        answer = self.driver.answer
        faults = list(answer.get("errors", {}).values())
        shown = [seen(each) for each in (*told, *views, answer.get("view", {}))]
        return "\n".join(filter(None, (*shown, *faults)))

    def below(self, number: str) -> list[str]:
        self.driver.look()
        said = [seen(each) for (room, _), each in self.server.messages.items()
                if room == SLACK_ROOM and each.get("thread_ts")]  # fmt: skip
        return [text for text in said if text.startswith(number)]

    def sent(self, number: str) -> int:
        self.driver.look()
        cards = [each for each in self.server.made("chat.postMessage") if buttons(each)]
        return sum(seen(each).startswith(number) for each in cards)

    def delete(self) -> None:
        place, _ = self.message()
        self.server.messages[place] = DELETED


class TeamsRoom:
    """A channel of a team."""

    place = f"teams:{TEAMS_ROOM}"

    def __init__(self, service: TeamsService, client: Client, app: App) -> None:
        self.service = service
        service.messages.clear()
        self.driver = TeamsDriver(service, client, app)
        room = {"id": TEAMS_ROOM, "conversationType": "channel", "tenantId": TENANT}
        self.driver.say("hej", conversation=room)
        #: Name -> the card only they see.
        self.own: dict[str, dict[str, Any]] = {}

    def person(self, name: str) -> str:
        return first_id(f"teams:{TENANT}", f"aad-{name}")

    def message(self) -> tuple[str, dict[str, Any]]:
        self.driver.app.relay.deliver_due()
        return [
            (identity, each["attachments"][0]["content"])
            for identity, each in self.service.messages.items()
            if each and each.get("attachments") and "Läge" in str(each)
        ][-1]

    def card(self) -> str:
        return text_of(self.message()[1])

    def buttons(self) -> list[str]:
        every = actions(self.message()[1])
        return [each["title"] for each in every if each["type"] == "Action.Execute"]

    def press(self, name: str, label: str) -> str:
        self.own.pop(name, None)
        return self.execute(name, label)

    def fill(self, name: str, text: str) -> str:
        [field] = [each for each in self.own[name]["body"] if each["type"].startswith("Input.")]
        picked = [each["value"] for each in field.get("choices", ()) if each["title"] == text]
        send = actions(self.own[name])[0]["title"]
        return self.execute(name, send, {field["id"]: (picked or [text])[0]})

    def execute(self, name: str, label: str, inputs: dict[str, str] | None = None) -> str:
        identity, everybodys = self.message()
        every = actions(self.own.get(name, everybodys))
        [action] = [each for each in every if each["title"] == label]
        data = {**action["data"], **(inputs or {})}
        room = {"id": f"{TEAMS_ROOM};messageid={identity}", "conversationType": "channel",
                "tenantId": TENANT}  # fmt: skip
        self.driver.last = self.driver.activity(
            type="invoke", name="adaptiveCard/action", conversation=room,
            value={"action": {"type": "Action.Execute", "verb": action["verb"], "data": data}},
            **{"from": somebody(name)},
        )  # fmt: skip
        shown = self.driver.redeliver()
        self.own[name] = self.driver.card
        return shown

    def say(self, name: str, text: str) -> None:
        own = {"id": f"a:{name}", "conversationType": "personal", "tenantId": TENANT}
        self.driver.say(text, conversation=own, **{"from": somebody(name)})

    def again(self) -> str:
        return self.driver.redeliver()

    def below(self, number: str) -> list[str]:
        self.driver.app.relay.deliver_due()
        said = [str(each.get("text")) for where, each in self.service.created
                if ";messageid=" in where]  # fmt: skip
        return [text for text in said if text.startswith(number)]

    def sent(self, number: str) -> int:
        self.driver.app.relay.deliver_due()
        cards = [str(each) for _, each in self.service.created if "Läge" in str(each)]
        return sum(f"{number} " in card for card in cards)

    def delete(self) -> None:
        self.service.messages[self.message()[0]] = None


def somebody(name: str) -> dict[str, str]:
    """A member of the tenant as Teams tells of them."""
    return {"id": f"29:{name}", "aadObjectId": f"aad-{name}"}
