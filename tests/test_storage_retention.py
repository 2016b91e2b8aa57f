"""What is forgotten, on both kinds of database; what somebody still needs stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from contracts_storage import NOW, turn

from storage.erasure import Traces
from storage.people import digest, first_id
from storage.records import (
    CommonDrafts,
    LinkIdentity,
    NewAnswer,
    NewAttachment,
    NewCase,
    NewLinkCode,
    NewScreening,
    OutboxItem,
)
from storage.retention import BATCH, Limits
from storage.store import Store, open_store

pytest_plugins = "storage_fixtures"

DAY = timedelta(days=1)
CASE = NewCase("A-2026-0001", "deviation", {"story": "ord"}, 2026, submitted_by="x")
ANSWER = NewAnswer("S-1001", "Vad är avsteg?", "Ett avsteg är …", (), {"a": 2}, "answered")
TRIED = NewScreening("B-2026-0001", "4 mån", {"months": 4}, "ja", (), "1", "0")


def key(person: str) -> str:
    return f"slack|T1|D1||{person}"


def limits(later: timedelta = DAY, **changes: Any) -> Limits:
    at = NOW + later
    return Limits(at, at, at, at, **changes)


def say(store: Store, person: str, message: str = "m", **changes: Any) -> None:
    """A first turn of a conversation that can be reached."""
    facts: dict[str, Any] = {"key": key(person), "channel": "slack", "address": {"user": person}}
    store.commit_turn(turn(f"{message}-{person}", **(facts | changes)))


def people_left(store: Store) -> list[str]:
    return [p for p in ("U1", "U2", "U3", "U4") if store.load_conversation(key(p)).version]


def test_only_what_nobody_needs_is_forgotten(any_store: Store) -> None:
    say(any_store, "U1", records=(ANSWER, TRIED))
    say(any_store, "U2", records=(CASE,))
    say(any_store, "U3")
    say(any_store, "U4", outbox=(OutboxItem("r", "slack", "reply", {}, key("U4")),))
    forgets = limits(drafts=frozenset({key("U3")}))
    counted = any_store.retention.count(forgets)
    assert any_store.retention.run(forgets) == counted
    assert set(any_store.retention.run(forgets).values()) == {0}
    assert people_left(any_store) == ["U2", "U3", "U4"]
    assert any_store.find_reply("slack", "m-U1") is None
    assert [any_store.people.address(key(p)) is None for p in ("U1", "U2")] == [True, False]
    answer, tried = any_store.answers.find("S-1001"), any_store.screenings.find("B-2026-0001")
    assert answer is not None
    assert tried is not None
    assert (answer.question, answer.documents, answer.conversation_key) == (
        ANSWER.question, ANSWER.documents, "",
    )  # fmt: skip
    assert (tried.input, tried.conversation_key) == ("4 mån", "")
    assert any_store.cases.find(CASE.number) is not None


def test_a_closed_case_lets_the_talk_go_and_keeps_the_way_to_its_asker(any_store: Store) -> None:
    say(any_store, "U2", records=(CASE, TRIED, replace(CASE, number="BL-1", kind="grosslist")))
    any_store.cases.close(CASE.number, "stod:a", NOW)
    any_store.cases.close("BL-1", "stod:a", NOW)
    any_store.retention.run(limits())
    assert people_left(any_store) == []
    assert any_store.people.address(key("U2")) == {"user": "U2"}
    case = any_store.cases.find(CASE.number)
    assert case is not None
    assert (case.values, case.conversation_key) == (CASE.values, key("U2"))


def test_a_room_that_gets_alerts_is_found_for_ever(any_store: Store) -> None:
    say(any_store, "U1", key="teams|T|19:a_b@x||U1")
    say(any_store, "U2", key="teams|T|19:aXb@x||U2")
    any_store.retention.run(limits(rooms=("19:a_b@x",)))
    assert any_store.people.address("teams|T|19:a_b@x||U1") is not None
    assert any_store.people.address("teams|T|19:aXb@x||U2") is None


def test_what_was_sent_is_forgotten_but_for_open_cases(any_store: Store) -> None:
    about = {"a": CASE.number, "b": "", "c": CASE.number, "d": ""}
    rows = [OutboxItem(name, f"{name}:x", "letter", {"number": n}) for name, n in about.items()]
    any_store.cases.file(CASE, NOW)
    any_store.outbox.add(rows, NOW)
    for row in any_store.outbox.claim(NOW):
        if row.idem in "cd":
            any_store.outbox.give_up(row, "nobody")
        else:
            any_store.outbox.mark_sent(row, NOW)
    found = any_store.retention.run(limits())
    assert (found["sent"], found["given_up"]) == (1, 1)
    assert [any_store.outbox.status(row.idem) for row in rows] == ["sent", "", "dead", ""]
    any_store.cases.close(CASE.number, "stod:a", NOW)
    found = any_store.retention.run(limits())
    assert (found["sent"], found["given_up"]) == (1, 1)


def test_turns_keep_their_numbers_when_earlier_ones_are_forgotten(any_store: Store) -> None:
    for number in range(3):
        any_store.commit_turn(turn(f"m{number}", number, received_at=NOW + number * DAY))
    any_store.retention.run(limits(1.5 * DAY))
    total, left = any_store.inbox.latest("web||room||person", 5)
    assert (total, [each.message_id for each in left]) == (3, ["m2"])


def test_more_than_one_batch_is_forgotten(sqlite_store: Store) -> None:
    items = [OutboxItem(f"r{number}", "page", "alert", {}) for number in range(BATCH + 1)]
    sqlite_store.outbox.add(items, NOW)
    for row in sqlite_store.outbox.claim(NOW, limit=len(items)):
        sqlite_store.outbox.mark_sent(row, NOW)
    assert sqlite_store.retention.run(limits())["sent"] == len(items)


def known(store: Store) -> Traces:
    """U1 has written, left a file and a draft, filed a case and linked Telegram."""
    person = first_id("slack:T1", "U1")
    code = NewLinkCode(digest("kod"), "slack:T1", "U1", NOW + DAY)
    common = CommonDrafts(f"person|{person}", 0, '{"dialogs": ["utkastord"]}')
    reminder = OutboxItem("r", f"conversation:{key('U1')}", "reminder", {"key": key("U1")})
    file = NewAttachment("f1", "filnamnsord", "text/plain", b"x")
    records = (CASE, ANSWER, TRIED, code, file)
    say(store, "U1", records=records, common=common, outbox=(reminder,), text="canaryord")
    linked = LinkIdentity(digest("kod"), "telegram:9", "77")
    say(store, "77", key="telegram|9|77||77", records=(linked,), text="canaryord")
    say(store, "U2", text="annans ord")
    both = (("slack:T1", "U1"), ("telegram:9", "77"))
    ends = (("slack|T1|", "|U1"), ("telegram|9|", "|77"))
    return Traces(both, ends, (person,), (f"person|{person}",))


def test_a_person_is_erased_in_all_channels_and_nobody_else_is(any_store: Store) -> None:
    traces = known(any_store)
    counted = any_store.erasure.count(traces)
    assert any_store.erasure.run(traces) == counted
    assert (counted["messages"], counted["conversations"], counted["identities"]) == (2, 3, 2)
    assert set(any_store.erasure.count(traces).values()) == {0}
    assert [kept.number for kept in any_store.erasure.cases(traces)] == [CASE.number]
    assert any_store.people.find("telegram:9", "77") is None
    assert any_store.attachments.find("f1") is None
    assert any_store.outbox.status("r") == ""
    assert any_store.answers.find("S-1001") is not None
    assert people_left(any_store) == ["U2"]
    assert any_store.people.address(key("U2")) is not None


def test_somebody_who_goes_on_under_the_same_id_is_no_obstacle(any_store: Store) -> None:
    traces = known(any_store)
    alone = replace(traces, identities=traces.identities[:1], ends=traces.ends[:1])
    any_store.erasure.run(alone)
    assert any_store.people.find("telegram:9", "77") is not None


@pytest.mark.parametrize("word", ["canaryord", "utkastord", "filnamnsord"])
def test_nothing_erased_is_left_in_any_file(sqlite_address: str, word: str) -> None:
    file = Path(sqlite_address.removeprefix("sqlite:///"))
    with open_store(sqlite_address) as store:
        traces = known(store)
        store.erasure.run(traces)
        left = [each.name for each in file.parent.iterdir() if word.encode() in each.read_bytes()]
    assert left == []
