"""Asks questions of a corpus that is not in use, as a turn would, and keeps nothing of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.decision import Services
from bot.messages import ConversationKey, Envelope, Said, Text
from bot.turn import conversation_of, decide
from knowledge.evaluation import ASKED_BACK, Heard
from knowledge.retriever import Retriever
from storage.records import NewAnswer

KEY = ConversationKey("replay", "", "replay", "", "local")
#: Stands for the number of an answer nobody gets.
UNNUMBERED = "0"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a person sees first of an answer."""

    #: "answered", "near_miss", "no_answer", or the name of what is done instead.
    outcome: str
    #: The sentence that answers; for a near miss the nearest quote.
    text: str
    #: Where that stands; empty without a quote.
    document_id: str = ""
    locator: str = ""
    #: What the quoted text rests on, as gold questions name it.
    basis: str = ""


class Replay:
    """Asks one corpus."""

    def __init__(self, services: Services, retriever: Retriever, now: datetime) -> None:
        self._services = replace(
            services, retriever=lambda: retriever, number=lambda *_: UNNUMBERED
        )
        self._now = now

    def ask(self, question: str) -> tuple[Shown, Heard]:
        """What is shown of the answer, and what of it is judged."""
        envelope = Envelope(KEY, "replay", self._now, Said(question))
        _, decision, _ = decide(envelope, conversation_of(self._now), self._services)
        answer = next((each for each in decision.records if isinstance(each, NewAnswer)), None)
        facts = decision.facts
        outcome, quotes = str(facts.get("outcome", "dialog")), answer.quotes if answer else ()
        words = [answer.answer if answer else "", *(str(quote["text"]) for quote in quotes)]
        spoken = [part.text for part in decision.parts if isinstance(part, Text)]
        asked_back = ASKED_BACK if facts.get("missing") else ""
        heard = Heard(
            outcome, str(facts.get("intent", "question")),
            str(facts.get("verdict") or asked_back), " ".join([*spoken, *words]),
            tuple(str(quote["basis"]) for quote in quotes),
        )  # fmt: skip
        return _shown(outcome, words, quotes[0] if quotes else {}), heard


def _shown(outcome: str, words: list[str], quote: dict[str, object]) -> Shown:
    text = next(filter(None, words), "")
    place = (str(quote.get(name, "")) for name in ("document", "locator", "basis"))
    return Shown(outcome, text, *place)
