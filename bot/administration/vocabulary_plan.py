"""What a file, or one edit, would change in the lists: planned whole, refused whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise

from bot.administration.vocabulary_sheet import YES_NO, BadSheet, Fault, Row, parted, to_cells
from intents.picklists import bare
from storage.model import Term

_CODE = re.compile(r"[a-z0-9_]{1,60}")
_ORDER = re.compile(r"\d{1,5}")
#: Names of one list that differ so little are taken for the same.
Rows = Mapping[str, tuple[Term, ...]]


@dataclass(frozen=True, slots=True)
class Change:
    """A row that becomes another, or a new one."""

    vocabulary: str
    #: None for a new row.
    before: Term | None
    after: Term
    #: Of the file; 0 where there is none.
    line: int = 0

    @property
    def fields(self) -> tuple[tuple[str, str, str], ...]:
        """(column, before, after) of what differs."""
        old = to_cells(self.vocabulary, self.before) if self.before else {}
        new = to_cells(self.vocabulary, self.after)
        return tuple((name, old.get(name, ""), cell) for name, cell in new.items()
                     if old.get(name, "") != cell and name not in {"list", "code"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be stored."""

    changes: tuple[Change, ...]
    #: Rows that stand in the file as they are stored.
    unchanged: int = 0


def plan_sheet(rows: Sequence[Row], stored: Rows, today: date, vocabulary: str = "") -> Plan:
    """What the rows of a file would change; ``vocabulary`` is the list of rows that name none.

    Raises:
        BadSheet: a row cannot be taken in, or the lists would not hold together with it.
    """
    if not vocabulary and not any(row.cells.get("list") for row in rows):
        raise BadSheet([Fault(0, "no_list")])
    faults: list[Fault] = []
    changes: list[Change] = []
    for row in rows:
        try:
            changes.append(_change(row, stored, today, vocabulary))
        except BadSheet as bad:
            faults += bad.faults
    if faults:
        raise BadSheet(faults)
    return plan(changes, stored)


def plan(changes: Sequence[Change], stored: Rows) -> Plan:
    """The changes, checked together with all that is stored.

    Raises:
        BadSheet: the lists would not hold together.
    """
    faults = list(_repeated(changes))
    for name in dict.fromkeys(change.vocabulary for change in changes):
        faults += _inconsistent(name, [c for c in changes if c.vocabulary == name], stored)
    if faults:
        raise BadSheet(sorted(faults, key=lambda fault: fault.line))
    real = tuple(change for change in changes if change.before != change.after)
    return Plan(real, len(changes) - len(real))


def _change(row: Row, stored: Rows, today: date, vocabulary: str) -> Change:
    reader = _Reader(row)
    name = row.cells.get("list") or vocabulary
    if name not in stored:
        raise BadSheet([Fault(row.line, "unknown_list", {
            "name": name[:40] or "–", "known": ", ".join(sorted(stored)),
        })])  # fmt: skip
    code = row.cells["code"]
    first = reader.day("valid_from") if "valid_from" in row.cells else _current(
        stored[name], code, today)  # fmt: skip
    before = next((t for t in stored[name] if (t.code, t.valid_from) == (code, first)), None)
    after = reader.term(before, first)
    if reader.faults:
        raise BadSheet(reader.faults)
    return Change(name, before, after, row.line)


def _current(terms: Sequence[Term], code: str, today: date) -> date | None:
    begun = [t.valid_from for t in terms
             if t.code == code and (t.valid_from is None or t.valid_from <= today)]  # fmt: skip
    return begun[-1] if begun else None


