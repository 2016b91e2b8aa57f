"""The audit log: each entry's hash covers the one before, so a changed past shows.

Cutting off the end leaves a shorter chain that is still sound; whoever wants to notice that
keeps ``head`` elsewhere and passes it to ``verify``.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, insert, or_, select

from storage.columns import storable
from storage.engine import Database, lock_servers
from storage.model import AuditEntry
from storage.records import AuditItem
from storage.schema import audit

_INSERT = insert(audit)
_LAST = select(audit.c.position, audit.c.hash).order_by(audit.c.position.desc()).limit(1)
#: Position and hash of the chain's last entry; (0, "") for an empty log.
Head = tuple[int, str]


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries; what is left out does not filter."""

    #: An object such as "case:A-2026-0007", or what follows its colon.
    object: str = ""
    #: Any of these ids.
    actors: tuple[str, ...] = ()
    action: str = ""
    since: datetime | None = None
    #: Not included.
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """What checking the log has shown."""

    #: Position of the first broken entry; None when all are sound.
    broken: int | None
    #: Sound entries.
    count: int
    #: Position of the first entry signed with the key; None where none is.
    signed_from: int | None


class Audit:
    """Appends to the log and checks it; the database itself refuses changes."""

    def __init__(self, database: Database, key: bytes = b"") -> None:
        self._database = database
        #: With a key the chain cannot be forged by whoever can only write to the database.
        self._key = key

    def append(self, items: Iterable[AuditItem], at: datetime) -> None:
        """Add entries outside a turn."""
        rows = tuple(items)
        self._database.write(lambda connection: self.save(connection, rows, at))

    def save(self, connection: Connection, items: tuple[AuditItem, ...], at: datetime) -> None:
        """Add entries to the running transaction; do it last, it holds other servers back."""
        if not items:
            return
        lock_servers(connection)
        position, chained = _head(connection)
        for item in items:
            position += 1
            actor, action, object_name = map(storable, (item.actor, item.action, item.object))
            entry = AuditEntry(position, at, actor, action, object_name, item.facts, "")
            chained = link_hash(entry, chained, self._key)
            connection.execute(_INSERT, {**asdict(entry), "hash": chained})

    def head(self) -> Head:
        """The chain's end, to be kept where the database's owner cannot reach it."""
        return self._database.read(_head)

    def list(
        self, object_name: str = "", after: int = 0, limit: int = 200
    ) -> tuple[AuditEntry, ...]:
        """Entries after a position, oldest first, on all objects or one."""
        query = select(audit).where(audit.c.position > after)
        if object_name:
            query = query.where(audit.c.object == object_name)
        query = query.order_by(audit.c.position).limit(limit)
        rows = self._database.read(lambda connection: connection.execute(query).all())
        return tuple(AuditEntry(**row._mapping) for row in rows)

    def page(self, wanted: AuditFilter, before: int | None, limit: int) -> tuple[AuditEntry, ...]:
        """The newest entries that pass, of those before a position."""
        query = _filtered(wanted)
        if before is not None:
            query = query.where(audit.c.position < before)
        query = query.order_by(audit.c.position.desc()).limit(limit)
        rows = self._database.read(lambda connection: connection.execute(query).all())
        return tuple(AuditEntry(**row._mapping) for row in rows)

    def verify(self, kept: Head = (0, "")) -> int | None:
        """Position of the first broken entry; None when the chain is sound.

        ``kept`` is an earlier ``head``: its entry must still be there, unchanged.
        """
        return self.inspect(kept).broken

    def inspect(self, kept: Head = (0, "")) -> Chain:
        """The state of the chain; see ``verify``. It reads every entry."""
        last, chained, signed_from = 0, "", None
        for entry in self._entries():
            if signed_from is None and self._key and self._is_signed(entry, chained):
                signed_from = entry.position
            # What was written before there was a key is held fast by the first signed entry.
            expected = link_hash(entry, chained, self._key if signed_from else b"")
            moved = entry.position == kept[0] and entry.hash != kept[1]
            if entry.position != last + 1 or moved or not hmac.compare_digest(entry.hash, expected):
                return Chain(last + 1, last, signed_from)
            last, chained = entry.position, entry.hash
        return Chain(last + 1 if last < kept[0] else None, last, signed_from)

    def _is_signed(self, entry: AuditEntry, before: str) -> bool:
        return hmac.compare_digest(entry.hash, link_hash(entry, before, self._key))

    def _entries(self, page: int = 1000) -> Iterator[AuditEntry]:
        after = 0
        while entries := self.list(after=after, limit=page):
            yield from entries
            after = entries[-1].position


def link_hash(entry: AuditEntry, before: str, key: bytes = b"") -> str:
    """The hash of an entry that follows an entry with hash ``before``."""
    content = [
        before,
        entry.position,
        entry.at.timestamp(),
        entry.actor,
        entry.action,
        entry.object,
        entry.facts,
    ]
    text = storable(json.dumps(content, ensure_ascii=False, sort_keys=True)).encode()
    signed = hmac.new(key, text, hashlib.sha256) if key else hashlib.sha256(text)
    return signed.hexdigest()


def _filtered(wanted: AuditFilter) -> Select[Any]:
    query = select(audit)
    if wanted.object:
        ends = audit.c.object.endswith(f":{wanted.object}", autoescape=True)
        query = query.where(or_(audit.c.object == wanted.object, ends))
    if wanted.actors:
        query = query.where(audit.c.actor.in_(wanted.actors))
    if wanted.action:
        query = query.where(audit.c.action == wanted.action)
    if wanted.since is not None:
        query = query.where(audit.c.at >= wanted.since)
    if wanted.before is not None:
        query = query.where(audit.c.at < wanted.before)
    return query


def _head(connection: Connection) -> Head:
    row = connection.execute(_LAST).first()
    return (row.position, row.hash) if row else (0, "")
