"""Runs dialogs: one step, its says as parts, its effects as records and messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.decision import Decision, Moment, Services, given_for
from bot.effects import REPORTS, EffectWriter
from bot.files.receipt_words import give_word
from bot.form_parts import offer_form, shows_forms, to_form
from bot.messages import Choices, Option, Part, Text
from bot.rooms import OPEN, moved
from bot.thread import Thread
from intents.dialogs import load_dialogs
from intents.engine import current, step
from intents.exchange import Begin, Effect, Forget, Message, Save, Say, Start, Values
from intents.filling import Talk, fill
from intents.forms import offers_form
from intents.model import Dialog, Given, State, Step
from intents.picklists import ListTerm, by_code
from intents.progress import ask as pending_question
from storage.records import CaseNote


class Conversing:
    """The dialogs of one turn."""

    def __init__(self, services: Services, moment: Moment) -> None:
        self._services = services
        self._moment = moment

    def begin(self, thread: Thread, name: str, message: Begin) -> Decision:
        """Starts a dialog on top of the thread; only one's own report can be changed."""
        if self._moment.outsider and name not in OPEN:
            return self._outside(thread)
        if message.amends and not self._is_own(message.amends):
            missing = Say("report_status.not_found", {"number": message.amends}, role="answer")
            parts = self.parts((missing,), self._services.new_id())
            return Decision(parts, thread, {"outcome": "dialog"})
        if not self._moment.private and name not in OPEN:
            return moved(name, message, thread, self._services, self._moment)
        dialog = load_dialogs()[name]
        given = self.given(dialog, message.values, message.text)
        usual = self._usual_organisation(dialog, message, given)
        if usual is not None:
            values = {**message.values, "organisation": usual.code}
            note = self.parts((Say("common.usual_organisation", {"name": usual.name}),), "")
            decision = self.begin(thread, name, replace(message, values=values))
            return replace(decision, parts=(*note, *decision.parts))
        taken = self._numbered(dialog, None, message, given)
        return self._told_outside(self._carry_out(dialog, thread, taken, given, pushed=True))

    def _outside(self, thread: Thread) -> Decision:
        """Whoever is not of the organisation gets guidance and verdicts, and files nothing."""
        mailbox = self._services.settings.support_mailbox
        says = (Say("common.outsider", {"mailbox": mailbox}),)
        parts = self.parts(says, self._services.new_id())
        return Decision(parts, thread, {"outcome": "dialog"})

    def _told_outside(self, decision: Decision) -> Decision:
        """The verdict alone, for somebody who cannot register it."""
        active = decision.thread.active
        if not (self._moment.outsider and active and active.pending == "register"):
            return decision
        told, _ = self.split(decision)
        return replace(decision, parts=told, thread=decision.thread.with_top(None))

    def _usual_organisation(self, dialog: Dialog, message: Begin, given: Given) -> ListTerm | None:
        """The organisation the person last reported for, where nothing is said of one."""
        known = {*message.values, *dialog.read(message.text, given)}
        if dialog.name not in REPORTS or message.amends or "organisation" in known:
            return None
        code = self._services.look_up("organisation", {}, str(self._moment.key))
        terms = given.vocabularies.get("organisations", ())
        found = by_code(terms, str(code))
        return found if found and found.holds(given.today) else None

    def _is_own(self, number: str) -> bool:
        asked_by = str(self._moment.key)
        return self._services.look_up("case", {"number": number}, asked_by) is not None

    def step(self, thread: Thread, message: Message) -> Decision:
        """One message to the newest dialog."""
        state = thread.dialogs[-1]
        dialog = load_dialogs()[state.dialog]
        given = self.given(dialog, state.values, str(getattr(message, "text", "")))
        taken = self._numbered(dialog, state, message, given)
        beyond = taken.state and taken.state.pending not in OPEN.get(dialog.name, ())
        if self._moment.outsider and (beyond or dialog.name not in OPEN):
            return self._outside(thread.with_top(None))
        if not self._moment.private and taken.state and beyond:
            begin = Begin("", taken.state.values)
            return moved(dialog.name, begin, thread.with_top(None), self._services, self._moment)
        return self._told_outside(self._carry_out(dialog, thread, taken, given, pushed=False))

    def fill(self, thread: Thread, values: Values) -> Decision:
        """Fills slots of the newest dialog with what words cannot say, such as files."""
        state = thread.dialogs[-1]
        dialog = load_dialogs()[state.dialog]
        given = self.given(dialog, state.values, "")
        taken = fill(Talk(dialog, current(dialog, state, given), given), values, {})
        return self._carry_out(dialog, thread, taken, given, pushed=False)

    def repeat(self, thread: Thread) -> tuple[Part, ...]:
        """The pending question once more, with the buttons it had."""
        state = thread.active
        if state is None:
            return ()
        dialog = load_dialogs()[state.dialog]
        given = self.given(dialog, state.values, "")
        says = pending_question(dialog, current(dialog, state, given), given)
        return self.parts(says, state.interaction)

    def split(self, decision: Decision) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
        """The parts before the pending question, and the question; empty where none is asked."""
        asked = self.repeat(decision.thread)
        start = len(decision.parts) - len(asked)
        if asked and decision.parts[start:] == asked:
            return decision.parts[:start], asked
        return decision.parts, ()

    def given(self, dialog: Dialog, values: object, text: str) -> Given:
        """What a step of this dialog may know, its look-ups loaded."""
        wanted = dialog.lookups(values, text)  # type: ignore[arg-type]
        found = {
            name: self._services.look_up(name, arguments, str(self._moment.key))
            for name, arguments in wanted.items()
        }
        return given_for(self._services, self._moment, found)

    def parts(self, says: Sequence[Say], interaction: str) -> tuple[Part, ...]:
        """Says in the words of the catalogue."""
        texts, language = self._services.texts, self._moment.language
        parts: list[Part] = []
        for say in says:
            text = texts.render(say.key, language, **say.values)
            if text:
                parts.append(Text(text, language, say.role))
            if say.choices:
                options = tuple(
                    Option(choice.value, texts.show(choice.label, language))
                    for choice in say.choices
                )
                role = "offer" if say.offers else "dialog"
                name = f"offer:{interaction}" if say.offers else interaction
                parts.append(Choices(name, options, "", role))  # type: ignore[arg-type]
        return tuple(parts)

    def _told(self, dialog: Dialog, taken: Step, given: Given, *, begins: bool) -> tuple[Part, ...]:
        """What a step says, with its form or the offer of one where the channel shows forms."""
        state, shows = taken.state, shows_forms(self._moment)
        if state is None:
            return self.parts(taken.says, given.interaction)
        texts, language = self._services.texts, self._moment.language
        told = self.parts(taken.says, state.interaction)
        if taken.form and shows:
            return (*told, to_form(taken.form, state.interaction, texts, language))
        asked = pending_question(dialog, state, given)
        if taken.form:
            return self.parts((Say("common.form.not_here", role="note"), *asked), state.interaction)
        if not (begins and shows and offers_form(dialog, state, given)):
            return told
        question = self.parts(asked, state.interaction)
        before = told[: len(told) - len(question)]
        return (*before, offer_form(dialog.name, state.interaction, texts, language), *question)

    def _kept(self, after: Thread) -> tuple[Part, ...]:
        """Says so when a draft of the same dialog rests below the one that begins."""
        name = after.dialogs[-1].dialog
        drafts = [state for state in after.dialogs[:-1] if state.dialog == name]
        return self.parts((Say("common.draft_kept", role="note"),), "") if drafts else ()

    def _secret_words(self, effects: Sequence[Effect]) -> list[tuple[CaseNote, Text]]:
        """A word for each new report of somebody nobody vouches for."""
        filed = [e for e in effects if isinstance(e, Save) and e.change == "new"]
        return [
            give_word(save.number, self._services, self._moment)
            for save in filed
            if save.kind in REPORTS and not self._moment.identity
        ]

    def _numbered(
        self, dialog: Dialog, state: State | None, message: Message, given: Given
    ) -> Step:
        taken = step(dialog, state, message, given)
        if not taken.wants_numbers:
            return taken
        year = self._moment.today.year
        numbers = {kind: self._services.number(kind, year) for kind in taken.wants_numbers}
        return step(dialog, state, message, replace(given, numbers=numbers))

    def _carry_out(
        self, dialog: Dialog, thread: Thread, taken: Step, given: Given, *, pushed: bool
    ) -> Decision:
        parts = self._told(dialog, taken, given, begins=pushed)
        if not pushed:
            after = thread.with_top(taken.state)
        elif taken.state is None:
            after = thread
        else:
            after = thread.push(taken.state)
            parts = (*self._kept(after), *parts)
        writer = EffectWriter(self._services, self._moment)
        words = self._secret_words(taken.effects)
        forgets = Forget("dialog") in taken.effects
        facts: dict[str, object] = {"outcome": "dialog"}
        if not forgets:
            facts["dialog"] = dialog.name
        decision = Decision(
            (*parts, *(text for _, text in words), *writer.files(taken.effects)),
            after,
            facts,
            (*writer.records(dialog, taken.effects), *(note for note, _ in words)),
            writer.messages(taken.effects),
            forget_text=any(isinstance(effect, Forget) for effect in taken.effects),
            forget_dialog=dialog.name if forgets else "",
        )
        for effect in taken.effects:
            if isinstance(effect, Start):
                message = Begin(effect.text, effect.values, effect.amends)
                decision = decision.then(self.begin(decision.thread, effect.dialog, message))
        return replace(decision, question=taken.question)
