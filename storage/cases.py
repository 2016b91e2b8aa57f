"""Cases: everything with a number that somebody works on or reports.

A case is a row that changes hands (state, owner, due date) and a list of versions that only
grows: an amendment and a withdrawal are versions too, so a report with an earlier cut-off still
gives the same figures.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)

from storage.cards import redrawings
from storage.engine import Database
from storage.errors import CaseTaken, NotFound, StaleCase
from storage.model import Case, CaseEvent, CaseFilter, CaseVersion
from storage.outbox import save_items
from storage.records import CaseChange, CaseNote, NewCase, ReportStatus
from storage.schema import case_events, case_versions, cases

_INSERT = insert(cases)
_INSERT_VERSION = insert(case_versions)
_INSERT_EVENT = insert(case_events)
_VERSION_COLUMNS = tuple(c for c in case_versions.c if c.name not in ("number", "version"))
_CASE_COLUMNS = tuple(c for c in cases.c if c.name != "version")
_ADVANCE = (
    update(cases)
    .where(
        cases.c.number == bindparam("in_number"), cases.c.version == bindparam("in_seen_version")
    )
    .values(version=cases.c.version + 1, updated_at=bindparam("at"))
)


class Cases:
    """Finds cases and moves them through hands; turns file and amend them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, number: str) -> Case | None:
        """The case in its latest version; None for an unknown number."""
        query = _joined(None).where(cases.c.number == number)
        row = self._database.read(lambda connection: connection.execute(query).first())
        return None if row is None else Case(**row._mapping)

    def list(self, wanted: CaseFilter) -> tuple[Case, ...]:
        """The cases that pass the filter, oldest first."""
        query = _filtered(wanted)
        rows = self._database.read(lambda connection: connection.execute(query).all())
        return tuple(Case(**row._mapping) for row in rows)

    def versions(self, number: str) -> tuple[CaseVersion, ...]:
        """Every version of the case, first to latest; empty for an unknown number."""
        query = select(case_versions).where(case_versions.c.number == number)
        rows = self._all(query.order_by(case_versions.c.version))
        return tuple(CaseVersion(**row._mapping) for row in rows)

    def events(self, number: str) -> tuple[CaseEvent, ...]:
        """The case's history, oldest first."""
        query = select(case_events).where(case_events.c.number == number)
        rows = self._all(query.order_by(case_events.c.id))
        return tuple(CaseEvent(**row._mapping) for row in rows)

    def waiting(self, asks: Sequence[str], replies: Sequence[str]) -> frozenset[str]:
        """Numbers of open cases with an event of ``asks`` after the last one of ``replies``."""
        last = func.max(case_events.c.id)
        last_ask = last.filter(case_events.c.kind.in_(asks))
        last_reply = func.coalesce(last.filter(case_events.c.kind.in_(replies)), 0)
        query = (
            select(case_events.c.number)
            .join_from(case_events, cases)
            .where(cases.c.state != "closed")
            .group_by(case_events.c.number)
            .having(last_ask > last_reply)
        )
        return frozenset(self._database.read(lambda connection: connection.scalars(query).all()))

    def answered(self, replies: Sequence[str]) -> frozenset[str]:
        """Numbers of open cases with an event of ``replies``."""
        query = (
            select(case_events.c.number)
            .distinct()
            .join_from(case_events, cases)
            .where(cases.c.state != "closed", case_events.c.kind.in_(replies))
        )
        return frozenset(self._database.read(lambda connection: connection.scalars(query).all()))

    def published(self) -> tuple[Case, ...]:
        """The examples the support function has published, newest first."""
        shown = select(case_events.c.number).where(case_events.c.kind == "published")
        numbers = set(self._database.read(lambda c: c.scalars(shown).all()))
        examples = self.list(CaseFilter(kinds=("example",)))
        return tuple(e for e in reversed(examples) if e.number in numbers and not e.withdrawn)

    def file(self, case: NewCase, at: datetime, conversation_key: str = "") -> None:
        """Store a new case outside a turn, such as a missing yearly report."""
        self._database.write(lambda c: save_case(c, case, conversation_key, at))

    def amend(self, change: CaseChange, at: datetime) -> int:
        """Store a new version outside a turn; returns its number. Raises ``StaleCase``."""
        return self._database.write(lambda c: save_change(c, change, at))

    def note(self, note: CaseNote, at: datetime) -> None:
        """Add a line to the case's history. Raises ``NotFound``."""
        self._database.write(lambda c: save_note(c, note, at))

    def take(self, number: str, person: str, at: datetime) -> Case:
        """Give the case to ``person``; taking one's own again changes nothing.

        Raises ``NotFound`` and, when it is somebody else's or closed, ``CaseTaken``.
        """

        def work(connection: Connection) -> Case:
            free = and_(cases.c.number == number, cases.c.state == "new")
            changes = {"state": "taken", "owner_person": person, "updated_at": at}
            if connection.execute(update(cases).where(free).values(changes)).rowcount:
                save_note(connection, CaseNote(number, "taken", person), at)
            case = self._existing(number)
            if case.state != "taken" or case.owner_person != person:
                raise CaseTaken
            return case

        return self._database.write(work)

    def release(self, number: str, actor: str, at: datetime) -> None:
        """Put the case back among the new ones. Raises ``CaseTaken`` if it is not ``actor``'s."""
        own = and_(cases.c.state == "taken", cases.c.owner_person == actor)
        note = CaseNote(number, "released", actor)
        self._change_if(own, note, at, state="new", owner_person="")

    def close(self, number: str, actor: str, at: datetime, owner: str = "") -> None:
        """Finish the case, if it is nobody's, ``actor``'s or ``owner``'s. Raises ``CaseTaken``."""
        free = cases.c.owner_person.in_(("", actor, owner))
        still_open = and_(cases.c.state != "closed", free)
        self._change_if(still_open, CaseNote(number, "closed", actor), at, state="closed")

    def assign(self, seen: Case, person: str, actor: str, at: datetime) -> None:
        """Give an open case to ``person`` if nobody else got it since it was ``seen``.

        Raises ``CaseTaken``.
        """
        as_seen = and_(cases.c.owner_person == seen.owner_person, cases.c.state != "closed")
        taken_over = person == actor and seen.owner_person not in ("", actor)
        kind = "taken_over" if taken_over else "assigned"
        note = CaseNote(seen.number, kind, actor, {"to": person})
        self._change_if(as_seen, note, at, state="taken", owner_person=person)

    def reopen(self, number: str, actor: str, at: datetime) -> None:
        """Take up a closed case again, as ``actor``'s. Raises ``CaseTaken`` if it is not closed."""
        note = CaseNote(number, "reopened", actor)
        closed = cases.c.state == "closed"
        self._change_if(closed, note, at, state="taken", owner_person=actor)

    def set_report_status(
        self, number: str, status: ReportStatus, actor: str, at: datetime
    ) -> None:
        """Move a report on its way to the board. Raises ``NotFound``."""
        note = CaseNote(number, "report_status", actor, {"status": status})
        self._change(note, at, report_status=status)

    def set_registry_number(self, number: str, registry: str, actor: str, at: datetime) -> None:
        """Note the diarienummer the registrar gave. Raises ``NotFound``."""
        note = CaseNote(number, "registered", actor, {"registry_number": registry})
        self._change(note, at, registry_number=registry)

    def set_due(self, number: str, due_on: date | None, actor: str, at: datetime) -> None:
        """Set or drop the due date. Raises ``NotFound``."""
        note = CaseNote(number, "due", actor, {"due_on": str(due_on or "")})
        self._change(note, at, due_on=due_on)

    def _change(self, note: CaseNote, at: datetime, **changes: object) -> None:
        change = update(cases).where(cases.c.number == note.number)

        def work(connection: Connection) -> None:
            connection.execute(change.values(updated_at=at, **changes))
            save_note(connection, note, at)

        self._database.write(work)

    def _change_if(
        self, condition: ColumnElement[bool], note: CaseNote, at: datetime, **changes: object
    ) -> None:
        change = update(cases).where(cases.c.number == note.number, condition)

        def work(connection: Connection) -> None:
            if not connection.execute(change.values(updated_at=at, **changes)).rowcount:
                _require_case(connection, note.number)
                raise CaseTaken
            save_note(connection, note, at)

        self._database.write(work)

    def _existing(self, number: str) -> Case:
        case = self.find(number)
        if case is None:
            raise NotFound
        return case

    def _all(self, query: Select[Any]) -> Sequence[Row[Any]]:
        return self._database.read(lambda connection: connection.execute(query).all())


