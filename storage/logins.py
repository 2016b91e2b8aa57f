"""Who is logged in at the pages, by the digest of a cookie that only the browser has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, or_, select, update

from storage.engine import Database
from storage.schema import logins


@dataclass(frozen=True, slots=True)
class Login:
    """One browser of one person."""

    #: Of the cookie's token; never the token itself.
    digest: str
    #: Id of the person.
    person: str
    roles: tuple[str, ...]
    #: Codes of organisations; None for all of them.
    units: frozenset[str] | None
    #: The way in: "link", "oidc" or "proxy".
    origin: str
    begun_at: datetime
    seen_at: datetime


class Logins:
    """Keeps logins over restarts; whether one has run out is the caller's to say."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, login: Login) -> None:
        """Store a new login."""
        row = {
            "digest": login.digest,
            "person": login.person,
            "roles": list(login.roles),
            "units": None if login.units is None else sorted(login.units),
            "origin": login.origin,
            "begun_at": login.begun_at,
            "seen_at": login.seen_at,
        }
        self._database.write(lambda connection: connection.execute(insert(logins), row))

    def find(self, digest: str) -> Login | None:
        """The login of a cookie; None when there is none."""
        query = select(logins).where(logins.c.digest == digest)
        row = self._database.read(lambda connection: connection.execute(query).first())
        return None if row is None else _to_login(row)

    def list(self) -> tuple[Login, ...]:
        """Every login, the latest seen first."""
        query = select(logins).order_by(logins.c.seen_at.desc(), logins.c.digest)
        rows = self._database.read(lambda connection: connection.execute(query).all())
        return tuple(map(_to_login, rows))

    def see(self, digest: str, at: datetime) -> None:
        """Note that the login was used."""
        change = update(logins).where(logins.c.digest == digest).values(seen_at=at)
        self._database.write(lambda connection: connection.execute(change))

    def end(self, digest: str) -> int:
        """Forget one login; returns how many there were."""
        return self._delete(logins.c.digest == digest)

    def end_all(self, person: str = "") -> int:
        """Forget every login of a person, or of everybody."""
        return self._delete(logins.c.person == person if person else logins.c.digest != "")

    def purge(self, seen_before: datetime, begun_before: datetime) -> int:
        """Forget those that have run out."""
        return self._delete(or_(logins.c.seen_at < seen_before, logins.c.begun_at < begun_before))

    def _delete(self, which: ColumnElement[bool]) -> int:
        gone = delete(logins).where(which)
        return self._database.write(lambda connection: connection.execute(gone).rowcount)


def _to_login(row: Row[Any]) -> Login:
    units = None if row.units is None else frozenset(row.units)
    return Login(
        row.digest, row.person, tuple(row.roles), units, row.origin, row.begun_at, row.seen_at
    )
