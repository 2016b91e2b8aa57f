"""The one place that knows SQLite from PostgreSQL: addresses, connections, threads, errors."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    Insert,
    Table,
    create_engine,
    event,
    func,
    make_url,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from storage import errors

T = TypeVar("T")
Work = Callable[[Connection], T]

READERS = 4
#: One writer on SQLite: many gave p99 of 0.7 to 2.5 s, one gave 33 ms.
WRITERS = {"sqlite": 1, "postgresql": 8}
BUSY_SECONDS = 5

SQLITE_PRAGMAS = (
    "PRAGMA busy_timeout=5000",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA secure_delete=ON",
)
#: PostgreSQL's name for what only one server may do at a time.
SERVERS_LOCK = 4_821_306


def to_url(address: str | Path) -> URL:
    """The database address as SQLAlchemy wants it; a path means an SQLite file.

    Raises ``BadAddress`` for anything but a SQLite file and PostgreSQL.
    """
    if isinstance(address, Path):
        return URL.create("sqlite+pysqlite", database=str(address))
    try:
        url = make_url(address)
    except ArgumentError as error:
        raise errors.BadAddress from error
    backend = url.get_backend_name()
    if backend == "sqlite" and url.database not in (None, "", ":memory:"):
        return url.set(drivername="sqlite+pysqlite")
    if backend in ("postgresql", "postgres") and url.database:
        return url.set(drivername="postgresql+psycopg")
    raise errors.BadAddress


def sqlite_file(url: URL) -> Path | None:
    """The SQLite file behind ``url``; None for PostgreSQL."""
    if url.get_backend_name() != "sqlite":
        return None
    assert url.database is not None
    return Path(url.database)


def make_place(url: URL) -> None:
    """Make the folder an SQLite file shall lie in; nothing to do for PostgreSQL."""
    file = sqlite_file(url)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)


def build_engine(url: URL, *, size: int, writes: bool) -> Engine:
    """An engine whose every transaction begins the way its work needs."""
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url, size, writes=writes)
    # Readers see one moment for all statements of a transaction.
    options = {} if writes else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    return create_engine(
        url,
        pool_size=size,
        max_overflow=0,
        pool_timeout=BUSY_SECONDS,
        pool_pre_ping=True,
        hide_parameters=True,
        execution_options=options,
        connect_args={"connect_timeout": BUSY_SECONDS, "application_name": "hansyn"},
    )


def _sqlite_engine(url: URL, size: int, *, writes: bool) -> Engine:
    engine = create_engine(
        url,
        pool_size=size,
        max_overflow=0,
        pool_timeout=BUSY_SECONDS,
        hide_parameters=True,
        # The driver shall not begin transactions by itself: it begins them deferred.
        connect_args={"isolation_level": None, "check_same_thread": False},
    )
    # The file remembers WAL; only who writes may set it, as it changes even a foreign file.
    last = "PRAGMA journal_mode=WAL" if writes else "PRAGMA query_only=ON"

    def set_pragmas(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in (*SQLITE_PRAGMAS, last):
            connection.execute(pragma)

    def begin_transaction(connection: Connection) -> None:
        if writes:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            return
        # It takes no lock, so nothing can go wrong that would need translating.
        driver: Any = connection.connection.driver_connection
        driver.execute("BEGIN")

    event.listen(engine, "connect", set_pragmas)
    event.listen(engine, "begin", begin_transaction)
    return engine


class Database:
    """Connections and transactions; safe to use from any thread."""

    def __init__(self, url: URL) -> None:
        self.url = url
        #: "sqlite" or "postgresql".
        self.name = url.get_backend_name()
        #: The SQLite file; None on PostgreSQL.
        self.file = sqlite_file(url)
        self._writer = build_engine(url, size=WRITERS[self.name], writes=True)
        self._reader = build_engine(url, size=READERS, writes=False)
        self._executor = ThreadPoolExecutor(WRITERS[self.name], thread_name_prefix="db-write")
        self._here = threading.local()

    def write(self, work: Work[T]) -> T:
        """Run ``work`` in one transaction on a writer thread and wait until it is durable.

        Inside another ``write`` it joins that transaction. Raises a ``StorageError`` instead of
        the driver's error; nothing is stored then.
        """
        running = self._running
        if running is not None:
            return work(running)
        return self._executor.submit(self._transact, work).result()

    def read(self, work: Work[T]) -> T:
        """Run ``work`` on a consistent view, on the calling thread.

        Inside ``write`` it sees that transaction's own changes.
        """
        running = self._running
        if running is not None:
            return work(running)
        with self.reading() as connection:
            return work(connection)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A consistent view to read from; keep it open for milliseconds, not for a request."""
        try:
            with self._reader.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            # The driver's error may quote what a person wrote.
            raise translate(error) from None

    def truncate_log(self) -> None:
        """Empty SQLite's write-ahead log, where what was erased still stands; best effort."""
        if self.name == "sqlite":
            self._executor.submit(self._checkpoint).result()

    def _checkpoint(self) -> None:
        connection = self._writer.raw_connection()
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.Error as error:
            raise translate_sqlite(error) from None
        finally:
            connection.close()

    def close(self) -> None:
        """Finish what is being written and let go of every connection."""
        self._executor.shutdown()
        self._writer.dispose()
        self._reader.dispose()

    @property
    def _running(self) -> Connection | None:
        return getattr(self._here, "connection", None)

    def _transact(self, work: Work[T]) -> T:
        try:
            with self._writer.begin() as connection:
                self._here.connection = connection
                try:
                    return work(connection)
                finally:
                    self._here.connection = None
        except SQLAlchemyError as error:
            # The driver's error may quote what a person wrote.
            raise translate(error) from None


