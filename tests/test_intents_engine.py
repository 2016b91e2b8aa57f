"""The rules of a form in conversation, as the person filling it would put them."""

import pytest
from dialog_talk import GAPS, STORY, TEXTS, Talk, finished_report
from strategies import given_now

from intents.bases import SLOTS
from intents.dialogs import load_dialogs
from intents.engine import step
from intents.exchange import (
    Answer,
    Back,
    Begin,
    Cancel,
    Change,
    Doubtful,
    Fields,
    Forget,
    Later,
    Notify,
    Pressed,
    Resume,
    Summary,
    Why,
)
from intents.forms import form_fields
from intents.hearing import fits
from intents.progress import ask
from intents.states import from_json, to_json


@pytest.fixture
def report():
    """A report that only lacks a yes."""
    return finished_report()


# One question at a time -----------------------------------------------------------------------


def test_one_question_is_asked_at_a_time_with_its_step():
    talk = Talk("handover", Begin(values={"question": "Hur räknas vite?"}))
    assert "Steg 2 av 4" in talk.text
    assert [key for key in talk.keys if key.endswith(".ask")] == ["handover.organisation.ask"]


def test_nothing_is_sent_before_a_yes(report):
    assert not report.effects
    report.send("kanske")
    assert report.state.pending == "confirm"
    assert not report.effects
    report.send("ja")
    assert report.saved("deviation").values["organisation"] == "egnahemsbolaget"


@pytest.mark.parametrize(
    "typo", ["jaa vet ej riktigt", "nja", "jag tror det", "ja men vänta", "hm"]
)
def test_a_typo_at_the_confirmation_never_throws_a_report_away(report, typo):
    report.send(typo)
    assert report.state is not None
    assert report.values["organisation"] == "egnahemsbolaget"


def test_a_number_is_asked_for_only_when_something_is_stored(report):
    report.send("ja")
    assert report.step.wants_numbers == ("deviation",)
    ready = Talk("deviation", Begin(STORY)).all(*GAPS).state
    given = given_now(99, numbers={"deviation": "A-2026-0007"})
    again = step(report.dialog, ready, Answer("ja"), given)
    assert again.wants_numbers == ()
    assert "A-2026-0007" in TEXTS.render(again.says[0].key, "sv", **again.says[0].values)


def test_the_receipt_reminds_of_the_own_diary(report):
    assert "era egna rutiner" in report.send("ja").text


# Back, cancel, later --------------------------------------------------------------------------


def test_back_undoes_exactly_one_step():
    talk = Talk("handover").send("Hur räknas vite?")
    before = talk.values
    talk.send("Higab").send(Back())
    assert talk.state.pending == "organisation"
    assert talk.values == before


def test_back_takes_away_all_that_one_message_filled():
    talk = Talk("deviation").send(STORY)
    assert talk.values["organisation"] == "egnahemsbolaget"
    talk.send(Back())
    assert talk.values == {}
    assert talk.state.pending == "story"
    assert not talk.state.evidence


def test_back_at_the_first_step_says_so():
    assert "common.back.first" in Talk("handover").send(Back()).keys


def test_cancel_asks_once_when_something_is_filled():
    talk = Talk("handover").send("Hur räknas vite?").send(Cancel())
    assert talk.keys == ["common.cancel.ask"]
    assert talk.send("nej").state.pending == "organisation"
    assert talk.send(Cancel()).send("ja").state is None
    assert not talk.effects


def test_cancel_of_an_empty_form_ends_at_once():
    assert Talk("handover").send(Cancel()).state is None


def test_a_draft_rests_and_goes_on_where_it_was():
    talk = Talk("deviation", Begin(STORY)).send(Later())
    assert talk.state.paused
    assert "30 dagar" in talk.text
    talk.state = from_json(to_json(talk.state))
    talk.send(Resume())
    assert not talk.state.paused
    assert "Egnahemsbolaget" in talk.text
    assert talk.keys[-1] == "deviation.unit.ask"


# Changing what was said -----------------------------------------------------------------------


