"""The annual report, what comes after a report, and the other dialogs."""

from datetime import date

from dialog_talk import Talk

from intents.exchange import (
    Begin,
    Forget,
    Schedule,
)


def test_the_annual_report_is_filled_from_the_years_cases():
    case = {"number": "A-2026-0001", "values": {"procurement": "Ugglan", "results": {"praktik": 1}}}
    talk = Talk("deviation_annual", lookups={"year": [case]})
    talk.all("Higab", "i år", "ja")
    assert talk.state.pending == "use_cases"
    assert "en rapport som du har skickat in under året: Ugglan." in talk.text
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
    talk = Talk("report_status", Begin("läget för A-2026-0009?"))
    assert talk.state.pending == "word"
    assert "finns inte, eller" in talk.all("kavo lume tisa").text


def test_the_status_of_the_own_report_is_told_at_once():
    case = {"number": "A-2026-0007", "status": "mottagen"}
    talk = Talk("report_status", Begin("status A-2026-0007?"), lookups={"receipt": case})
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


def test_a_request_is_filled_from_what_it_tells_and_only_gaps_are_asked():
    talk = Talk("consultation", Begin("Vi i Partille vill ha råd om IOP till hösten"))
    told = {"municipality": "partille", "topic": "iop", "period": "till hösten"}
    assert told.items() <= talk.values.items()
    assert talk.state.pending == "roles"
    ale = Talk("consultation", Begin("Ale behöver stöd i vår kommun kring sociala krav"))
    assert (ale.values["municipality"], "period" in ale.values) == ("ale", False)
    other = Talk("consultation", Begin("Trollhättans kommun vill ha rådgivning"))
    assert other.values["municipality"] == {"other": "Trollhättan"}
    assert "consultation.outside" in other.keys
    before = Talk(
        "procurement_help", Begin("Higab vill ha hjälp med en upphandling av städ i mars")
    )
    told = {"organisation": "higab", "procurement": "städ", "planned_start": "i mars"}
    assert told.items() <= before.values.items()


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
    case = {"number": "A-2026-0007", "version": 2, "values": record}
    talk = Talk(
        "follow_up", Begin("", {"number": "A-2026-0007"}, "A-2026-0007"), lookups={"case": case}
    )
    assert "Ugglan" in talk.text
    save = talk.all("en anställning", "ja").saved("deviation")
    assert (save.number, save.change) == ("A-2026-0007", "amend")
    assert save.values["results"] == {"anstallning": 1}
    later = Talk(
        "follow_up", Begin("", {"number": "A-2026-0007"}, "A-2026-0007"), lookups={"case": case}
    ).all("senare", "ja")
    assert isinstance(later.effects[0], Schedule)
