"""Rows from one database to another, and the figures that prove that all arrived."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Table, func, insert, select

from storage import migrate
from storage.engine import Database, make_place, set_row_numbers, to_url
from storage.errors import BadBackup, TargetNotEmpty
from storage.schema import metadata

BATCH = 500


@dataclass(frozen=True, slots=True)
class TableFacts:
    """What a table holds, equal on every database that holds the same."""

    rows: int
    #: Sum of the rows' sha256, hexadecimal; no order of rows is assumed.
    hash: str


def describe(connection: Connection) -> dict[str, TableFacts]:
    """Row count and content hash of every table."""
    return {table.name: _describe(connection, table) for table in metadata.sorted_tables}


def is_empty(database: Database) -> bool:
    """Does the database hold no row of ours, or not even the tables?"""
    if not migrate.revision(database):
        return True
    counts = [select(func.count()).select_from(table) for table in metadata.sorted_tables]
    return not any(database.read(lambda c: [c.scalar(count) for count in counts]))


def copy_rows(source: Connection, target: Connection) -> None:
    """Copy every row of every table; the target's tables must be empty."""
    for table in metadata.sorted_tables:
        rows = source.execution_options(yield_per=BATCH).execute(select(table))
        for batch in rows.mappings().partitions(BATCH):
            target.execute(insert(table), [dict(row) for row in batch])
        set_row_numbers(target, table)


def copy_database(source: Database, target: Database) -> dict[str, TableFacts]:
    """Copy everything into an empty database and compare; all or nothing.

    Raises ``TargetNotEmpty``, and ``BadBackup`` when the copy differs from the source.
    """
    if not is_empty(target):
        raise TargetNotEmpty
    migrate.upgrade(target)

    def work(reading: Connection) -> dict[str, TableFacts]:
        return target.write(lambda writing: _copy_and_compare(reading, writing))

    return source.read(work)


def copy_to(source: Database, address: str | Path) -> dict[str, TableFacts]:
    """``copy_database`` to an address."""
    url = to_url(address)
    make_place(url)
    target = Database(url)
    try:
        return copy_database(source, target)
    finally:
        target.close()


def _copy_and_compare(source: Connection, target: Connection) -> dict[str, TableFacts]:
    copy_rows(source, target)
    facts = describe(target)
    if facts != describe(source):
        raise BadBackup("The copy differs from the source; nothing was stored.")
    return facts


def _describe(connection: Connection, table: Table) -> TableFacts:
    count, total = 0, 0
    rows = connection.execution_options(yield_per=BATCH).execute(select(table))
    for row in rows:
        text = json.dumps(list(row), ensure_ascii=False, default=str)
        total += int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
        count += 1
    return TableFacts(count, f"{total % 2**256:064x}")
