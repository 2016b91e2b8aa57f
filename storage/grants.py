"""What a person may do wherever they are met, as told at their latest login."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from storage.engine import Database
from storage.schema import grants


@dataclass(frozen=True, slots=True)
class Grant:
    """The roles of one person."""

    #: Id of the person.
    person: str
    roles: tuple[str, ...]
    #: Codes of organisations; None for all of them.
    units: frozenset[str] | None
    #: What told so, such as "oidc" or "proxy".
    origin: str
    #: When it was told last.
    updated_at: datetime


class Grants:
    """Finds and stores what persons may do."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, person: str) -> Grant | None:
        """The person's grant; None for somebody nothing is known of."""
        query = select(grants).where(grants.c.person == person)
        row = self._database.read(lambda connection: connection.execute(query).first())
        return None if row is None else _to_grant(row)

    def list(self) -> tuple[Grant, ...]:
        """Everybody who may do something, by id."""
        query = select(grants).order_by(grants.c.person)
        rows = self._database.read(lambda connection: connection.execute(query).all())
        return tuple(map(_to_grant, rows))

    def save(self, grant: Grant) -> bool:
        """Let this be what the person may do; True when it was something else before."""
        return self._database.write(lambda connection: _save(connection, grant))

    def remove(self, person: str) -> None:
        """Let the person do nothing beyond what the settings say."""
        gone = delete(grants).where(grants.c.person == person)
        self._database.write(lambda connection: connection.execute(gone))

    def purge(self, told_before: datetime) -> int:
        """Forget what has not been told again since; returns how many there were."""
        old = delete(grants).where(grants.c.updated_at < told_before)
        return self._database.write(lambda connection: connection.execute(old).rowcount)

    def any_from(self, *origins: str) -> bool:
        """Has anybody ever been told of by one of these?"""
        query = select(grants.c.person).where(grants.c.origin.in_(origins)).limit(1)
        return self._database.read(lambda connection: connection.scalar(query)) is not None


def _save(connection: Connection, grant: Grant) -> bool:
    mine = grants.c.person == grant.person
    row = {
        "roles": list(grant.roles),
        "units": None if grant.units is None else sorted(grant.units),
        "origin": grant.origin,
        "updated_at": grant.updated_at,
    }
    before = connection.execute(select(grants).where(mine)).first()
    if before is None:
        connection.execute(insert(grants), {"person": grant.person, **row})
        return True
    connection.execute(update(grants).where(mine).values(row))
    return (before.roles, before.units) != (row["roles"], row["units"])


def _to_grant(row: Row[Any]) -> Grant:
    units = None if row.units is None else frozenset(row.units)
    return Grant(row.person, tuple(row.roles), units, row.origin, row.updated_at)
