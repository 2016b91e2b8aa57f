"""Decides what a message is: command, answer, digression, new dialog, question or small talk.

Order (design): command > cancel, back, change > an answer that fits a closed slot (choice, date,
number, organisation) > question or other intent > free-text slot. A digression is a frame on top
of the dialog, never a change to it: after it exactly the pending question is asked again.
"""

from __future__ import annotations

import json
from dataclasses import replace

from bot.answers import AnswerWriter
from bot.asking import answer_question
from bot.conversing import Conversing
from bot.decision import Decision, Moment, Services
from bot.messages import (
    Chose,
    Command,
    Content,
    Opened,
    Part,
    Said,
    Submitted,
    Text,
)
from bot.screening import (
    basis_quotes,
    judge,
    list_line,
    signals_for,
    told_facts,
)
from bot.short_replies import ShortReplies, before_buttons
from bot.spoken import read_command, resumes_report
from bot.thread import Thread
from intents.classify import Intent, classify
from intents.dialogs import load_dialogs
from intents.exchange import (
    Answer,
    Back,
    Begin,
    Cancel,
    Change,
    Doubtful,
    Fields,
    Later,
    Message,
    Pressed,
    Resume,
    Summary,
    Why,
)
from intents.expectations import fits, pending
from intents.language import tokenize
from intents.model import Dialog, State
from intents.phrasebook import policy_topic
from intents.questions import looks_like_question
from storage.records import NewFeedback

#: A question longer than this is a pasted document.
LONGEST_MESSAGE = 8_000
COMMANDS: dict[str, type[Back | Cancel | Later | Resume | Summary | Why]] = {
    "back": Back,
    "cancel": Cancel,
    "later": Later,
    "resume": Resume,
    "summary": Summary,
    "why": Why,
}
#: Intent -> dialog it starts.
STARTS = {
    "deviation": "deviation",
    "screening": "screening",
    "handover": "handover",
    "consultation": "consultation",
    "example": "example",
    "survey": "survey",
    "report_status": "report_status",
    "visit": "visit",
}
# What is asked for here is a question: it goes to the support function, not to the search.
QUESTION_SLOTS = {"question"}
ELSEWHERE = {"smalltalk", "handover", "report_status"}
#: Kinds of message within an intent that have a dialog of their own.
TOPIC_STARTS = {
    ("deviation", "annual"): "deviation_annual",
    ("consultation", "visit"): "visit",
    ("handover", "before"): "procurement_help",
}
#: Dialogs that file a report in somebody's name.
FILES = {"deviation", "deviation_annual"}


