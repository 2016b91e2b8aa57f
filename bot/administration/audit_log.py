"""Who has done what to which object: the audit log as an auditor reads it, without content."""

from __future__ import annotations

from pathlib import Path

from bot.errors import HansynError
from bot.policy import Actor
from storage.audit import AuditFilter, Chain, Head
from storage.model import AuditEntry
from storage.store import Store


class BadHead(HansynError):
    """The file does not hold a head of the log: a position, a space and a hash."""


class AuditLog:
    """The log, for those who may read it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def entries(
        self, actor: Actor, wanted: AuditFilter, before: int | None = None, limit: int = 50
    ) -> tuple[AuditEntry, ...]:
        """The newest that pass, of those before a position."""
        actor.require("audit.read")
        return self._store.audit.page(wanted, before, limit)

    def inspect(self, actor: Actor, kept: Head = (0, "")) -> Chain:
        """Is the chain of entries whole, from the first to the last?"""
        actor.require("audit.read")
        return self._store.audit.inspect(kept)

    def keep_head(self, actor: Actor, file: Path) -> None:
        """Write the end of the log to a file that whoever owns the database cannot reach."""
        actor.require("audit.read")
        position, chained = self._store.audit.head()
        file.write_text(f"{position} {chained}\n", encoding="utf-8")


def ids_of(who: str) -> tuple[str, ...]:
    """Whom an id or the signature of somebody who came by a link stands for."""
    return (who, f"stod:{who.casefold()}") if who else ()


def read_head(file: Path) -> Head:
    """The head a file holds; that of an empty log where there is no file. Raises ``BadHead``."""
    if not file.exists():
        return 0, ""
    position, _, chained = file.read_text(encoding="utf-8").strip().partition(" ")
    if not position.isdecimal():
        raise BadHead(f"{file}: {BadHead()}")
    return int(position), chained
