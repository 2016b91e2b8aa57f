"""The outbox: at least once, in order, and nobody waits for a stranger."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from contracts_storage import NOW

from storage.errors import NotFound
from storage.leasing import Kinds
from storage.records import OutboxItem
from storage.store import Store, open_store

pytest_plugins = "storage_fixtures"

MINUTE = timedelta(minutes=1)


def item(name: str, conversation: str = "", due_in: timedelta | None = None) -> OutboxItem:
    due_at = None if due_in is None else NOW + due_in
    return OutboxItem(name, "slack:C1", "alert", {"name": name}, conversation, due_at)


def names(store: Store, later: timedelta = timedelta()) -> list[str]:
    return [row.idem for row in store.outbox.claim(NOW + later)]


def test_the_same_key_is_queued_once(any_store: Store) -> None:
    any_store.outbox.add([item("a"), item("a"), item("b")], NOW)
    any_store.outbox.add([item("a")], NOW)
    assert names(any_store) == ["a", "b"]


def test_a_leased_row_is_not_handed_out_again_until_the_lease_runs_out(any_store: Store) -> None:
    any_store.outbox.add([item("a")], NOW)
    (first,) = any_store.outbox.claim(NOW, lease_seconds=60)
    assert (first.attempts, first.payload) == (1, {"name": "a"})
    assert any_store.outbox.claim(NOW + timedelta(seconds=59)) == ()
    (again,) = any_store.outbox.claim(NOW + timedelta(seconds=60))
    assert again.attempts == 2
    assert not any_store.outbox.mark_sent(first, NOW)
    assert any_store.outbox.mark_sent(again, NOW)
    assert any_store.outbox.claim(NOW + timedelta(days=1)) == ()


def test_rows_of_one_conversation_leave_in_order(any_store: Store) -> None:
    any_store.outbox.add([item("a1", "a"), item("a2", "a"), item("b1", "b"), item("c")], NOW)
    first, *others = any_store.outbox.claim(NOW)
    assert [first.idem, *(row.idem for row in others)] == ["a1", "b1", "c"]
    assert names(any_store) == []
    any_store.outbox.mark_sent(first, NOW)
    assert names(any_store) == ["a2"]


def test_a_row_that_waits_for_its_retry_holds_back_only_its_own_conversation(
    any_store: Store,
) -> None:
    any_store.outbox.add([item("a1", "a"), item("b1", "b"), item("a2", "a"), item("b2", "b")], NOW)
    a1, b1 = any_store.outbox.claim(NOW)
    any_store.outbox.retry_at(a1, NOW + MINUTE / 2, "429")
    any_store.outbox.mark_sent(b1, NOW)
    assert names(any_store) == ["b2"]
    (retried,) = any_store.outbox.claim(NOW + MINUTE / 2)
    assert (retried.idem, retried.last_error, retried.attempts) == ("a1", "429", 2)


def test_a_reminder_for_later_holds_nothing_back(any_store: Store) -> None:
    any_store.outbox.add([item("reminder", "a", timedelta(days=30)), item("a1", "a")], NOW)
    assert names(any_store) == ["a1"]
    assert any_store.outbox.next_due(NOW) == NOW + timedelta(seconds=60)
    assert any_store.outbox.cancel("reminder")
    assert not any_store.outbox.cancel("reminder")


def test_a_dead_letter_is_kept_can_be_sent_again_and_blocks_nobody(any_store: Store) -> None:
    any_store.outbox.add([item("a1", "a"), item("a2", "a")], NOW)
    (row,) = any_store.outbox.claim(NOW)
    assert any_store.outbox.give_up(row, "channel_not_found")
    assert names(any_store) == ["a2"]
    (dead,) = any_store.outbox.dead_letters()
    assert (dead.idem, dead.last_error) == ("a1", "channel_not_found")
    assert any_store.outbox.backlog(NOW).dead == 1
    any_store.outbox.requeue(dead.id, NOW)
    assert any_store.outbox.dead_letters() == ()
    assert any_store.outbox.claim(NOW)[0].repeated, "it may have arrived all the same"
    with pytest.raises(NotFound):
        any_store.outbox.requeue(dead.id, NOW)


@pytest.mark.parametrize("sure", [True, False])
def test_only_a_row_that_may_have_arrived_counts_as_repeated(any_store: Store, sure: bool) -> None:
    any_store.outbox.add([item("a")], NOW)
    (row,) = any_store.outbox.claim(NOW)
    assert not row.repeated
    any_store.outbox.retry_at(row, NOW, "429", sure=sure)
    (again,) = any_store.outbox.claim(NOW)
    assert again.repeated is not sure
    any_store.outbox.retry_at(again, NOW, "429", sure=True)
    (last,) = any_store.outbox.claim(NOW)
    assert (last.attempts, last.repeated) == (3, not sure)
    any_store.outbox.give_up(last, "429", sure=True)
    any_store.outbox.requeue(last.id, NOW)
    assert any_store.outbox.claim(NOW)[0].repeated is not sure


def test_a_relay_that_stops_gives_its_leases_back(any_store: Store) -> None:
    any_store.outbox.add([item("a")], NOW)
    any_store.outbox.release(any_store.outbox.claim(NOW))
    assert any_store.outbox.claim(NOW)[0].attempts == 1


def test_the_backlog_tells_how_long_the_oldest_has_waited(any_store: Store) -> None:
    assert any_store.outbox.backlog(NOW).oldest_due_at is None
    assert any_store.outbox.next_due(NOW) is None
    any_store.outbox.add([item("a"), item("b", due_in=-MINUTE), item("c", due_in=MINUTE)], NOW)
    backlog = any_store.outbox.backlog(NOW)
    assert (backlog.due, backlog.oldest_due_at) == (2, NOW - MINUTE)


def test_two_relays_never_lease_the_same_row_and_keep_the_order(any_address: str) -> None:
    conversations = [f"c{number}" for number in range(5)]
    with open_store(any_address) as store:
        for number in range(6):
            store.outbox.add([item(f"{name}-{number}", name) for name in conversations], NOW)

    def relay(_: int) -> list[str]:
        sent = []
        with open_store(any_address) as store:
            while store.outbox.backlog(NOW).due:
                for row in store.outbox.claim(NOW, limit=2):
                    sent.append(row.idem)
                    assert store.outbox.mark_sent(row, NOW)
        return sent

    with ThreadPoolExecutor(3) as pool:
        sent = list(pool.map(relay, range(3)))
    counts = Counter(name for each in sent for name in each)
    assert len(counts) == 30
    assert set(counts.values()) == {1}
    for each in sent:
        for name in conversations:
            mine = [one for one in each if one.startswith(name)]
            assert mine == sorted(mine)


def test_a_kind_of_destination_can_be_claimed_alone_and_left_out(any_store: Store) -> None:
    places = ("mail:a@example.org", "slack:C1", "slack", "page")
    any_store.outbox.add([OutboxItem(place, place, "alert", {}) for place in places], NOW)
    claimed = any_store.outbox.claim(NOW, kinds=Kinds(only="slack"))
    assert [row.destination for row in claimed] == ["slack:C1", "slack"]
    rest = any_store.outbox.claim(NOW, kinds=Kinds(without=("slack", "mail")))
    assert [row.destination for row in rest] == ["page"]


def test_a_destination_can_be_left_alone_for_a_while(any_store: Store) -> None:
    places = ("slack:C1", "slack:C2", "slack:C1")
    rows = [OutboxItem(str(n), place, "alert", {}) for n, place in enumerate(places)]
    any_store.outbox.add(rows, NOW)
    kinds = Kinds(only="slack", apart=("slack:C1",))
    assert [row.destination for row in any_store.outbox.claim(NOW, kinds=kinds)] == ["slack:C2"]
    assert [row.idem for row in any_store.outbox.claim(NOW)] == ["0", "2"]