class Router:
    """Routes one message of one turn."""

    def __init__(self, services: Services, moment: Moment) -> None:
        self._services = services
        self._moment = moment
        self._dialogs = Conversing(services, moment)
        self._short = ShortReplies(services, moment)

    def decide(self, content: Content, thread: Thread) -> Decision:
        """What the message leads to."""
        match content:
            case Opened():
                return self._back_to(self._short.greet(thread))
            case Said(text):
                return self._said(text, thread)
            case Chose(interaction, value):
                return self._chose(interaction, value, thread)
            case Submitted(interaction, values):
                return self._submitted(interaction, values, thread)
            case Command(name, argument):
                return self._command(name, argument, thread)

    # What people write ---------------------------------------------------------------------------

    def _said(self, text: str, thread: Thread) -> Decision:
        if fault := self._unreadable(text, thread):
            return self._back_to(fault)
        if thread.active is not None:
            return self._in_dialog(text, thread)
        command = read_command(text)
        if command is not None and thread.draft is not None and command.name in COMMANDS:
            return self._dialogs.step(thread, COMMANDS[command.name]())
        return self._outside(text, thread, self._classify(text))

    def _unreadable(self, text: str, thread: Thread) -> Decision | None:
        if not text.strip():
            return self._short.say(thread, "answer.empty")
        if thread.active is not None:
            return None
        if len(text) > LONGEST_MESSAGE:
            return self._short.say(thread, "answer.too_long", limit=str(LONGEST_MESSAGE))
        return None if tokenize(text) else self._short.say(thread, "answer.unreadable")

    def _in_dialog(self, text: str, thread: Thread) -> Decision:
        state = thread.dialogs[-1]
        dialog = load_dialogs()[state.dialog]
        given = self._dialogs.given(dialog, state.values, text)
        if message := _as_command(text, dialog, state):
            return self._dialogs.step(thread, message)
        for_people = state.pending in QUESTION_SLOTS and not state.aside
        if for_people or fits(dialog, state, text, given):
            return self._dialogs.step(thread, Answer(text))
        intent, asks = self._classify(text), looks_like_question(text)
        closed = pending(dialog, state, given).closed
        other = intent.name in STARTS and STARTS[intent.name] != state.dialog
        if (closed and other) or _digresses(intent, asks, closed=closed):
            return self._digress(text, thread, intent)
        return self._dialogs.step(thread, self._as_answer(dialog, state, text, intent))

    def _as_answer(self, dialog: Dialog, state: State, text: str, intent: Intent) -> Message:
        """Text for the pending slot; in a free one a doubtful text is never stored silently."""
        given = self._dialogs.given(dialog, state.values, text)
        if pending(dialog, state, given).closed:
            return Answer(text)
        doubtful = looks_like_question(text) == "doubtful" or intent.name in ELSEWHERE
        return Doubtful(text) if doubtful else Answer(text)

    def _digress(self, text: str, thread: Thread, intent: Intent) -> Decision:
        """Answers in between; the dialog stays as it was, below whatever was begun now."""
        decision = self._outside(text, thread, intent)
        began = decision.thread.active is not thread.active
        return decision if began else self._back_to(decision)

    def _back_to(self, decision: Decision) -> Decision:
        parts = self._dialogs.repeat(decision.thread)
        return replace(decision, parts=(*decision.parts, *parts))

    def _outside(self, text: str, thread: Thread, intent: Intent) -> Decision:
        """A message no dialog waits for."""
        if intent.clarify or intent.alternatives:
            return self._short.clarify(thread, text, intent)
        if intent.name == "smalltalk":
            return self._short.smalltalk(thread, intent)
        if intent.name == "policy":
            if policy_topic(intent.topic).outcome == "answered_note":
                return self._question(text, thread)
            return self._short.policy(thread, intent)
        if intent.name == "question":
            return self._question(text, thread)
        name = TOPIC_STARTS.get((intent.name, intent.topic), STARTS[intent.name])
        return self._start(name, Begin(text), thread, intent.name)

    def _classify(self, text: str) -> Intent:
        signals, _ = signals_for(text, self._moment.today, self._moment.language)
        return classify(text, signals)

    def _question(self, text: str, thread: Thread) -> Decision:
        """The guidance answers; a verdict about numbers in the question follows on its own line."""
        told = told_facts(text, self._moment.today, self._moment.language)
        search = told.rest if told else ""
        decision = answer_question(text, thread, self._services, self._moment, search)
        if told is None:
            return decision
        if decision.facts["outcome"] != "answered" and not told.about_duty:
            return self._start("screening", Begin(text), thread, "screening")
        line = list_line(told.verdict, self._services.texts, self._moment.language)
        head, tail = before_buttons(decision.parts)
        reasons = list(told.verdict.reasons)
        facts = {**decision.facts, "verdict": told.verdict.verdict, "reasons": reasons}
        return replace(decision, parts=(*head, line, *tail), facts=facts)

    # Dialogs -------------------------------------------------------------------------------------

    def _start(self, name: str, begin: Begin, thread: Thread, intent: str) -> Decision:
        if name not in load_dialogs():
            return self._question(begin.text, thread)
        if name in FILES and not self._moment.may_report:
            return self._short.say(thread, "common.not_allowed", facts={"intent": intent})
        if begin.text and name in FILES and resumes_report(begin.text):
            drafts = [state for state in thread.dialogs if state.dialog in FILES]
            if drafts:
                raised = thread.raise_draft(drafts[-1].dialog)
                return self._dialogs.step(raised, Resume())
        if name == "handover" and thread.question and not begin.values:
            begin = Begin("", {"question": thread.question, "about": thread.answer})
        elif name == "handover":
            begin = replace(begin, text="")
        decision = self._dialogs.begin(thread, name, begin)
        facts = {**decision.facts, "intent": intent, "outcome": _outcome(name)}
        if name == "screening" and begin.text:
            facts |= self._verdict_facts(begin.text)
            decision = replace(decision, parts=self._with_basis(begin.text, decision.parts))
        return replace(decision, facts=facts)

    def _with_basis(self, text: str, parts: tuple[Part, ...]) -> tuple[Part, ...]:
        """The passages the rule rests on, before the buttons: a rule's output cites its source."""
        verdicts = judge(text, self._moment.today, self._moment.language)
        passages = self._services.retriever().index.passages
        quotes = basis_quotes(verdicts, passages)
        if not quotes:
            return parts
        writer = AnswerWriter(self._services.texts)
        head, tail = before_buttons(parts)
        sources = writer.sources(quotes, self._moment.language, self._moment.today)
        asks = head[-1:] if tail and isinstance(head[-1], Text) else ()
        return (*head[: len(head) - len(asks)], sources, *asks, *tail)

    def _verdict_facts(self, text: str) -> dict[str, object]:
        judged = judge(text, self._moment.today, self._moment.language)
        facts: dict[str, object] = {"outcome": "screening", "intent": "screening"}
        if not judged:
            return {**facts, "verdict": None, "missing": ["duration", "workers"]}
        first = judged[0]
        return {
            **facts,
            "verdict": first.verdict,
            "missing": list(first.missing),
            "reasons": list(first.reasons),
        }

    # Buttons, forms, commands --------------------------------------------------------------------

    def _chose(self, interaction: str, value: str, thread: Thread) -> Decision:
        kind, _, about = interaction.partition(":")
        if kind == "feedback":
            return self._back_to(self._short.feedback(about, value, thread))
        if kind == "offer":
            name, _, rest = value.partition(":")
            if name == "resume":
                raised = thread.raise_draft(rest) if rest else thread
                return self._dialogs.step(raised, Resume()) if raised.draft else self._stale(thread)
            return self._start(name, _begin_offer(rest), thread, name)
        if kind == "clarify":
            return (
                self._start(value, Begin(about), thread, value)
                if value in STARTS
                else (self._question(about, thread))
            )
        if thread.draft is None:
            return self._stale(thread)
        return self._dialogs.step(thread, Pressed(value, interaction))

    def _stale(self, thread: Thread) -> Decision:
        return self._short.say(thread, "common.stale_gone", facts={"outcome": "dialog"})

    def _submitted(self, interaction: str, values: dict[str, str], thread: Thread) -> Decision:
        kind, _, number = interaction.partition(":")
        if kind == "comment":
            record = NewFeedback(number, "no", values.get("comment", "")[:1000])
            decision = self._short.say(thread, "answer.feedback.comment_thanks")
            return self._back_to(replace(decision, records=(record,)))
        if thread.draft is None:
            return self._stale(thread)
        return self._dialogs.step(thread, Fields(values, interaction))

    def _command(self, name: str, argument: str, thread: Thread) -> Decision:
        if name == "begin":
            raw = json.loads(argument)
            begin = Begin("", raw.get("values", {}), raw.get("amends", ""))
            return self._dialogs.begin(thread, raw["dialog"], begin)
        if name in COMMANDS and thread.draft is not None:
            return self._dialogs.step(thread, COMMANDS[name]())
        starts = {"avsteg": "deviation", "lista": "screening", "fraga": "handover"} | STARTS
        if name in starts:
            return self._start(starts[name], Begin(argument), thread, starts[name])
        return self._said(argument or name, thread)


