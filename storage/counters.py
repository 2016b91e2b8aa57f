"""Counters that rise with every change, so that a server can see cheaply that it must reload."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.schema import change_counters

CORPUS = "corpus"
SETTINGS = "settings"

_READ = select(change_counters.c.value).where(change_counters.c.name == bindparam("in_name"))
_RAISE = (
    update(change_counters)
    .where(change_counters.c.name == bindparam("in_name"))
    .values(value=change_counters.c.value + 1)
    .returning(change_counters.c.value)
)


def counter(connection: Connection, name: str) -> int:
    """The counter's value; 0 before the first change."""
    return connection.scalar(_READ, {"in_name": name}) or 0


def lock_counter(connection: Connection, name: str) -> int:
    """The counter's value; who changes the same things waits until this transaction ends."""
    value = connection.scalar(_READ.with_for_update(), {"in_name": name})
    if value is None:
        try:
            with connection.begin_nested():
                connection.execute(insert(change_counters), {"name": name, "value": 0})
        except IntegrityError:  # another server made it meanwhile
            return lock_counter(connection, name)
    return value or 0


def raise_counter(connection: Connection, name: str) -> int:
    """Count a change and return the new value; the counter must exist."""
    value = connection.scalar(_RAISE, {"in_name": name})
    assert isinstance(value, int)
    return value
