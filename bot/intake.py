"""A message no dialog waits for: an answer, a short reply, or a dialog that begins."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.answers import AnswerWriter
from bot.asking import answer_question
from bot.conversing import Conversing
from bot.decision import Decision, Moment, Services
from bot.examples import ExampleShelf
from bot.identity import linking_helps
from bot.messages import Choices, Option
from bot.screening import basis_quotes, judge, list_line, told_facts
from bot.short_replies import ShortReplies, before_buttons
from bot.thread import Thread
from intents.asked_whether import asked_whether
from intents.classify import Intent
from intents.dialogs import load_dialogs
from intents.exchange import Begin, Resume
from intents.grosslist import Policy
from intents.hearing import dialog_for
from intents.language import fold
from intents.screening import policy_of

#: Dialogs that file a report in somebody's name.
FILES = {"deviation", "deviation_annual"}
#: "Blir det ett avsteg då?" names nothing the guidance could tell apart.
BARE = 6
OUTCOMES = {"handover": "handover", "screening": "screening", "report_status": "status"}
_RESUMES = re.compile(
    r"\b(fortsatt|fortsatta|ater|resume|continue|go on)\w*\b"
    r".*\b(rapport|utkast|report|draft|avsteg)"
)
#: Points back at the question that was answered, or at the answer.
_SAYS_THIS = re.compile(
    r"\b(det har|detta|det dar|den har|fragan|min fraga|svaret|ditt svar|du forstar|du fattar"
    r"|hjalper inte|hjalpte inte|vidare|this|that|my question|your answer|forward"
    r"|instead|i stallet)\b"
)


class Intake:
    """Takes what no dialog waits for, in one turn."""

    def __init__(self, services: Services, moment: Moment) -> None:
        self._services = services
        self._moment = moment
        self._dialogs = Conversing(services, moment)
        self._short = ShortReplies(services, moment)
        self._examples = ExampleShelf(services, moment)

    def take(self, text: str, thread: Thread, intent: Intent) -> Decision:
        """What a message with this intent leads to."""
        if intent.clarify or intent.alternatives:
            return self._short.clarify(thread, text, intent)
        if intent.name == "smalltalk":
            return self._short.smalltalk(thread, intent)
        if intent.name == "policy":
            return self._short.policy(thread, intent)
        if intent.name == "question":
            return self.answer(text, thread)
        if (intent.name, intent.topic) == ("example", "read"):
            return self._examples.show(text, thread)
        return self._told(text, thread, intent)

    def _told(self, text: str, thread: Thread, intent: Intent) -> Decision:
        asked = asked_whether(text) if intent.name == "deviation" else ""
        if asked and self._moment.may_report:
            return self._answered_first(asked, text, thread)
        return self.start(dialog_for(intent), Begin(text), thread, intent.name)

    def _answered_first(self, asked: str, story: str, thread: Thread) -> Decision:
        """The answer to a question about what was told, with a button that reports it."""
        texts, language = self._services.texts, self._moment.language
        label = texts.render("answer.offer.report", language)
        prompt = texts.render("answer.offer.report_told", language)
        button = Option(f"deviation:{story}", label)
        offer = Choices(f"offer:{self._services.new_id()}", (button,), prompt, "offer")
        if len(asked.split()) <= BARE:
            asked = texts.render("answer.offer.what_counts", language)
        decision = self.answer(asked, thread)
        return replace(decision, parts=(*decision.parts, offer))

    def answer(self, text: str, thread: Thread) -> Decision:
        """The guidance answers; a verdict about numbers in the question follows on its own line."""
        told = told_facts(text, self._moment.today, self._policy())
        search = told.rest if told else ""
        decision = answer_question(text, thread, self._services, self._moment, search)
        if told is None:
            return decision
        if decision.facts["outcome"] != "answered" and not told.about_duty:
            return self.start("screening", Begin(text), thread, "screening")
        line = list_line(told.verdict, self._services.texts, self._moment.language)
        head, tail = before_buttons(decision.parts)
        reasons = list(told.verdict.reasons)
        facts = {**decision.facts, "verdict": told.verdict.verdict, "reasons": reasons,
                 "missing": list(told.verdict.missing)}  # fmt: skip
        return replace(decision, parts=(*head, line, *tail), facts=facts)

    def start(self, name: str, begin: Begin, thread: Thread, intent: str) -> Decision:
        """Begins a dialog on top of the thread, or goes on with the report it speaks of."""
        if name not in load_dialogs():
            return self.answer(begin.text, thread)
        if name in FILES and not (self._moment.may_report or self._moment.outsider):
            helps = linking_helps(self._moment.key.channel, self._services.settings)
            key = "common.link_first" if helps else "common.not_allowed"
            return self._short.say(thread, key, facts={"intent": intent})
        if name in FILES and _RESUMES.search(fold(begin.text[:500])):
            drafts = [state for state in thread.dialogs if state.dialog in FILES]
            if drafts:
                return self._dialogs.step(thread.raised(drafts[-1]), Resume())
        if name == "handover" and self._is_about(begin.text, thread) and not begin.values:
            begin = Begin("", {"question": thread.question, "about": thread.answer})
        elif name == "handover":
            begin = replace(begin, text="")
        decision = self._dialogs.begin(thread, name, begin)
        outcome = OUTCOMES.get(name, "dialog")
        decision = replace(decision, facts={**decision.facts, "intent": intent, "outcome": outcome})
        return (
            self._judged(begin.text, decision) if name == "screening" and begin.text else decision
        )

    def _is_about(self, text: str, thread: Thread) -> bool:
        """Is a call for a human about the last question: its button, or words that point back?"""
        return bool(thread.question) and (not text or bool(_SAYS_THIS.search(fold(text))))

    def _policy(self) -> Policy:
        """The gross-list rule with the values the support function has set."""
        return policy_of(self._services.look_up("policy", {}, ""))  # type: ignore[arg-type]

    def _judged(self, text: str, decision: Decision) -> Decision:
        """The passages the rule rests on, before the buttons: a rule's output cites its source."""
        verdicts = judge(text, self._moment.today, self._policy())
        facts: dict[str, object] = {"outcome": "screening", "intent": "screening"}
        if not verdicts:
            facts |= {"verdict": None, "missing": ["duration", "workers"]}
            return replace(decision, facts={**decision.facts, **facts})
        first = verdicts[0]
        facts |= {"verdict": first.verdict, "missing": list(first.missing)}
        facts |= {"reasons": list(first.reasons)}
        quotes = basis_quotes(verdicts, self._services.retriever().index.passages)
        writer = AnswerWriter(self._services.texts)
        sources = writer.sources(quotes, self._moment.language, self._moment.today)
        told, asked = self._dialogs.split(decision)
        head, tail = (told, asked) if asked else before_buttons(told)
        parts = (*head, sources, *tail) if quotes else decision.parts
        return replace(decision, parts=parts, facts={**decision.facts, **facts})
