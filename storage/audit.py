"""The audit log: each entry's hash covers the one before, so a changed past shows.

Cutting off the end leaves a shorter chain that is still sound; whoever wants to notice that
keeps ``head`` elsewhere and passes it to ``verify``.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, insert, select

from storage.columns import storable
from storage.engine import Database, lock_servers
from storage.model import AuditEntry
from storage.records import AuditItem
from storage.schema import audit

_INSERT = insert(audit)
_LAST = select(audit.c.position, audit.c.hash).order_by(audit.c.position.desc()).limit(1)
#: Position and hash of the chain's last entry; (0, "") for an empty log.
Head = tuple[int, str]


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

    def verify(self, kept: Head = (0, "")) -> int | None:
        """Position of the first broken entry; None when the chain is sound.

        ``kept`` is an earlier ``head``: its entry must still be there, unchanged.
        """
        last, chained = 0, ""
        for entry in self._entries():
            expected = link_hash(entry, chained, self._key)
            moved = entry.position == kept[0] and entry.hash != kept[1]
            if entry.position != last + 1 or moved or not hmac.compare_digest(entry.hash, expected):
                return last + 1
            last, chained = entry.position, entry.hash
        return last + 1 if last < kept[0] else None

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


def _head(connection: Connection) -> Head:
    row = connection.execute(_LAST).first()
    return (row.position, row.hash) if row else (0, "")
