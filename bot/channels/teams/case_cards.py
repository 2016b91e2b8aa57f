"""Cards of cases in Teams' rooms: one message each, edited in place.

What a press is answered with replaces the card for whoever pressed, and for nobody else
(learn.microsoft.com, "Sequential Workflows"); all others see the message edited.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.channels.plain_text import Words
from bot.channels.teams.cards import (
    CHOOSE,
    PICKED,
    Element,
    attachment,
    execute,
    link,
    run,
    to_card,
    to_root,
)
from bot.channels.teams.cards import Card as AdaptiveCard
from bot.channels.teams.client import Client
from bot.messages import Card, Reply, Text
from bot.outbox import Refused

#: What the service says of a message that is gone; of one deleted by a person it says 403
#: (github.com/microsoft/BotFramework-Services/issues/269).
GONE = {"status 400", "status 403", "status 404"}
#: In the id of a team's channel, where alone a message has a thread.
CHANNELS = ("@thread.tacv2", "@thread.skype")


#: First part of the ids of what is pressed on a card.
CASE = "card"


class TeamsCards:
    """See ``bot.channels.connections.CardRooms``; a reference has the message's ``id``."""

    def __init__(
        self,
        client: Client,
        words: Words,
        find_room: Callable[[str], Mapping[str, object] | None],
    ) -> None:
        self._client = client
        self._words = words
        self._find_room = find_room

    def draw(self, place: str, card: Card, reference: Mapping[str, Any]) -> Mapping[str, Any]:
        """Edits the message, or sends one where there is none."""
        service = self._service(place)
        activity = {
            "type": "message",
            "summary": f"{card.number} {card.line}",
            "attachments": [attachment(case_card(card, self._words))],
        }
        if reference and self._edited(service, place, str(reference["id"]), activity):
            return reference
        return {"id": self._client.create(service, place, activity)}

    def remark(self, place: str, reference: Mapping[str, Any], text: str) -> None:
        """Below the card in a channel; a group chat has no threads."""
        where = f"{place};messageid={reference['id']}" if place.endswith(CHANNELS) else place
        message = {"type": "message", "textFormat": "plain", "text": text}
        self._client.create(self._service(place), where, message)

    def _edited(self, service: str, place: str, identity: str, activity: dict[str, Any]) -> bool:
        try:
            self._client.update(service, place, identity, {**activity, "id": identity})
        except Refused as error:
            if str(error) in GONE:
                return False
            raise
        return True

    def _service(self, place: str) -> str:
        room = self._find_room(place)
        if room is None:
            raise Refused("the bot has not been added there")
        return str(room["service"])


def case_card(card: Card, words: Words, told: str = "") -> AdaptiveCard:
    """Number and line, the facts and the buttons; ``told`` is a word to whoever pressed one."""
    facts = [{"title": label, "value": value} for label, value in card.facts]
    buttons = [
        execute(option.label, CHOOSE, {"interaction": card.interaction, PICKED: option.value})
        for option in card.buttons
    ]
    body: list[Element] = [
        *([run(told, color="Attention")] if told else ()),
        run(f"{card.number} {card.line}", weight="Bolder"),
        {"type": "FactSet", "facts": facts},
        *([{"type": "ActionSet", "actions": buttons}] if buttons else ()),
        link(card.link, words("alert_open")),
    ]
    return to_root(body)


def answer_card(card: Card, reply: Reply, words: Words) -> AdaptiveCard:
    """What whoever pressed sees in the card's place: a form, the case, or the card as it is now."""
    said = [part.text for part in reply.parts if isinstance(part, Text) and part.role == "error"]
    if said or not reply.parts:
        return case_card(card, words, "\n".join(said))
    back = execute(words("back"), CHOOSE, {"interaction": card.interaction, PICKED: "look"})
    shown = to_card(reply.parts, words)
    # Whoever goes back need not fill in anything first.
    shown["body"].append({"type": "ActionSet", "actions": [{**back, "associatedInputs": "none"}]})
    return shown
