"""The support function's desk: cases listed, read (audited), answered, handed on and closed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.cases.letters import EVENTS, UNHEARD, Letters, standing
from bot.cases.queues import holds, ordered
from bot.cases.reminders import reminder_key
from bot.cases.words import NOTE, CaseWords
from bot.messages import Language
from bot.policy import Action, Actor
from bot.port import (
    CaseQuery,
    CaseRow,
    CaseView,
    Letter,
    OpenedFile,
    OutboxProblem,
)
from bot.texts import Texts
from intents.picklists import ListTerm
from storage.errors import CaseTaken, NotFound
from storage.model import Case, CaseFilter, OutboxRow
from storage.records import AuditItem, CaseNote
from storage.store import Store

#: Cases of the same organisation shown beside one.
MOST_SIMILAR = 5


class Desk:
    """Works on one store, for whoever is allowed to."""

    def __init__(
        self,
        store: Store,
        texts: Texts,
        vocabularies: Callable[[], Mapping[str, tuple[ListTerm, ...]]],
        now: Callable[[], datetime],
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._words = CaseWords(texts, vocabularies, now)
        self._now = now
        #: Called when something waits to be sent.
        self.wake = wake
        self._letters = Letters(store)

    def cases(self, actor: Actor, query: CaseQuery) -> tuple[CaseRow, ...]:
        """The actor's cases that pass, most urgent first."""
        actor.require("case.list")
        kinds = (query.kind,) if query.kind else ()
        wanted = CaseFilter(
            kinds=kinds,
            states=query.states,
            owner_person=query.owner,
            due_before=query.due_before,
            units=actor.units,
        )
        replies = tuple(EVENTS.values())
        waiting = self._store.cases.waiting(UNHEARD, replies)
        answered = self._store.cases.answered(replies) - waiting
        rows = [
            replace(
                self._words.row(case),
                waiting=case.number in waiting,
                answered=case.number in answered,
            )
            for case in self._store.cases.list(wanted)
            if not query.words or self._holds(actor, case, query.words)
        ]
        return tuple(ordered(rows, "bradska"))

    def _holds(self, actor: Actor, case: Case, words: str) -> bool:
        """Do the words stand in the case, as far as the actor may read it?"""
        row = self._words.row(case)
        texts = [row.number, row.summary, self._words.kind(case.kind)]
        if actor.may("case.read", case.organisation):
            texts += [text for _, text in self.fields(case)]
        return holds(words, *texts)

    def case(self, actor: Actor, number: str) -> CaseView | None:
        """The whole case; the read is written to the audit log."""
        case = self._find(actor, "case.read", number)
        if case is None:
            return None
        self._note(actor, "read", f"case:{number}", version=case.version)
        events = self._store.cases.events(number)
        waiting, answered = standing(events)
        return CaseView(
            replace(self._words.row(case), waiting=waiting, answered=answered),
            self.fields(case),
            tuple(self._words.event(e, self._letters.delivery(case, e, events)) for e in events),
            _files(case),
            may_publish(case),
            self._similar(actor, case),
            self._words.missing(case),
            reachable=bool(case.conversation_key),
        )

    def fields(self, case: Case, language: Language = "sv") -> tuple[tuple[str, str], ...]:
        """(label, value) for each answer of the form the case came from, in its order."""
        return self._words.fields(case, language)

    def file(self, actor: Actor, identity: str) -> OpenedFile | None:
        """A file of a filed case; the read is written to the audit log."""
        actor.require("case.read")
        kept = self._store.attachments.find(identity)
        if kept is None or self._find(actor, "case.read", kept.number) is None:
            return None
        self._note(actor, "read", f"case:{kept.number}", file=identity)
        return OpenedFile(kept.name, kept.media_type, kept.content)

    def take(self, actor: Actor, number: str) -> bool:
        """Give the case to the actor; the first click wins."""
        if self._find(actor, "case.take", number) is None:
            return False
        try:
            self._store.cases.take(number, actor.id, self._now())
        except CaseTaken:
            return False
        self._note(actor, "take", f"case:{number}")
        return True

    def release(self, actor: Actor, number: str) -> bool:
        """Put the case back among the new ones; only who has it may."""
        if self._find(actor, "case.take", number) is None:
            return False
        try:
            self._store.cases.release(number, actor.id, self._now())
        except CaseTaken:
            return False
        self._note(actor, "release", f"case:{number}")
        return True

    def close(self, actor: Actor, number: str) -> bool:
        """Finish the case; not one that somebody else has."""
        if self._find(actor, "case.write", number) is None:
            return False
        try:
            self._store.cases.close(number, actor.id, self._now())
        except CaseTaken:
            return False
        self._store.outbox.cancel_all(reminder_key(number))
        self._note(actor, "close", f"case:{number}")
        return True

    def reopen(self, actor: Actor, number: str) -> bool:
        """Take up a closed case again."""
        if self._find(actor, "case.write", number) is None:
            return False
        try:
            self._store.cases.reopen(number, actor.id, self._now())
        except CaseTaken:
            return False
        self._note(actor, "reopen", f"case:{number}")
        return True

    def assign(self, actor: Actor, number: str, to: str) -> bool:
        """Give a free case, or one's own, to a colleague."""
        case = self._find(actor, "case.take", number)
        if case is None or case.owner_person not in {"", actor.id} or not to:
            return False
        try:
            self._store.cases.assign(case, to, actor.id, self._now())
        except CaseTaken:
            return False
        self._note(actor, "assign", f"case:{number}")
        return True

    def take_over(self, actor: Actor, number: str) -> bool:
        """Take the case from a colleague; whoever is away or gone cannot give it back."""
        case = self._find(actor, "case.write", number)
        if case is None or case.owner_person in {"", actor.id}:
            return False
        try:
            self._store.cases.assign(case, actor.id, actor.id, self._now())
        except CaseTaken:
            return False
        self._note(actor, "take_over", f"case:{number}")
        return True

    def note(self, actor: Actor, number: str, text: str) -> bool:
        """A line of the history for colleagues; it has no way out."""
        if self._find(actor, "case.write", number) is None:
            return False
        self._store.cases.note(CaseNote(number, NOTE, actor.id, {"text": text}), self._now())
        self._note(actor, "note", f"case:{number}")
        return True

    def send(self, actor: Actor, number: str, letter: Letter) -> bool:
        """One transaction: the case is the writer's, the letter is in history and outbox."""
        case = self._find(actor, "case.write", number)
        if case is None or not case.conversation_key:
            return False
        try:
            self._store.write(lambda: self._write(case, actor, letter))
        except CaseTaken:
            return False
        self.wake()
        return True

    def _write(self, case: Case, actor: Actor, letter: Letter) -> None:
        now = self._now()
        self._store.cases.take(case.number, actor.id, now)
        self._letters.write(case, letter, actor.id, now)
        if letter.kind == "completion" and case.report_status:
            self._store.cases.set_report_status(case.number, "komplettering", actor.id, now)
        self._store.outbox.cancel_all(reminder_key(case.number))
        self._note(actor, letter.kind, f"case:{case.number}")

    def publish(self, actor: Actor, number: str) -> bool:
        """Show an example to whoever asks for one, and finish it; never without consent."""
        case = self._find(actor, "case.write", number)
        if case is None or not may_publish(case) or not self.close(actor, number):
            return False
        self._store.cases.note(CaseNote(number, "published", actor.id), self._now())
        self._note(actor, "publish", f"case:{number}")
        return True

    def outbox_problems(self, actor: Actor) -> tuple[OutboxProblem, ...]:
        """What could not be delivered about the actor's cases, and where nothing gets through."""
        actor.require("outbox.read")
        tried = (_problem(row, "") for row in self._store.outbox.struggling())
        given_up = (_problem(row, str(row.id)) for row in self._store.outbox.dead_letters())
        return tuple(each for each in (*tried, *given_up) if self._is_theirs(actor, each.case))

    def send_again(self, actor: Actor, problem: str) -> bool:
        """Queue a message that was set aside once more; False when it is none any longer."""
        actor.require("outbox.resend")
        if not problem or problem not in {row.id for row in self.outbox_problems(actor)}:
            return False
        try:
            self._store.outbox.requeue(int(problem), self._now())
        except NotFound:
            return False
        self._note(actor, "send_again", f"outbox:{problem}")
        return True

    def _find(self, actor: Actor, action: Action, number: str) -> Case | None:
        """The case if it exists; raises ``Forbidden`` where the actor may not do this to it."""
        actor.require(action)
        case = self._store.cases.find(number)
        if case is not None:
            actor.require(action, case.organisation)
        return case

    def _is_theirs(self, actor: Actor, number: str) -> bool:
        if actor.units is None:
            return True
        case = self._store.cases.find(number)
        return case is not None and case.organisation in actor.units

    def _note(self, actor: Actor, action: str, target: str, **facts: object) -> None:
        self._store.audit.append([AuditItem(actor.id, action, target, facts)], self._now())
        # What is done to a case is seen on its cards at once.
        self.wake()

    def _similar(self, actor: Actor, case: Case) -> tuple[CaseRow, ...]:
        """The newest other cases of the same organisation."""
        if case.organisation in {"", "annan"}:
            return ()
        wanted = CaseFilter(organisations=(case.organisation,), units=actor.units)
        found = self._store.cases.list(wanted)
        others = [each for each in reversed(found) if each.number != case.number]
        return tuple(map(self._words.row, others[:MOST_SIMILAR]))


def _problem(row: OutboxRow, identity: str) -> OutboxProblem:
    return OutboxProblem(
        identity,
        row.destination.split(":")[0],
        row.kind,
        str(row.payload.get("number") or ""),
        row.attempts,
        row.last_error,
        row.created_at,
    )


def may_publish(case: Case) -> bool:
    """Is it an example whose giver lets it be shown?"""
    return case.kind == "example" and case.values.get("consent") == "yes" and not case.withdrawn


def _files(case: Case) -> tuple[tuple[str, str], ...]:
    kept: Any = case.values.get("attachments") or ()
    return tuple((file["id"], file["name"]) for file in kept)