def _as_command(text: str, dialog: Dialog, state: State) -> Message | None:
    command = read_command(text)
    if command is None:
        return None
    if command.name == "skip" and not state.aside:
        # "hoppa över" leaves a must open where that is allowed; it is never stored as an answer.
        open_slots = {slot.name for slot in dialog.slots if slot.unknown and not slot.optional}
        return Pressed("unknown" if state.pending in open_slots else "skip")
    if command.name == "change":
        return Change(command.argument, command.value)
    return COMMANDS[command.name]() if command.name in COMMANDS else None


def _digresses(intent: Intent, asks: str, *, closed: bool) -> bool:
    """Is this no try at an answer but something else the person wants?"""
    if closed:
        return intent.name in {"policy", "consultation", *ELSEWHERE} or (
            intent.name == "question" and asks in {"clear", "doubtful"}
        )
    return asks == "clear" and intent.name in {"question", "policy"}


def _begin_offer(rest: str) -> Begin:
    if rest.startswith("{"):
        raw = json.loads(rest)
        return Begin(raw.get("text", ""), raw.get("values", {}), raw.get("amends", ""))
    return Begin(rest)


def _outcome(name: str) -> str:
    return {"handover": "handover", "screening": "screening", "report_status": "status"}.get(
        name, "dialog"
    )
