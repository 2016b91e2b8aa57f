"""Decides what a message is: command, answer, digression, new dialog, question or small talk.

The order is that of ``intents.hearing``. A digression is a frame on top of the dialog, never a
change to it: after it exactly the pending question is asked again.
"""

from __future__ import annotations

import json
from dataclasses import replace

from bot.administration.rescreening import RESCREENED
from bot.cases.thread import CaseThread
from bot.conversing import Conversing
from bot.decision import Decision, Moment, Services
from bot.files.sent_files import SentFiles
from bot.intake import Intake
from bot.linking import Linking, read_wish
from bot.messages import Chose, Command, Content, Due, Opened, Said, Submitted, Uploaded
from bot.screening import signals_for
from bot.short_replies import ShortReplies
from bot.thread import Thread
from intents.classify import Intent, classify
from intents.dialogs import load_dialogs
from intents.drafts import dropped, warning
from intents.exchange import Begin, Fields, Message, Pressed, Say
from intents.hearing import COMMANDS, STARTS, hear
from intents.language import tokenize
from intents.model import State
from intents.spoken_commands import read_command
from storage.records import NewFeedback

#: A question longer than this is a pasted document.
LONGEST_MESSAGE = 8_000
#: Names of slash commands for the dialogs.
SLASHED = {"avsteg": "deviation", "lista": "screening", "fraga": "handover"} | STARTS
#: What platforms call the question of what is done with personal data.
PRIVACY = {"privacy", "integritet"}
#: Words of the field a person may choose between, and the dialog they lead to.
MEANT = {"avsteg": "deviation"}
#: Short answers that mean nothing where no question is open.
ANSWERS = {"yes", "no", "unknown", "skip"}


