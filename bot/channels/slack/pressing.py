"""Pressed buttons and sent modals as envelopes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import structlog

from bot.channels.buttons import LOOK_BACK, digest_of, find_form, read_button
from bot.channels.connections import Delivery, Response
from bot.channels.plain_text import words_of
from bot.channels.slack.addressing import Addressing, Spot
from bot.channels.slack.blocks import FILE, FORM, RESUME, Origin, section, to_messages
from bot.channels.slack.card_presses import CardPresses, refusal
from bot.channels.slack.cards import CASE
from bot.channels.slack.client import Client
from bot.channels.slack.listeners import Body
from bot.channels.slack.messenger import form_faults
from bot.channels.slack.modals import form_view, read_metadata, read_values, text_view
from bot.messages import Command, Reply, Text
from bot.outbox import Refused
from bot.port import App, OpenedFile

log = structlog.get_logger()


@dataclass(slots=True)
class Presses:
    """Reads presses of our own messages, whichever release wrote them."""

    app: App
    client: Client
    at: Addressing

    def pressed(self, body: Body) -> Delivery:
        """A button or an entry of a menu."""
        action = body["actions"][0]
        verb = str(action["action_id"]).partition("-")[0]
        if verb == CASE:
            return CardPresses(self.app, self.client, self.at).pressed(body)
        data, spot = self._read(body, action)
        if verb == FILE:
            return Delivery(before=lambda: self._send_file(data, spot))
        if verb == FORM:
            return Delivery(before=lambda: self._open(str(body["trigger_id"]), data, spot))
        identity = f"press:{spot.person}:{action['action_ts']}"
        if verb == RESUME:
            return Delivery(self.at.envelope(identity, Command("resume"), spot))
        turns = self.app.turns(self.at.key(spot), LOOK_BACK)
        chosen, is_dialog = read_button(data, turns)
        if spot.shared and not chosen.value:
            # Somebody else's question: only whoever pressed is told so.
            spot = replace(spot, url=str(body.get("response_url") or ""))
        envelope = self.at.envelope(identity, chosen, spot)
        if not is_dialog:
            return Delivery(envelope)
        asked = any(getattr(part, "interaction", "") == chosen.interaction
                    for part in turns[-1].reply.parts)  # fmt: skip
        return Delivery(envelope, lambda reply: self._answered(body, reply, pending=asked))

    def submitted(self, body: Body) -> Delivery:
        """A modal; its faults are shown beside its fields, its answer in the direct messages."""
        view = body["view"]
        digest, origin = read_metadata(view["private_metadata"])
        spot = replace(self._direct(body), origin=origin, modal=True)
        form = find_form(digest, self.app.turns(self.at.key(spot), LOOK_BACK))
        if form is None:
            return Delivery(before=lambda: self._tell(spot, "no_longer"))
        content = read_values(form, view["state"]["values"])
        identity = f"view:{view['id']}:{digest_of(repr(content))}"
        return Delivery(self.at.envelope(identity, content, spot), self._sent)

    def _sent(self, reply: Reply) -> Response:
        """Faults keep the modal open, a refusal takes its place; an empty answer closes it."""
        faults: dict[str, Any] = form_faults(reply)
        if faults:
            return Response(200, {"response_action": "errors", "errors": faults})
        if refusal(reply) is None:
            return Response()
        words = words_of(self.app, "slack", reply.language)
        view = text_view(str(reply.facts["case"]), reply.parts, words)
        return Response(200, {"response_action": "update", "view": view})

    def _read(self, body: Body, action: Body) -> tuple[str, Spot]:
        """What a button carries and whose conversation it belongs to."""
        value = (action.get("selected_option") or action).get("value")
        data, room, thread = [*str(value or "").rsplit("|", 2), "", ""][:3]
        container, direct = body["container"], self._direct(body)
        origin = Origin(room, thread) if room else direct.origin
        if origin == direct.origin:
            own = (body.get("message") or {}).get("thread_ts") or ""
            return data, replace(direct, thread=str(own))
        if container.get("is_ephemeral"):
            url = str(body.get("response_url") or "")
            return data, replace(direct, origin=origin, shared=True, url=url)
        here = str(container.get("channel_id") or "")
        spot = self.at.room(room, thread, direct.person)
        # Pressed where we wrote in private about a conversation elsewhere.
        return data, spot if here == room else replace(direct, origin=origin)

    def _direct(self, body: Body) -> Spot:
        return self.at.direct(str(body["user"]["id"]))

    def _answered(self, body: Body, reply: Reply, *, pending: bool) -> Response:
        """A question that was pending says what was chosen, an old one loses its buttons.

        Best effort: the answer is stored, whatever becomes of the buttons.
        """
        message, action = body.get("message"), body["actions"][0]
        if not message or "block_id" not in action:
            return Response()
        picked = (action.get("selected_option") or action)["text"]["text"]
        chosen = words_of(self.app, "slack", reply.language)("chosen", label=picked)
        told = [section(chosen)] if pending else []
        blocks = [
            each
            for block in message.get("blocks", ())
            for each in (told if block.get("block_id") == action["block_id"] else [block])
        ]
        text = str(message.get("text") or chosen)
        where = {"channel": body["container"]["channel_id"], "ts": message["ts"]}
        try:
            self.client.send(lambda web: web.chat_update(**where, text=text, blocks=blocks))
        except Refused as error:
            log.info("buttons left", channel="slack", error=str(error))
        return Response()

    def _open(self, trigger: str, digest: str, spot: Spot) -> None:
        """The modal, within the three seconds the trigger lives."""
        form = find_form(digest, self.app.turns(self.at.key(spot), LOOK_BACK))
        if form is None:
            self._tell(spot, "no_longer")
            return
        view = form_view(form, spot.origin, self.at.words(self.app, spot))
        self.client.send(lambda web: web.views_open(trigger_id=trigger, view=view))

    def _send_file(self, reference: str, spot: Spot) -> None:
        """The file, always in the direct messages: it is the asker's own."""
        opened = self.app.open_file(reference, self.at.key(spot))
        if opened is None:
            self._tell(spot, "file_missing")
            return
        direct = self.at.direct(spot.person)
        thread = spot.thread if spot.channel == direct.channel else ""
        try:
            self.client.send(
                lambda web: web.files_upload_v2(
                    channel=direct.channel,
                    thread_ts=thread or None,
                    filename=opened.name,
                    content=opened.content,
                )
            )
        except Refused as error:
            log.warning("file not sent", channel="slack", error=str(error))
            self._show_instead(opened, replace(direct, thread=thread))

    def _show_instead(self, opened: OpenedFile, spot: Spot) -> None:
        """A text in the chat itself; of another file where else it is to be had."""
        words = self.at.words(self.app, spot)
        mailbox = self.app.settings.support_mailbox
        told = [words("file_failed", name=opened.name, mailbox=mailbox)]
        if opened.media_type.startswith("text/"):
            content = opened.content.decode("utf-8", "replace")
            told = [words("file_as_text", name=opened.name), content]
        for message in to_messages(map(Text, told), spot.origin, words):
            self._post(spot, message)

    def _tell(self, spot: Spot, key: str) -> None:
        text = self.at.words(self.app, spot)(key)
        self._post(self.at.direct(spot.person), {"text": text})

    def _post(self, spot: Spot, message: Mapping[str, Any]) -> None:
        thread = spot.thread or None
        self.client.send(
            lambda web: web.chat_postMessage(channel=spot.channel, thread_ts=thread, **message)
        )
