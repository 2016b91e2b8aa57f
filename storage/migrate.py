"""Creates and upgrades the tables. Alembic is loaded only when there is something to do."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from storage.engine import Database, lock_servers
from storage.errors import ForeignFile, SchemaMissing, SchemaTooNew, SchemaTooOld
from storage.schema import REVISION_TABLE, REVISIONS, metadata

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = REVISIONS[-1]
_ALEMBIC = threading.Lock()


def revision(database: Database) -> str:
    """The database's revision; empty when it has no tables of ours.

    Raises ``ForeignFile`` when somebody else's are where ours should be.
    """
    return database.read(lambda connection: _revision(connection, database))


def check(database: Database) -> None:
    """Raise ``SchemaMissing``, ``SchemaTooNew`` or ``SchemaTooOld`` unless the tables fit."""
    found = revision(database)
    if not found:
        raise SchemaMissing
    if found not in REVISIONS:
        raise SchemaTooNew
    if found != HEAD:
        raise SchemaTooOld


def upgrade(database: Database, target: str = HEAD) -> str:
    """Bring the tables to a revision, from nothing or an older one; returns it.

    One transaction on both databases: a failed upgrade leaves the old schema.
    """
    found = revision(database)
    if found and found not in REVISIONS:
        raise SchemaTooNew
    if found != target:
        database.write(lambda connection: _run(connection, target))
    return target


def _revision(connection: Connection, database: Database) -> str:
    tables = set(inspect(connection).get_table_names())
    if REVISION_TABLE in tables:
        return connection.scalar(text(f"SELECT version_num FROM {REVISION_TABLE}")) or ""  # noqa: S608
    # An SQLite file is ours alone; on PostgreSQL only our names matter.
    foreign = tables if database.file is not None else tables & set(metadata.tables)
    if foreign:
        raise ForeignFile
    return ""


def _run(connection: Connection, target: str) -> None:
    from alembic import command

    # Of two servers that start on an empty database the second finds the work done. Alembic's
    # own context is one per process.
    with _ALEMBIC:
        lock_servers(connection)
        command.upgrade(alembic_config(connection), target)


def alembic_config(connection: Connection) -> Config:
    """Alembic's settings for one open connection; there is no ini file."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
