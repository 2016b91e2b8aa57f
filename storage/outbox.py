"""Messages to send after the commit: at least once, in order within a conversation.

A row is leased, sent and marked; a relay that dies in between leaves a lease that runs out, and
the row goes out again. Who reports a result must still hold the lease.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    delete,
    exists,
    func,
    not_,
    or_,
    select,
    true,
    update,
)

from storage.cards import begin_cards
from storage.engine import Database, insert_new
from storage.errors import NotFound
from storage.model import Backlog, OutboxRow, Traffic
from storage.records import OutboxItem
from storage.schema import outbox

_INSERT = insert_new(outbox)
_COLUMNS = tuple(
    column for column in outbox.c if column.name not in ("status", "lease_until", "sent_at")
)
_earlier = outbox.alias("earlier")


@dataclass(frozen=True, slots=True)
class Kinds:
    """Which destinations: the part before the colon, such as "slack" or "mail"."""

    #: Empty for all.
    only: str = ""
    without: tuple[str, ...] = ()
    #: Whole destinations, such as "slack:C1", that are left alone for now.
    apart: tuple[str, ...] = ()

    @property
    def condition(self) -> ColumnElement[bool]:
        """As a condition on rows."""
        others = [not_(_bound_for(kind)) for kind in self.without]
        if self.apart:
            others.append(outbox.c.destination.not_in(self.apart))
        return and_(true(), *others, *((_bound_for(self.only),) if self.only else ()))


EVERYWHERE = Kinds()


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
        token = secrets.token_hex(8)
        until = now + timedelta(seconds=lease_seconds)
        rows = self._database.write(lambda c: _lease(c, now, limit, (token, until), kinds))
        return tuple(map(_to_row, rows))

    def mark_sent(self, row: OutboxRow, at: datetime) -> bool:
        """Note that the message arrived; False when the lease was lost meanwhile."""
        return self._finish(row, status="sent", sent_at=at)

    def retry_at(self, row: OutboxRow, due_at: datetime, error: str) -> bool:
        """Try again then; False when the lease was lost meanwhile."""
        return self._finish(row, status="new", due_at=due_at, last_error=error)

    def give_up(self, row: OutboxRow, error: str) -> bool:
        """Park the message among the dead letters; False when the lease was lost meanwhile."""
        return self._finish(row, status="dead", last_error=error)

    def release(self, rows: Iterable[OutboxRow]) -> None:
        """Give back leases without having tried, when the relay stops."""
        for row in rows:
            self._finish(row, status="new", attempts=row.attempts - 1)

    def dead_letters(self) -> tuple[OutboxRow, ...]:
        """What was given up, oldest first."""
        query = select(*_COLUMNS).where(outbox.c.status == "dead").order_by(outbox.c.id)
        rows = self._database.read(lambda connection: connection.execute(query).all())
        return tuple(map(_to_row, rows))

    def requeue(self, row_id: int, now: datetime) -> None:
        """Send a dead letter again. Raises ``NotFound`` when it is none."""
        dead = update(outbox).where(outbox.c.id == row_id, outbox.c.status == "dead")
        change = dead.values(status="new", attempts=0, created_at=now, due_at=now)
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
        ).where(_bound_for(kind))

        def work(connection: Connection) -> Traffic:
            last, waiting, dead = connection.execute(query).one()
            return Traffic(last, waiting, dead)

        return self._database.read(work)

    def next_due(self, after: datetime, kinds: Kinds = EVERYWHERE) -> datetime | None:
        """When the relay should look again if nothing wakes it; None when nothing waits."""
        moment = func.coalesce(outbox.c.lease_until, outbox.c.due_at)
        waiting = (outbox.c.status.in_(("new", "leased")), moment > after, kinds.condition)
        query = select(func.min(moment)).where(*waiting)
        return self._database.read(lambda connection: connection.scalar(query))

    def _drop_waiting(self, condition: ColumnElement[bool]) -> int:
        waiting = delete(outbox).where(condition, outbox.c.status == "new")
        return self._database.write(lambda connection: connection.execute(waiting).rowcount)

    def _finish(self, row: OutboxRow, **changes: object) -> bool:
        held = update(outbox).where(
            outbox.c.id == row.id,
            outbox.c.status == "leased",
            outbox.c.lease_token == row.lease_token,
        )
        change = held.values(lease_until=None, lease_token="", **changes)
        return bool(self._database.write(lambda connection: connection.execute(change).rowcount))


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


def _lease(
    connection: Connection,
    now: datetime,
    limit: int,
    lease: tuple[str, datetime],
    kinds: Kinds,
) -> Sequence[Row[Any]]:
    token, until = lease
    ready = or_(
        and_(outbox.c.status == "new", outbox.c.due_at <= now),
        and_(outbox.c.status == "leased", outbox.c.lease_until <= now),
    )
    query = (
        select(outbox.c.id)
        .where(ready, kinds.condition, ~_held_back(now))
        .order_by(outbox.c.id)
        .limit(limit)
    )
    ids = list(connection.scalars(query.with_for_update(skip_locked=True)))
    if not ids:
        return ()
    change = (
        update(outbox)
        .where(outbox.c.id.in_(ids))
        .values(
            status="leased", attempts=outbox.c.attempts + 1, lease_until=until, lease_token=token
        )
    )
    connection.execute(change)
    return connection.execute(
        select(*_COLUMNS).where(outbox.c.id.in_(ids)).order_by(outbox.c.id)
    ).all()


def _bound_for(kind: str) -> ColumnElement[bool]:
    return or_(outbox.c.destination == kind, outbox.c.destination.startswith(f"{kind}:"))


def _held_back(now: datetime) -> ColumnElement[bool]:
    """Is an earlier row of the same conversation still on its way?"""
    # A row never tried whose time has not come is a reminder, and holds nothing back.
    on_its_way = or_(
        _earlier.c.status == "leased",
        and_(
            _earlier.c.status == "new",
            or_(_earlier.c.attempts > 0, _earlier.c.due_at <= now),
        ),
    )
    return and_(
        outbox.c.conversation_key != "",
        exists().where(
            _earlier.c.conversation_key == outbox.c.conversation_key,
            _earlier.c.id < outbox.c.id,
            on_its_way,
        ),
    )


def _to_row(row: Row[Any]) -> OutboxRow:
    return OutboxRow(**row._mapping)
