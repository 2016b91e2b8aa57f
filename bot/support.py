"""The support function's desk: cases listed, read (audited), answered, handed on and closed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.case_words import NOTE, CaseWords
from bot.letters import EVENTS, UNHEARD, Letters
from bot.messages import Language
from bot.port import (
    CaseQuery,
    CaseRow,
    CaseView,
    Letter,
    OpenedFile,
    OutboxProblem,
)
from bot.reminders import reminder_key
from bot.texts import Texts
from intents.picklists import ListTerm
from storage.errors import CaseTaken, NotFound
from storage.model import Case, CaseFilter
from storage.records import AuditItem, CaseNote
from storage.store import Store

#: Cases of the same organisation shown beside one.
MOST_SIMILAR = 5


class Desk:
    """Works on one store; ``person`` is whoever is logged in, a role until login exists."""

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
        self._wake = wake
        self._letters = Letters(store)

    def cases(self, query: CaseQuery) -> tuple[CaseRow, ...]:
        """The cases that pass, most urgent first."""
        kinds = (query.kind,) if query.kind else ()
        wanted = CaseFilter(
            kinds=kinds,
            states=query.states,
            owner_person=query.owner,
            due_before=query.due_before,
        )
        waiting = self._store.cases.waiting(UNHEARD, tuple(EVENTS.values()))
        rows = [
            replace(self._words.row(case), waiting=case.number in waiting)
            for case in self._store.cases.list(wanted)
        ]
        order = {"new": 0, "taken": 1, "closed": 2}
        return tuple(
            sorted(
                rows,
                key=lambda row: (
                    order[row.state],
                    not row.waiting,
                    row.due is None,
                    row.due or row.created.date(),
                    row.created,
                ),
            )
        )

    def case(self, number: str, reader: str) -> CaseView | None:
        """The whole case; the read is written to the audit log."""
        case = self._store.cases.find(number)
        if case is None:
            return None
        self._store.audit.append(
            [AuditItem(reader, "read", f"case:{number}", {"version": case.version})], self._now()
        )
        events = self._store.cases.events(number)
        return CaseView(
            self._words.row(case),
            self.fields(case),
            tuple(self._words.event(e, self._letters.delivery(case, e, events)) for e in events),
            _files(case),
            may_publish(case),
            self._similar(case),
            self._words.missing(case),
            reachable=bool(case.conversation_key),
        )

    def fields(self, case: Case, language: Language = "sv") -> tuple[tuple[str, str], ...]:
        """(label, value) for each answer of the form the case came from, in its order."""
        return self._words.fields(case, language)

    def file(self, identity: str, reader: str) -> OpenedFile | None:
        """A file of a filed case; the read is written to the audit log."""
        kept = self._store.attachments.find(identity)
        if kept is None or not kept.number:
            return None
        note = AuditItem(reader, "read", f"case:{kept.number}", {"file": identity})
        self._store.audit.append([note], self._now())
        return OpenedFile(kept.name, kept.media_type, kept.content)

    def take(self, number: str, person: str) -> bool:
        """Give the case to ``person``; the first click wins."""
        case = self._store.cases.find(number)
        if case is None or case.state == "closed":
            return False
        try:
            self._store.cases.take(number, person, self._now())
        except (CaseTaken, NotFound):
            return False
        self._note(person, "take", f"case:{number}")
        return True

    def release(self, number: str, person: str) -> bool:
        """Put the case back among the new ones; only who has it may."""
        case = self._store.cases.find(number)
        if case is None or case.owner_person != person or case.state != "taken":
            return False
        self._store.cases.release(number, person, self._now())
        self._note(person, "release", f"case:{number}")
        return True

    def close(self, number: str, person: str) -> bool:
        """Finish the case; not one that somebody else has."""
        case = self._store.cases.find(number)
        if case is None or case.state == "closed" or case.owner_person not in {"", person}:
            return False
        self._store.cases.close(number, person, self._now())
        self._store.outbox.cancel_all(reminder_key(number))
        self._note(person, "close", f"case:{number}")
        return True

    def reopen(self, number: str, person: str) -> bool:
        """Take up a closed case again."""
        try:
            self._store.cases.reopen(number, person, self._now())
        except CaseTaken:
            return False
        self._note(person, "reopen", f"case:{number}")
        return True

    def assign(self, number: str, person: str, to: str) -> bool:
        """Give a free case, or one's own, to a colleague."""
        case = self._store.cases.find(number)
        if case is None or case.owner_person not in {"", person} or not to:
            return False
        try:
            self._store.cases.assign(case, to, person, self._now())
        except CaseTaken:
            return False
        self._note(person, "assign", f"case:{number}")
        return True

    def note(self, number: str, person: str, text: str) -> bool:
        """A line of the history for colleagues; it has no way out."""
        try:
            self._store.cases.note(CaseNote(number, NOTE, person, {"text": text}), self._now())
        except NotFound:
            return False
        self._note(person, "note", f"case:{number}")
        return True

    def send(self, number: str, person: str, letter: Letter) -> bool:
        """One transaction: the case is the writer's, the letter is in history and outbox."""
        case = self._store.cases.find(number)
        if case is None or not case.conversation_key:
            return False
        try:
            self._store.write(lambda: self._write(case, person, letter))
        except CaseTaken:
            return False
        self._wake()
        return True

    def _write(self, case: Case, person: str, letter: Letter) -> None:
        now = self._now()
        self._store.cases.take(case.number, person, now)
        self._letters.write(case, letter, person, now)
        if letter.kind == "completion" and case.report_status:
            self._store.cases.set_report_status(case.number, "komplettering", person, now)
        self._store.outbox.cancel_all(reminder_key(case.number))
        self._note(person, letter.kind, f"case:{case.number}")

    def publish(self, number: str, person: str) -> bool:
        """Show an example to whoever asks for one, and finish it; never without consent."""
        case = self._store.cases.find(number)
        if case is None or not may_publish(case) or not self.close(number, person):
            return False
        self._store.cases.note(CaseNote(number, "published", person), self._now())
        self._note(person, "publish", f"case:{number}")
        return True

    def outbox_problems(self) -> tuple[OutboxProblem, ...]:
        """What could not be delivered, oldest first."""
        return tuple(
            OutboxProblem(
                str(row.id),
                row.destination.split(":")[0],
                row.kind,
                str(row.payload.get("number") or ""),
                row.attempts,
                row.last_error,
                row.created_at,
            )
            for row in self._store.outbox.dead_letters()
        )

    def send_again(self, problem: str, person: str) -> bool:
        """Queue a message that was set aside once more; False when it is none any longer."""
        try:
            self._store.outbox.requeue(int(problem), self._now())
        except (NotFound, ValueError):
            return False
        self._note(person, "send_again", f"outbox:{problem}")
        return True

    def _note(self, person: str, action: str, target: str) -> None:
        self._store.audit.append([AuditItem(person, action, target)], self._now())

    def _similar(self, case: Case) -> tuple[CaseRow, ...]:
        """The newest other cases of the same organisation."""
        if case.organisation in {"", "annan"}:
            return ()
        found = self._store.cases.list(CaseFilter(organisations=(case.organisation,)))
        others = [each for each in reversed(found) if each.number != case.number]
        return tuple(map(self._words.row, others[:MOST_SIMILAR]))


def may_publish(case: Case) -> bool:
    """Is it an example whose giver lets it be shown?"""
    return case.kind == "example" and case.values.get("consent") == "yes" and not case.withdrawn


def _files(case: Case) -> tuple[tuple[str, str], ...]:
    kept: Any = case.values.get("attachments") or ()
    return tuple((file["id"], file["name"]) for file in kept)