def test_an_answer_is_changed_by_its_number_in_the_summary(report):
    number = next(line for line in report.text.splitlines() if "Resultat" in line).split(".")[0]
    report.send(f"Ändra {number}, det var tre")
    assert report.values["results"] == {"larling": 3}
    assert report.state.pending == "confirm"
    report.send(Back())
    assert report.values["results"] == {"larling": 2}
    assert report.state.pending == "confirm"


def test_an_answer_is_changed_by_its_name(report):
    report.send("ändra datumet till 3 november")
    assert report.values["event_date"] == "2026-11-03"


def test_no_three_not_two_mends_the_right_answer(report):
    assert report.send("nej, tre inte två").values["results"] == {"larling": 3}


def test_a_slip_is_mended_in_the_middle_of_another_question():
    talk = Talk("deviation", Begin(STORY)).all("Nybyggnad")
    talk.send("nej, tre inte två")
    assert talk.values["results"] == {"larling": 3}
    assert talk.state.pending == "role"


@pytest.mark.parametrize(
    ("said", "slot", "value"),
    [
        ("nej vänta, tre", "results", {"larling": 3}),
        ("nej förlåt, det var i förrgår", "event_date", "2026-11-18"),
        ("ändra resultatet till två, nej vänta, tre", "results", {"larling": 3}),
        ("nej vänta, Higab", "organisation", "higab"),
        ("vänta, jag är chef", "role", "chef"),
    ],
)
def test_a_slip_is_mended_where_the_new_words_belong(report, said, slot, value):
    before = report.values
    assert report.send(said).values == {**before, slot: value}
    assert report.state.pending == "confirm"


@pytest.mark.parametrize(
    ("story", "slot", "value"),
    [
        ("vi på Higab lovades två lärlingsplatser, nej vänta, tre, i går", "results",
         {"larling": 3}),
        ("målaren lovade Higab två lärlingar i går, nej fel, i förrgår", "event_date",
         "2026-11-18"),
        ("we at Higab agreed on two apprenticeships, no wait, three", "results", {"larling": 3}),
    ],
)  # fmt: skip
def test_a_slip_put_right_in_the_same_message_never_counts(story, slot, value):
    assert Talk("deviation", Begin(story)).values[slot] == value
    assert Talk("screening", Begin("6 mån")).send("två, nej vänta, tre").state.pending == "register"


def test_the_old_answer_stays_until_the_new_one_is_valid(report):
    report.send("ändra datumet till 3 januari 2031")
    assert report.state.pending == "event_date"
    assert report.values["event_date"] == "2026-11-19"
    report.send("hm").send(Back())
    assert report.values["event_date"] == "2026-11-19"


def test_no_alone_asks_what_to_change(report):
    assert report.send("nej").keys == ["common.change.which"]


def test_a_summary_is_changed_or_left_by_its_buttons(report):
    assert "Vad vill du ändra?" in report.send(Pressed("change")).text
    assert "kasta det du har fyllt i" in report.send(Pressed("cancel")).text


def test_a_change_that_names_nothing_known_says_so(report):
    assert "common.change.unknown" in report.send(Change("99")).keys


# Several things at once, and their words ------------------------------------------------------


def test_a_story_shows_each_slot_with_its_words():
    talk = Talk("deviation", Begin(STORY))
    assert "Resultat: 2 lärlingsplatser (”två lärlingsplatser”)" in talk.text
    assert "Datum: 19 november 2026 (”i går”)" in talk.text
    assert talk.keys[-1] == "deviation.unit.ask"


def test_an_answer_may_hold_more_than_was_asked_for():
    talk = Talk("deviation").all("hoppa över", "ja", "nej", "Higab i går, avtalet är tecknat")
    assert talk.values["organisation"] == "higab"
    assert talk.values["contract_signed"] == "yes"


def test_the_story_itself_is_not_filed(report):
    assert "story" not in report.send("ja").saved("deviation").values


def test_an_alert_holds_picked_fields_only(report):
    notice = next(e for e in report.send("ja").effects if isinstance(e, Notify))
    assert set(notice.fields) <= {"organisation", "procurement_type", "discussed", "results",
                                  "event_date"}  # fmt: skip


# Guards ---------------------------------------------------------------------------------------


