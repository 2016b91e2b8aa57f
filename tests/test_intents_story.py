"""A story told in one go fills what it plainly says, with the words it came from, and no more."""

import pytest
from hypothesis import given
from strategies import given_now, texts

from intents.outcomes import counts_in
from intents.parsers import one_of
from intents.picklists import find, load_picklists, mention
from intents.story import read_story, tells_deviation

GIVEN = given_now()
ORGANISATIONS = load_picklists()["organisations"]


def told(text):
    return {slot: hit.value for slot, hit in read_story(text, GIVEN).items()}


def test_one_sentence_fills_organisation_outcome_date_form_and_contact():
    text = "vi på Egnahemsbolaget kom överens med målaren om två lärlingsplatser i går utan er"
    assert told(text) == {
        "organisation": "egnahemsbolaget",
        "discussed": ["larling"],
        "results": {"larling": 2},
        "event_date": "2026-11-19",
        "via_support": "no",
        "support_contacted": "no",
        "talked": "yes",
    }


def test_every_value_stands_beside_the_words_it_came_from():
    text = "Higab pratade med entreprenören om tre praktikplatser den 3 november, utan er."
    for hit in read_story(text, GIVEN).values():
        for words in hit.words.split(" … "):
            assert words in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We at Higab agreed with the contractor on two apprenticeships yesterday without you",
         {"organisation": "higab", "results": {"larling": 2}, "via_support": "no"}),
        ("Byggfirman lovade Poseidon en anställning och 3 praktikplatser 14 november",
         {"results": {"anstallning": 1, "praktik": 3}, "event_date": "2026-11-14"}),
        ("Liseberg diskuterade lärlingar med leverantören",
         {"organisation": "liseberg", "discussed": ["larling"], "talked": "yes"}),
        ("Igår lovade takläggaren Higab att anställa fyra personer. Ni var inte med.",
         {"results": {"anstallning": 4}, "talked": "yes", "via_support": "no"}),
        ("Vi talade med a contractor without going through you", {"via_support": "no"}),
        ("We talked to a supplier about internships", {"discussed": ["praktik"]}),
        ("Higab enades med byggaren om 2 lärlingar. Stödfunktionen kontaktades i efterhand.",
         {"via_support": "no", "support_contacted": "yes"}),
        ("I går, två lärlingar, leverantören Renab, avtalet undertecknades 3 mars",
         {"event_date": "2026-11-19", "contract_signed": "yes", "supplier": "Renab"}),
        ("Jag är projektledare. Upphandling dnr 0123/26, eftersom det var väldigt bråttom.",
         {"role": "projektledare", "procurement": "0123/26", "reason": "det var väldigt bråttom"}),
        ("We skipped the support function and hired two interns",
         {"via_support": "no", "results": {"praktik": 2}}),
        ("Vi struntade i stödet, och ni visste inget", {"via_support": "no"}),
        ("vi körde en egen modell avstämd med inköpschefen 3 november",
         {"other_model": "en egen modell", "agreed_with": "inköpschefen",
          "agreed_on": "2026-11-03", "event_date": None}),
        ("Samtalet gick via stödfunktionen", {"via_support": "yes"}),
        ("Det gick inte via stödfunktionen", {"via_support": "no"}),
        ("avtalet är inte tecknat än", {"contract_signed": "no"}),
        ("avtalet är tecknat", {"contract_signed": "yes"}),
    ],
)  # fmt: skip
def test_what_is_plainly_said_is_read(text, expected):
    found = told(text)
    assert {slot: found.get(slot) for slot in expected} == expected


