"""What the database promises: durability, clear refusals, one server."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
import pytest
from contracts_storage import NOW, turn
from sqlalchemy import Connection, text
from storage_fixtures import run_on

from storage.engine import SQLITE_PRAGMAS
from storage.errors import AlreadyServing, DatabaseBusy, DatabaseDown, DatabaseFull, StorageError
from storage.records import NewCase, NewSurvey, OutboxItem
from storage.store import Store, open_store

pytest_plugins = "storage_fixtures"

PROMISED = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "busy_timeout": 5000,
    "trusted_schema": 0,
    "secure_delete": 1,
}


def test_every_connection_keeps_the_promises_of_sqlite(sqlite_store: Store) -> None:
    def settings(connection: Connection) -> dict[str, object]:
        return {name: connection.scalar(text(f"PRAGMA {name}")) for name in PROMISED}

    assert sqlite_store.database.write(settings) == PROMISED
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: sqlite_store.database.read(settings), range(8)))
    assert found == [PROMISED] * 8


def test_a_reader_cannot_write(any_store: Store) -> None:
    with pytest.raises(StorageError):
        any_store.database.read(lambda c: c.execute(text("DELETE FROM inbox")))


def test_readers_do_not_wait_for_the_writer(any_store: Store) -> None:
    any_store.commit_turn(turn())

    def work() -> int:
        any_store.people.purge_codes(NOW)
        with ThreadPoolExecutor(1) as pool:
            elsewhere = pool.submit(any_store.load_conversation, "web||room||person")
            return elsewhere.result(timeout=2).version

    assert any_store.write(work) == 1


def test_a_full_disk_stores_nothing_and_recovers_without_a_restart(sqlite_store: Store) -> None:
    def limit(pages: int) -> None:
        pragma = f"PRAGMA max_page_count={pages}"
        sqlite_store.database.write(lambda c: c.exec_driver_sql(pragma).all())

    limit(1)  # SQLite takes the present size when the limit is below it
    big = "x" * 200_000
    with pytest.raises(DatabaseFull):
        sqlite_store.commit_turn(turn(text=big))
    assert sqlite_store.find_reply("web", "m1") is None
    assert sqlite_store.load_conversation("web||room||person").version == 0
    limit(1_000_000)
    assert sqlite_store.commit_turn(turn(text=big)).version == 1


def test_a_database_that_is_locked_for_long_says_busy(
    sqlite_store: Store, sqlite_address: str
) -> None:
    sqlite_store.database.write(lambda c: c.exec_driver_sql("PRAGMA busy_timeout=50").all())
    file = sqlite_address.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseBusy):
            sqlite_store.commit_turn(turn())
        other.execute("ROLLBACK")
    sqlite_store.commit_turn(turn())


def test_a_server_that_goes_away_is_reported_and_found_again(
    postgresql: Any, postgresql_address: str
) -> None:
    with open_store(postgresql_address) as store:
        store.commit_turn(turn("m1"))
        name = postgresql_address.split("?", maxsplit=1)[0].rsplit("/", 1)[-1]
        run_on(postgresql, f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        kill = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        run_on(postgresql, kill)
        with pytest.raises(StorageError):
            store.commit_turn(turn("m2", 1))
        run_on(postgresql, f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        assert store.commit_turn(turn("m2", 1)).version == 2


def test_a_database_nobody_answers_for_is_down() -> None:
    with pytest.raises(DatabaseDown):
        open_store("postgresql://nobody@127.0.0.1:9/none")


def test_an_error_never_quotes_what_a_person_wrote(any_store: Store) -> None:
    secret = "19121212-1212"
    bad = (
        NewSurvey("2026-H2", secret, 9, 1, 1, comment=secret),
        NewCase("A-1", "deviation", {"x": secret}, 2026, report_status="fel"),  # type: ignore[arg-type]
        NewCase("A-1", "deviation", {"x": object(), "y": secret}, 2026),
    )
    for record in bad:
        with pytest.raises(StorageError) as caught:
            any_store.commit_turn(turn(text=secret, reply_json=secret, records=(record,)))
        assert secret not in "".join(traceback.format_exception(caught.value))


def test_a_second_server_on_an_sqlite_file_is_refused(sqlite_address: str) -> None:
    with open_store(sqlite_address) as first, open_store(sqlite_address) as second:
        with first.serving():
            with pytest.raises(AlreadyServing, match="PostgreSQL"), second.serving():
                pass
            # Every other command works beside it.
            second.commit_turn(turn())
        with second.serving():
            pass


def test_several_servers_may_share_postgresql(postgresql_address: str) -> None:
    with (
        open_store(postgresql_address) as first,
        open_store(postgresql_address) as second,
        first.serving(),
        second.serving(),
    ):
        pass


SERVER = """
import sys
from contracts_storage import turn
from storage.records import NewCase, NewSurvey, OutboxItem
from storage.store import open_store

