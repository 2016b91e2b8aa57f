"""Cards of cases in Slack's rooms: one message each, edited in place (chat.update)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.channels.plain_text import Words
from bot.channels.slack.blocks import LONGEST, Block, escape, link, note, plain, section, summary
from bot.channels.slack.client import Client
from bot.messages import Card
from bot.outbox import Refused

#: Verb of a card's buttons.
CASE = "case"
#: What Slack says of a message that is gone, or too old to be edited.
GONE = {"message_not_found", "edit_window_closed", "cant_update_message"}
#: Acts whose button stands out.
STYLES = {"take": "primary"}


class SlackCards:
    """See ``bot.channels.connections.CardRooms``; a reference has ``channel`` and ``ts``."""

    def __init__(self, client: Client, words: Words) -> None:
        self._client = client
        self._words = words

    def draw(self, place: str, card: Card, reference: Mapping[str, Any]) -> Mapping[str, Any]:
        """Edits the message, or sends one where there is none."""
        blocks = card_blocks(card, self._words)
        # Screen readers and notifications read the text alone.
        message: dict[str, Any] = {"text": spoken(card), "blocks": blocks}
        if reference and self._edited(reference, message):
            return reference
        told = self._client.send(
            lambda web: web.chat_postMessage(
                channel=place, unfurl_links=False, unfurl_media=False, **message
            )
        )
        return {"channel": str(told.get("channel") or place), "ts": str(told["ts"])}

    def remark(self, place: str, reference: Mapping[str, Any], text: str) -> None:
        """In the card's thread and in the room: nobody follows the thread of a bot's message."""
        blocks = [section(text)]
        self._client.send(
            lambda web: web.chat_postMessage(
                channel=place, thread_ts=reference["ts"], reply_broadcast=True,
                text=summary(blocks), blocks=blocks,
            )
        )  # fmt: skip

    def _edited(self, reference: Mapping[str, Any], message: Mapping[str, Any]) -> bool:
        try:
            self._client.send(lambda web: web.chat_update(**reference, **message))
        except Refused as error:
            if str(error) in GONE:
                return False
            raise
        return True


def card_blocks(card: Card, words: Words) -> list[Block]:
    """Number and line, the facts, the buttons, and a link for whoever wants the whole page."""
    buttons = [_button(card, option.value, option.label) for option in card.buttons]
    blocks = [section(f"{card.number} {card.line}"), note(_facts(card))]
    blocks += [{"type": "actions", "elements": buttons}] if buttons else []
    return [*blocks, link(card.link, words("alert_open"))]


def spoken(card: Card) -> str:
    """The card in words."""
    return escape(f"{card.number} {card.line}\n{_facts(card)}")[:LONGEST]


def _facts(card: Card) -> str:
    return "\n".join(f"{label}: {value}" for label, value in card.facts)


def _button(card: Card, act: str, label: str) -> Block:
    style = {"style": STYLES[act]} if act in STYLES else {}
    return {
        "type": "button", "action_id": f"{CASE}-{act}", "text": plain(label), **style,
        "value": f"{card.interaction}|{act}",
    }  # fmt: skip