def save_case(connection: Connection, case: NewCase, conversation_key: str, at: datetime) -> None:
    """File a case with its first version."""
    row = {
        "number": case.number,
        "kind": case.kind,
        "state": "new",
        "report_status": case.report_status,
        "version": 1,
        "owner_role": case.owner_role,
        "owner_person": "",
        "due_on": case.due_on,
        "conversation_key": conversation_key,
        "about": case.about,
        "registry_number": "",
        "created_at": at,
        "updated_at": at,
    }
    connection.execute(_INSERT, row)
    connection.execute(_INSERT_VERSION, _version_row(case, 1, "filed", at))
    save_note(connection, CaseNote(case.number, "filed", case.submitted_by), at)


def save_change(connection: Connection, change: CaseChange, at: datetime) -> int:
    """Add a version to a case and return its number. Raises ``StaleCase`` and ``NotFound``."""
    seen = {"in_number": change.number, "in_seen_version": change.seen_version, "at": at}
    if not connection.execute(_ADVANCE, seen).rowcount:
        _require_case(connection, change.number)
        raise StaleCase
    version = change.seen_version + 1
    kind = "withdrawn" if change.withdrawn else "amended"
    connection.execute(_INSERT_VERSION, _version_row(change, version, kind, at))
    if change.report_status is not None:
        status = update(cases).where(cases.c.number == change.number)
        connection.execute(status.values(report_status=change.report_status))
    save_note(connection, CaseNote(change.number, kind, change.submitted_by), at)
    return version