with open_store(sys.argv[1]) as store, store.serving():
    for number in range(int(sys.argv[2]), 100_000):
        version = store.load_conversation("web||room||person").version
        alert = OutboxItem(f"a{number}", "slack", "alert", {})
        store.commit_turn(turn(f"m{number}", version, state_json=str(number), outbox=(alert,)))
        print(number, flush=True)
"""


def environment() -> dict[str, str]:
    """The environment of a child that imports the project and the tests."""
    tests = Path(__file__).parent
    return {**os.environ, "PYTHONPATH": os.pathsep.join((str(tests), str(tests.parent)))}


def test_what_was_acknowledged_survives_a_killed_server(any_address: str) -> None:
    acknowledged = -1
    for _ in range(3):
        arguments = [sys.executable, "-c", SERVER, any_address, str(acknowledged + 1)]
        with subprocess.Popen(
            arguments, stdout=subprocess.PIPE, env=environment(), text=True
        ) as server:
            assert server.stdout is not None
            lines = [server.stdout.readline() for _ in range(25)]
            server.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
            lines += server.stdout.readlines()
        heard = int([line for line in lines if line.endswith("\n")][-1])
        with open_store(any_address) as store:
            acknowledged = int(store.load_conversation("web||room||person").state_json or -1)
            assert acknowledged in (heard, heard + 1)
            assert store.find_reply("web", f"m{acknowledged}") is not None
            assert store.find_reply("web", f"m{acknowledged + 1}") is None
            assert store.outbox.backlog(NOW).due == acknowledged + 1


def test_naming_records_and_errors_loads_no_database_driver() -> None:
    script = (
        "import sys, storage.records, storage.model, storage.errors, storage.guidance_model;"
        "sys.exit(any(name in sys.modules for name in ('sqlalchemy', 'alembic', 'sqlite3')))"
    )
    assert subprocess.run([sys.executable, "-c", script], env=environment()).returncode == 0


def test_a_store_that_is_closed_leaves_no_file_open(sqlite_address: str) -> None:
    with open_store(sqlite_address) as store, store.serving():
        store.commit_turn(turn())
    name = Path(sqlite_address).name
    assert not [file for file in psutil.Process().open_files() if name in file.path]


@pytest.mark.slow
def test_turns_are_stored_at_a_fair_share_of_what_sqlite_can_do(
    sqlite_store: Store, tmp_path: Path
) -> None:
    """Best of three, as other work on the machine only ever slows either down."""
    share = max(_turns_per_second(sqlite_store, run) / _plain(tmp_path, run) for run in range(3))
    assert share >= 0.15


def _turns_per_second(store: Store, run: int, count: int = 400) -> float:
    begun = time.perf_counter()
    for number in range(count):
        key, name = f"web||room{number % 32}||person", f"{run}-{number}"
        version = store.load_conversation(key).version
        alert = OutboxItem(name, "slack", "alert", {"number": name}, key)
        store.commit_turn(turn(name, version, key=key, outbox=(alert,)))
    return count / (time.perf_counter() - begun)


def _plain(folder: Path, run: int, count: int = 400) -> float:
    with closing(sqlite3.connect(folder / f"plain{run}.db", isolation_level=None)) as plain:
        for pragma in (*SQLITE_PRAGMAS, "PRAGMA journal_mode=WAL"):
            plain.execute(pragma)
        plain.execute("CREATE TABLE inbox (id TEXT PRIMARY KEY, reply TEXT)")
        plain.execute("CREATE TABLE dialog (id TEXT PRIMARY KEY, version INT, state TEXT)")
        plain.execute("CREATE TABLE outbox (id INTEGER PRIMARY KEY, idem TEXT UNIQUE)")
        begun = time.perf_counter()
        for number in range(count):
            key, version = f"room{number % 32}", number // 32
            plain.execute("SELECT version FROM dialog WHERE id = ?", (key,)).fetchone()
            plain.execute("BEGIN IMMEDIATE")
            plain.execute("INSERT INTO inbox VALUES (?, ?)", (str(number), "reply"))
            if version:
                plain.execute("UPDATE dialog SET version = ? WHERE id = ?", (version + 1, key))
            else:
                plain.execute("INSERT INTO dialog VALUES (?, 1, '')", (key,))
            plain.execute("INSERT INTO outbox (idem) VALUES (?)", (str(number),))
            plain.execute("COMMIT")
        return count / (time.perf_counter() - begun)
