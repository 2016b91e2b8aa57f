"""Articles as a list, as a form and side by side: what an administrator reads and writes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from contracts_storage import NOW
from hypothesis import given
from hypothesis import strategies as st

from bot.guidance.article_form import Fault, asked_elsewhere, find_faults, to_draft, to_fields
from bot.guidance.articles import Queue, Wanted, choose, list_texts
from bot.guidance.word_diff import Gap, Pair, compare_lines, side_by_side
from knowledge.documents import Facts, read_document, to_document
from knowledge.guidance import REVIEWED, UNREVIEWED
from knowledge.imported import Imported
from knowledge.markdown_headings import headings_of, without_headings
from knowledge.model import Document
from storage.store import Store
from tests.document_files import word

pytest_plugins = "storage_fixtures"

ARTICLE = Document(
    "malgrupper", "Målgrupper", "article", "Nyanlända och långtidsarbetslösa.\n", "Sidan om mål",
    "odaterad", basis="S2", status=UNREVIEWED, owner_role="stödfunktionen",
    review_by="2027-06-30", questions=("Vilka gäller det?",),
)  # fmt: skip
NOTICE = replace(
    ARTICLE, id="stangt", title="Stängt i juli", valid_to="2026-08-01", status=REVIEWED
)
FIELDS = to_fields(ARTICLE)
FACTS = Facts("stödfunktionen", "2027-06-30")
PLACES = {"support_mailbox": "stod@example.se"}


@pytest.mark.parametrize(
    ("queue", "found"),
    [
        ("publicerade", ["malgrupper", "stangt"]),
        ("utkast", ["malgrupper", "nytt"]),
        ("ogranskade", ["malgrupper"]),
        ("utgar", ["stangt"]),
        ("oversyn", []),
        ("borttagna", ["gammalt"]),
        ("alla", ["gammalt", "malgrupper", "nytt", "stangt"]),
    ],
)
def test_a_queue_holds_the_texts_it_names(any_store: Store, queue: Queue, found: list[str]) -> None:
    guidance = any_store.guidance
    old = replace(ARTICLE, id="gammalt", title="Gammalt")
    guidance.publish_documents([ARTICLE, NOTICE, old], NOW)
    guidance.retire("gammalt", NOW, "anna")
    guidance.save_draft(replace(ARTICLE, body="Unga.\n"), NOW, "anna")
    guidance.save_draft(replace(ARTICLE, id="nytt", title="Nytt"), NOW, "anna")
    rows = choose(list_texts(guidance), Wanted(queue), date(2026, 7, 10))
    assert [row.id for row in rows] == found


def test_a_search_overlooks_accents_and_case(any_store: Store) -> None:
    any_store.guidance.publish_documents([ARTICLE, NOTICE], NOW)
    rows = choose(list_texts(any_store.guidance), Wanted(words="MALgrupp"), date(2026, 7, 10))
    assert [row.title for row in rows] == ["Målgrupper"]


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"title": " "}, Fault("title", "needed")),
        ({"body": "Ett.\n\n**Två**."}, Fault("body", "bold", 3, "**")),
        ({"body": "Se [sidan](https://example.se)."}, Fault("body", "link", 1, "](")),
        ({"body": "a\n##Rubrik"}, Fault("body", "heading_space", 2, "##R")),
        ({"body": "a <b>b</b>"}, Fault("body", "html", 1, "<b>")),
        ({"body": "Skriv till {okand}."}, Fault("body", "place", 1, "{okand}")),
        ({"body": "a\n850709-9805"}, Fault("body", "personal", 2, "850709-9805")),
        ({"questions": "Hur?\nVad?\nhur?"}, Fault("questions", "twice", 3, "1")),
        ({"questions": "När?\nVar?"}, Fault("questions", "taken", 2, "Platser")),
        ({"review_by": "snart"}, Fault("review_by", "date", found="snart")),
        ({"valid_from": "2027-02-01", "valid_to": "2027-01-01"},
         Fault("valid_to", "before", found="2027-02-01")),
        ({"url": "sidan"}, Fault("url", "address", found="sidan")),
    ],
)  # fmt: skip
def test_every_fault_says_where_it_stands(changed: dict[str, str], fault: Fault) -> None:
    others = asked_elsewhere([replace(ARTICLE, title="Platser", questions=("Var?",))], "annan")
    assert find_faults(FIELDS | changed, PLACES, others) == (fault,)


def test_a_form_that_is_sent_back_unchanged_is_the_same_article() -> None:
    own = asked_elsewhere([ARTICLE], ARTICLE.id)
    assert find_faults(FIELDS, PLACES, own) == ()
    assert to_draft(FIELDS, ARTICLE, PLACES) == ARTICLE


def test_the_support_mailbox_is_filled_in_where_its_place_stands() -> None:
    body = "Skriv till {support_mailbox}."
    assert find_faults(FIELDS | {"body": body}, PLACES, {}) == ()
    draft = to_draft(FIELDS | {"title": "Ny text", "body": body}, None, PLACES)
    assert (draft.id, draft.body) == ("egen-ny-text", "Skriv till stod@example.se.\n")


def test_an_edited_article_is_no_longer_approved() -> None:
    approved = replace(ARTICLE, status=REVIEWED)
    assert to_draft(FIELDS | {"body": "Unga."}, approved, PLACES).status == UNREVIEWED


def imported() -> Imported:
    return read_document("rutin.docx", word())


def test_the_headings_of_an_edited_text_are_found_as_at_its_import() -> None:
    read = imported()
    spans = [(each.path, each.start, each.end) for each in headings_of(read.body, read.title)]
    assert spans == [(each.path, each.start, each.end) for each in read.headings]


def test_a_heading_that_is_none_becomes_a_line_of_the_text_above() -> None:
    read = imported()
    guessed = next(at for at, each in enumerate(read.headings) if each.rule == "bold")
    without = without_headings(read, {guessed})
    assert [each.path[-1] for each in without.headings] == ["Vad är ett avsteg?"]
    assert without.headings[0].rule == "style"
    assert "\nSå gör du\n" in without.body
    section = to_document(without, FACTS).sections[0]
    assert without.body[section.start : section.end].endswith("Nivå 2 | fyra månader")


def words_of(pieces: object, kind: str) -> list[str]:
    return [piece.text for piece in pieces if piece.kind == kind]  # type: ignore[attr-defined]


def test_a_changed_word_is_marked_and_the_rest_is_left_alone() -> None:
    before = "Ett.\n\nTvå.\n\nNivå 2 gäller i fyra månader.\n\nSlut."
    pairs = side_by_side(before, before.replace("fyra", "sex"))
    assert pairs[0] == Gap(1)
    changed = next(pair for pair in pairs if isinstance(pair, Pair) and pair.changed)
    assert words_of(changed.before, "gone") == ["fyra"]
    assert words_of(changed.after, "new") == ["sex"]


@given(st.text("ab ,", max_size=40), st.text("ab ,", max_size=40))
def test_no_word_is_lost_side_by_side(before: str, after: str) -> None:
    pair = compare_lines(before, after)
    assert "".join(piece.text for piece in pair.before) == before
    assert "".join(piece.text for piece in pair.after) == after
