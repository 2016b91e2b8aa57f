"""A report of an avsteg: is it one, what is asked, and which answers cannot be."""

from datetime import date

import pytest
from dialog_talk import GAPS, STORY, Talk, finished_report
from strategies import given_now

from intents.dialogs.deviation import DEVIATION
from intents.exchange import (
    Begin,
    Notify,
    Pressed,
    Schedule,
    Start,
)
from intents.filling import read_value


@pytest.fixture
def report():
    """A report that only lacks a yes."""
    return finished_report()


# Is it an avsteg? -----------------------------------------------------------------------------


def test_talk_through_the_support_function_is_no_avsteg():
    talk = Talk("deviation").all("hoppa över", "ja", "ja")
    assert talk.state is None
    assert "inget avsteg" in talk.text
    assert not talk.effects


def test_no_talk_at_all_is_unclear_and_never_a_flat_no():
    talk = Talk("deviation").all("hoppa över", "nej")
    assert "deviation.two_readings" in talk.keys
    assert talk.state.pending == "report_anyway"
    assert talk.send(Pressed("handover")).effects == (
        Start("handover", {"reason": "unclear_deviation"}),)  # fmt: skip


def test_at_most_two_questions_tell_whether_it_is_an_avsteg():
    talk = Talk("deviation").all("hoppa över", "ja", "vet inte")
    assert talk.state.pending == "organisation"


# The fields of a deviation --------------------------------------------------------------------


def test_before_the_contract_the_supplier_is_not_asked_for():
    talk = Talk("deviation", Begin(STORY)).all(*GAPS[:4])
    assert talk.state.pending == "contract_signed"
    talk.send("nej")
    assert "deviation.no_tender" in talk.keys
    assert talk.state.pending != "supplier"
    other = Talk("deviation", Begin(STORY)).all(*GAPS[:4], "ja")
    assert other.state.pending == "supplier"


def test_the_reason_is_asked_last(report):
    names = [slot.name for slot in report.dialog.slots]
    assert names[-2:] == ["reason", "confirm"]


def test_what_is_not_known_makes_the_report_incomplete_and_not_lost():
    talk = Talk("deviation", Begin(STORY)).all(*GAPS[:5], "vet ej", "nej", "vet ej")
    assert "stödfunktionen återkommer" in talk.text
    assert talk.send("ja").saved("deviation").incomplete == ("other_model", "reason")


def test_results_may_come_later_and_are_asked_for_once():
    text = "vi på Higab diskuterade lärlingar med målaren i går utan er"
    talk = Talk("deviation", Begin(text)).all(*GAPS[:5])
    assert talk.state.pending == "results"
    talk.send("inte klart än").send(Pressed("half_year"))
    assert talk.values["follow_up_on"] == "2027-05-20"
    talk.all(*GAPS[5:]).send("ja")
    again = next(e for e in talk.effects if isinstance(e, Schedule))
    assert (again.dialog, again.due) == ("follow_up", date(2027, 5, 20))


def test_a_likely_double_is_offered_as_an_amendment(report):
    earlier = {"number": "A-2026-0003", "version": 1, "values": {"unit": "Drift"}}
    report.known["lookups"] = {"similar": [earlier]}
    report.send("ja")
    assert report.state.pending == "duplicate"
    assert "A-2026-0003" in report.text
    assert not report.effects
    (start,) = report.send(Pressed("amend")).effects
    assert (start.dialog, start.amends) == ("deviation", "A-2026-0003")
    follow = Talk("deviation", Begin("", start.values, start.amends), **report.known)
    assert follow.state.pending == "confirm"
    save = follow.send("ja").saved("deviation")
    assert (save.number, save.change, save.values["seen_version"]) == ("A-2026-0003", "amend", 1)


# Wrong answers --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        ("i morgon", "future"),
        ("30 februari", "date"),
        ("i mars", "unclear_date"),
        ("vet inte", "must_know"),
        ("🙂", "date"),
        ("två lärlingar", "date"),
        ("x" * 100_000, "too_long"),
    ],
)
def test_a_date_that_cannot_be_is_refused_with_a_reason(answer, key):
    talk = Talk("deviation").all("hoppa över", "ja", "nej", "Higab", "Drift", "chef")
    assert talk.state.pending == "event_date"
    assert f"deviation.event_date.problem.{key}" in talk.send(answer).keys
    assert "event_date" not in talk.values


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        ("-2 lärlingar", "negative"),
        ("10 000 lärlingar", "too_many"),
        ("10000", "too_many"),
        ("150 lärlingsplatser", "unlikely"),
        ("två", "form"),
        ("hej", "form"),
    ],
)
def test_a_count_that_cannot_be_is_refused_or_asked_about(answer, key):
    text = "vi på Higab diskuterade lärlingar med målaren i går utan er"
    talk = Talk("deviation", Begin(text)).all(*GAPS[:5])
    assert f"deviation.results.problem.{key}" in talk.send(answer).keys
    assert "results" not in talk.values


def test_an_unlikely_count_is_taken_after_a_yes():
    text = "vi på Higab diskuterade lärlingar med målaren i går utan er"
    talk = Talk("deviation", Begin(text)).all(*GAPS[:5], "150 lärlingsplatser", "ja")
    assert talk.values["results"] == {"larling": 150}


def test_a_name_outside_the_list_is_taken_after_a_yes_and_never_shown_in_an_alert():
    talk = Talk("handover").all("Hur räknas vite?", "Stiftelsen Solglimt", "ja", "hoppa över", "ja")
    assert talk.saved("handover").values["organisation"] == {"other": "Stiftelsen Solglimt"}
    notice = next(e for e in talk.effects if isinstance(e, Notify))
    assert notice.fields["organisation"] == "annan"


def test_several_that_fit_are_offered_as_buttons():
    talk = Talk("handover").all("Hur räknas vite?", "socialförvaltningen")
    choices = next(say.choices for say in talk.step.says if say.choices)
    assert len(choices) == 4
    talk.send(Pressed(choices[0].value))
    assert talk.state.pending == "contact"


def test_running_text_answers_the_question_asked_and_the_one_being_changed(report):
    report.send("ändra organisation").send("det var visst Bostadsbolaget som gjorde det")
    assert report.values["organisation"] == "bostadsbolaget"
    assert report.state.pending == "confirm"


def test_several_facts_in_one_answer_are_all_shown_with_their_words():
    talk = Talk("deviation", Begin("vi pratade jobb med städfirman utan er"))
    talk.send("Higab, det hände i förrgår och jag är chef")
    for words in ("”Higab”", "”i förrgår”", "”chef”"):
        assert words in talk.text
    assert talk.state.pending == "unit"


@pytest.mark.parametrize(
    ("slot", "answer", "value"),
    [
        ("procurement_type", "en tjänst tror jag", "tjanst"),
        ("role", "jag är enhetschef", "chef"),
        ("organisation", "Higab tror jag", "higab"),
        ("other_model", "ingen", None),
        ("report_anyway", "jag vill rapportera ändå", "report"),
    ],
)
def test_an_answer_with_a_few_words_around_it_is_read(slot, answer, value):
    chosen = next(each for each in DEVIATION.slots if each.name == slot)
    assert read_value(chosen, answer, given_now()) == value
