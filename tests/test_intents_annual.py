"""The yearly report: what its first line tells, and rows pasted from a sheet or written by hand."""

import pytest
from dialog_talk import Talk
from strategies import given_now

from intents.dialogs.deviation_annual import read_annual
from intents.exchange import Begin
from intents.model import Problem
from intents.row_table import parse_rows

GIVEN = given_now()
PAINT = {"procurement": "Målning", "procurement_type": "entreprenad", "results": {"larling": 2}}
CLEAN = {"procurement": "Städ", "procurement_type": "tjanst",
         "results": {"anstallning": 1, "praktik": 3}}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Målning; entreprenad; 2 lärlingsplatser\nStäd; tjänst; 1 anställning, 3 praktikplatser",
         [PAINT, CLEAN]),
        ("- Målning\tentreprenad\t2 lärlingar\n- Städ | tjänst | 1 anställning och 3 praktik",
         [PAINT, CLEAN]),
        (("Upphandling;Typ;Anställning;Lärling;Praktik\nMålning;entreprenad;0;2;\n"
         "Städ;tjänst;1;;3\nSumma;;1;2;3"), [PAINT, CLEAN]),
        ("Procurement,Type,Apprenticeship\nMålning,works,2", [PAINT]),
        ("namn\ttyp\tresultat\nMålning\tentreprenad\t2 lärlingar", [PAINT]),
        ('"Målning; etapp 2"; entreprenad; inget',
         [{**PAINT, "procurement": "Målning; etapp 2", "results": {}}]),
        ("5 praktikplatser",
         [{"procurement": "", "procurement_type": None, "results": {"praktik": 5}}]),
        ("Bevakning; inte klart än",
         [{"procurement": "Bevakning", "procurement_type": None, "results": "later"}]),
    ],
)  # fmt: skip
def test_rows_are_read_from_a_sheet_a_csv_file_or_by_hand(text, rows):
    assert parse_rows(text, GIVEN) == rows


def test_the_line_that_cannot_be_read_is_named():
    problem = parse_rows("Målning; 2 lärlingar\nStäd; många", GIVEN)
    assert isinstance(problem, Problem)
    assert problem.values == {"line": 2, "text": "Städ många"}


def test_a_table_with_words_among_its_numbers_is_not_guessed_at():
    problem = parse_rows("Upphandling;Lärling\nMålning;ett par", GIVEN)
    assert isinstance(problem, Problem)


def test_the_first_line_tells_organisation_year_and_that_there_was_nothing():
    found = read_annual("Helårsrapport: Higab hade inga avsteg i år", GIVEN)
    told = {name: hit.value for name, hit in found.items()}
    assert told == {"organisation": "higab", "year": 2026, "have": "none"}
    talk = Talk("deviation_annual", Begin("Helårsrapport: Higab hade inga avsteg i år"))
    assert talk.state.pending == "comment"
