"""Every completed gross-list screening, so that a changed rule can be tried on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from storage.engine import Database
from storage.model import Screening
from storage.records import NewCase, NewScreening
from storage.schema import screenings

_INSERT = insert(screenings)
#: Kinds of case a screening becomes when somebody registers it.
REGISTERED = ("grosslist", "unclear_screening")


class Screenings:
    """Finds stored screenings; turns add them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, number: str) -> Screening | None:
        """One screening; None for an unknown number."""
        rows = self._rows(select(screenings).where(screenings.c.number == number))
        return _to_screening(rows[0]) if rows else None

    def list(
        self, since: datetime | None = None, before: datetime | None = None, verdict: str = ""
    ) -> tuple[Screening, ...]:
        """Screenings from ``since`` until just before ``before``, oldest first."""
        query = select(screenings).order_by(screenings.c.at, screenings.c.number)
        if since is not None:
            query = query.where(screenings.c.at >= since)
        if before is not None:
            query = query.where(screenings.c.at < before)
        if verdict:
            query = query.where(screenings.c.verdict == verdict)
        return tuple(map(_to_screening, self._rows(query)))

    def _rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        return self._database.read(lambda connection: connection.execute(query).all())


def save_screening(
    connection: Connection, screening: NewScreening, conversation_key: str, at: datetime
) -> None:
    """Store a completed screening."""
    row = {
        "number": screening.number,
        "at": at,
        "conversation_key": conversation_key,
        "organisation": screening.organisation,
        "input": screening.input,
        "facts": screening.facts,
        "verdict": screening.verdict,
        "reasons": screening.reasons,
        "rule_version": screening.rule_version,
        "policy_version": screening.policy_version,
        "case_number": "",
    }
    connection.execute(_INSERT, row)


def link_screening(connection: Connection, case: NewCase, conversation_key: str) -> None:
    """Note the case on the latest screening of the same conversation and the same words.

    Of several cases in one message it is the one with the same number among them.
    """
    text = case.values.get("text")
    if case.kind not in REGISTERED or not text:
        return
    query = select(screenings.c.number, screenings.c.facts).where(
        screenings.c.conversation_key == conversation_key,
        screenings.c.input == text,
        screenings.c.case_number == "",
    )
    rows = connection.execute(query.order_by(screenings.c.at, screenings.c.number)).all()
    same = [row.number for row in rows if row.facts.get("which") == case.values.get("which")]
    if same:
        change = update(screenings).where(screenings.c.number == same[-1])
        connection.execute(change.values(case_number=case.number))


def _to_screening(row: Row[Any]) -> Screening:
    return Screening(**{**row._mapping, "reasons": tuple(row.reasons)})
