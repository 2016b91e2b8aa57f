"""What is shown in Slack, checked by Slack's own models and the checks they lack."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import settings as sizes
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.channels.connections import Alert
from bot.channels.plain_text import words_of
from bot.channels.slack.blocks import Origin, alert_blocks, to_messages
from bot.channels.slack.cards import card_blocks
from bot.channels.slack.modals import form_view, home_view, text_view
from bot.messages import File, Form, Reply, Text
from bot.port import Belongings
from tests.fakes import CARDS, RECORD, ScriptedApp
from tests.reply_strategies import replies
from tests.slack_person import ROOM


@sizes(max_examples=60)
@given(replies())
def test_every_reply_becomes_blocks_slack_takes(reply: Reply) -> None:
    words = words_of(ScriptedApp(), "slack", "sv")
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


def test_cards_and_cases_to_read_are_blocks_slack_takes() -> None:
    words = words_of(ScriptedApp(), "slack", "sv")
    for card in CARDS:
        faultless(card_blocks(card, words), 50)
    view = text_view("BL-2026-0001", [Text("<!channel> " * 1_000)] * 60, words)
    faultless(view["blocks"], most=100)
    View(**view).to_dict()


def test_home_and_alerts_are_blocks_slack_takes() -> None:
    words = words_of(ScriptedApp(), "slack", "sv")
    receipts = [File(f"A-{n}.docx", "x", f"receipt:A-{n}:docx", f"Kvitto A-{n}") for n in range(9)]
    own = Belongings(("Avsteg", "Avsteg"), (RECORD, *receipts))
    faultless(home_view(own, "D1", words, "https://x.example/integritet")["blocks"], 100)
    alert = Alert("A-1", "deviation", "<!channel> <@U1>", "2026-03-09", "https://x.example/a", True)
    faultless(alert_blocks(alert, words), 50)
