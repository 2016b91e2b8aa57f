"""Acts: sections, citations, twins and the rules they belong to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.embedding import HashEmbedder
from knowledge.errors import BadDocument
from knowledge.locators import act_of, cited_locators, regime_of
from knowledge.passages import split
from knowledge.statutes import read_statute
from knowledge.twins import find_twins
from tests.knowledge_fixtures import act, documents


def test_sections_carry_locator_heading_and_their_own_text() -> None:
    document = documents()[0]
    first = document.sections[0]
    assert (first.locator, first.heading) == ("LOU 17 kap. 1 §", "Särskilda villkor")
    assert document.body[first.start : first.end].startswith("En upphandlande myndighet får")
    assert document.sections[2].amendment == "Lag (2022:780)"


def test_every_passage_is_a_verbatim_span() -> None:
    for document in documents():
        for passage in split(document):
            assert document.body[passage.start : passage.end] == passage.text


def test_a_file_without_sections_is_refused() -> None:
    with pytest.raises(BadDocument, match="ingen paragraf"):
        read_statute("---\nbeteckning: 2020:1\nrubrik: Lag\n---\nText", "lag.md")


def test_a_section_that_repeats_one_of_lou_is_its_twin() -> None:
    twins = find_twins(documents(), HashEmbedder())
    assert twins["LUF 16 kap. 1 §"] == "LOU 17 kap. 1 §"


def test_an_act_without_lou_has_no_twins() -> None:
    assert find_twins([act("2016:1146", "Lag", "16", "enhet")], HashEmbedder()) == {}


@pytest.mark.parametrize(
    ("question", "locators"),
    [
        ("Vad säger 17 kap. 2 § LOU?", ("LOU 17 kap. 2 §",)),
        ("lou 17:2", ("LOU 17 kap. 2 §",)),
        ("4 kap 18 §", ("LOU 4 kap. 18 §",)),
        ("LUF 16 kap 1 § och LOU 17:1", ("LUF 16 kap. 1 §", "LOU 17 kap. 1 §")),
        ("19a kap. 2 § LOU", ("LOU 19 a kap. 2 §",)),
        ("10 § förvaltningslagen", ("FL 10 §",)),
        ("Får vi sekretessbelägga enligt 31 kap. 16 § OSL?", ()),
        ("19 kap. 3 § offentlighets- och sekretesslagen", ()),
        ("kl 17:30 på torsdag", ()),
    ],
)
def test_citations_are_read_as_people_write_them(question: str, locators: tuple[str, ...]) -> None:
    assert cited_locators(question) == locators


@given(st.text(max_size=120))
def test_no_text_breaks_the_reading_of_citations(text: str) -> None:
    assert all(" " in locator for locator in cited_locators(text))


def test_a_section_tells_its_act_and_when_it_applies() -> None:
    assert act_of("DOS-lagen 10 §") == "DOS"
    assert regime_of("LOU 17 kap. 2 §") == "over"
    assert regime_of("LOU 19 kap. 3 §") == "under"
    assert regime_of("LUF 19 a kap. 3 §") == "direct"
    assert regime_of("LOU 1 kap. 4 §") == regime_of("S4") == ""
