"""Messages to send after the commit: at least once, in order within a conversation.

A row is leased, sent and marked; a relay that dies in between leaves a lease that runs out, and
the row goes out again. Who reports a result must still hold the lease.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Update,
    and_,
    bindparam,
    case,
    delete,
    func,
    select,
    update,
)

from storage.cards import begin_cards
from storage.columns import Moment
from storage.engine import Database, insert_new
from storage.errors import NotFound
from storage.leasing import (
    COLUMNS,
    EVERYWHERE,
    Kinds,
    Lease,
    bound_for,
    find_next,
    is_ready,
    lease_rows,
)
from storage.model import Backlog, OutboxRow, Traffic
from storage.records import OutboxItem
from storage.schema import outbox

_INSERT = insert_new(outbox)
_HELD = (
    update(outbox)
    .where(
        outbox.c.id == bindparam("in_id"),
        outbox.c.status == "leased",
        outbox.c.lease_token == bindparam("in_token"),
    )
    .values(lease_until=None, lease_token="")
)
_SENT = _HELD.values(status="sent", sent_at=bindparam("new_at", type_=Moment))
_FAILED: dict[str, Any] = {
    "last_error": bindparam("new_error"),
    "refusals": bindparam("new_refusals"),
}
_AGAIN = _HELD.values(status="new", due_at=bindparam("new_at", type_=Moment), **_FAILED)
_DEAD = _HELD.values(status="dead", **_FAILED)
_BACK = _HELD.values(status="new", attempts=outbox.c.attempts - 1)
#: One attempt of a row that may have arrived is remembered when it is sent anew.
_MAYBE = case((outbox.c.attempts > outbox.c.refusals, 1), else_=0)

#: Attempts after which a place counts as not answering: some ten seconds.
PATIENCE = 3


class Outbox:
    """What the relay works through."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, items: Iterable[OutboxItem], at: datetime) -> None:
        """Queue messages outside a turn; one whose ``idem`` is known is left out."""
        rows = tuple(items)
        self._database.write(lambda connection: save_items(connection, rows, at))

    def claim(
        self,
        now: datetime,
        limit: int = 50,
        lease_seconds: int = 60,
        kinds: Kinds = EVERYWHERE,
    ) -> tuple[OutboxRow, ...]:
        """Lease what is due, oldest first and at most one row per conversation.

        A row that waits for its retry, or is leased, holds back the later ones of its own
        conversation and no other.
        """
        # Most often nothing is ready, and then no writer is kept busy.
        if not self._database.read(lambda connection: is_ready(connection, now, kinds)):
            return ()
        lease = Lease(secrets.token_hex(8), now + timedelta(seconds=lease_seconds))
        rows = self._database.write(lambda c: lease_rows(c, now, limit, kinds, lease))
        return tuple(map(_to_row, rows))

    def mark_sent(self, row: OutboxRow, at: datetime) -> bool:
        """Note that the message arrived; False when the lease was lost meanwhile."""
        return self._finish(row, _SENT, new_at=at)

    def retry_at(self, row: OutboxRow, due_at: datetime, error: str, *, sure: bool = False) -> bool:
        """Try again then; ``sure`` when nothing can have arrived.

        False when the lease was lost meanwhile.
        """
        told = {"new_error": error, "new_refusals": row.refusals + sure}
        return self._finish(row, _AGAIN, new_at=due_at, **told)

    def give_up(self, row: OutboxRow, error: str, *, sure: bool = False) -> bool:
        """Park the message among the dead letters; False when the lease was lost meanwhile."""
        return self._finish(row, _DEAD, new_error=error, new_refusals=row.refusals + sure)

    def release(self, rows: Iterable[OutboxRow]) -> None:
        """Give back leases without having tried, when the relay stops."""
        for row in rows:
            self._finish(row, _BACK)

    def dead_letters(self) -> tuple[OutboxRow, ...]:
        """What was given up, oldest first."""
        query = select(*COLUMNS).where(outbox.c.status == "dead").order_by(outbox.c.id)
        rows = self._database.read(lambda connection: connection.execute(query).all())
        return tuple(map(_to_row, rows))

    def struggling(self) -> tuple[OutboxRow, ...]:
        """The oldest message to each place that has not been taken for a while and is still tried.

        People's own conversations are left out: what is theirs shows in their cases.
        """
        query = select(*COLUMNS).where(
            outbox.c.status.in_(("new", "leased")),
            outbox.c.attempts > PATIENCE,
            outbox.c.last_error != "",
            outbox.c.destination.contains(":"),
            ~bound_for("conversation"),
        )
        rows = self._database.read(lambda c: c.execute(query.order_by(outbox.c.id)).all())
        oldest: dict[str, OutboxRow] = {}
        for row in map(_to_row, rows):
            oldest.setdefault(row.destination, row)
        return tuple(oldest.values())

    def requeue(self, row_id: int, now: datetime) -> None:
        """Send a dead letter again. Raises ``NotFound`` when it is none."""
        dead = update(outbox).where(outbox.c.id == row_id, outbox.c.status == "dead")
        again = {"status": "new", "attempts": _MAYBE, "refusals": 0}
        change = dead.values(**again, created_at=now, due_at=now)
        if not self._database.write(lambda connection: connection.execute(change).rowcount):
            raise NotFound

    def cancel(self, idem: str) -> bool:
        """Drop a reminder that is no longer wanted; False when it is gone or on its way."""
        return bool(self._drop_waiting(outbox.c.idem == idem))

    def cancel_all(self, idem_start: str) -> int:
        """Drop every waiting message whose key begins so; returns how many."""
        return self._drop_waiting(outbox.c.idem.startswith(idem_start, autoescape=True))

    def status(self, idem: str) -> str:
        """How far a message has come: "new", "leased", "sent", "dead"; empty if unknown."""
        query = select(outbox.c.status).where(outbox.c.idem == idem)
        return self._database.read(lambda connection: connection.scalar(query)) or ""

    def backlog(self, now: datetime) -> Backlog:
        """How much waits, for metrics and alarms."""
        due = and_(outbox.c.status.in_(("new", "leased")), outbox.c.due_at <= now)
        waiting = select(func.count(), func.min(outbox.c.due_at)).where(due)
        dead = select(func.count()).where(outbox.c.status == "dead")

        def work(connection: Connection) -> Backlog:
            count, oldest = connection.execute(waiting).one()
            return Backlog(count, oldest, connection.scalar(dead) or 0)

        return self._database.read(work)

    def traffic(self, kind: str) -> Traffic:
        """How sending to one kind of destination goes, such as "slack" or "mail"."""
        count = func.count()
        query = select(
            func.max(outbox.c.sent_at),
            count.filter(outbox.c.status.in_(("new", "leased"))),
            count.filter(outbox.c.status == "dead"),
        ).where(bound_for(kind))

        def work(connection: Connection) -> Traffic:
            last, waiting, dead = connection.execute(query).one()
            return Traffic(last, waiting, dead)

        return self._database.read(work)

    def next_due(self, after: datetime, kinds: Kinds = EVERYWHERE) -> datetime | None:
        """When the relay should look again if nothing wakes it; None when nothing waits."""
        return self._database.read(lambda connection: find_next(connection, after, kinds))

    def _drop_waiting(self, condition: ColumnElement[bool]) -> int:
        waiting = delete(outbox).where(condition, outbox.c.status == "new")
        return self._database.write(lambda connection: connection.execute(waiting).rowcount)

    def _finish(self, row: OutboxRow, change: Update, **values: object) -> bool:
        held = {"in_id": row.id, "in_token": row.lease_token, **values}
        return bool(self._database.write(lambda c: c.execute(change, held).rowcount))


def save_items(connection: Connection, items: Sequence[OutboxItem], at: datetime) -> None:
    """Queue messages; one whose ``idem`` is known is left out."""
    if not items:
        return
    rows = [_from_item(item, at) for item in items]
    connection.execute(_INSERT[connection.dialect.name], rows)
    begin_cards(connection, items, at)


def _from_item(item: OutboxItem, at: datetime) -> dict[str, object]:
    return {
        "idem": item.idem,
        "destination": item.destination,
        "kind": item.kind,
        "payload": item.payload,
        "conversation_key": item.conversation_key,
        "status": "new",
        "attempts": 0,
        # A reminder's days of trying are counted from the day it is for.
        "created_at": item.due_at or at,
        "due_at": item.due_at or at,
        "lease_token": "",
        "last_error": "",
    }


def _to_row(row: Row[Any]) -> OutboxRow:
    return OutboxRow(**row._mapping)