@pytest.mark.parametrize(
    ("text", "slot"),
    [
        ("vi pratade med målaren om lärlingar", "results"),
        ("vi kom överens om 2-3 lärlingsplatser med målaren", "results"),
        ("det blev kanske två lärlingsplatser med målaren", "results"),
        ("det blev inga lärlingsplatser, vi lovade inget", "results"),
        ("Higab och Poseidon pratade med målaren", "talked_wrongly"),
        ("i mars pratade vi med målaren", "event_date"),
        ("mötet är i morgon med målaren", "event_date_ahead"),
        ("vi ska bygga en skola", "organisation"),
        ("hej, hur funkar det här?", "talked"),
        ("jag jobbar på Higab", "discussed"),
        ("i praktiken gick det bra", "discussed"),
        ("det kom en målare i går", "organisation"),
        ("Vi bad målaren ta emot två lärlingar", "results"),
        ("Jag vet inte om ni var med", "via_support"),
        ("Förra torsdagen träffade vi målaren", "event_date"),
        ("leverantören Renab tar två lärlingar, avtalet är inte tecknat", "supplier"),
    ],
)
def test_what_is_not_plainly_said_is_left_to_ask(text, slot):
    found = told(text)
    if slot == "event_date_ahead":
        assert found.get("event_date", "2026-11-20") <= "2026-11-20"
    else:
        assert slot not in found


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("I går snackade vi lärlingar med golvläggaren på Higab", True),
        ("Taxibolaget har lovat oss två anställningar, ni kopplades aldrig in", True),
        ("We agreed with the caterer on one internship behind your back", True),
        ("Får vi prata lärlingar med golvläggaren?", False),
        ("Om vi pratat lärlingar med golvläggaren utan er är det avsteg", False),
        ("Vi pratade om lärlingar med leverantören, via stödfunktionen", False),
        ("Vi vill få in lärlingar hos golvläggaren", False),
        ("Golvläggaren fick inte betalt", False),
    ],
)
def test_a_told_deviation_is_known_from_questions_and_other_statements(text, tells):
    assert tells_deviation(text) is tells


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("två lärlingsplatser", {"larling": 2}),
        ("2 praktik och en anställning", {"praktik": 2, "anstallning": 1}),
        ("tre nya lärlingar", {"larling": 3}),
        ("lärlingsplatser", {}),
        ("two apprentices", {"larling": 2}),
        ("anställa fyra personer", {"anstallning": 4}),
        ("anställde två nya lärlingar", {"larling": 2}),
        ("tre snickarlärlingar", {"larling": 3}),
        ("i praktiken jobbar två där", {}),
        ("2-3 lärlingar", {}),
        ("tjugofem praktikanter", {"praktik": 25}),
    ],
)
def test_places_are_counted_only_where_the_number_is_plain(text, counts):
    assert counts_in(text, GIVEN) == counts


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("egnahem", {"egnahemsbolaget"}),
        ("Egnahemsbolget", {"egnahemsbolaget"}),
        ("vi på Higab AB", {"higab"}),
        ("grundskolan", {"grundskoleforvaltningen"}),
        ("ArbVux", {"arbetsmarknad_vuxenutbildning"}),
        ("socialförvaltningen nordost", {"socialforvaltningen_nordost"}),
        ("socialförvaltningen", {"socialforvaltningen_centrum", "socialforvaltningen_hisingen",
                                 "socialforvaltningen_nordost", "socialforvaltningen_sydvast"}),
        ("qwertyuiop", set()),
    ],
)  # fmt: skip
def test_an_organisation_is_found_by_part_of_its_name(text, codes):
    assert {term.code for term in find(text, ORGANISATIONS)} == codes


def test_an_organisation_that_has_ended_points_to_its_heirs():
    problem = one_of("organisations").parse("trafiknämnden", GIVEN)
    assert problem.code == "ended"
    assert {choice.value for choice in problem.choices} == {
        "stadsbyggnad", "exploatering", "stadsmiljo", "stadsfastigheter"}  # fmt: skip


def test_a_name_in_running_text_is_found_in_the_genitive_too():
    hit = mention("det gällde Bostadsbolagets nya hus", ORGANISATIONS)
    assert hit is not None
    assert hit[0].code == "bostadsbolaget"


@given(texts())
def test_no_story_breaks_the_reader_and_a_date_never_lies_ahead(text):
    found = read_story(text, GIVEN)
    if "event_date" in found:
        assert found["event_date"].value <= GIVEN.today.isoformat()