class _Reader:
    """Turns the cells of one line into a row and gathers what is wrong with them."""

    def __init__(self, row: Row) -> None:
        self._row = row
        self.faults: list[Fault] = []

    def term(self, before: Term | None, first: date | None) -> Term:
        """The row, with what is stored in the columns the file lacks."""
        old = before or Term("", "")
        has = self._row.cells.keys()
        return Term(
            self._matching("code", _CODE, "bad_code"),
            self._name(),
            parted(self._cell("synonyms")) if "synonyms" in has else old.synonyms,
            first,
            self.day("valid_to", first) if "valid_to" in has else old.valid_to,
            " ".join(parted(self._cell("successor"))) if "successor" in has else old.successor,
            self._meta(dict(old.meta)),
        )

    def _cell(self, column: str) -> str:
        return self._row.cells.get(column, "")

    def _name(self) -> str:
        name = " ".join(self._cell("name").split())
        if not name:
            self._fault("no_name")
        return name

    def _matching(self, column: str, pattern: re.Pattern[str], code: str) -> str:
        cell = self._cell(column)
        if not pattern.fullmatch(cell):
            self._fault(code, value=cell[:40] or "–")
        return cell

    def day(self, column: str, first: date | None = None) -> date | None:
        """A day as ÅÅÅÅ-MM-DD; none for an empty cell."""
        cell = self._cell(column)
        if not cell:
            return None
        try:
            day = date.fromisoformat(cell) if len(cell) == len("2026-01-31") else None
        except ValueError:
            day = None
        if day is None:
            self._fault("bad_date", value=cell[:40])
        elif first is not None and day < first:
            self._fault("ends_first", value=cell)
        return day

    def _meta(self, meta: dict[str, object]) -> dict[str, object]:
        cells: dict[str, object] = {}
        if "english" in self._row.cells:
            cells["english"] = " ".join(self._cell("english").split())
        if "year_round" in self._row.cells:
            told = YES_NO.get(self._cell("year_round").casefold())
            if told is None:
                self._fault("bad_yes", value=self._cell("year_round")[:40])
            cells["year_round"] = bool(told)
        if "order" in self._row.cells:
            place = self._cell("order") and self._matching("order", _ORDER, "bad_order")
            cells["order"] = int(place) if place.isdecimal() else None
        for column in ("slips", "near"):
            if column in self._row.cells:
                cells[column] = list(parted(self._cell(column)))
        kept = {**meta, **cells}
        return {
            name: value
            for name, value in kept.items()
            if value or (value == 0 and value is not False)
        }

    def _fault(self, code: str, **values: str | int) -> None:
        self.faults.append(Fault(self._row.line, code, values))


def _repeated(changes: Sequence[Change]) -> Iterator[Fault]:
    seen: dict[tuple[str, str, date | None], int] = {}
    for change in changes:
        key = (change.vocabulary, change.after.code, change.after.valid_from)
        if key in seen:
            yield Fault(change.line, "repeated", {"value": key[1], "other": seen[key]})
        else:
            seen[key] = change.line


def _inconsistent(name: str, changes: Sequence[Change], stored: Rows) -> Iterator[Fault]:
    """What would be wrong with a list after the changes."""
    lines = {(c.after.code, c.after.valid_from): c.line for c in changes}
    after = {(t.code, t.valid_from): t for t in stored[name]}
    after |= {(c.after.code, c.after.valid_from): c.after for c in changes}
    rows = sorted(after.values(), key=lambda t: (t.code, t.valid_from or date.min))
    codes = {term.code for term in rows}
    for change in changes:
        for code in change.after.successor.split():
            if code not in codes or code == change.after.code:
                yield Fault(change.line, "bad_successor", {"value": code})
    changed = {change.after.code for change in changes}
    for code, group in groupby(rows, key=lambda t: t.code):
        if code in changed:
            yield from _overlapping(list(group), lines)
    yield from _same_names(rows, lines)


def _overlapping(
    rows: Sequence[Term], lines: Mapping[tuple[str, date | None], int]
) -> Iterator[Fault]:
    for one, following in pairwise(rows):
        if one.valid_to is None or (following.valid_from or date.min) <= one.valid_to:
            at = (following.code, following.valid_from), (one.code, one.valid_from)
            line = next((lines[key] for key in at if key in lines), 0)
            yield Fault(line, "overlap", {"value": one.code})


def _same_names(
    rows: Sequence[Term], lines: Mapping[tuple[str, date | None], int]
) -> Iterator[Fault]:
    """Two codes that bear one name at one time could not be told apart."""
    named: dict[str, list[Term]] = {}
    for term in rows:
        key = bare(term.name)
        for other in named.get(key, ()):
            keys = ((term.code, term.valid_from), (other.code, other.valid_from))
            line = next((lines[each] for each in keys if each in lines), None)
            if line is not None and other.code != term.code and _meet(other, term):
                yield Fault(line, "same_name", {"value": term.name, "other": other.code})
        named.setdefault(key, []).append(term)


def _meet(one: Term, other: Term) -> bool:
    """Is there a day on which both hold?"""
    begins = max(one.valid_from or date.min, other.valid_from or date.min)
    return begins <= min(one.valid_to or date.max, other.valid_to or date.max)
