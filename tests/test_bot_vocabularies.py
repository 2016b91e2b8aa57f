"""Pick lists: names in their time, files that come back as they went, faults that name the line."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.administration.vocabularies import glossary_on, shipped_rows, terms_on
from bot.administration.vocabulary_plan import plan_sheet
from bot.administration.vocabulary_sheet import COLUMNS, BadSheet, read_sheet, write_sheet
from intents.language import load_glossary
from intents.picklists import by_code, find, load_picklists
from storage.model import Term

TODAY = date(2026, 11, 20)
TURN = date(2026, 7, 1)
HARBOUR = Term("hamn", "Göteborgs Hamn", ("hamnbolaget",), valid_to=TURN - timedelta(days=1))
PORT = Term("hamn", "Hamnen i väst", ("hamnbolaget",), valid_from=TURN, meta={"order": 1})
STORED = {"organisations": (HARBOUR, PORT), "districts": ()}

# A cell keeps its words, not the spaces around or between them.
words = st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters="|"), max_size=12)
names = st.lists(words.filter(bool), min_size=1, max_size=3).map(" ".join)
days = st.none() | st.dates(date(1990, 1, 1), date(2060, 1, 1))


@st.composite
def rows(draw: st.DrawFn) -> tuple[Term, ...]:
    """Rows of one list that hold together: codes of their own, names of their own."""
    codes = draw(
        st.lists(st.from_regex(r"[a-z0-9_]{1,8}", fullmatch=True), unique=True, max_size=5)
    )
    made = []
    for number, code in enumerate(codes):
        first, last = draw(days), draw(days)
        if first and last and last < first:
            first, last = last, first
        meta: dict[str, object] = {"order": number}
        if english := draw(st.just("") | names):
            meta["english"] = english
        if draw(st.booleans()):
            meta["year_round"] = True
        if slips := draw(st.lists(names, max_size=2, unique=True)):
            meta["slips"] = slips
        synonyms = tuple(draw(st.lists(names, max_size=3, unique=True)))
        heir = draw(st.sampled_from(["", *(c for c in codes if c != code)]))
        made.append(Term(code, f"{number} {draw(names)}", synonyms, first, last, heir, meta))
    return tuple(made)


@given(rows())
def test_a_list_comes_back_from_a_file_as_it_went(terms: tuple[Term, ...]) -> None:
    content = write_sheet({"organisations": terms})
    assert content.startswith(b"\xef\xbb\xbf")
    if not terms:
        with pytest.raises(BadSheet):
            read_sheet(content)
        return
    planned = plan_sheet(read_sheet(content), {"organisations": ()}, TODAY)
    assert tuple(change.after for change in planned.changes) == terms
    again = plan_sheet(read_sheet(content), {"organisations": terms}, TODAY)
    assert (again.changes, again.unchanged) == ((), len(terms))


@given(rows(), st.dates(date(1989, 1, 1), date(2061, 1, 1)))
def test_a_term_is_offered_on_exactly_the_days_of_its_row(
    terms: tuple[Term, ...], day: date
) -> None:
    offered = {term.code for term in terms_on(terms, day) if term.holds(day)}
    assert offered == {
        row.code for row in terms if (row.valid_from or day) <= day <= (row.valid_to or day)
    }


def test_the_shipped_lists_are_the_same_from_rows() -> None:
    lists = shipped_rows()
    for name, terms in load_picklists().items():
        stored = sorted(lists[name], key=lambda row: (row.code, row.valid_from or date.min))
        assert terms_on(stored, TODAY) == terms
    assert glossary_on(lists["glossary"], TODAY) == load_glossary()


def test_a_renamed_term_has_the_name_of_the_day_and_is_found_by_both() -> None:
    before = terms_on(STORED["organisations"], TURN - timedelta(days=1))
    after = terms_on(STORED["organisations"], TURN)
    assert [term.name for term in before] == ["Göteborgs Hamn"]
    assert [term.name for term in after] == ["Hamnen i väst"]
    for said in ("Göteborgs Hamn", "hamnen i väst", "hamnbolaget"):
        assert [term.code for term in find(said, after)] == ["hamn"]
    port = by_code(after, "hamn")
    assert port is not None
    assert port.label("sv", TURN - timedelta(days=1)) == "Göteborgs Hamn"
    assert port.label("sv", TURN) == port.label("sv") == "Hamnen i väst"
    renamed = port.renamed_from("vi på Göteborgs Hamn AB")
    assert renamed is not None
    assert renamed.until == TURN - timedelta(days=1)
    assert port.renamed_from("Hamnen i väst, förr Göteborgs Hamn") is None


def sheet(*lines: str, encoding: str = "utf-8") -> bytes:
    return "\r\n".join(lines).encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_a_file_is_read_as_any_office_program_writes_it(encoding: str, mark: str) -> None:
    lines = (mark.join(("Kod", "Namn", "Från")), mark.join(("so", "Ö-nämnden", "2026-01-01")))
    planned = plan_sheet(read_sheet(sheet(*lines, encoding=encoding)), STORED, TODAY, "districts")
    assert [change.after.name for change in planned.changes] == ["Ö-nämnden"]


def test_columns_a_file_lacks_stay_as_they_are() -> None:
    read = read_sheet(sheet("kod;namn", "hamn;Hamnen"))
    planned = plan_sheet(read, STORED, TODAY, "organisations")
    [change] = planned.changes
    assert change.before == PORT
    assert change.fields == (("name", "Hamnen i väst", "Hamnen"),)
    assert change.after.synonyms == PORT.synonyms


HEAD = "lista;kod;namn;från;till;efterföljare;året_runt"


@pytest.mark.parametrize(
    ("lines", "faults"),
    [
        (["kod;nam", "a;b"], [(1, "unknown_column"), (1, "lacks_column")]),
        (["kod;namn;kod", "a;b;c"], [(1, "twice")]),
        (["kod;namn"], [(0, "no_rows")]),
        ([HEAD, "organisationer;a;A;;;;"], [(2, "unknown_list")]),
        ([HEAD, "organisations;A b;A;;;;"], [(2, "bad_code")]),
        ([HEAD, "organisations;a;;;;;"], [(2, "no_name")]),
        (
            [HEAD, "", "organisations;a;A;1/2 2026;;;", "organisations;b;B;2026-02-30;;;"],
            [(3, "bad_date"), (4, "bad_date")],
        ),
        ([HEAD, "organisations;a;A;2026-02-01;2026-01-31;;"], [(2, "ends_first")]),
        ([HEAD, "organisations;a;A;;;;kanske"], [(2, "bad_yes")]),
        ([HEAD, "organisations;a;A;;;b;"], [(2, "bad_successor")]),
        ([HEAD, "organisations;a;A;;;a;"], [(2, "bad_successor")]),
        ([HEAD, "organisations;a;A;;;;", "organisations;a;B;;;;"], [(3, "repeated")]),
        ([HEAD, "organisations;hamn;X;2026-09-01;;;"], [(2, "overlap")]),
        ([HEAD, "organisations;ny;hamnen I väst;;;;"], [(2, "same_name")]),
        ([HEAD, "organisations;a;A;;;;;;mer"], [(2, "cells")]),
        (['kod;namn', 'a;"A'], [(2, "no_table")]),
    ],
)  # fmt: skip
def test_a_faulty_file_is_refused_whole_and_each_fault_names_its_line(
    lines: list[str], faults: list[tuple[int, str]]
) -> None:
    with pytest.raises(BadSheet) as bad:
        plan_sheet(read_sheet(sheet(*lines)), STORED, TODAY)
    assert [(fault.line, fault.code) for fault in bad.value.faults] == faults


@pytest.mark.parametrize("content", [b"\x00\x01\x02", b"x" * 300_000, b""])
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(BadSheet):
        read_sheet(content)


def test_a_cell_can_start_no_formula_in_a_spreadsheet() -> None:
    written = write_sheet({"organisations": (Term("a", "=1+1", ("@sum", "'x")),)}).decode()
    assert ";'=1+1;" in written
    [row] = read_sheet(written.encode())
    assert row.cells["name"] == "=1+1"
    assert set(row.cells) == set(COLUMNS)
