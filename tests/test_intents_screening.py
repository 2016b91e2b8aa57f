"""The gross list in conversation: the verdict, what is asked, and registering."""

from dataclasses import replace
from datetime import date

import pytest
from dialog_talk import Talk, finished_report

from intents.engine import step
from intents.exchange import (
    Answer,
    Begin,
    Notify,
    Pressed,
    Start,
)
from intents.screening import judge_again, policy_of


@pytest.fixture
def report():
    """A report that only lacks a yes."""
    return finished_report()


def test_the_boundary_is_on_the_list_with_the_persons_own_numbers():
    talk = Talk("screening", Begin("1 mars–30 juni, två pers"))
    assert talk.text.startswith("Ja, den ska med på bruttolistan.")
    assert "1 mars–30 juni" in talk.text
    assert "två pers" in talk.text
    assert "betyder inte att ni måste ställa krav" in talk.text


def test_a_day_less_is_not_on_the_list_and_says_how_much_is_missing():
    talk = Talk("screening", Begin("1 mars–29 juni, två pers"))
    assert talk.text.startswith("Nej")
    assert "en dag kortare" in talk.text
    assert talk.saved("screening").values["reasons"] == ["KORT_TID"]


def test_only_missing_facts_are_asked_for_with_buttons():
    talk = Talk("screening", Begin("det varar i sex månader, ska det med på listan?"))
    assert talk.state.pending == "workers"
    assert [c.value for c in talk.step.says[-1].choices] == ["one", "more", "unknown"]
    assert talk.send(Pressed("more")).saved("screening").values["verdict"] == "ja"


def test_what_is_not_known_is_unclear_and_never_a_guess():
    talk = Talk("screening").all(Pressed("long"), "vet inte")
    assert talk.saved("screening").values["verdict"] == "oklar"


def test_a_what_if_tells_nobody_and_registering_is_an_act_of_its_own():
    talk = Talk("screening", Begin("6 mån, 3 pers"))
    assert not [e for e in talk.effects if isinstance(e, Notify)]
    assert not talk.send("nej").effects
    talk = Talk("screening", Begin("6 mån, 3 pers")).all("ja", "Städning", "Higab", "tjänst")
    talk.send("mars 2027")
    assert talk.values["start"] == "2027-03-01"
    talk.send("ja")
    assert talk.saved("grosslist").values["name"] == "Städning"
    assert next(e for e in talk.effects if isinstance(e, Notify)).kind == "grosslist"


def test_an_unclear_case_goes_to_the_support_function_as_unclear():
    talk = Talk("screening", Begin("ramavtal 2 år, 3 pers")).send("två månader")
    assert talk.saved("screening").values["reasons"] == ["RAMAVTAL"]
    talk.all("ja", "Bevakning", "Higab", "tjänst", "1 mars 2027", "ja")
    assert talk.saved("unclear_screening").values["verdict"] == "oklar"


CASES = "A: 6 mån 2 pers. B: 3 mån 5 pers. C: ramavtal 2 år, 4 pers. D: 3+3 mån option, 2 pers"


def test_each_case_of_a_message_gets_its_verdict_and_is_stored():
    talk = Talk("screening", Begin(CASES))
    assert talk.keys.count("screening.case") == 4
    kept = [effect.values for effect in talk.effects]
    assert [(v["which"], v["verdict"]) for v in kept] == [("1", "ja"), ("2", "nej"), ("4", "oklar")]
    again = [judge_again(v, date(2026, 11, 20), policy_of(None)).verdict for v in kept]
    assert again == ["ja", "nej", "oklar"]


def test_a_case_of_several_can_be_registered_and_then_the_next():
    talk = Talk("screening", Begin(CASES))
    assert [c.value for c in talk.step.says[-1].choices] == ["1", "3", "4", "none"]
    talk.all(Pressed("4"), "Bevakning", "Higab", "tjänst", "1 mars 2027", "ja")
    filed = talk.saved("unclear_screening").values
    assert (filed["which"], filed["time"]) == ("4", "3+3 mån")
    (rest,) = [e for e in talk.effects if isinstance(e, Start)]
    talk = Talk("screening", Begin("", rest.values))
    assert [c.value for c in talk.step.says[-1].choices] == ["1", "3", "none"]
    assert not talk.effects
    assert talk.send("fall 3").state.pending == "call_off"
    assert talk.send("ett år").saved("screening").values["verdict"] == "ja"
    assert talk.state.pending == "register"


def test_whoever_registers_none_of_several_is_done():
    assert Talk("screening", Begin(CASES)).send("ingen").state is None
    assert Talk("screening", Begin("A: 2 mån 2 pers. B: 3 mån 5 pers")).state is None


def test_a_policy_value_changes_the_verdict():
    text = "3 mån med option på 6 mån, 2 pers"
    assert Talk("screening", Begin(text)).saved("screening").values["verdict"] == "oklar"
    counted = Talk("screening", Begin(text), lookups={"policy": {"option": "räknas"}})
    assert counted.saved("screening").values["verdict"] == "ja"


def test_all_options_of_an_answer_count_and_a_start_may_be_said_from_today():
    talk = Talk("screening", Begin("2 mån med option, 2 pers")).send("1+1 mån")
    assert talk.saved("screening").values["verdict"] == "oklar"
    talk = Talk("screening", Begin("120 dagar, 2 pers")).send("om två veckor")
    assert talk.saved("screening").values["verdict"] in {"ja", "nej"}


def test_english_is_as_complete():
    talk = Talk("screening", Begin("6 months, 3 people"), language="en")
    assert talk.text.startswith("Yes, it belongs on the gross list.")


def test_a_broken_date_is_said_before_the_time_is_asked_for():
    talk = Talk("screening", Begin("31 april till 30 juni, 3 pers, på listan?"))
    assert "screening.note.INVALID_DATE" in talk.keys
    assert talk.state.pending == "duration"


def test_a_stored_screening_is_judged_again_when_the_policy_changes():
    record = Talk("screening", Begin("3 mån med option på 6 mån")).send("2").saved("screening")
    again = judge_again(record.values, date(2026, 11, 20), policy_of({"option": "räknas"}))
    assert (record.values["verdict"], again.verdict) == ("oklar", "ja")


def test_steps_are_pure(report):
    given = replace(report.given(), interaction="same")
    assert step(report.dialog, report.state, Answer("ja"), given) == step(
        report.dialog, report.state, Answer("ja"), given
    )
