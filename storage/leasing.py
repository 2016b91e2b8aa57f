"""Which messages can be sent now, and taking them in hand.

A relay asks several times for every message, so the statements are built once per lane.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    exists,
    func,
    not_,
    or_,
    select,
    true,
    update,
)

from storage.columns import Moment
from storage.schema import outbox

COLUMNS = tuple(
    column for column in outbox.c if column.name not in ("status", "lease_until", "sent_at")
)
#: Lanes of a relay whose statements are kept.
LANES = 32
_NOW = bindparam("in_now", type_=Moment)
_APART: BindParameter[Any] = bindparam("in_apart", expanding=True)
_THESE = outbox.c.id.in_(bindparam("in_ids", expanding=True))
_earlier = outbox.alias("earlier")


@dataclass(frozen=True, slots=True)
class Kinds:
    """Which destinations: the part before the colon, such as "slack" or "mail"."""

    #: Empty for all.
    only: str = ""
    without: tuple[str, ...] = ()
    #: Whole destinations, such as "slack:C1", that are left alone for now.
    apart: tuple[str, ...] = ()


EVERYWHERE = Kinds()


@dataclass(frozen=True, slots=True)
class Lease:
    """What a relay holds rows by."""

    token: str
    until: datetime


_LEASE = (
    update(outbox)
    .where(_THESE)
    .values(
        status="leased",
        attempts=outbox.c.attempts + 1,
        lease_until=bindparam("new_until", type_=Moment),
        lease_token=bindparam("new_token"),
    )
)
_LEASED = select(*COLUMNS).where(_THESE).order_by(outbox.c.id)


def is_ready(connection: Connection, now: datetime, kinds: Kinds) -> bool:
    """Can anything be sent now?"""
    query = _ready(kinds.only, kinds.without)
    return connection.scalar(query, _place(now, 1, kinds)) is not None


def lease_rows(
    connection: Connection, now: datetime, limit: int, kinds: Kinds, lease: Lease
) -> Sequence[Row[Any]]:
    """Take rows in hand, but for those another relay takes at this moment."""
    query = _free(kinds.only, kinds.without)
    ids = list(connection.scalars(query, _place(now, limit, kinds)))
    if not ids:
        return ()
    named = {"in_ids": ids}
    change = {**named, "new_until": lease.until, "new_token": lease.token}
    connection.execute(_LEASE, change)
    return connection.execute(_LEASED, named).all()


def find_next(connection: Connection, after: datetime, kinds: Kinds) -> datetime | None:
    """When the next row becomes due, or the next lease runs out."""
    found: datetime | None = connection.scalar(_next(kinds.only, kinds.without), {"in_now": after})
    return found


def _place(now: datetime, limit: int, kinds: Kinds) -> dict[str, object]:
    return {"in_now": now, "in_apart": list(kinds.apart), "in_most": limit}


@lru_cache(maxsize=LANES)
def _free(only: str, without: tuple[str, ...]) -> Select[tuple[int]]:
    return _ready(only, without).with_for_update(skip_locked=True)


@lru_cache(maxsize=LANES)
def _ready(only: str, without: tuple[str, ...]) -> Select[tuple[int]]:
    ready = or_(
        and_(outbox.c.status == "new", outbox.c.due_at <= _NOW),
        and_(outbox.c.status == "leased", outbox.c.lease_until <= _NOW),
    )
    bound = (_bound(only, without), outbox.c.destination.not_in(_APART))
    query = select(outbox.c.id).where(ready, *bound, ~_HELD_BACK).order_by(outbox.c.id)
    return query.limit(bindparam("in_most"))


@lru_cache(maxsize=LANES)
def _next(only: str, without: tuple[str, ...]) -> Select[Any]:
    moment = func.coalesce(outbox.c.lease_until, outbox.c.due_at)
    waiting = (outbox.c.status.in_(("new", "leased")), moment > _NOW)
    return select(func.min(moment)).where(*waiting, _bound(only, without))


def _bound(only: str, without: tuple[str, ...]) -> ColumnElement[bool]:
    others = [not_(bound_for(kind)) for kind in without]
    return and_(true(), *others, *((bound_for(only),) if only else ()))


def bound_for(kind: str) -> ColumnElement[bool]:
    """As a condition: is a row bound for this kind of destination?"""
    return or_(outbox.c.destination == kind, outbox.c.destination.startswith(f"{kind}:"))


#: An earlier row of the same conversation is still on its way. A row never tried whose time has
#: not come is a reminder, and holds nothing back.
_HELD_BACK = and_(
    outbox.c.conversation_key != "",
    exists().where(
        _earlier.c.conversation_key == outbox.c.conversation_key,
        _earlier.c.id < outbox.c.id,
        or_(
            _earlier.c.status == "leased",
            and_(
                _earlier.c.status == "new",
                or_(_earlier.c.attempts > 0, _earlier.c.due_at <= _NOW),
            ),
        ),
    ),
)
