"""Cases, screenings, answers and surveys."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from contracts_storage import NOW, turn

from storage.errors import CaseTaken, Conflict, NotFound, StaleCase
from storage.model import CaseFilter
from storage.records import (
    CaseChange,
    CaseNote,
    NewAnswer,
    NewCase,
    NewFeedback,
    NewScreening,
    NewSurvey,
)
from storage.store import Store

pytest_plugins = "storage_fixtures"

CASE = NewCase(
    "A-2026-0001",
    "deviation",
    {"model": "annan", "results": {"praktik": 2}},
    2026,
    organisation="bolaget",
    period_from=date(2026, 3, 1),
    period_to=date(2026, 6, 30),
    form_version="3",
    submitted_by="entra:t:1",
    report_status="inskickad",
    owner_role="stodfunktion",
    due_on=date(2026, 12, 1),
    about="S-1042",
)
LATER = NOW + timedelta(days=1)


def test_a_filed_case_comes_back_as_it_was_filed(any_store: Store) -> None:
    any_store.commit_turn(turn(records=(CASE,)))
    case = any_store.cases.find("A-2026-0001")
    assert case is not None
    assert (case.values, case.period_to, case.due_on) == (CASE.values, CASE.period_to, CASE.due_on)
    assert (case.state, case.report_status, case.version, case.change) == (
        "new",
        "inskickad",
        1,
        "filed",
    )
    assert case.conversation_key == "web||room||person"
    assert (case.created_at, case.submitted_at) == (NOW, NOW)


def test_a_number_is_used_once(any_store: Store) -> None:
    any_store.cases.file(CASE, NOW)
    with pytest.raises(Conflict):
        any_store.cases.file(CASE, NOW)


def test_an_amendment_and_a_withdrawal_are_versions_that_leave_the_old_ones(
    any_store: Store,
) -> None:
    any_store.cases.file(CASE, NOW)
    change = CaseChange("A-2026-0001", {"model": "egen"}, 2026, 1, organisation="bolaget")
    assert any_store.cases.amend(change, LATER) == 2
    gone = replace(change, seen_version=2, withdrawn=True)
    assert any_store.cases.amend(gone, LATER) == 3
    versions = any_store.cases.versions("A-2026-0001")
    assert [version.change for version in versions] == ["filed", "amended", "withdrawn"]
    assert versions[0].values == CASE.values
    case = any_store.cases.find("A-2026-0001")
    assert case is not None
    assert (case.withdrawn, case.report_status) == (True, "inskickad")
    kinds = [event.kind for event in any_store.cases.events("A-2026-0001")]
    assert kinds == ["filed", "amended", "withdrawn"]


def test_a_change_made_on_an_old_version_is_refused(any_store: Store) -> None:
    any_store.cases.file(CASE, NOW)
    change = CaseChange("A-2026-0001", {}, 2026, seen_version=1)
    any_store.cases.amend(change, NOW)
    with pytest.raises(StaleCase):
        any_store.cases.amend(change, NOW)
    with pytest.raises(NotFound):
        any_store.cases.amend(replace(change, number="A-2026-0404"), NOW)


def test_a_report_with_an_earlier_cut_off_gives_the_same_figures(any_store: Store) -> None:
    any_store.cases.file(CASE, NOW)
    cut_off = CaseFilter(as_of=NOW + timedelta(hours=1))
    before = any_store.cases.list(cut_off)
    change = CaseChange("A-2026-0001", {"model": "egen"}, 2027, 1, organisation="annan")
    any_store.cases.amend(change, LATER)
    any_store.cases.file(replace(CASE, number="A-2026-0002"), LATER)
    after = any_store.cases.list(cut_off)
    assert [(case.values, case.year, case.organisation) for case in after] == [
        (case.values, case.year, case.organisation) for case in before
    ]


def test_a_case_belongs_to_who_takes_it_first(any_store: Store) -> None:
    any_store.cases.file(CASE, NOW)
    assert any_store.cases.take("A-2026-0001", "anna", NOW).owner_person == "anna"
    assert any_store.cases.take("A-2026-0001", "anna", NOW).state == "taken"
    with pytest.raises(CaseTaken):
        any_store.cases.take("A-2026-0001", "bo", NOW)
    for move in (any_store.cases.release, any_store.cases.close):
        with pytest.raises(CaseTaken):
            move("A-2026-0001", "bo", NOW)
    any_store.cases.release("A-2026-0001", "anna", NOW)
    assert any_store.cases.take("A-2026-0001", "bo", NOW).owner_person == "bo"
    any_store.cases.close("A-2026-0001", "bo", NOW)
    for move in (any_store.cases.release, any_store.cases.close, any_store.cases.take):
        with pytest.raises(CaseTaken):
            move("A-2026-0001", "bo", NOW)
    kinds = [event.kind for event in any_store.cases.events("A-2026-0001")]
    assert kinds == ["filed", "taken", "released", "taken", "closed"]


def test_a_case_is_handed_on_as_seen_and_taken_up_again_only_when_closed(
    any_store: Store,
) -> None:
    any_store.cases.file(CASE, NOW)
    seen = any_store.cases.find(CASE.number)
    assert seen is not None
    any_store.cases.assign(seen, "bo", "anna", NOW)
    with pytest.raises(CaseTaken):
        any_store.cases.assign(seen, "cecilia", "anna", NOW)
    with pytest.raises(CaseTaken):
        any_store.cases.reopen(CASE.number, "bo", NOW)
    any_store.cases.close(CASE.number, "bo", NOW)
    any_store.cases.reopen(CASE.number, "anna", NOW)
    kinds = [event.kind for event in any_store.cases.events(CASE.number)]
    assert kinds == ["filed", "assigned", "closed", "reopened"]


def test_a_case_waits_when_the_asker_wrote_last(any_store: Store) -> None:
    any_store.cases.file(CASE, NOW)
    waits = []
    for kind in ("asker_wrote", "noted", "answered", "asker_wrote"):
        any_store.cases.note(CaseNote(CASE.number, kind, "x"), NOW)
        waits.append(bool(any_store.cases.waiting(("asker_wrote",), ("answered",))))
    assert waits == [True, True, False, True]
    any_store.cases.close(CASE.number, "bo", NOW)
    assert any_store.cases.waiting(("asker_wrote",), ("answered",)) == frozenset()


def test_status_registry_number_and_due_date_are_kept_with_their_history(any_store: Store) -> None:
    any_store.cases.file(CASE, NOW)
    any_store.cases.set_report_status("A-2026-0001", "mottagen", "anna", LATER)
    any_store.cases.set_registry_number("A-2026-0001", "0123/26", "anna", LATER)
    any_store.cases.set_due("A-2026-0001", None, "anna", LATER)
    any_store.cases.note(CaseNote("A-2026-0001", "answered", "anna", {"text": "ja"}), LATER)
    case = any_store.cases.find("A-2026-0001")
    assert case is not None
    assert (case.report_status, case.registry_number, case.due_on) == ("mottagen", "0123/26", None)
    assert case.updated_at == LATER
    assert any_store.cases.events("A-2026-0001")[-1].facts == {"text": "ja"}
    for unknown in (any_store.cases.close, any_store.cases.release, any_store.cases.take):
        with pytest.raises(NotFound):
            unknown("A-2026-0404", "anna", NOW)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (CaseFilter(), "1234"),
        (CaseFilter(kinds=("deviation",)), "123"),
        (CaseFilter(organisations=("bolaget", "annat")), "124"),
        (CaseFilter(year=2025), "2"),
        (CaseFilter(period_from=date(2026, 4, 1)), "3"),
        (CaseFilter(period_to=date(2026, 3, 1)), "124"),
        (CaseFilter(created_from=LATER), "4"),
        (CaseFilter(created_before=LATER), "123"),
        (CaseFilter(states=("new",), report_statuses=("mottagen",)), "3"),
        (CaseFilter(due_before=date(2026, 12, 2)), "124"),
        (CaseFilter(submitted_in=(("entra:", "t:1"), ("x", "y")), about="S-1042"), "124"),
        (CaseFilter(limit=2), "12"),
        (CaseFilter(conversation_key="web||room||person"), ""),
    ],
)
def test_reports_choose_cases_by_their_columns(
    any_store: Store, wanted: CaseFilter, found: str
) -> None:
    other = {"organisation": "nämnden", "period_from": date(2026, 5, 1), "about": ""}
    third = replace(CASE, number="3", report_status="mottagen", due_on=None, **other)  # type: ignore[arg-type]
    for case in (replace(CASE, number="1"), replace(CASE, number="2", year=2025), third):
        any_store.cases.file(case, NOW)
    any_store.cases.file(replace(CASE, number="4", kind="handover"), LATER)
    assert "".join(case.number for case in any_store.cases.list(wanted)) == found


def test_every_completed_screening_is_stored_and_can_lead_to_a_case(any_store: Store) -> None:
    facts = {"which": None, "workers": 2}
    for number, verdict in (("B-2026-0001", "ja"), ("B-2026-0002", "nej")):
        screening = NewScreening(number, "4 mån", facts, verdict, ("BADA",), "1", "0")  # type: ignore[arg-type]
        any_store.commit_turn(turn(number, int(verdict == "nej"), records=(screening,)))
    registered = replace(CASE, number="BL-2026-0001", kind="grosslist",
                         values={"text": "4 mån", "which": None})  # fmt: skip
    other = replace(registered, number="H-2026-0001", values={"text": "5 mån"})
    any_store.commit_turn(turn("m3", 2, records=(other,)))
    any_store.commit_turn(turn("m4", 3, records=(registered,)))
    (yes,) = any_store.screenings.list(verdict="ja")
    assert (yes.facts, yes.reasons, yes.case_number) == (facts, ("BADA",), "")
    (no,) = any_store.screenings.list(verdict="nej")
    assert no.case_number == "BL-2026-0001"
    assert len(any_store.screenings.list(since=NOW, before=LATER)) == 2
    assert any_store.screenings.list(since=LATER) == ()


ANSWER = NewAnswer("S-1001", "fråga", "svar", ({"text": "t"},), {"a": 2}, "answer", "sv", 7)


def test_an_answer_has_one_vote_that_can_be_changed(any_store: Store) -> None:
    any_store.commit_turn(turn("m1", records=(ANSWER,)))
    any_store.commit_turn(turn("m2", 1, records=(NewFeedback("S-1001", "ja"),)))
    vote = NewFeedback("S-1001", "nej", "fel paragraf")
    any_store.commit_turn(turn("m3", 2, records=(vote,), received_at=LATER))
    answer = any_store.answers.find("S-1001")
    assert answer is not None
    assert answer.feedback is not None
    assert (answer.feedback.vote, answer.feedback.comment) == ("nej", "fel paragraf")
    assert (answer.quotes, answer.documents, answer.corpus_version) == (
        ({"text": "t"},),
        {"a": 2},
        7,
    )


def test_a_vote_on_an_unknown_answer_never_stops_the_chat(any_store: Store) -> None:
    any_store.commit_turn(turn("m1", records=(NewFeedback("S-1001", "nej"),)))
    assert any_store.answers.find("S-1001") is None


def test_answers_are_found_by_time_outcome_and_conversation(any_store: Store) -> None:
    missed = replace(ANSWER, number="S-1002", outcome="no_answer")
    any_store.commit_turn(turn("m1", records=(ANSWER, missed)))
    assert len(any_store.answers.list(NOW, LATER)) == 2
    assert [a.number for a in any_store.answers.list(NOW, LATER, ("no_answer",))] == ["S-1002"]
    assert len(any_store.answers.of_conversation("web||room||person")) == 2
    assert any_store.answers.list(LATER, LATER) == ()


def test_nothing_in_a_survey_answer_leads_to_a_person(any_store: Store) -> None:
    survey = NewSurvey("2026-H2", "upphandlare", 1, 2, 3, "bra")
    any_store.commit_turn(turn(records=(survey,)))
    assert any_store.surveys.list("2026-H2") == (survey,)
    from storage.schema import surveys

    assert not {"at", "conversation_key", "message_id", "person"} & set(surveys.columns.keys())