def save_note(connection: Connection, note: CaseNote, at: datetime) -> None:
    """Add a line to a case's history and redraw its cards. Raises ``NotFound``."""
    _require_case(connection, note.number)
    row = {
        "number": note.number,
        "at": at,
        "actor": note.actor,
        "kind": note.kind,
        "facts": note.facts,
    }
    if note.state:
        change = update(cases).where(cases.c.number == note.number)
        connection.execute(change.values(state=note.state, updated_at=at))
    event = connection.execute(_INSERT_EVENT.returning(case_events.c.id), row).scalar_one()
    save_items(connection, redrawings(connection, note.number, event), at)


def _require_case(connection: Connection, number: str) -> None:
    if connection.scalar(select(cases.c.version).where(cases.c.number == number)) is None:
        raise NotFound


def _version_row(
    case: NewCase | CaseChange, version: int, change: str, at: datetime
) -> dict[str, object]:
    return {
        "number": case.number,
        "version": version,
        "change": change,
        "organisation": case.organisation,
        "year": case.year,
        "period_from": case.period_from,
        "period_to": case.period_to,
        "values": case.values,
        "form_version": case.form_version,
        "submitted_by": case.submitted_by,
        "submitted_at": at,
    }


def _joined(as_of: datetime | None) -> Select[Any]:
    """Cases with the version that was the latest at ``as_of``."""
    latest: Any = cases.c.version
    if as_of is not None:
        latest = (
            select(func.max(case_versions.c.version))
            .where(case_versions.c.number == cases.c.number, case_versions.c.submitted_at <= as_of)
            .correlate(cases)
            .scalar_subquery()
        )
    shown = and_(case_versions.c.number == cases.c.number, case_versions.c.version == latest)
    columns = (*_CASE_COLUMNS, case_versions.c.version, *_VERSION_COLUMNS)
    return select(*columns).join_from(cases, case_versions, shown)


def _filtered(wanted: CaseFilter) -> Select[Any]:
    query = _joined(wanted.as_of)
    lists = (
        (cases.c.kind, wanted.kinds),
        (cases.c.state, wanted.states),
        (cases.c.report_status, wanted.report_statuses),
        (case_versions.c.organisation, wanted.organisations),
    )
    for column, values in lists:
        if values:
            query = query.where(column.in_(values))
    equal = (
        (case_versions.c.year, wanted.year),
        (cases.c.owner_person, wanted.owner_person),
        (cases.c.conversation_key, wanted.conversation_key),
        (cases.c.about, wanted.about),
    )
    for column, value in equal:
        if value not in (None, ""):
            query = query.where(column == value)
    if wanted.units is not None:
        query = query.where(case_versions.c.organisation.in_(sorted(wanted.units)))
    if wanted.submitted_in:
        query = query.where(or_(*(_submitted_in(*ends) for ends in wanted.submitted_in)))
    return _between(query, wanted).order_by(cases.c.created_at, cases.c.number).limit(wanted.limit)


def _submitted_in(start: str, end: str) -> ColumnElement[bool]:
    key = case_versions.c.submitted_by
    return and_(key.startswith(start, autoescape=True), key.endswith(end, autoescape=True))


def _between(query: Select[Any], wanted: CaseFilter) -> Select[Any]:
    bounds = (
        (case_versions.c.period_from, operator.ge, wanted.period_from),
        (case_versions.c.period_from, operator.le, wanted.period_to),
        (cases.c.created_at, operator.ge, wanted.created_from),
        (cases.c.created_at, operator.lt, wanted.created_before),
        (cases.c.due_on, operator.lt, wanted.due_before),
    )
    for column, compare, value in bounds:
        if value is not None:
            query = query.where(compare(column, value))
    return query
