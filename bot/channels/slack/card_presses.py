"""Presses on cards of cases: what only the presser may see is a modal, or a word to them alone."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from bot.channels.connections import Delivery, Response
from bot.channels.plain_text import Words, words_of
from bot.channels.slack.addressing import Addressing, Spot
from bot.channels.slack.blocks import Origin, to_messages
from bot.channels.slack.client import Client
from bot.channels.slack.listeners import Body
from bot.channels.slack.modals import View, form_view, text_view
from bot.messages import Chose, Form, Reply, Text
from bot.outbox import Refused
from bot.port import App

log = structlog.get_logger()

#: Stands for the thread in the key of what one person does with one case; no message has it.
CASE_THREAD = "case-"


@dataclass(slots=True)
class CardPresses:
    """Reads presses of the buttons of cards."""

    app: App
    client: Client
    at: Addressing

    def pressed(self, body: Body) -> Delivery:
        """A turn of its own; the same button of the same card pressed twice is one."""
        interaction, _, act = str(body["actions"][0]["value"]).rpartition("|")
        spot = self._spot(body, interaction.split(":")[1])
        identity = f"{interaction}:{act}:{spot.person}"
        envelope = self.at.envelope(identity, Chose(interaction, act), spot, in_band=True)
        return Delivery(envelope, lambda reply: self._answered(body, spot, reply))

    def _spot(self, body: Body, number: str) -> Spot:
        person, room = str(body["user"]["id"]), str(body["container"]["channel_id"])
        origin = Origin(room, f"{CASE_THREAD}{number}")
        return Spot(origin, person, room, shared=True, url=str(body.get("response_url") or ""))

    def _answered(self, body: Body, spot: Spot, reply: Reply) -> Response:
        """Best effort: what was pressed has happened, and the card itself is drawn anew."""
        words = words_of(self.app, "slack", reply.language)
        view = private_view(reply, spot.origin, words)
        try:
            if view is not None:
                trigger = str(body["trigger_id"])
                self.client.send(lambda web: web.views_open(trigger_id=trigger, view=view))
                return Response()
        except Refused as error:
            log.warning("modal not shown", channel="slack", error=str(error))
        for message in to_messages(reply.parts, spot.origin, words):
            shown = {name: message[name] for name in ("text", "blocks")}
            self.client.respond(
                spot.url, response_type="ephemeral", replace_original=False, **shown
            )
        return Response()


def private_view(reply: Reply, origin: Origin, words: Words) -> View | None:
    """A form or a case to read as a modal; None for a word or two."""
    for part in reply.parts:
        if isinstance(part, Form):
            return form_view(part, origin, words)
    if not reply.parts or refusal(reply) is not None:
        return None
    return text_view(str(reply.facts.get("case", "")), reply.parts, words)


def refusal(reply: Reply) -> Text | None:
    """Why a press on a card did nothing."""
    said = (part for part in reply.parts if isinstance(part, Text) and part.role == "error")
    return next(said, None) if reply.facts.get("outcome") == "case" else None
