"""Which assignments are on the gross list, and what is asked when that is not yet clear."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents.calendar_rules import RUN_OF_MONTHS, add_months
from intents.facts import Dates, Facts, Stretch
from intents.grosslist import (
    Policy,
    asks_duty,
    facts_alone,
    facts_from,
    final,
    is_about_list,
    load_policy,
    merge,
    policy_from,
    screen,
)
from intents.quantities import read
from intents.reading import Bounds, Length

TODAY = date(2026, 11, 20)
SHIPPED = load_policy()


def facts(text: str) -> Facts:
    (only,) = facts_from(read(text, TODAY), text)
    return only


def said(text: str) -> str:
    """Return the verdicts of a message; a question back as "? what"."""
    verdicts = [screen(case) for case in facts_from(read(text, TODAY), text)]
    return " / ".join(v.verdict or f"? {' '.join(v.missing)}" for v in verdicts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4 mån, 2 pers", "ja"),
        ("1 mars–30 juni, två pers", "ja"),
        ("1 mars–29 juni, två pers", "nej"),
        ("4 mån, en person", "nej"),
        ("3 mån, 5 pers", "nej"),
        ("3 mån, 1 pers", "nej"),
        ("4 mån", "? workers"),
        ("2 pers", "? duration"),
        ("3 mån", "nej"),
        ("1 pers", "nej"),
        ("hej", "? duration workers"),
        ("119 dagar, 2 pers", "nej"),
        ("120 dagar, 2 pers", "? start_date"),
        ("121 dagar, 2 pers", "? start_date"),
        ("122 dagar, 2 pers", "? start_date"),
        ("123 dagar, 2 pers", "ja"),
        ("120 dagar från 1 februari 2027, 2 pers", "ja"),
        ("120 dagar från 1 mars 2027, 2 pers", "nej"),
        ("17 veckor, 2 pers", "nej"),
        ("18 veckor, 2 pers", "ja"),
        ("april–juli, 2 pers", "ja"),
        ("1 nov–28 feb, 3 pers", "? year"),
        ("1 nov 2026–28 feb 2027, 3 pers", "ja"),
        ("120 dagar från 1 februari, 2 pers", "? year"),
        ("annonseras 1 mars–30 juni, 4 pers", "? duration"),
        ("en dag kortare än fyra månader, 2 pers", "nej"),
        ("fyra månader och en vecka, 2 pers", "ja"),
        ("tre månader och fyra veckor, 2 pers", "? start_date"),
        ("6 mån, en målare, eventuellt två", "? workers"),
        ("två målare och en lärling i fem månader", "ja"),
        ("totalt 24 veckor, först tolv och sedan tolv veckor, 2 pers", "ja"),
        ("1 nov 2027–28 feb 2028, 3 pers", "nej"),
        ("cirka fyra månader, 2 pers", "? duration"),
        ("cirka sex månader, 2 pers", "ja"),
        ("drygt fyra månader, 2 pers", "ja"),
        ("knappt fyra månader, 2 pers", "nej"),
        ("6 mån, minst en person", "? workers"),
        ("6 mån, upp till två personer", "? workers"),
        ("6 mån, 1-2 personer", "? workers"),
        ("6 mån, 2-3 personer", "ja"),
        ("6 mån, högst en person", "nej"),
        ("6 mån, 0,8 tjänst", "? workers"),
        ("6 mån, en heltid", "? workers"),
        ("6 mån, 1,5 årsarbetare", "ja"),
        ("fem månader med två deltidare på 50 % var", "ja"),
        ("6 mån, en snickare och en praktikant", "nej"),
        ("3+3 mån option, 2 pers", "oklar"),
        ("6+6 mån option, 2 pers", "ja"),
        ("1+1 mån option, 2 pers", "nej"),
        ("3+3 mån option, 1 person", "nej"),
        ("3 mån med option, 2 pers", "? option"),
        ("ramavtal 4 år, avrop på 5 månader, 3 pers", "ja"),
        ("ramavtal 4 år, avrop på 2 månader, 3 pers", "oklar"),
        ("ramavtal 4 år, 3 pers", "? call_off"),
        ("ramavtal 4 år, 1 person", "nej"),
        ("tillsvidare, tre personer", "ja"),
        ("tillsvidare, en person", "nej"),
        ("upphandlingen tar fem månader, 3 pers", "? duration"),
        ("20 veckor med fyra veckors uppehåll, 3 pers", "ja"),
        ("12 miljoner kr, tio veckor, 30 personer", "nej"),
        ("våren 2027, 4 pers", "? duration"),
        ("från årsskiftet till midsommar, 4 pers", "? duration"),
        ("A: 3 mån 2 pers, B: 6 mån 5 pers", "nej / ja"),
        ("three workers, half a year", "ja"),
        ("6 mån, nej tre mån, 2 pers", "nej"),
        ("inte två personer utan bara en, 6 mån", "nej"),
        ("sex månader, vet inte hur många personer", "oklar"),
        ("oklart hur länge, tre personer", "oklar"),
        ("två månader, vet inte hur många", "nej"),
        ("två månader på våren och två månader på hösten, 4 pers", "? duration"),
        ("avtalsstart 1.3, avtalsslut 29.6, två personer", "nej"),
        ("6+6, 2 pers", "ja"),
        ("2+1+1, 2 pers", "? duration"),
        ("1 februari–31 maj, två", "ja"),
        ("leverantören har 12 anställda, uppdraget tar fem månader", "? workers"),
        ("en konsultfirma med 20 anställda, en konsult i 6 månader", "nej"),
        ("6 mån, en person på dagen och en på natten", "ja"),
        ("6 mån, en person dag och en person natt", "? workers"),
        ("två konsulter med 10 års erfarenhet i 6 månader", "ja"),
        ("5 månader inkl 4 veckors semester, 2 personer", "ja"),
        ("6 v 1 pers", "nej"),
    ],
)
def test_the_rule_answers_or_asks_for_what_decides(text, expected):
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("3 mån, 5 pers", ("KORT_TID",)),
        ("6 mån, 1 pers", ("FA_ARBETSTAGARE",)),
        ("3 mån, 1 pers", ("BADA",)),
        ("3+3 mån option, 2 pers", ("OPTION",)),
        ("ramavtal 4 år, avrop på 2 månader, 3 pers", ("RAMAVTAL",)),
        ("6 mån, 3 pers", ()),
    ],
)
def test_the_reason_names_the_condition_that_decides(text, reasons):
    assert screen(facts(text)).reasons == reasons


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("6 mån, upp till två personer", ("INTERVALL",)),
        ("6 mån, 0,8 tjänst", ("FTE",)),
        ("120 dagar, 3 pers", ("GRANSFALL",)),
        ("3 mån med option, 3 pers", ("OPTION",)),
        ("ramavtal 4 år, 3 pers", ("RAMAVTAL",)),
        ("6 mån", ()),
    ],
)
def test_who_does_not_know_gets_oklar_and_never_a_guess(text, reasons):
    verdict = final(facts(text))
    assert verdict.verdict == "oklar"
    assert verdict.reasons == reasons


def test_a_failed_condition_stays_nej_even_for_who_does_not_know_the_other():
    assert final(facts("3 mån")).verdict == "nej"


def test_exactly_four_months_is_on_the_list_and_flagged():
    verdict = screen(facts("1 mars–30 juni 2027, två pers"))
    duration = verdict.conditions[0]
    assert (verdict.verdict, duration.exact, duration.words) == ("ja", True, "1 mars–30 juni 2027")
    assert "GRANSFALL" in verdict.notes


def test_one_day_short_says_so():
    reached = screen(facts("1 mars–29 juni 2027, två pers")).conditions[0].reach
    assert reached is not None
    assert (reached.days_short, reached.deciding_day) == (1, date(2027, 6, 30))


def test_part_timers_who_make_one_full_time_post_are_met_and_flagged():
    assert "FTE" in screen(facts("6 mån, två på halvtid")).notes
    assert "FTE" not in screen(facts("6 mån, två personer")).notes


def test_assumptions_extra_places_and_breaks_are_told():
    verdict = screen(facts("april–augusti med semesterstopp, två snickare och en lärling"))
    assert {"YEAR_ASSUMED", "WHOLE_MONTHS"} <= set(verdict.assumptions)
    assert {"INTERRUPTION", "EXTRA_PLACES"} <= set(verdict.notes)


def test_tendering_time_is_named_when_it_is_all_that_was_given():
    assert "TENDERING_ONLY" in screen(facts("upphandlingen tar fem månader, 3 pers")).notes


def test_an_answer_completes_what_was_said_before():
    known = merge(facts("tre pers"), facts("6 mån"))
    assert screen(known).verdict == "ja"
    corrected = merge(known, facts("3 mån"))
    assert screen(corrected).verdict == "nej"
    dated = merge(facts("120 dagar, 2 pers"), facts("start 1 februari 2027"))
    assert screen(dated).verdict == "ja"
    heads = merge(facts("6 mån, 0,8 tjänst"), facts("två personer"))
    assert screen(heads).verdict == "ja"
    assert "FTE" in screen(heads).notes


RAW = {
    "rule_version": "x",
    "source": "S4",
    "limits": {"months": 4, "workers": 1},
    "policy": {
        "ramavtal": {"value": "oklar", "allowed": ["avtalstid", "avrop", "oklar"]},
        "option": {"value": "oklar", "allowed": ["räknas", "räknas inte", "oklar"]},
        "gräns": {"value": "minst", "allowed": ["minst", "längre än"]},
        "arbetstagare": {"value": "personer", "allowed": ["personer", "heltid"]},
    },
}


@pytest.mark.parametrize(
    ("values", "text", "expected"),
    [
        ({"option": "räknas"}, "3+3 mån option, 2 pers", "ja"),
        ({"option": "räknas inte"}, "3+3 mån option, 2 pers", "nej"),
        ({"ramavtal": "avtalstid"}, "ramavtal 4 år, avrop på 2 månader, 3 pers", "ja"),
        ({"ramavtal": "avrop"}, "ramavtal 4 år, avrop på 2 månader, 3 pers", "nej"),
        ({"ramavtal": "avtalstid"}, "ramavtal 4 år, 3 pers", "ja"),
        ({"ramavtal": "avrop"}, "ramavtal 4 år, 3 pers", None),
        ({"gräns": "längre än"}, "1 mars–30 juni 2027, 2 pers", "nej"),
        ({"gräns": "längre än"}, "1 mars–1 juli 2027, 2 pers", "ja"),
        ({"gräns": "längre än"}, "mer än fyra månader, 2 pers", "ja"),
        ({"arbetstagare": "heltid"}, "6 mån, två på halvtid", "nej"),
        ({"arbetstagare": "heltid"}, "6 mån, 0,8 tjänst", "nej"),
        ({"arbetstagare": "heltid"}, "6 mån, två personer", "ja"),
    ],
)
def test_a_policy_value_of_the_support_function_decides(values, text, expected):
    assert screen(facts(text), policy_from(RAW, values)).verdict == expected


def test_a_verdict_by_a_policy_value_says_so_with_the_words_it_judged():
    judged = screen(
        facts("ramavtal 4 år, avrop 2 mån, 3 pers"), policy_from(RAW, {"ramavtal": "avrop"})
    )
    assert (judged.conditions[0].words, judged.assumptions) == ("2 mån", ("CALL_OFF_COUNTED",))
    judged = screen(facts("3+3 mån option, 2 pers"), policy_from(RAW, {"option": "räknas inte"}))
    assert judged.assumptions == ("OPTION_NOT_COUNTED",)


def test_a_policy_value_the_rule_does_not_know_is_refused():
    with pytest.raises(ValueError, match="option"):
        policy_from(RAW, {"option": "kanske"})


def test_the_verdict_carries_rule_version_and_source():
    verdict = screen(facts("4 mån, 2 pers"))
    assert (verdict.rule_version, verdict.source) == (SHIPPED.rule_version, "S4")


def brute_force(start: date, end: date) -> bool:
    """Count four months day by day: the day after the end is the same day four months on."""
    month, year = start.month + 4, start.year
    if month > 12:
        month, year = month - 12, year + 1
    day = start.day
    while True:
        try:
            anniversary = date(year, month, day)
            break
        except ValueError:
            day -= 1
    return end + timedelta(days=1) >= anniversary


def test_every_start_2026_to_2028_and_every_length_agrees_with_the_calendar():
    workers = Bounds(2, 2)
    start = date(2026, 1, 1)
    while start.year < 2029:
        for days in range(115, 131):
            end = start + timedelta(days=days - 1)
            expected = "ja" if brute_force(start, end) else "nej"
            dated = Facts(periods=(Dates((start, start), (end, end)),), workers=workers)
            counted = Facts(lengths=(Stretch(Length(0, days), Length(0, days)),),
                            start=(start, start), workers=workers)  # fmt: skip
            assert screen(dated).verdict == expected
            assert screen(counted).verdict == expected
        start += timedelta(days=1)


def test_a_run_of_months_is_never_shorter_or_longer_than_the_table_says():
    for months, (shortest, longest) in RUN_OF_MONTHS.items():
        starts = [date(2023, 1, 1) + timedelta(days=n) for n in range(365 * 18)]
        runs = {(add_months(start, months) - start).days for start in starts}
        assert (min(runs), max(runs)) == (shortest, longest)


@given(
    st.dates(date(2024, 1, 1), date(2040, 1, 1)),
    st.integers(1, 400),
    st.integers(0, 5),
    st.sampled_from(["minst", "längre än"]),
)
def test_a_length_that_is_decided_without_dates_is_decided_alike_from_any_start(
    start, days, people, limit
):
    policy = Policy("x", "S4", limit=limit)
    length = Stretch(Length(0, days), Length(0, days))
    workers = Bounds(people, people)
    plain = screen(Facts(lengths=(length,), workers=workers), policy).verdict
    dated = screen(Facts(lengths=(length,), start=(start, start), workers=workers), policy).verdict
    assert dated is not None
    assert plain in {None, dated}


RANK = {"nej": 0, None: 1, "oklar": 1, "ja": 2}
POLICIES = st.sampled_from([Policy("x", "S4"), Policy("x", "S4", limit="längre än"),
                            Policy("x", "S4", unit="heltid")])  # fmt: skip


@given(
    st.dates(date(2026, 1, 1), date(2030, 1, 1)),
    st.tuples(st.integers(1, 200), st.integers(0, 100)),
    st.tuples(st.integers(0, 3), st.integers(0, 3)),
    POLICIES,
)
def test_longer_or_more_people_never_turns_a_verdict_down(start, days, people, policy):
    for written in (
        "{days} dagar, {people} personer",
        "{start} till {end}, {people} pers",
        "{days} dagar från {start}, {people} personer",
    ):
        ranks = []
        for length, count in ((days[0], people[0]), (sum(days), sum(people))):
            end = start + timedelta(days=length - 1)
            text = written.format(days=length, people=count, start=start, end=end)
            ranks.append(RANK[screen(facts(text), policy).verdict])
        assert ranks[0] <= ranks[1], written


@pytest.mark.parametrize(
    ("text", "about", "alone", "duty"),
    [
        ("6 mån, 3 pers?", False, True, False),
        ("ska en upphandling på fem månader med på listan?", True, False, False),
        ("Måste den med på bruttolistan?", True, False, False),
        ("hamnar vi på brutolistan", True, False, False),
        ("ska den med?", True, False, False),
        ("do we need to list this: six months, 3 people", True, True, False),
        ("Måste jag ha sociala krav? 24 mån, 12 pers", False, False, True),
        ("Kan vi kräva två lärlingar i 6 månader?", False, False, True),
        ("hur ställer vi krav", False, False, True),
        ("hur blir det med listan: sex månader, kräver en chef", True, False, False),
        ("hur länge, 6 mån", False, False, False),
        ("vi pratade med leverantören om två personer i mars", False, False, False),
        ("vad är ett avsteg", False, False, False),
    ],
)
def test_the_router_can_tell_the_list_from_facts_and_from_duty(text, about, alone, duty):
    reading = read(text, TODAY)
    assert (is_about_list(text), facts_alone(text, reading), asks_duty(text)) == (
        about, alone, duty,
    )  # fmt: skip
