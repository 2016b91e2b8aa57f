"""Replies that need neither search nor dialog: greetings, refusals, thanks, "menade du …?"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from bot.answers import AnswerWriter
from bot.decision import Decision, Moment, Services
from bot.messages import Choices, Field, Form, Option, Part, Text
from bot.thread import Thread
from intents.classify import Intent
from intents.phrasebook import policy_topic
from knowledge.answering import Quote
from knowledge.model import Hit
from storage.records import NewFeedback

SMALLTALK = {
    "greeting": "hello",
    "thanks": "thanks",
    "bye": "bye",
    "praise": "thanks",
    "who": "who_are_you",
    "help": "what_i_can_do",
    "feeling": "small_talk",
    "language": "language_set",
}


class ShortReplies:
    """Says short things in one turn's language."""

    def __init__(self, services: Services, moment: Moment) -> None:
        self._services = services
        self._moment = moment

    def say(
        self, thread: Thread, key: str, *, facts: dict[str, object] | None = None, **values: str
    ) -> Decision:
        """One text of the catalogue."""
        language = self._moment.language
        text = self._services.texts.render(key, language, **values)
        return Decision((Text(text, language),), thread, facts or {"outcome": "smalltalk"})

    def greet(self, thread: Thread) -> Decision:
        """Who is talking, who answers for it and what not to write."""
        responsible = self._services.settings.responsible
        controller = responsible[:1].upper() + responsible[1:]
        facts: dict[str, object] = {"outcome": "smalltalk", "intent": "smalltalk"}
        greeting = self.say(thread, "common.greeting", facts=facts, controller=controller)
        url = self._services.settings.privacy_url
        if not url or self._moment.key.channel == "web":
            # The page there has the link below.
            return greeting
        return greeting.then(self.say(thread, "statement.greeting", url=url))

    def privacy(self, thread: Thread) -> Decision:
        """What is kept of whoever asks, and where they read more."""
        settings = self._services.settings
        where = settings.privacy_url or settings.support_mailbox
        days = str(settings.keep_messages_days)
        return self.say(thread, "statement.summary", days=days, where=where)

    def smalltalk(self, thread: Thread, intent: Intent) -> Decision:
        """A short word back."""
        facts: dict[str, object] = {"outcome": "smalltalk", "intent": "smalltalk"}
        if intent.topic == "greeting" and thread.active is not None:
            return self.say(thread, "common.hello_again", facts=facts)
        return self.say(thread, f"common.{SMALLTALK[intent.topic]}", facts=facts)

    def rescreened(self, told: Mapping[str, Any], thread: Thread) -> Decision:
        """A verdict given here is another one by the rule as it is read today."""
        texts, language = self._services.texts, self._moment.language
        was, becomes = (texts.render(f"screening.rescreened.{told[name]}", language)
                        for name in ("was", "becomes"))  # fmt: skip
        day = texts.show(date.fromisoformat(told["day"]), language)
        facts: dict[str, object] = {"outcome": "letter"}
        return self.say(thread, "screening.rescreened.told", facts=facts, number=told["number"],
                        day=day, was=was, becomes=becomes)  # fmt: skip

    def offer_draft(self, thread: Thread, key: str) -> Decision:
        """Says that a draft rests, with a button that goes on with it."""
        decision = self.say(thread, key, facts={"outcome": "dialog"})
        label = self._services.texts.render("common.button.resume", self._moment.language)
        button = Choices("offer:draft", (Option("resume", label),), "", "offer")
        return replace(decision, parts=(*decision.parts, button))

    def policy(self, thread: Thread, intent: Intent) -> Decision:
        """A topic outside the limits: why not, the nearest known fact, and the way to a human."""
        topic = policy_topic(intent.topic)
        facts: dict[str, object] = {"outcome": topic.outcome, "intent": "question"}
        values = {
            "support_mailbox": self._services.settings.support_mailbox,
            "whistleblowing": self._services.settings.whistleblowing,
        }
        decision = self.say(thread, f"policy.{intent.topic}", facts=facts, **values)
        parts: tuple[Part, ...] = (*decision.parts, *self._article(topic.article))
        if topic.outcome == "handover":
            parts = (*parts, self._handover(""))
        return replace(decision, parts=parts, forget_text=topic.forgotten)

    def clarify(self, thread: Thread, text: str, intent: Intent) -> Decision:
        """ "Menade du …?" when two readings are close."""
        texts, language = self._services.texts, self._moment.language
        names = intent.clarify or intent.alternatives
        options = tuple(Option(n, texts.render(f"answer.meant.{n}", language)) for n in names)
        decision = self.say(thread, "common.clarify", facts={"outcome": "dialog"})
        buttons = Choices(f"clarify:{text[:400]}", options, "", "offer")
        return replace(decision, parts=(*decision.parts, buttons))

    def feedback(self, number: str, vote: str, thread: Thread) -> Decision:
        """A vote on an answer; after a no, a human and room for one word why."""
        if vote not in {"yes", "no"} or not number:
            return self.say(thread, "answer.feedback.unknown")
        decision = self.say(thread, f"answer.feedback.thanks_{vote}")
        decision = replace(decision, records=(NewFeedback(number, vote),))
        if vote == "yes":
            return decision
        parts = (*decision.parts, self._handover(number), self._comment(number))
        return replace(decision, parts=parts)

    def _article(self, name: str) -> tuple[Part, ...]:
        passages = self._services.retriever().index.passages
        found = [passage for passage in passages if name and passage.document_id == name]
        if not found:
            return ()
        quotes = [Quote(Hit(p, 1.0, {}), p.text, p.start, p.end) for p in found[:1]]
        writer = AnswerWriter(self._services.texts)
        return (writer.sources(quotes, self._moment.language, self._moment.today, strong=False),)

    def _handover(self, number: str) -> Choices:
        label = self._services.texts.render("answer.offer.handover", self._moment.language)
        return Choices(f"offer:{number}", (Option("handover", label),), "", "offer")

    def _comment(self, number: str) -> Form:
        def say(key: str) -> str:
            return self._services.texts.render(f"answer.feedback.comment_{key}", language)

        language = self._moment.language
        field = Field("comment", say("label"), "long_text", required=False, help=say("help"))
        return Form(f"comment:{number}", say("title"), (field,), say("send"))


def before_buttons(parts: Sequence[Part]) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """The parts before the first buttons, and the rest."""
    for number, part in enumerate(parts):
        if isinstance(part, Choices):
            return tuple(parts[:number]), tuple(parts[number:])
    return tuple(parts), ()
