"""One transaction per turn: nothing lost, nothing twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from contracts_storage import NOW, turn

from storage.errors import AlreadyHandled, NotFound, StaleConversation, StorageError
from storage.records import (
    AttachFiles,
    AuditItem,
    CaseChange,
    NewAnswer,
    NewAttachment,
    NewCase,
    NewFeedback,
    NewScreening,
    NewSurvey,
    OutboxItem,
    Turn,
)
from storage.store import Store, open_store

pytest_plugins = "storage_fixtures"

ALERT = OutboxItem("alert:A-2026-0001", "slack:C1", "alert", {"number": "A-2026-0001"})
CASE = NewCase("A-2026-0001", "deviation", {"organisation": "Bolaget"}, 2026, "bolaget")


def test_a_new_conversation_has_no_state_and_version_zero(any_store: Store) -> None:
    conversation = any_store.load_conversation("web||room||person")
    assert (conversation.version, conversation.state_json, conversation.last_at) == (0, None, None)


def test_everything_a_turn_leads_to_is_stored_together(any_store: Store) -> None:
    records = (
        CASE,
        NewAnswer(
            "S-1001", "Vad är avsteg?", "Ett avsteg är …", ({"text": "…"},), {"a": 2}, "answer"
        ),
        NewFeedback("S-1001", "ja"),
        NewScreening("B-2026-0001", "4 mån", {"months": 4}, "ja", ("GRANSFALL",), "1", "0"),
        NewSurvey("2026-H2", "upphandlare", 4, 5, 3),
    )
    audit = (AuditItem("person", "case_filed", "case:A-2026-0001"),)
    committed = any_store.commit_turn(turn(records=records, outbox=(ALERT,), audit=audit))
    assert committed.version == 1
    conversation = any_store.load_conversation("web||room||person")
    assert conversation.state_json == '{"dialog":"deviation"}'
    assert (conversation.version, conversation.language, conversation.last_at) == (1, "sv", NOW)
    assert any_store.cases.find("A-2026-0001")
    answer = any_store.answers.find("S-1001")
    assert answer is not None
    assert answer.feedback is not None
    assert any_store.screenings.find("B-2026-0001")
    assert len(any_store.surveys.list("2026-H2")) == 1
    assert [row.idem for row in any_store.outbox.claim(NOW)] == [ALERT.idem]
    assert any_store.audit.head()[0] == 1


def test_a_turn_that_fails_half_way_stores_nothing(any_store: Store) -> None:
    bad = CaseChange("A-2026-0404", {}, 2026, seen_version=1)
    with pytest.raises(NotFound):
        any_store.commit_turn(turn(records=(CASE, bad), outbox=(ALERT,)))
    assert any_store.find_reply("web", "m1") is None
    assert any_store.load_conversation("web||room||person").version == 0
    assert any_store.cases.find("A-2026-0001") is None
    assert any_store.outbox.claim(NOW) == ()


def test_a_message_that_comes_twice_gets_the_stored_reply(any_store: Store) -> None:
    any_store.commit_turn(turn(reply_json='{"é": "å\\u0000"}'))
    with pytest.raises(AlreadyHandled) as caught:
        any_store.commit_turn(turn(seen_version=1, reply_json="another"))
    assert caught.value.reply_json == '{"é": "å\\u0000"}'
    assert any_store.find_reply("web", "m1") == '{"é": "å\\u0000"}'
    assert any_store.load_conversation("web||room||person").version == 1


def test_the_same_id_in_another_channel_is_another_message(any_store: Store) -> None:
    any_store.commit_turn(turn())
    any_store.commit_turn(turn(channel="slack", key="slack|T|C||U"))
    assert any_store.find_reply("teams", "m1") is None


def test_a_turn_decided_on_an_old_state_is_refused(any_store: Store) -> None:
    any_store.commit_turn(turn("m1"))
    for seen in (0, 2):
        with pytest.raises(StaleConversation):
            any_store.commit_turn(turn("m2", seen))
    assert any_store.find_reply("web", "m2") is None


@pytest.mark.parametrize("first", [True, False])
def test_of_two_turns_on_the_same_state_exactly_one_wins(any_store: Store, first: bool) -> None:
    if not first:
        any_store.commit_turn(turn("m0"))
    seen = any_store.load_conversation("web||room||person").version
    turns = [turn(f"m{i}", seen, outbox=(replace(ALERT, idem=f"a{i}"),)) for i in (1, 2, 3, 4)]
    results = _at_once(any_store, turns)
    assert sorted(results) == ["StaleConversation"] * 3 + ["stored"]
    assert any_store.load_conversation("web||room||person").version == seen + 1
    assert len(any_store.outbox.claim(NOW)) == 1


def test_twins_in_flight_get_the_winners_reply(any_store: Store) -> None:
    results = _at_once(any_store, [turn(reply_json=str(number)) for number in range(4)])
    assert results.count("stored") == 1
    winner = str(results.index("stored"))
    assert any_store.find_reply("web", "m1") == winner
    assert sorted(results) == sorted(["stored"] + [f"handled {winner}"] * 3)


def _at_once(store: Store, turns: list[Turn]) -> list[str]:
    barrier = Barrier(len(turns))

    def commit(one: Turn) -> str:
        barrier.wait()
        try:
            store.commit_turn(one)
        except AlreadyHandled as error:
            return f"handled {error.reply_json}"
        except StorageError as error:
            return type(error).__name__
        return "stored"

    with ThreadPoolExecutor(len(turns)) as pool:
        return list(pool.map(commit, turns))


def test_no_turn_is_lost_when_two_servers_work_on_one_conversation(any_address: str) -> None:
    def run(server: int) -> None:
        with open_store(any_address) as store:
            for number in range(10):
                while True:
                    conversation = store.load_conversation("web||room||person")
                    count = str(int(conversation.state_json or 0) + 1)
                    name = f"{server}-{number}"
                    try:
                        store.commit_turn(turn(name, conversation.version, state_json=count))
                    except StaleConversation:
                        continue
                    break

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(run, range(3)))
    with open_store(any_address) as store:
        assert store.load_conversation("web||room||person").state_json == "30"


def test_a_late_message_does_not_turn_the_clock_back(any_store: Store) -> None:
    any_store.commit_turn(turn("m1"))
    any_store.commit_turn(turn("m2", 1, received_at=NOW - timedelta(hours=1)))
    assert any_store.load_conversation("web||room||person").last_at == NOW


def test_the_text_of_a_message_is_kept_unless_it_shall_be_forgotten(any_store: Store) -> None:
    any_store.commit_turn(turn("m1", text="ett"))
    any_store.commit_turn(turn("m2", 1, text="två", forget_text=True))
    texts = [message.text for message in any_store.inbox.of_conversation("web||room||person")]
    assert sorted(texts) == ["", "ett"]
    blank = {"forget": ("m1",), "forgotten_reply_json": "{}"}
    any_store.commit_turn(turn("m3", 2, **blank))
    texts = [message.text for message in any_store.inbox.of_conversation("web||room||person")]
    assert set(texts[:2]) == {""}
    assert any_store.find_reply("web", "m1") == "{}"


def test_characters_a_database_cannot_hold_do_not_stop_a_turn(any_store: Store) -> None:
    odd = "a\x00b\ud800c 😀"
    any_store.commit_turn(turn(odd, text=odd, records=(replace(CASE, values={"x": odd}),)))
    assert any_store.find_reply("web", odd) is not None
    case = any_store.cases.find("A-2026-0001")
    assert case is not None
    assert str(case.values["x"]).endswith("c 😀")


def test_a_time_without_zone_is_refused(any_store: Store) -> None:
    with pytest.raises((StorageError, ValueError), match="aware"):
        any_store.commit_turn(turn(received_at=datetime(2026, 1, 1)))  # noqa: DTZ001
    assert any_store.find_reply("web", "m1") is None


def test_several_calls_can_be_one_transaction(any_store: Store) -> None:
    def work() -> None:
        any_store.cases.file(CASE, NOW)
        assert any_store.cases.find(CASE.number) is not None
        any_store.audit.append([AuditItem("a", "b", "c")], NOW)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        any_store.write(work)
    assert any_store.cases.find(CASE.number) is None
    assert any_store.audit.head() == (0, "")


def test_numbers_run_per_kind_and_year(any_store: Store) -> None:
    take = any_store.reserve_number
    assert [take("answer", 2026), take("answer", 2027)] == ["S-1001", "S-1002"]
    assert [take("deviation", 2026), take("deviation", 2026)] == ["A-2026-0001", "A-2026-0002"]
    assert take("deviation", 2027) == "A-2027-0001"
    assert [take("screening", 2026), take("grosslist", 2026)] == ["B-2026-0001", "BL-2026-0001"]
    assert [take("handover", 2026), take("consultation", 2026)] == ["H-2026-0001", "H-2026-0002"]


def test_no_number_is_given_twice(any_store: Store) -> None:
    with ThreadPoolExecutor(6) as pool:
        taken = list(pool.map(lambda _: any_store.reserve_number("deviation", 2026), range(60)))
    assert sorted(taken) == [f"A-2026-{number:04}" for number in range(1, 61)]


def test_a_file_belongs_to_the_report_of_its_own_conversation_only(any_store: Store) -> None:
    kept = NewAttachment("f1", "avtal.pdf", "application/pdf", b"%PDF-1.7\x00\xff")
    any_store.commit_turn(turn(records=(kept, replace(kept, id="f2"))))
    stolen = turn(
        key="web||other||person", message_id="2", records=(AttachFiles("A-2026-0009", ("f1",)),)
    )
    any_store.commit_turn(stolen)
    own = turn(seen_version=1, message_id="3", records=(CASE, AttachFiles(CASE.number, ("f1",))))
    any_store.commit_turn(own)
    found = any_store.attachments.find("f1")
    assert found is not None
    assert (found.number, found.size, found.content) == (CASE.number, 10, kept.content)
    assert any_store.attachments.drop_loose(NOW + timedelta(days=1)) == 1
    assert any_store.attachments.find("f2") is None
    assert any_store.attachments.find("f1") is not None


def test_the_latest_messages_come_with_how_many_there_are(any_store: Store) -> None:
    for number in range(5):
        at = NOW + timedelta(seconds=number)
        any_store.commit_turn(turn(f"m{number}", number, received_at=at, text=str(number)))
    total, handled = any_store.inbox.latest("web||room||person", 2)
    assert (total, [message.text for message in handled]) == (5, ["3", "4"])
    assert any_store.inbox.latest("web||room||person", 9)[0] == 5
    assert any_store.inbox.latest("web||nobody||person", 2) == (0, ())
