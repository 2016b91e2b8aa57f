"""Backups are whole, and restoring never destroys by accident."""

from __future__ import annotations

import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest
from contracts_storage import NOW, turn
from sqlalchemy import text
from test_storage_guidance import ARTICLE, STATUTE

from storage import dumps
from storage.backup import MANIFEST, POSTGRESQL, SQLITE, read_manifest, restore
from storage.copying import describe
from storage.engine import Database, to_url
from storage.errors import (
    AlreadyServing,
    BadBackup,
    DatabaseDamaged,
    ForeignFile,
    SchemaTooNew,
    TargetNotEmpty,
)
from storage.model import Term
from storage.records import AuditItem, NewAnswer, NewCase, NewSurvey, OutboxItem
from storage.schema import REVISIONS
from storage.store import Store, open_store

pytest_plugins = "storage_fixtures"


def fill(store: Store, count: int = 20) -> None:
    """Some rows in most tables."""
    store.guidance.sync_shipped([ARTICLE, STATUTE], NOW)
    store.vocabularies.sync_vocabulary("organisations", [Term("b", "Bolaget", ("AB",))])
    for number in range(count):
        records = (
            NewAnswer(f"S-{number}", "fråga å😀", "svar", ({"text": "t"},), {"a": 1}, "answer"),
            NewCase(f"A-{number}", "deviation", {"n": number}, 2026),
            NewSurvey("2026-H2", "roll", 1, 2, 3),
        )
        alert = OutboxItem(f"a{number}", "slack", "alert", {"n": number})
        audit = (AuditItem("p", "filed", f"case:A-{number}"),)
        store.commit_turn(turn(f"m{number}", number, records=records, outbox=(alert,), audit=audit))


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An address where nothing is yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'restored' / 'new.sqlite3'}"
    address = request.getfixturevalue("new_postgresql_address")()
    assert isinstance(address, str)
    return address


def test_a_backup_restores_everything(
    any_store: Store, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    fill(any_store)
    manifest = any_store.backup(tmp_path / "b.zip", NOW, "0.1.0")
    assert manifest.tables["answers"].rows == 20
    assert manifest == read_manifest(tmp_path / "b.zip")
    address = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    if any_store.database.file is None:
        address = request.getfixturevalue("new_postgresql_address")()
        assert manifest.member == POSTGRESQL
    restore(tmp_path / "b.zip", address, verify=True)
    with open_store(address, create=False) as restored:
        assert restored.database.read(describe) == manifest.tables
        assert restored.audit.verify() is None
        assert restored.load_conversation("web||room||person").version == 20
        # New rows are numbered after the restored ones.
        restored.outbox.add([OutboxItem("new", "slack", "alert", {})], NOW)
        restored.audit.append([AuditItem("p", "restored", "")], NOW)
        assert restored.guidance.publish_documents([ARTICLE], NOW).unchanged


def test_a_portable_backup_moves_between_both_databases(
    any_store: Store, target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dumps, "find_programs", lambda _: ())
    fill(any_store, 5)
    manifest = any_store.backup(tmp_path / "b.zip", NOW)
    assert manifest.member == SQLITE
    restore(tmp_path / "b.zip", target, verify=True)
    with open_store(target, create=False) as restored:
        assert restored.database.read(describe) == manifest.tables
        restored.outbox.add([OutboxItem("new", "slack", "alert", {})], NOW)


def test_the_database_can_be_copied_to_the_other_kind(any_store: Store, target: str) -> None:
    fill(any_store, 5)
    facts = any_store.copy_to(target)
    with open_store(target, create=False) as copy:
        assert copy.database.read(describe) == any_store.database.read(describe) == facts
        copy.commit_turn(turn("new", 5, outbox=(OutboxItem("new", "slack", "alert", {}),)))
        assert copy.audit.verify() is None
    with pytest.raises(TargetNotEmpty):
        any_store.copy_to(target)


def test_a_backup_under_writes_holds_one_moment_and_stops_nobody(
    any_store: Store, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    fill(any_store, 5)
    stop, version = Event(), [5]

    def write() -> None:
        while not stop.is_set():
            name = str(version[0])
            alert = OutboxItem(f"w{name}", "slack", "alert", {})
            version[0] = any_store.commit_turn(
                turn(f"w{name}", version[0], outbox=(alert,))
            ).version

    writer = Thread(target=write)
    writer.start()
    try:
        before = version[0]
        manifest = any_store.backup(tmp_path / "b.zip", NOW)
    finally:
        stop.set()
        writer.join()
    assert version[0] > before
    # A turn is in the backup with all it led to, or not at all.
    assert manifest.tables["outbox"].rows == manifest.tables["inbox"].rows
    address = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    if any_store.database.file is None:
        address = request.getfixturevalue("new_postgresql_address")()
    restore(tmp_path / "b.zip", address, verify=True)


def test_data_is_replaced_only_by_force(any_store: Store, any_address: str, tmp_path: Path) -> None:
    fill(any_store, 2)
    any_store.backup(tmp_path / "b.zip", NOW)
    any_store.commit_turn(turn("later", 2))
    any_store.close()
    with pytest.raises(TargetNotEmpty):
        restore(tmp_path / "b.zip", any_address)
    with open_store(any_address) as store:
        assert store.find_reply("web", "later") is not None
    restore(tmp_path / "b.zip", any_address, force=True, verify=True)
    with open_store(any_address) as store:
        assert store.find_reply("web", "later") is None
        assert store.find_reply("web", "m1") is not None


def test_even_by_force_somebody_elses_tables_are_left_alone(
    sqlite_store: Store, new_postgresql_address: Callable[[], str], tmp_path: Path
) -> None:
    sqlite_store.backup(tmp_path / "b.zip", NOW)
    address = new_postgresql_address()
    other = Database(to_url(address))
    other.write(lambda connection: connection.execute(text("CREATE TABLE cases (title TEXT)")))
    other.close()
    with pytest.raises(ForeignFile):
        restore(tmp_path / "b.zip", address, force=True)


def test_nothing_is_restored_under_a_running_server(sqlite_store: Store, tmp_path: Path) -> None:
    sqlite_store.backup(tmp_path / "b.zip", NOW)
    file = sqlite_store.database.file
    assert file is not None
    with sqlite_store.serving(), pytest.raises(AlreadyServing):
        restore(tmp_path / "b.zip", file, force=True)


def repack(source: Path, target: Path, change: Callable[[str, bytes], bytes]) -> None:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))