class Router:
    """Routes one message of one turn."""

    def __init__(self, services: Services, moment: Moment) -> None:
        self._moment = moment
        self._dialogs = Conversing(services, moment)
        self._short = ShortReplies(services, moment)
        self._intake = Intake(services, moment)
        self._files = SentFiles(services, moment)
        self._linking = Linking(services, moment)
        self._case = CaseThread(services, moment)

    def decide(self, content: Content, thread: Thread) -> Decision:
        """What the message leads to."""
        wish = read_wish(content)
        if wish is not None:
            return self._back_to(self._linking.take(wish, thread))
        return self._routed(content, thread)

    def _routed(self, content: Content, thread: Thread) -> Decision:
        match content:
            case Opened():
                return self._opened(thread)
            case Said(text):
                return self._said(text, thread)
            case Chose(interaction, value):
                return self._chose(interaction, value, thread)
            case Submitted(interaction, values):
                return self._submitted(interaction, values, thread)
            case Command(name, argument):
                return self._command(name, argument, thread)
        return self._unsaid(content, thread)

    # What people write ---------------------------------------------------------------------------

    def _opened(self, thread: Thread) -> Decision:
        greeting = self._short.greet(thread)
        if thread.active is None and thread.draft is not None:
            return greeting.then(self._short.offer_draft(thread, "common.draft_waits"))
        return self._back_to(greeting)

    def _said(self, text: str, thread: Thread) -> Decision:
        if fault := self._unreadable(text, thread):
            return self._back_to(fault)
        if thread.active is not None:
            return self._in_dialog(text, thread.active, thread)
        if spoken := self._spoken(text, thread):
            return spoken
        intent = self._intent_of(text)
        return self._case.ask(text, thread, intent.name) or self._intake.take(text, thread, intent)

    def _unreadable(self, text: str, thread: Thread) -> Decision | None:
        if not text.strip():
            return self._short.say(thread, "answer.empty")
        if thread.active is not None:
            return None
        if len(text) > LONGEST_MESSAGE:
            return self._short.say(thread, "answer.too_long", limit=str(LONGEST_MESSAGE))
        return None if tokenize(text) else self._short.say(thread, "answer.unreadable")

    def _in_dialog(self, text: str, state: State, thread: Thread) -> Decision:
        dialog = load_dialogs()[state.dialog]
        given = self._dialogs.given(dialog, state.values, text)
        heard = hear(dialog, state, text, given, lambda: self._intent_of(text))
        if isinstance(heard, Intent):
            return self._digress(text, thread, heard)
        return self._step(thread, heard)

    def _spoken(self, text: str, thread: Thread) -> Decision | None:
        """A command where no question is open: for the draft that rests, or for nothing."""
        command = read_command(text)
        if command is None:
            return None
        if command.name in {"swedish", "english"}:
            return self._short.say(thread, "common.language_set")
        if command.name in COMMANDS and thread.draft is not None:
            return self._step(thread, COMMANDS[command.name]())
        if thread.unsent and command.name in {"yes", "no"}:
            return self._sorted("send" if command.name == "yes" else "bot", thread)
        numbered = command.name == "change" and command.argument.isdigit()
        if command.name in COMMANDS or command.name in ANSWERS or numbered:
            return self._short.say(thread, "common.nothing_open")
        return None

    def _digress(self, text: str, thread: Thread, intent: Intent) -> Decision:
        """Answers in between; the dialog stays as it was, below whatever was begun now."""
        decision = self._intake.take(text, thread, intent)
        began = decision.thread.active
        if began is thread.active or began is None:
            return self._back_to(decision)
        if began.dialog == "screening" and began.pending == "register":
            # The verdict was all that was asked for; to register it can wait.
            resting = thread.push(replace(began, paused=True)).raised(thread.dialogs[-1])
            told, _ = self._dialogs.split(decision)
            return self._back_to(replace(decision, parts=told, thread=resting))
        note = self._short.say(thread, "common.first_this")
        return replace(decision, parts=(*note.parts, *decision.parts))

    def _step(self, thread: Thread, message: Message) -> Decision:
        """A message to the newest dialog; one that ends leads back to the one below it."""
        decision = self._dialogs.step(thread, message)
        if decision.question:
            intent = self._intent_of(decision.question)
            answer = self._intake.take(decision.question, decision.thread, intent)
            answered = replace(decision.then(answer), facts=answer.facts)
            return self._back_to(answered)
        if len(decision.thread.dialogs) < len(thread.dialogs) and decision.thread.active:
            back = self._short.say(decision.thread, "common.goes_on")
            return self._back_to(decision.then(back))
        return decision

    def _back_to(self, decision: Decision) -> Decision:
        parts = self._dialogs.repeat(decision.thread)
        return replace(decision, parts=(*decision.parts, *parts))

    def _intent_of(self, text: str) -> Intent:
        signals, _ = signals_for(text, self._moment.today, self._moment.language)
        return classify(text, signals)

    # Files, and what the application does by itself ----------------------------------------------

    def _unsaid(self, content: Uploaded | Due, thread: Thread) -> Decision:
        if isinstance(content, Uploaded):
            return self._files.take(content, thread)
        return self._due(content, thread)

    def _due(self, due: Due, thread: Thread) -> Decision:
        if due.task == "letter":
            return self._back_to(self._case.letter(due.facts, thread))
        if due.task == RESCREENED:
            return self._back_to(self._short.rescreened(due.facts, thread))
        if due.task == "begin":
            text = due.facts.get("text", "")
            begin = Begin(text, due.facts["values"], due.facts.get("amends", ""))
            return self._dialogs.begin(thread, due.facts["dialog"], begin)
        if due.task == "outdated":
            told = self._short.say(thread.with_top(None), "amend.outdated")
            return self._back_to(told)
        if due.task == "warn_draft":
            at = self._moment.now.isoformat()
            noted = tuple(replace(state, warned=at) for state in thread.dialogs)
            return self._told(replace(thread, dialogs=noted), warning(self._moment.now))
        # What was gone on with since the warning is not what was warned about.
        alive = tuple(state for state in thread.dialogs if not state.warned)
        return self._told(replace(thread, dialogs=alive), dropped())

    def _told(self, thread: Thread, say: Say) -> Decision:
        parts = self._dialogs.parts((say,), "draft")
        return Decision(parts, thread, {"outcome": "dialog"})

    # Buttons, forms, commands --------------------------------------------------------------------

    def _chose(self, interaction: str, value: str, thread: Thread) -> Decision:
        kind, _, about = interaction.partition(":")
        if kind == "feedback":
            return self._back_to(self._short.feedback(about, value, thread))
        if kind == "offer":
            return self._offered(value, thread)
        if kind in {"letter", "case"}:
            return self._about_case(kind, about, value, thread)
        if kind == "clarify":
            name = MEANT.get(value, value)
            if name in STARTS:
                return self._intake.start(name, Begin(about), thread, name)
            return self._back_to(self._intake.answer(about, thread))
        return self._in_form(Pressed(value, interaction), thread)

    def _about_case(self, kind: str, about: str, value: str, thread: Thread) -> Decision:
        """A button below a letter, or below the question of where a message goes."""
        if kind == "case" and thread.unsent and thread.case == about:
            return self._sorted(value, thread)
        voted = self._case.vote(about, value, thread) if kind == "letter" else None
        return self._back_to(voted or self._gone(thread))

    def _sorted(self, value: str, thread: Thread) -> Decision:
        """The kept message goes where the person says: to the case, or to the assistant."""
        text, done = thread.unsent, replace(thread, case="", unsent="")
        if value != "send":
            intent = self._intent_of(text)
            goes_on = done.active is not None
            return (self._digress if goes_on else self._intake.take)(text, done, intent)
        if sent := self._case.send(thread):
            return self._back_to(sent)
        closed = self._short.say(done, "letter.closed", number=thread.case)
        begin = Begin("", {"question": text})
        return closed.then(self._intake.start("handover", begin, done, "handover"))

    def _gone(self, thread: Thread) -> Decision:
        return self._short.say(thread, "common.stale_gone", facts={"outcome": "dialog"})

    def _offered(self, value: str, thread: Thread) -> Decision:
        name, _, rest = value.partition(":")
        if name not in {"resume", "form"}:
            return self._intake.start(name, _begin_offer(rest), thread, name)
        draft = thread.named(rest) if rest else thread.draft
        if draft is None:
            return self._gone(thread)
        return self._step(thread.raised(draft), COMMANDS[name]())

    def _in_form(self, message: Pressed | Fields, thread: Thread) -> Decision:
        """A button or form of a dialog: of the one under way, of one below it, or gone stale."""
        shown = thread.showing(message.interaction)
        if shown is not None:
            return self._step(thread.raised(shown), message)
        if thread.active is not None:
            return self._step(thread, message)
        if thread.draft is not None:
            return self._short.offer_draft(thread, "common.stale_draft")
        return self._gone(thread)

    def _submitted(self, interaction: str, values: dict[str, str], thread: Thread) -> Decision:
        kind, _, number = interaction.partition(":")
        if kind == "comment":
            record = NewFeedback(number, "no", values.get("comment", "")[:1000])
            decision = self._short.say(thread, "answer.feedback.comment_thanks")
            return self._back_to(replace(decision, records=(record,)))
        return self._in_form(Fields(values, interaction), thread)

    def _command(self, name: str, argument: str, thread: Thread) -> Decision:
        if name in COMMANDS and thread.draft is not None:
            return self._step(thread, COMMANDS[name]())
        if name in SLASHED:
            begin = Begin(argument)
            return self._intake.start(SLASHED[name], begin, thread, SLASHED[name])
        if name in PRIVACY:
            return self._back_to(self._short.privacy(thread))
        return self._said(argument or name, thread)


def _begin_offer(rest: str) -> Begin:
    if rest.startswith("{"):
        raw = json.loads(rest)
        return Begin(raw.get("text", ""), raw.get("values", {}), raw.get("amends", ""))
    return Begin(rest)
