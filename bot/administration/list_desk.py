"""Where administrators see to the lists people pick from: add, rename, end, correct, import.

Renaming closes a row and begins another under the same code, so that records keep the name of
their time. Every act is checked whole before anything is stored, and leaves a line in the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.administration.faults import Missing
from bot.administration.logged_store import LoggedStore
from bot.administration.vocabularies import EDITED, row_on, to_code
from bot.administration.vocabulary_plan import Change, Plan, plan, plan_sheet
from bot.administration.vocabulary_sheet import BadSheet, Fault, read_sheet, write_sheet
from bot.policy import Actor
from storage.model import Term
from storage.records import AuditItem


@dataclass(frozen=True, slots=True)
class Words:
    """What a term is called, and what else is told about it."""

    name: str
    english: str = ""
    synonyms: tuple[str, ...] = ()
    year_round: bool = False
    #: Of a word of the field: how people misspell it, and what is only close to it; None keeps
    #: what is stored.
    slips: tuple[str, ...] | None = None
    near: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class ListFacts:
    """A list in one line."""

    name: str
    #: Codes that hold on the day it is asked.
    current: int
    ended: int


class ListDesk:
    """Edits the lists of one store, for whoever is allowed to."""

    def __init__(self, kept: LoggedStore) -> None:
        self._kept = kept

    def lists(self, actor: Actor, day: date) -> tuple[ListFacts, ...]:
        """Every list there is."""
        actor.require("settings.read")
        return tuple(_facts(name, rows, day) for name, rows in self._stored().items())

    def rows(self, actor: Actor, name: str) -> tuple[Term, ...]:
        """Every row of a list, those of one code together, oldest first.

        Raises:
            Missing: there is none of that name.
        """
        actor.require("settings.read")
        if name not in EDITED:
            raise Missing
        return self._stored()[name]

    def version(self) -> int:
        """Rises with every change; what was previewed at another one is previewed again."""
        return self._kept.look().version

    def add(self, actor: Actor, name: str, words: Words, since: date | None) -> str:
        """A new term; the code it gets.

        Raises:
            BadSheet: the list would not hold together; nothing is stored.
        """
        rows = self._editable(actor, name)
        code = _free_code(words.name, {row.code for row in rows})
        term = _worded(Term(code, "", valid_from=since), words)
        self._carry_out(actor, [Change(name, None, term)], "add")
        return code

    def rename(self, actor: Actor, name: str, code: str, words: Words, since: date) -> None:
        """Another name from a day on; what was called the old name before keeps it.

        Raises:
            BadSheet: the day is not after the first of the row, or the name is taken.
        """
        row = self._row(actor, name, code, since)
        if row.valid_from is not None and since <= row.valid_from:
            raise BadSheet([Fault(0, "too_early", {"value": row.valid_from.isoformat()})])
        closed = replace(row, valid_to=since - timedelta(days=1))
        renamed = replace(_worded(row, words), valid_from=since)
        changes = [Change(name, row, closed), Change(name, None, renamed)]
        self._carry_out(actor, changes, "rename")

    def correct(self, actor: Actor, name: str, code: str, words: Words, day: date) -> None:
        """Mend the row of a day: a slip in the name, other names, the flag."""
        row = self._row(actor, name, code, day)
        self._carry_out(actor, [Change(name, row, _worded(row, words))], "correct")

    def end(
        self, actor: Actor, name: str, code: str, last: date | None, successors: Sequence[str]
    ) -> None:
        """Let a term end, and say which took over; without a day it goes on after all."""
        row = self._row(actor, name, code, last or self._kept.today())
        ended = replace(row, valid_to=last, successor=" ".join(successors))
        self._carry_out(actor, [Change(name, row, ended)], "end")

    def preview(self, actor: Actor, content: bytes, name: str = "") -> Plan:
        """What a file would change.

        Raises:
            BadSheet: it cannot be taken in; the faults name its lines.
        """
        actor.require("settings.words")
        today = self._kept.today()
        return plan_sheet(read_sheet(content), self._stored(), today, name)

    def take_in(self, actor: Actor, content: bytes, name: str = "") -> Plan:
        """Store what a file changes: all of it, or after any fault nothing."""
        planned = self.preview(actor, content, name)
        self._store_changes(actor, planned.changes, "import")
        return planned

    def export(self, actor: Actor, names: Iterable[str] = EDITED) -> bytes:
        """Lists as a file that ``take_in`` reads back unchanged."""
        actor.require("settings.read")
        return write_sheet({name: self.rows(actor, name) for name in names})

    def _stored(self) -> Mapping[str, tuple[Term, ...]]:
        terms = self._kept.look().terms
        return {name: terms.get(name, ()) for name in EDITED}

    def _editable(self, actor: Actor, name: str) -> tuple[Term, ...]:
        actor.require("settings.words")
        return self.rows(actor, name)

    def _row(self, actor: Actor, name: str, code: str, day: date) -> Term:
        rows = self._editable(actor, name)
        own = [row for row in rows if row.code == code]
        if not own:
            raise Missing
        return row_on(rows, code, day) or own[0]

    def _carry_out(self, actor: Actor, changes: Sequence[Change], act: str) -> None:
        faults = [Fault(0, "no_name") for change in changes if not change.after.name]
        if faults:
            raise BadSheet(faults)
        self._store_changes(actor, plan(changes, self._stored()).changes, act)

    def _store_changes(self, actor: Actor, changes: Sequence[Change], act: str) -> None:
        if not changes:
            return
        by_list: dict[str, list[Term]] = {}
        for change in changes:
            by_list.setdefault(change.vocabulary, []).append(change.after)
        notes = [
            AuditItem(actor.id, f"list.{act}", f"list:{name}", {"codes": [t.code for t in terms]})
            for name, terms in by_list.items()
        ]
        self._kept.change(lambda _: self._kept.store.vocabularies.save_terms(by_list), notes)


def _facts(name: str, rows: Sequence[Term], day: date) -> ListFacts:
    codes = {row.code for row in rows}
    current = {
        row.code
        for row in rows
        if (row.valid_from or day) <= day <= (row.valid_to or day)
    }  # fmt: skip
    return ListFacts(name, len(current), len(codes - current))


def _worded(row: Term, words: Words) -> Term:
    meta = dict(row.meta)
    told: dict[str, object] = {"english": words.english, "year_round": words.year_round}
    for key, listed in (("slips", words.slips), ("near", words.near)):
        if listed is not None:
            told[key] = list(listed)
    for key, value in told.items():
        meta.pop(key, None)
        if value:
            meta[key] = value
    name = " ".join(words.name.split())
    return replace(row, name=name, synonyms=words.synonyms, meta=meta)


def _free_code(name: str, taken: set[str]) -> str:
    """A code made of the name that no other term has."""
    code = to_code(name)
    numbers = (f"{code}_{number}" for number in range(2, len(taken) + 3))
    return code if code not in taken else next(each for each in numbers if each not in taken)