def test_a_file_that_is_not_a_whole_backup_is_refused(sqlite_store: Store, tmp_path: Path) -> None:
    fill(sqlite_store, 3)
    good, new = tmp_path / "b.zip", tmp_path / "new.sqlite3"
    sqlite_store.backup(good, NOW)
    noise, cut, changed, other = (tmp_path / f"{name}.zip" for name in "wxyz")
    noise.write_bytes(b"no archive")
    cut.write_bytes(good.read_bytes()[:-200])
    repack(good, changed, lambda name, data: data if name == MANIFEST else data[:-1] + b"x")
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("readme.txt", "hej")
    for file in (noise, cut, changed, other, tmp_path / "missing.zip"):
        with pytest.raises(BadBackup):
            restore(file, new)
    assert not new.exists()


def test_a_backup_of_a_newer_release_is_refused(sqlite_store: Store, tmp_path: Path) -> None:
    manifest = sqlite_store.backup(tmp_path / "b.zip", NOW)
    newer = replace(manifest, revision="9999")
    repack(
        tmp_path / "b.zip",
        tmp_path / "n.zip",
        lambda name, data: (
            data.replace(b'"%s"' % REVISIONS[-1].encode(), b'"9999"') if name == MANIFEST else data
        ),
    )
    assert read_manifest(tmp_path / "n.zip") == newer
    with pytest.raises(SchemaTooNew):
        restore(tmp_path / "n.zip", tmp_path / "new.sqlite3")


def test_verifying_finds_what_the_manifest_does_not_say(
    sqlite_store: Store, tmp_path: Path
) -> None:
    fill(sqlite_store, 3)
    sqlite_store.backup(tmp_path / "b.zip", NOW)
    wrong = tmp_path / "w.zip"
    repack(
        tmp_path / "b.zip",
        wrong,
        lambda name, data: data.replace(b'"rows": 3', b'"rows": 4') if name == MANIFEST else data,
    )
    restore(wrong, tmp_path / "a.sqlite3")
    with pytest.raises(BadBackup, match="differs"):
        restore(wrong, tmp_path / "b.sqlite3", verify=True)


def test_a_damaged_file_is_told_from_a_sound_one(sqlite_store: Store, tmp_path: Path) -> None:
    fill(sqlite_store)
    copy = tmp_path / "copy.sqlite3"
    file = sqlite_store.database.file
    assert file is not None
    dumps.snapshot_sqlite(file, copy)
    dumps.check_sqlite(copy)
    data = bytearray(copy.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 4000] = b"\xff" * 4000
    copy.write_bytes(data)
    with pytest.raises(DatabaseDamaged):
        dumps.check_sqlite(copy)


@pytest.mark.parametrize("cut", [1, 100, 1000, 5000, 20000])
def test_a_write_ahead_log_cut_by_a_crash_loses_only_its_end(
    sqlite_store: Store, tmp_path: Path, cut: int
) -> None:
    fill(sqlite_store)
    file = sqlite_store.database.file
    assert file is not None
    copy = tmp_path / "crashed.sqlite3"
    shutil.copy(file, copy)
    log = file.with_name(file.name + "-wal").read_bytes()
    copy.with_name(copy.name + "-wal").write_bytes(log[:-cut])
    dumps.check_sqlite(copy)
    with closing(sqlite3.connect(copy)) as connection:
        counts = [
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("inbox", "cases", "answers", "audit")
        ]
    assert len(set(counts)) == 1
