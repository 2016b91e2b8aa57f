"""The audit log cannot be changed, and if it is, it shows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from contracts_storage import NOW
from sqlalchemy import Connection, text

from storage.audit import AuditFilter, Chain
from storage.errors import StorageError
from storage.records import AuditItem
from storage.store import Store, open_store

pytest_plugins = "storage_fixtures"

ITEM = AuditItem("entra:t:1", "case_read", "case:A-2026-0001", {"role": "stodfunktion"})


def tamper(store: Store, *statements: str) -> None:
    """Change the log as somebody with full rights to the database could."""

    def work(connection: Connection) -> None:
        if connection.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
        else:
            connection.execute(text("DROP TRIGGER audit_keeps_rows"))
            connection.execute(text("DROP TRIGGER audit_keeps_content"))
        for statement in statements:
            connection.execute(text(statement))

    store.database.write(work)


def fill(store: Store, count: int = 6) -> None:
    store.audit.append([replace(ITEM, object=f"case:{number}") for number in range(count)], NOW)


def test_a_sound_log_is_found_sound(any_store: Store) -> None:
    assert any_store.audit.verify() is None
    fill(any_store)
    any_store.audit.append([replace(ITEM, actor="å\x00\ud800", facts={"x": [1, "\ud800"]})], NOW)
    assert any_store.audit.verify() is None
    assert any_store.audit.head()[0] == 7
    assert [entry.object for entry in any_store.audit.list("case:3")] == ["case:3"]


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'x'", "DELETE FROM audit"])
def test_the_database_refuses_to_change_the_log(any_store: Store, statement: str) -> None:
    fill(any_store)
    with pytest.raises(StorageError, match="append-only"):
        any_store.database.write(lambda connection: connection.execute(text(statement)))
    assert any_store.audit.verify() is None


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE audit SET actor = 'x' WHERE position = 3", 3),
        ("UPDATE audit SET object = 'x' WHERE position = 1", 1),
        ("UPDATE audit SET facts = '{}' WHERE position = 6", 6),
        ("UPDATE audit SET hash = 'x' WHERE position = 2", 2),
        ("DELETE FROM audit WHERE position = 4", 4),
        ("DELETE FROM audit WHERE position = 1", 1),
        ("UPDATE audit SET position = position + 100 WHERE position = 6", 6),
    ],
)
def test_a_tampered_log_names_its_first_broken_row(
    any_store: Store, statement: str, broken: int
) -> None:
    fill(any_store)
    tamper(any_store, statement)
    assert any_store.audit.verify() == broken


def test_a_log_cut_short_shows_against_the_head_kept_elsewhere(any_store: Store) -> None:
    fill(any_store)
    kept = any_store.audit.head()
    fill(any_store, 2)
    assert any_store.audit.verify(kept) is None
    tamper(any_store, "DELETE FROM audit WHERE position > 4")
    assert any_store.audit.verify() is None
    assert any_store.audit.verify(kept) == 5


def test_a_rewritten_log_shows_against_the_head_kept_elsewhere(any_store: Store) -> None:
    fill(any_store)
    kept = any_store.audit.head()
    tamper(any_store, "DELETE FROM audit")
    any_store.audit.append([replace(ITEM, actor="nobody")] * 6, NOW)
    assert any_store.audit.verify() is None
    assert any_store.audit.verify(kept) == 6


def test_with_a_key_nobody_else_can_continue_the_log(any_address: str) -> None:
    with open_store(any_address, audit_key=b"key") as store:
        fill(store, 2)
        assert store.audit.verify() is None
    with open_store(any_address) as forger:
        fill(forger, 1)
    with open_store(any_address, audit_key=b"key") as store:
        assert store.audit.verify() == 3


def test_what_was_written_before_there_was_a_key_is_sound_and_held_fast(any_address: str) -> None:
    with open_store(any_address) as store:
        fill(store, 2)
    with open_store(any_address, audit_key=b"key") as store:
        assert store.audit.inspect() == Chain(None, 2, None)
        fill(store, 2)
        assert store.audit.inspect() == Chain(None, 4, 3)
        tamper(store, "UPDATE audit SET actor = 'x' WHERE position = 1")
        assert store.audit.verify() == 1
    with open_store(any_address, audit_key=b"another") as store:
        assert store.audit.inspect().signed_from is None


def test_the_newest_entries_come_first_and_can_be_filtered(any_store: Store) -> None:
    fill(any_store, 5)
    later = NOW + timedelta(days=1)
    any_store.audit.append([replace(ITEM, actor="bo", action="close", object="case:5")], later)

    def found(before: int | None = None, limit: int = 10, **filters: Any) -> list[int]:
        page = any_store.audit.page(AuditFilter(**filters), before, limit)
        return [entry.position for entry in page]

    assert found(limit=2) == [6, 5]
    assert found(before=5, limit=2) == [4, 3]
    assert found(object="case:3") == found(object="3") == [4]
    assert found(actors=("bo", "al")) == found(action="close") == found(since=later) == [6]
    assert found(object="%") == []


def test_two_servers_write_one_chain(any_address: str) -> None:
    def write(_: int) -> None:
        with open_store(any_address) as store:
            for _ in range(10):
                store.audit.append([ITEM], NOW)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(write, range(3)))
    with open_store(any_address) as store:
        assert store.audit.head()[0] == 30
        assert store.audit.verify() is None
