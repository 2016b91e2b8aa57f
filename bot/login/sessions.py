"""Who is logged in: server-side, by the digest of a cookie, over restarts and on every server."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.policy import ROLES, Actor
from storage.logins import Login
from storage.records import AuditItem

#: A login is noted as used at most so often, as every note is a write.
NOTED_EVERY = timedelta(minutes=1)


class LoginRows(Protocol):
    """Where logins are kept: ``storage.logins.Logins``."""

    def add(self, login: Login) -> None: ...

    def find(self, digest: str) -> Login | None: ...

    def list(self) -> tuple[Login, ...]: ...

    def see(self, digest: str, at: datetime) -> None: ...

    def end(self, digest: str) -> int: ...

    def end_all(self, person: str = "") -> int: ...


@dataclass(frozen=True, slots=True)
class Span:
    """How long a login lasts (reliability goals, C3)."""

    idle: timedelta = timedelta(minutes=30)
    longest: timedelta = timedelta(hours=8)

    def holds(self, login: Login, now: datetime) -> bool:
        """Is the login still good?"""
        return now < login.seen_at + self.idle and now < login.begun_at + self.longest


class Sessions:
    """Begins and ends logins, each as an event of the audit log."""

    def __init__(
        self,
        rows: LoginRows,
        note: Callable[[AuditItem], None],
        now: Callable[[], datetime],
        span: Span | None = None,
    ) -> None:
        self._rows = rows
        self._note = note
        self._now = now
        self.span = span or Span()

    def begin(self, actor: Actor, origin: str) -> str:
        """A token for the browser of somebody who has shown who they are; a new one each time."""
        token, now = secrets.token_urlsafe(32), self._now()
        roles = tuple(sorted(actor.roles))
        self._rows.add(Login(digest(token), actor.id, roles, actor.units, origin, now, now))
        facts: dict[str, object] = {"origin": origin, "roles": list(roles)}
        self._note(AuditItem(actor.id, "login", f"person:{actor.id}", facts))
        return token

    def who(self, token: str) -> Login | None:
        """The login of a token; None for nobody, and once it has run out."""
        login = self._rows.find(digest(token)) if token else None
        if login is None:
            return None
        now = self._now()
        if not self.span.holds(login, now):
            self._rows.end(login.digest)
            return None
        if now - login.seen_at >= NOTED_EVERY:
            self._rows.see(login.digest, now)
        return login

    def end(self, token: str) -> None:
        """Log one browser out."""
        login = self._rows.find(digest(token))
        if login is not None and self._rows.end(login.digest):
            self._note(AuditItem(login.person, "logout", f"person:{login.person}"))

    def end_own(self, actor: Actor) -> int:
        """Log the actor out of every browser; returns how many there were."""
        return self._end_all(actor, actor.id)

    def end_all(self, actor: Actor, person: str = "") -> int:
        """Log a person, or everybody, out of every browser; returns how many there were."""
        actor.require("login.end")
        return self._end_all(actor, person)

    def _end_all(self, actor: Actor, person: str) -> int:
        ended = self._rows.end_all(person)
        # Nobody there, nothing done: the log holds the ids of persons and no other words.
        if ended or not person:
            whose = f"person:{person}" if person else "everybody"
            self._note(AuditItem(actor.id, "logout_all", whose, {"count": ended}))
        return ended

    def present(self) -> tuple[Login, ...]:
        """Everybody logged in now, the latest seen first."""
        now = self._now()
        return tuple(login for login in self._rows.list() if self.span.holds(login, now))


def actor_at(login: Login) -> Actor:
    """Whoever has logged in so."""
    # A role of an older release means nothing any longer.
    return Actor(login.person, frozenset(r for r in ROLES if r in login.roles), login.units)


def digest(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
