"""The rules of a form in conversation, as the person filling it would put them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from strategies import given_now

from bot.texts import load_texts
from intents.dialogs import load_dialogs
from intents.drafts import dropped, fate_of, warning
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
    Save,
    Schedule,
    Start,
    Summary,
    Why,
)
from intents.expectations import fits, pending
from intents.forms import form_fields
from intents.progress import ask
from intents.screening import judge_again, policy_of
from intents.states import from_json, to_json

TEXTS = load_texts()
STORY = "vi på Egnahemsbolaget kom överens med målaren om två lärlingsplatser i går utan er"
GAPS = ("Nybyggnad", "projektledare", "Målning Ugglan", "entreprenad", "nej", "egen modell",
        "inköpschefen", "vet inte", "nej", "det gick fortare")  # fmt: skip


class Talk:
    """A conversation with one dialog, as its person sees it."""

    def __init__(self, name, message=None, **known):
        self.dialog = load_dialogs()[name]
        self.known = known
        self.state, self.effects, self.count = None, (), 0
        self.send(message or Begin())

    def given(self):
        return given_now(self.count, **self.known)

    def send(self, message):
        self.count += 1
        message = Answer(message) if isinstance(message, str) else message
        self.step = step(self.dialog, self.state, message, self.given())
        self.state, self.effects = self.step.state, self.step.effects
        return self

    def all(self, *answers):
        for answer in answers:
            self.send(answer)
        return self

    @property
    def keys(self):
        return [say.key for say in self.step.says]

    @property
    def text(self):
        language = self.known.get("language", "sv")
        return "\n".join(TEXTS.render(s.key, language, **s.values) for s in self.step.says)

    @property
    def values(self):
        return self.state.values

    def saved(self, kind):
        return next(e for e in self.effects if isinstance(e, Save) and e.kind == kind)


@pytest.fixture
def report():
    """A report told in one sentence, its gaps filled, waiting for a yes."""
    talk = Talk("deviation", Begin(STORY)).all(*GAPS)
    assert talk.state.pending == "confirm"
    return talk


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


def test_the_old_answer_stays_until_the_new_one_is_valid(report):
    report.send("ändra datumet till 3 januari 2031")
    assert report.state.pending == "event_date"
    assert report.values["event_date"] == "2026-11-19"
    report.send("hm").send(Back())
    assert report.values["event_date"] == "2026-11-19"


def test_no_alone_asks_what_to_change(report):
    assert report.send("nej").keys == ["common.change.which"]


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
    waits = pending(talk.dialog, talk.state, talk.given())
    assert (waits.slot, waits.closed, waits.step, waits.steps) == ("organisation", True, 2, 4)
    answers = ("Higab", "vet inte", "ändra 1", "socialförvaltningen")
    questions = ("Vad gäller för Higab?", "måste man ställa krav alltid")
    for text in (*answers, *questions):
        assert fits(talk.dialog, talk.state, text, talk.given()) is (text in answers), text


def test_why_tells_the_purpose_and_asks_the_same_again():
    talk = Talk("deviation", Begin(STORY)).send(Why())
    assert talk.keys[0] == "deviation.unit.why"
    assert talk.keys[-1] == "deviation.unit.ask"


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


# The other dialogs ----------------------------------------------------------------------------


def test_the_annual_report_is_filled_from_the_years_cases():
    case = {"number": "A-2026-0001", "values": {"procurement": "Ugglan", "results": {"praktik": 1}}}
    talk = Talk("deviation_annual", lookups={"year": [case]})
    talk.all("Higab", "i år", "ja")
    assert talk.state.pending == "use_cases"
    talk.all("ja", "egen modell", "inköpschefen", "hoppa över", "hoppa över", "ja")
    rows = talk.saved("deviation_annual").values["rows"]
    assert [(row["procurement"], row["results"]) for row in rows] == [("Ugglan", {"praktik": 1})]


def test_pasted_rows_are_read_and_a_bad_row_is_named():
    talk = Talk("deviation_annual").all("Higab", "2026", "ja")
    talk.send("Ugglan; entreprenad; 2 lärlingsplatser\nDuvan; hej")
    assert "Rad 2" in talk.text
    talk.send("Ugglan; entreprenad; 2 lärlingsplatser\nDuvan; 1 praktikplats")
    assert [row["procurement_type"] for row in talk.values["rows"]] == ["entreprenad", None]


def test_last_year_is_taken_in_january_and_marked_late():
    talk = Talk("deviation_annual", today=date(2027, 1, 9)).all("Higab", "förra året")
    assert "deviation_annual.late" in talk.keys
    talk.all("nej", "hoppa över", "hoppa över", "ja")
    assert talk.saved("deviation_annual").values["late"] is True
    late = Talk("deviation_annual", today=date(2027, 2, 1)).all("Higab", "förra året")
    assert "deviation_annual.year.problem.year_past" in late.keys


def test_a_nil_report_can_be_undone():
    talk = Talk("deviation_annual", numbers={"deviation_annual": "H-2026-0001"})
    talk.all("Higab", "i år", "inga", "hoppa över", "hoppa över", "ja")
    assert talk.step.says[0].choices[0].value == "amend:ångra H-2026-0001"
    case = {"number": "H-2026-0001", "kind": "deviation_annual", "version": 1, "values": {}}
    undo = Talk("amend", Begin("ångra H-2026-0001"), lookups={"case": case})
    assert undo.state.pending == "reason"
    assert undo.all("hoppa över", "ja").saved("deviation_annual").change == "withdraw"


def test_a_report_of_somebody_else_looks_like_none():
    talk = Talk("amend", Begin("ändra A-2026-0009"), lookups={"case": None})
    assert talk.state is None
    assert "finns inte, eller så saknar du behörighet" in talk.text
    assert "finns inte, eller" in Talk("report_status", Begin("läget för A-2026-0009?")).text


def test_the_status_of_the_own_report_is_told_at_once():
    case = {"number": "A-2026-0007", "status": "mottagen"}
    talk = Talk("report_status", Begin("status A-2026-0007?"), lookups={"case": case})
    assert "mottagen av stödfunktionen" in talk.text
    assert talk.state is None


def test_the_survey_leads_to_nobody():
    talk = Talk("survey").all("upphandlare", "4", "5", "3", "hoppa över", "ja")
    save = talk.saved("survey")
    assert save.anonymous
    assert not save.number
    assert Forget("dialog") in talk.effects
    assert talk.step.wants_numbers == ()
    assert save.values["period"] == "2026-H2"


def test_a_score_outside_the_scale_is_refused():
    talk = Talk("survey").all("upphandlare", "6")
    assert "survey.understanding.problem.scale" in talk.keys


def test_a_consultation_never_promises_a_time():
    talk = Talk("consultation")
    assert "bokar ingen tid" in talk.text
    talk.all("Borås", "ja")
    assert "consultation.outside" in talk.keys
    talk.all("båda", "upphandling, näringsliv", "i vår", "hoppa över", "inkop@example.org", "ja")
    assert talk.saved("consultation").values["roles"] == ["upphandling", "naringsliv"]
    assert "Ingen tid är bokad" in talk.text


def test_the_handover_is_read_and_edited_before_it_is_sent():
    talk = Talk("handover", Begin("", {"question": "Vad är vite?", "about": "S-1042"}),
                numbers={"handover": "H-2026-0004"})  # fmt: skip
    talk.all("Higab", "hoppa över")
    talk.send("ändra 1 till Hur räknas vite i ramavtal?")
    assert "Hur räknas vite i ramavtal?" in talk.text
    talk.send("ja")
    assert talk.saved("handover").values["about"] == "S-1042"
    assert "H-2026-0004" in talk.text
    assert "3 arbetsdagar" in talk.text


def test_results_that_came_later_become_a_new_version():
    record = {"organisation": "higab", "procurement": "Ugglan", "results": "later"}
    talk = Talk("follow_up", Begin("", {"record": record, "seen_version": 2}, "A-2026-0007"))
    assert "Ugglan" in talk.text
    save = talk.all("en anställning", "ja").saved("deviation")
    assert (save.number, save.change) == ("A-2026-0007", "amend")
    assert save.values["results"] == {"anstallning": 1}
    later = Talk("follow_up", Begin("", {"record": record}, "A-2026-0007")).all("senare", "ja")
    assert isinstance(later.effects[0], Schedule)


# Screening ------------------------------------------------------------------------------------


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


def test_each_case_of_a_message_is_judged_alone():
    talk = Talk("screening", Begin("A: 6 mån 2 pers. B: 3 mån 5 pers"))
    assert talk.keys.count("screening.case") == 2
    assert "screening.verdict.ja" in talk.keys
    assert "screening.verdict.nej" in talk.keys


def test_a_policy_value_changes_the_verdict():
    text = "3 mån med option på 6 mån, 2 pers"
    assert Talk("screening", Begin(text)).saved("screening").values["verdict"] == "oklar"
    counted = Talk("screening", Begin(text), lookups={"policy": {"option": "räknas"}})
    assert counted.saved("screening").values["verdict"] == "ja"


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


@pytest.mark.parametrize(
    ("rested", "fate"), [(0, "keep"), (24, "keep"), (25, "warn"), (30, "drop")]
)
def test_a_draft_is_warned_about_before_it_goes(rested, fate):
    touched = date(2026, 10, 1)
    assert fate_of(touched, touched + timedelta(days=rested), 30) == fate
    said = TEXTS.render(warning(touched, 30).key, "sv", **warning(touched, 30).values)
    assert "31 oktober 2026" in said
    assert TEXTS.render(dropped().key, "en")


def test_steps_are_pure(report):
    given = replace(report.given(), interaction="same")
    assert step(report.dialog, report.state, Answer("ja"), given) == step(
        report.dialog, report.state, Answer("ja"), given
    )
