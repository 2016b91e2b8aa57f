"""Persons, identities, one-time codes and addresses, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from storage.errors import StaleConversation
from storage.people import digest
from storage.records import LinkIdentity, NewLinkCode, Record, Turn, UnlinkIdentity
from storage.store import Store

pytest_plugins = "storage_fixtures"

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TEAMS, TELEGRAM = ("teams:stad", "oid-1"), ("telegram:bot", "4711")
CODE = digest("K7QF-2M9D")


@pytest.fixture
def commit(any_store: Store) -> Callable[..., None]:
    def commit(*records: Record, at: datetime = NOW, **changes: object) -> None:
        key = str(changes.pop("key", "teams|stad|c||oid-1"))
        seen = any_store.load_conversation(key).version
        turn = Turn(
            key, "teams", f"{key}{seen}{at}", at, seen, None, "sv", "{}",
            records=records, **changes,  # type: ignore[arg-type]
        )  # fmt: skip
        any_store.commit_turn(turn)

    return commit


def new_code(minutes: int = 10) -> NewLinkCode:
    return NewLinkCode(CODE, *TEAMS, expires_at=NOW + timedelta(minutes=minutes))


def test_a_code_makes_two_channels_one_person(
    any_store: Store, commit: Callable[..., None]
) -> None:
    assert any_store.people.find(*TEAMS) is None
    commit(new_code())
    assert any_store.people.code_is_good(CODE, NOW)
    commit(LinkIdentity(CODE, *TELEGRAM), at=NOW + timedelta(minutes=5))
    person = any_store.people.find(*TELEGRAM)
    assert person is not None
    assert person == any_store.people.find(*TEAMS)
    assert person.identities == (TEAMS, TELEGRAM)
    any_store.people.set_organisation(person.id, "egnahemsbolaget")
    known = any_store.people.find(*TEAMS)
    assert known is not None
    assert known.organisation == "egnahemsbolaget"
    commit(UnlinkIdentity(*TELEGRAM))
    assert any_store.people.find(*TELEGRAM) is None


@pytest.mark.parametrize("spent", ["used", "old", "unknown"])
def test_a_code_that_is_used_old_or_unknown_links_nobody(
    any_store: Store, commit: Callable[..., None], spent: str
) -> None:
    if spent != "unknown":
        commit(new_code())
    if spent == "used":
        commit(LinkIdentity(CODE, "slack:T1", "U1"))
    later = NOW + timedelta(minutes=11 if spent == "old" else 1)
    assert not any_store.people.code_is_good(CODE, later)
    with pytest.raises(StaleConversation):
        commit(LinkIdentity(CODE, *TELEGRAM), at=later)
    assert any_store.people.find(*TELEGRAM) is None


def test_a_conversation_is_reached_where_it_last_was(
    any_store: Store, commit: Callable[..., None]
) -> None:
    key = "teams|stad|c||oid-1"
    assert any_store.people.address(key) is None
    for service in ("https://a.example", "https://b.example", "https://b.example"):
        commit(address={"service_url": service, "conversation": "c"})
    commit()
    assert any_store.people.address(key) == {
        "service_url": "https://b.example", "conversation": "c"
    }  # fmt: skip


def test_codes_that_ran_out_are_deleted(any_store: Store, commit: Callable[..., None]) -> None:
    commit(new_code())
    assert any_store.people.purge_codes(NOW) == 0
    assert any_store.people.purge_codes(NOW + timedelta(hours=1)) == 1
