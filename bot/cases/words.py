"""A case in words: its line in a list, its answers, its history, what is missing in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.messages import Language
from bot.port import CaseEvent, CaseRow, MissingField
from bot.texts import TextMissingError, Texts
from intents.dialogs import load_dialogs
from intents.model import Dialog, Given, Slot
from intents.picklists import ListTerm, by_code
from intents.progress import asked, label, show
from storage.model import Case
from storage.model import CaseEvent as StoredEvent

STOCKHOLM = ZoneInfo("Europe/Stockholm")
#: Fields shown in the one line of a list: picked ones only, never what a person wrote freely.
PICKED = {
    "organisation", "procurement_type", "outcomes", "results", "topic", "municipality", "level",
    "year",
}  # fmt: skip
#: Kind of event of what colleagues write to each other.
NOTE = "noted"


class CaseWords:
    """Puts stored cases into words; stores nothing."""

    def __init__(
        self,
        texts: Texts,
        vocabularies: Callable[[], Mapping[str, tuple[ListTerm, ...]]],
        now: Callable[[], datetime],
    ) -> None:
        self._texts = texts
        self._vocabularies = vocabularies
        self._now = now

    def row(self, case: Case) -> CaseRow:
        """The case as a line of a list."""
        return CaseRow(
            case.number,
            case.kind,
            self._summary(case),
            case.state,
            case.owner_person,
            case.due_on,
            case.created_at,
            organisation=self._organisation(case),
        )

    def kind(self, kind: str) -> str:
        """What a kind of case is called."""
        return self._rendered(f"alert.kind.{kind}", kind)

    def _organisation(self, case: Case) -> str:
        found = by_code(self._vocabularies().get("organisations", ()), case.organisation)
        return found.name if found else ""

    def _summary(self, case: Case) -> str:
        picked = (text for name, _, text in self._shown(case)
                  if name in PICKED and not _is_typed(case.values[name]))  # fmt: skip
        return " · ".join(picked)

    def fields(self, case: Case, language: Language = "sv") -> tuple[tuple[str, str], ...]:
        """(label, value) for each answer of the form the case came from, in its order."""
        shown = tuple((label, text) for _, label, text in self._shown(case, language))
        reporter = str(case.values.get("registered_for") or "")
        label = self._texts.render("receipt.registered_for", language)
        return ((label, reporter), *shown) if reporter else shown

    def _shown(self, case: Case, language: Language = "sv") -> list[tuple[str, str, str]]:
        """(slot, label, value) in words; what is no slot of the form is left out."""
        dialog = form_of(case)
        if dialog is None:
            return []
        # An organisation keeps the name it had when the case came.
        given = replace(self._given(language), today=case.submitted_at.astimezone(STOCKHOLM).date())
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

    def _given(self, language: Language) -> Given:
        now = self._now()
        return Given(now.date(), now, language, self._vocabularies())

    def missing(self, case: Case) -> tuple[MissingField, ...]:
        """The form's listed questions without an answer, with the question as a ready text."""
        dialog = form_of(case)
        if dialog is None:
            return ()
        return tuple(
            self._asked(dialog, slot)
            for slot in asked(dialog, case.values, self._given("sv"))
            if slot.listed and slot.filed and not slot.kind.own_contact
            and case.values.get(slot.name) is None
        )  # fmt: skip

    def _asked(self, dialog: Dialog, slot: Slot) -> MissingField:
        name = self._texts.show(label(dialog, slot), "sv") or slot.name
        # A question that names something of the talk it stood in cannot be asked outside it.
        question = self._rendered(f"{dialog.name}.{slot.name}.ask", name)
        return MissingField(slot.name, name, question)

    def event(self, event: StoredEvent, delivery: str) -> CaseEvent:
        """One line of the history."""
        return CaseEvent(
            event.at,
            event.actor,
            self._rendered(f"web.event.{event.kind}", event.kind),
            str(event.facts.get("text") or ""),
            delivery,
            internal=event.kind == NOTE,
        )

    def _rendered(self, key: str, otherwise: str) -> str:
        try:
            return self._texts.render(key, "sv")
        except TextMissingError:
            return otherwise


def _is_typed(value: object) -> bool:
    """Is it a name from outside the pick list, which may say anything?"""
    return isinstance(value, Mapping) and "other" in value


def form_of(case: Case) -> Dialog | None:
    """The form a case is shown as: a report keeps its own, also when a follow-up changed it."""
    dialogs = load_dialogs()
    return dialogs.get(case.kind) or dialogs.get(case.form_version.rsplit("-", 1)[0])