def insert_new(table: Table) -> dict[str, Insert]:
    """Per database: insert, but leave out rows whose key is there already."""
    return {
        "sqlite": sqlite.insert(table).on_conflict_do_nothing(),
        "postgresql": postgresql.insert(table).on_conflict_do_nothing(),
    }


def lock_servers(connection: Connection) -> None:
    """Hold other servers back from the audit chain and the migrations until this transaction
    ends; on SQLite every writer is held back anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(SERVERS_LOCK)))


def set_row_numbers(connection: Connection, table: Table) -> None:
    """Let new rows be numbered after those copied in; SQLite does so by itself."""
    column = table.autoincrement_column
    if connection.dialect.name != "postgresql" or column is None:
        return
    last = connection.scalar(select(func.max(column)))
    if last is not None:
        sequence = func.pg_get_serial_sequence(table.name, column.name)
        connection.execute(select(func.setval(sequence, last)))


def translate(error: SQLAlchemyError) -> errors.StorageError:
    """Our error for the driver's."""
    if isinstance(error, PoolTimeout):
        return errors.DatabaseBusy()
    if not isinstance(error, DBAPIError):
        return errors.StorageError(str(error))
    if isinstance(error.orig, sqlite3.Error):
        return translate_sqlite(error.orig)
    return _translate_postgresql(error)


_SQLITE_ERRORS: dict[int, type[errors.StorageError]] = {
    sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY: errors.Conflict,
    sqlite3.SQLITE_CONSTRAINT_UNIQUE: errors.Conflict,
    sqlite3.SQLITE_FULL: errors.DatabaseFull,
    sqlite3.SQLITE_BUSY: errors.DatabaseBusy,
    sqlite3.SQLITE_LOCKED: errors.DatabaseBusy,
    sqlite3.SQLITE_IOERR: errors.DatabaseDown,
    sqlite3.SQLITE_CANTOPEN: errors.DatabaseDown,
    sqlite3.SQLITE_READONLY: errors.DatabaseDown,
    sqlite3.SQLITE_NOTADB: errors.ForeignFile,
    sqlite3.SQLITE_CORRUPT: errors.DatabaseDamaged,
}


def translate_sqlite(error: sqlite3.Error) -> errors.StorageError:
    code = getattr(error, "sqlite_errorcode", 0)
    # The low byte is the primary code, the rest says more than we mostly tell apart.
    kind = _SQLITE_ERRORS.get(code) or _SQLITE_ERRORS.get(code & 0xFF)
    return kind() if kind else errors.StorageError(f"{type(error).__name__}: {error}")


_POSTGRESQL_ERRORS: tuple[tuple[str, type[errors.StorageError]], ...] = (
    ("23505", errors.Conflict),
    ("53100", errors.DatabaseFull),
    ("53", errors.DatabaseBusy),  # too many connections, out of memory
    ("40", errors.DatabaseBusy),  # deadlock, serialization failure
    ("55P03", errors.DatabaseBusy),  # lock not available
    ("57P", errors.DatabaseDown),  # shutdown
    ("08", errors.DatabaseDown),  # connection lost
    ("28", errors.DatabaseDown),  # refused login
    ("3D", errors.DatabaseDown),  # no such database
    ("XX", errors.DatabaseDamaged),
)


def _translate_postgresql(error: DBAPIError) -> errors.StorageError:
    state: Any = getattr(error.orig, "sqlstate", None)
    if error.connection_invalidated or (state is None and _is_operational(error)):
        return errors.DatabaseDown()
    for start, kind in _POSTGRESQL_ERRORS:
        if state is not None and state.startswith(start):
            return kind()
    primary = getattr(getattr(error.orig, "diag", None), "message_primary", None)
    return errors.StorageError(f"{type(error.orig).__name__}: {primary}")


def _is_operational(error: DBAPIError) -> bool:
    return type(error.orig).__name__ == "OperationalError"