def test_personal_numbers_are_masked_and_the_dialog_goes_on():
    talk = Talk("handover").send("Gäller 19811218-9876 någon viss grupp?")
    assert "19811218" not in to_json(talk.state)
    assert "antal och kategori, inte vem" in talk.text
    assert talk.state.pending == "organisation"


def test_the_reporter_may_give_a_work_phone():
    talk = Talk("handover").all("Hur räknas vite?", "Higab", "031-390 06 12")
    assert talk.values["contact"] == "031-390 06 12"


def test_wrongdoing_is_pointed_elsewhere_and_not_kept():
    talk = Talk("handover").send("Chefen har tagit emot mutor av leverantören")
    assert "visselblåsarfunktionen" in talk.text
    assert talk.effects == (Forget("turn"),)
    assert talk.values == {}


def test_a_question_in_a_free_text_is_never_stored_silently():
    talk = Talk("handover").send(Doubtful("Måste vi alltid ställa krav?"))
    assert talk.values == {}
    assert [c.value for c in talk.step.says[0].choices] == ["doubt_answer", "doubt_save"]
    kept = talk.state
    talk.send(Pressed("doubt_answer"))
    assert talk.step.question == "Måste vi alltid ställa krav?"
    assert talk.values == {}
    talk.state = kept
    assert talk.send(Pressed("doubt_save")).values["question"] == "Måste vi alltid ställa krav?"


def test_a_stale_button_says_so_and_shows_where_one_is():
    talk = Talk("handover").send("Hur räknas vite?")
    talk.send(Pressed("skip", "an older one"))
    assert talk.keys[0] == "common.stale"
    assert talk.keys[-1] == "handover.organisation.ask"
    assert "organisation" not in talk.values


# For the router -------------------------------------------------------------------------------


def test_a_closed_question_knows_its_answers_from_questions():
    talk = Talk("handover").send("Hur räknas vite?")
    answers = ("Higab", "Higab?", "vet inte", "ändra 1", "socialförvaltningen")
    questions = ("Vad gäller för Higab?", "måste man ställa krav alltid")
    for text in (*answers, *questions):
        assert fits(talk.dialog, talk.state, text, talk.given()) is (text in answers), text


def test_why_tells_purpose_and_source_and_asks_the_same_again():
    talk = Talk("deviation", Begin(STORY)).send(Why())
    assert talk.keys[:2] == ["deviation.unit.why", "common.basis.proposal"]
    assert "Källa: vårt förslag" in talk.text
    assert talk.keys[-1] == "deviation.unit.ask"


def test_every_question_knows_what_it_rests_on():
    known = {f"{name}.{slot.name}" for name, d in load_dialogs().items() for slot in d.slots}
    assert {slot for slots in SLOTS.values() for slot in slots} <= known
    rests_on = {"Mål, delmål": "screening", "GR": "consultation", "SKR": "example"}
    for source, name in rests_on.items():
        talk = Talk(name).all("Higab") if name == "example" else Talk(name)
        assert source in talk.send(Why()).text


def test_where_were_we_shows_what_is_filled():
    talk = Talk("deviation", Begin(STORY)).send(Summary())
    assert "common.summary.so_far" in talk.keys


def test_the_pending_question_is_the_same_after_a_digression(report):
    first = ask(report.dialog, report.state, report.given())
    assert first == ask(report.dialog, from_json(to_json(report.state)), report.given())


# Forms ----------------------------------------------------------------------------------------


def test_a_form_is_checked_like_the_conversation_with_an_error_per_field():
    talk = Talk("deviation", Begin(STORY))
    names = [field.name for field in form_fields(talk.dialog, talk.state, talk.given())]
    assert names[:2] == ["unit", "role"]
    assert "confirm" not in names
    talk.send(Fields({"unit": "Drift", "role": "kung", "contract_signed": "no", "supplier": "AB"}))
    assert talk.values["unit"] == "Drift"
    assert set(talk.step.errors) == {"role"}
    assert "supplier" not in talk.values


def test_an_old_form_in_another_tab_changes_nothing():
    talk = Talk("deviation", Begin(STORY)).send("Nybyggnad")
    talk.send(Fields({"unit": "Drift"}, "an older one"))
    assert talk.values["unit"] == "Nybyggnad"
