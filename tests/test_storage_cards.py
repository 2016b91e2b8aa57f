"""Cards of cases in rooms: whatever happens to a case is drawn, in order and by itself."""

from __future__ import annotations

from contracts_storage import NOW

from storage.cards import CARD, ShownCard, card_key
from storage.records import CaseNote, NewCase, OutboxItem
from storage.store import Store

pytest_plugins = "storage_fixtures"

ROOM, NUMBER = "slack:C1", "H-2026-0001"


def file(store: Store) -> None:
    store.cases.file(NewCase(NUMBER, "handover", {}, 2026), NOW)


def announce(store: Store) -> None:
    first = OutboxItem(
        f"card:{NUMBER}:{ROOM}", ROOM, CARD, {"number": NUMBER}, card_key(NUMBER, ROOM)
    )
    store.outbox.add([first], NOW)


def drawn(store: Store) -> int:
    """How many drawings leave one after the other."""
    count = 0
    while rows := store.outbox.claim(NOW):
        (row,) = rows
        assert (row.kind, row.destination, row.payload["number"]) == (CARD, ROOM, NUMBER)
        store.outbox.mark_sent(row, NOW)
        count += 1
    return count


def test_a_case_without_a_card_draws_nothing(any_store: Store) -> None:
    file(any_store)
    any_store.cases.take(NUMBER, "ett", NOW)
    assert any_store.cards.find(NUMBER, ROOM) is None
    assert drawn(any_store) == 0


def test_every_event_of_a_case_redraws_its_card_in_order(any_store: Store) -> None:
    file(any_store)
    announce(any_store)
    announce(any_store)
    any_store.cases.take(NUMBER, "ett", NOW)
    any_store.cases.note(CaseNote(NUMBER, "asker_wrote", "web||a||a"), NOW)
    any_store.cases.close(NUMBER, "ett", NOW)
    assert drawn(any_store) == 4


def test_a_card_remembers_its_message_and_what_it_shows(any_store: Store) -> None:
    file(any_store)
    announce(any_store)
    begun = any_store.cards.find(NUMBER, ROOM)
    assert begun is not None
    assert (begun.reference, begun.shown) == ({}, "")
    shown = ShownCard(NUMBER, ROOM, {"ts": "1.2"}, "digest", NOW)
    any_store.cards.save(shown)
    announce(any_store)
    assert any_store.cards.find(NUMBER, ROOM) == shown
    elsewhere = ShownCard(NUMBER, "teams:19:x", {"id": "1"}, "digest", NOW)
    any_store.cards.save(elsewhere)
    assert any_store.cards.find(NUMBER, "teams:19:x") == elsewhere
