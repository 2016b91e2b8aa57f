"""A door of its own for the scripted application: a link, and logins that a restart forgets."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bot.login.door import Door
from bot.login.sessions import Sessions
from bot.policy import Actor
from storage.logins import Login
from storage.records import AuditItem


class ForgetfulLogins:
    """``storage.logins.Logins`` without a database."""

    def __init__(self) -> None:
        self.rows: dict[str, Login] = {}

    def add(self, login: Login) -> None:
        self.rows[login.digest] = login

    def find(self, digest: str) -> Login | None:
        return self.rows.get(digest)

    def list(self) -> tuple[Login, ...]:
        return tuple(self.rows.values())

    def see(self, digest: str, at: datetime) -> None:
        self.rows[digest] = replace(self.rows[digest], seen_at=at)

    def end(self, digest: str) -> int:
        return 1 if self.rows.pop(digest, None) else 0

    def end_all(self, person: str = "") -> int:
        ended = [key for key, row in self.rows.items() if person in ("", row.person)]
        for key in ended:
            del self.rows[key]
        return len(ended)


@dataclass
class ScriptedLinks:
    """One token to begin with, and one more for every colleague."""

    tokens: set[str] = field(default_factory=lambda: {"engangslank"})
    open: bool = True

    def make(self, actor: Actor) -> str:
        self.tokens.add("kollegalank")
        return "kollegalank"

    def use(self, token: str) -> bool:
        known = token in self.tokens
        self.tokens.discard(token)
        return known


class NoColleagues:
    """Everybody has come by the link."""

    def signatures(self) -> dict[str, str]:
        return {}

    def sign(self, actor: Actor, signature: str) -> bool:
        return False

    def code(self, actor: Actor) -> str:
        return ""

    def join(self, actor: Actor, issuer: str, subject: str) -> None:
        pass

    def part(self, issuer: str, subject: str) -> None:
        pass


def scripted_door() -> Door:
    """Lets in with "engangslank"."""
    notes: list[AuditItem] = []
    sessions = Sessions(ForgetfulLogins(), notes.append, lambda: datetime.now(UTC))
    return Door(sessions, ScriptedLinks(), NoColleagues())
