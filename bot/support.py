"""The support function's desk: cases listed, read (audited), taken, released and closed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.messages import Language
from bot.port import CaseEvent, CaseQuery, CaseRow, CaseView, OpenedFile, OutboxProblem
from bot.texts import Texts
from intents.dialogs import load_dialogs
from intents.model import Given
from intents.picklists import ListTerm
from intents.progress import label, show
from storage.errors import CaseTaken, NotFound
from storage.model import Case, CaseFilter
from storage.records import AuditItem, CaseNote
from storage.store import Store

#: Fields shown in the one line of a list: picked ones only, never what a person wrote freely.
PICKED = {
    "organisation", "procurement_type", "outcomes", "results", "topic", "municipality", "level",
    "year",
}  # fmt: skip


class Desk:
    """Works on one store; ``person`` is whoever is logged in, a role until login exists."""

    def __init__(
        self,
        store: Store,
        texts: Texts,
        vocabularies: Callable[[], Mapping[str, tuple[ListTerm, ...]]],
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._texts = texts
        self._vocabularies = vocabularies
        self._now = now

    def cases(self, query: CaseQuery) -> tuple[CaseRow, ...]:
        """The cases that pass, most urgent first."""
        kinds = (query.kind,) if query.kind else ()
        wanted = CaseFilter(kinds=kinds, states=query.states, owner_person=query.owner)
        rows = [self._row(case) for case in self._store.cases.list(wanted)]
        order = {"new": 0, "taken": 1, "closed": 2}
        return tuple(
            sorted(
                rows,
                key=lambda row: (
                    order[row.state],
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
        history = tuple(
            CaseEvent(event.at, event.actor, self._event(event.kind))
            for event in self._store.cases.events(number)
        )
        return CaseView(
            self._row(case), self.fields(case), history, _files(case), may_publish(case)
        )

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
        self._note(person, "close", f"case:{number}")
        return True

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

    def _row(self, case: Case) -> CaseRow:
        return CaseRow(
            case.number,
            case.kind,
            self._summary(case),
            case.state,
            case.owner_person,
            case.due_on,
            case.created_at,
        )

    def _summary(self, case: Case) -> str:
        picked = (text for name, _, text in self._shown(case) if name in PICKED)
        return " · ".join(picked)

    def fields(self, case: Case, language: Language = "sv") -> tuple[tuple[str, str], ...]:
        """(label, value) for each answer of the form the case came from, in its order."""
        shown = tuple((label, text) for _, label, text in self._shown(case, language))
        reporter = str(case.values.get("registered_for") or "")
        label = self._texts.render("receipt.registered_for", language)
        return ((label, reporter), *shown) if reporter else shown

    def _shown(self, case: Case, language: Language = "sv") -> list[tuple[str, str, str]]:
        """(slot, label, value) in words; what is no slot of the form is left out."""
        dialog = load_dialogs().get(case.form_version.rsplit("-", 1)[0])
        if dialog is None:
            return []
        now = self._now()
        given = Given(now.date(), now, language, self._vocabularies())
        names = {
            slot.name: self._texts.show(label(dialog, slot), language) or ""
            for slot in dialog.slots if slot.listed
        }  # fmt: skip
        lines = []
        for slot in dialog.slots:
            value = case.values.get(slot.name)
            if value is not None and slot.listed:
                text = self._texts.show(show(dialog, slot, value, given), language)
                lines.append((slot.name, names[slot.name], text))
        missing = case.values.get("incomplete")
        if isinstance(missing, list) and missing:
            text = ", ".join(names.get(str(name), str(name)) for name in missing)
            lines.append(("incomplete", self._texts.render("receipt.missing", language), text))
        return lines

    def _event(self, kind: str) -> str:
        try:
            return self._texts.render(f"web.event.{kind}", "sv")
        except Exception:
            return kind


def may_publish(case: Case) -> bool:
    """Is it an example whose giver lets it be shown?"""
    return case.kind == "example" and case.values.get("consent") == "yes" and not case.withdrawn


def _files(case: Case) -> tuple[tuple[str, str], ...]:
    kept: Any = case.values.get("attachments") or ()
    return tuple((file["id"], file["name"]) for file in kept)
