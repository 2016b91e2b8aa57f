"""The tables come from migrations, and what they become is what the code expects."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from storage import migrate
from storage.engine import Database, to_url
from storage.errors import (
    BadAddress,
    DatabaseDown,
    ForeignFile,
    SchemaMissing,
    SchemaTooNew,
    SchemaTooOld,
)
from storage.schema import REVISION_TABLE, REVISIONS, metadata
from storage.store import Store, open_store

pytest_plugins = "storage_fixtures"


def difference(connection: Connection) -> list[object]:
    options = {"compare_type": True, "version_table": REVISION_TABLE}
    context = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(context, metadata))


def checks(connection: Connection) -> set[tuple[str, str, str]]:
    """The rules for columns, which alembic does not compare."""
    inspector = inspect(connection)
    return {
        (table, str(check["name"]), check["sqltext"])
        for table in metadata.tables
        for check in inspector.get_check_constraints(table)
    }


def test_migrated_tables_equal_the_tables_in_the_code(
    any_store: Store, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    assert any_store.database.read(difference) == []
    if any_store.database.file is None:
        blank = Database(to_url(request.getfixturevalue("new_postgresql_address")()))
    else:
        blank = Database(to_url(tmp_path / "blank.sqlite3"))
    try:
        blank.write(metadata.create_all)
        assert blank.read(difference) == []
        assert any_store.database.read(checks) == blank.read(checks) != set()
    finally:
        blank.close()


def test_there_is_one_line_of_migrations_and_the_code_knows_each(sqlite_store: Store) -> None:
    config = sqlite_store.database.read(migrate.alembic_config)
    scripts = ScriptDirectory.from_config(config)
    assert [script.revision for script in scripts.walk_revisions()] == [*reversed(REVISIONS)]
    assert sqlite_store.revision() == sqlite_store.upgrade() == REVISIONS[-1]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_every_migration_can_be_undone_and_done_again(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    if kind == "sqlite":
        address = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    else:
        address = request.getfixturevalue("new_postgresql_address")()
    database = Database(to_url(address))
    try:
        for revision in REVISIONS:
            assert migrate.upgrade(database, revision) == revision
        database.write(lambda c: command.downgrade(migrate.alembic_config(c), "base"))
        migrate.upgrade(database)
        assert database.read(difference) == []
    finally:
        database.close()


def test_an_older_schema_is_upgraded_only_when_asked(tmp_path: Path) -> None:
    file = tmp_path / "old.sqlite3"
    database = Database(to_url(file))
    migrate.upgrade(database, REVISIONS[0])
    database.close()
    with pytest.raises(SchemaTooOld):
        open_store(file)
    with open_store(file, upgrade=True) as store:
        assert store.revision() == REVISIONS[-1]


def test_a_newer_schema_is_left_alone(any_store: Store, any_address: str) -> None:
    newer = text(f"UPDATE {REVISION_TABLE} SET version_num = '9999'")
    any_store.database.write(lambda connection: connection.execute(newer))
    for upgrade in (False, True):
        with pytest.raises(SchemaTooNew):
            open_store(any_address, upgrade=upgrade)


def test_somebody_elses_file_is_left_alone(tmp_path: Path) -> None:
    other, noise = tmp_path / "other.sqlite3", tmp_path / "noise.sqlite3"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE songs (title TEXT)")
    noise.write_bytes(b"This is not a database, just a long enough text file." * 40)
    before = other.read_bytes(), noise.read_bytes()
    for file in (other, noise):
        with pytest.raises(ForeignFile):
            open_store(file)
    assert (other.read_bytes(), noise.read_bytes()) == before


def test_somebody_elses_tables_are_left_alone(new_postgresql_address: Callable[[], str]) -> None:
    address = new_postgresql_address()
    database = Database(to_url(address))
    database.write(lambda c: c.execute(text("CREATE TABLE cases (title TEXT)")))
    database.close()
    with pytest.raises(ForeignFile):
        open_store(address)


def test_servers_that_start_together_on_an_empty_database_make_it_once(
    new_postgresql_address: Callable[[], str], tmp_path: Path
) -> None:
    for address in (new_postgresql_address(), f"sqlite:///{tmp_path / 'new.sqlite3'}"):
        with ThreadPoolExecutor(3) as pool:
            for store in pool.map(open_store, [address] * 3):
                assert store.revision() == REVISIONS[-1]
                store.close()


def test_nothing_is_created_unless_wanted(tmp_path: Path) -> None:
    with pytest.raises(DatabaseDown, match="no database file"):
        open_store(tmp_path / "missing.sqlite3", create=False)
    (tmp_path / "empty.sqlite3").touch()
    with pytest.raises(SchemaMissing):
        open_store(tmp_path / "empty.sqlite3", create=False)


@pytest.mark.parametrize(
    "address", ["", "hansyn.db", "mysql://u@h/d", "sqlite://", "postgresql://"]
)
def test_an_address_that_cannot_work_is_refused(address: str) -> None:
    with pytest.raises(BadAddress):
        open_store(address)


def test_a_folder_that_is_missing_is_made(tmp_path: Path) -> None:
    open_store(tmp_path / "a" / "b" / "new.sqlite3").close()
    assert (tmp_path / "a" / "b" / "new.sqlite3").exists()
