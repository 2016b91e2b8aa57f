"""Cards and messages for Teams: any reply fits, and Microsoft's own renderer finds no fault."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import seed as seeded

from bot.channels.connections import Alert
from bot.channels.teams.activities import to_activity
from bot.channels.teams.cards import LARGEST, alert_card, size, to_card
from bot.channels.teams.case_cards import answer_card, case_card
from bot.messages import Choices, Form, Reply
from bot.texts import load_texts
from tests.fakes import CARDS, say
from tests.reply_strategies import replies

CHECK = Path(__file__).parent / "e2e" / "check_cards.cjs"
TEXTS = load_texts()


def words(key: str, **values: Any) -> str:
    return TEXTS.render(f"teams.{key}", "sv", **values)


@settings(max_examples=60)
@given(replies())
def test_every_reply_becomes_a_message_teams_takes(reply: Reply) -> None:
    card = to_card(reply.parts, words)
    assert size(card) <= LARGEST * 3
    for shared in (False, True):
        activity = to_activity(reply, words, shared=shared)
        assert activity.get("text") or activity.get("attachments")


def test_microsofts_renderer_finds_nothing_wrong_with_the_cards(node: str, seed: int) -> None:
    alert = Alert("A-1", "deviation", "Avsteg", "2026-03-09", "https://x.example/a", True)
    made = [alert_card(alert, words), *(case_card(card, words, "Nej.") for card in CARDS)]
    form = say("Ärendet").parts
    made.append(answer_card(CARDS[0], Reply(form, "sv", {"case": "A-1"}), words))

    @seeded(seed)
    @settings(max_examples=80, database=None, phases=[Phase.generate])
    @given(replies().filter(asks_each_question_once))
    def make(reply: Reply) -> None:
        made.append(to_card(reply.parts, words, "Ja"))

    make()
    assert card_faults(node, made) == [[] for _ in made]
    nonsense = {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "Input.Text"}]}
    assert card_faults(node, [nonsense]) != [[]]


def asks_each_question_once(reply: Reply) -> bool:
    """As the application does: no interaction twice, and one form at most."""
    asked = [part for part in reply.parts if isinstance(part, Choices | Form)]
    forms = sum(isinstance(part, Form) for part in asked)
    return forms < 2 and len({part.interaction for part in asked}) == len(asked)


def card_faults(node: str, cards: list[dict[str, Any]]) -> list[list[str]]:
    """What the renderer says about each card."""
    ran = subprocess.run(
        [node, str(CHECK)], input=json.dumps(cards), capture_output=True, text=True, check=True
    )
    found: list[list[str]] = json.loads(ran.stdout)
    return found


def test_a_long_reply_is_cut_and_says_where_the_rest_is() -> None:
    card = to_card(say("ord " * 20_000).parts, words)
    assert size(card) <= LARGEST
    assert "Spara till akten" in json.dumps(card)
