"""Search as people meet it: ranking, twins, citations, odd input, changes and the cache."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import vectors
from knowledge.embedding import HashEmbedder, Vectors
from knowledge.errors import IndexMismatch
from knowledge.fusion import load_fusion
from knowledge.hubs import find_hubs, find_stuffed
from knowledge.index import build_index
from knowledge.index_cache import load_index, load_twins, save_index, save_twins
from knowledge.model import Document, Passage
from knowledge.passages import split
from knowledge.reading import (
    hinted_acts,
    last_question,
    read_question,
    without_act,
    without_fillers,
)
from knowledge.retriever import Retriever
from knowledge.vectors import VectorField
from tests.knowledge_fixtures import (
    TWINS,
    article,
    documents,
    passages,
    small_index,
    small_retriever,
)

ASKED = (
    "Vad är bruttolistan?",
    "när ska avsteg rapporteras",
    "Får vi kräva praktikplatser i avtalet?",
    "måste vi ha social hänsyn",
    "villkor om lön och semester",
    "Which conditions on wages apply?",
)


def found(retriever: Retriever, question: str) -> list[str]:
    return [hit.passage.document_id for hit in retriever.search(question).hits]


def test_the_article_written_for_a_question_comes_first() -> None:
    assert found(small_retriever(), "vad är bruttolistan egentligen")[0] == "bruttolistan"


def test_spelling_slips_and_compounds_are_forgiven() -> None:
    assert found(small_retriever(), "nar ska avsteget raporteras")[0] == "avsteg-nar"


def test_a_twin_is_folded_into_the_section_it_repeats() -> None:
    hits = small_retriever().search("särskilda sociala villkor för kontraktet").hits
    first = next(hit for hit in hits if hit.passage.locator == "LOU 17 kap. 1 §")
    assert first.twins == ("LUF 16 kap. 1 §",)
    assert "LUF 16 kap. 1 §" not in [hit.passage.locator for hit in hits]


def test_a_hint_of_utilities_shows_the_section_of_that_act() -> None:
    hits = small_retriever().search("särskilda villkor för upphandlande enheter enligt LUF").hits
    assert "LUF 16 kap. 1 §" in [hit.passage.locator for hit in hits]


def test_a_cited_section_comes_first_and_is_certain() -> None:
    result = small_retriever().search("Vad säger 17 kap. 2 § LOU?")
    assert result.hits[0].passage.locator == "LOU 17 kap. 2 §"
    assert result.confidence == 1.0


def test_a_cited_section_that_is_not_here_is_named_and_never_answered_by_another() -> None:
    retriever = small_retriever()
    result = retriever.search("Vad står det om lön i 9 kap. 99 § LOU?")
    assert result.unknown == ("LOU 9 kap. 99 §",)
    assert result.confidence < retriever.fusion.answer_at


def test_rules_below_the_threshold_come_first_when_asked_for() -> None:
    hits = small_retriever().search("villkor om lön och semester under tröskelvärdet").hits
    statutes = [hit.passage.locator for hit in hits if hit.passage.kind == "statute"]
    assert statutes[0] == "LOU 19 kap. 3 §"


def test_the_name_of_an_act_is_no_search_word_unless_it_is_the_subject() -> None:
    assert "LUF" not in without_act("Får kommunen avropa ramavtal enligt LUF?")
    assert "LUF" in without_act("Vad är skillnaden mellan LOU och LUF?")
    assert hinted_acts("enligt LUF") == {"LUF"}


def test_the_sentence_that_asks_is_read_beside_the_story() -> None:
    assert last_question("Vi köper städning. Får vi kräva jobb?") == "Får vi kräva jobb?"
    assert last_question("Får vi kräva jobb?") == ""


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("Hej, jag undrar vad bruttolistan egentligen är", "vad bruttolistan är"),
        ("Vet ni om vi faktiskt måste ställa krav?", "om vi måste ställa krav?"),
        ("Could you tell me what a deviation actually is?", "what a deviation is?"),
        ("egentligen", "egentligen"),
    ],
)
def test_what_is_said_around_a_question_is_not_searched_for(said: str, asked: str) -> None:
    assert without_fillers(said) == asked


def test_english_words_are_searched_in_swedish() -> None:
    terms = read_question("Can we demand minimum wages?", small_index()).terms
    assert "lon" in terms


@pytest.mark.parametrize(
    "question",
    [
        "",
        "   ",
        "?!",
        "هل يمكننا طلب توظيف العاطلين عن العمل في العقد؟",
        "Voimmeko vaatia työllistämistä hankintasopimuksessa?",
        "\ud83d",
        "a" * 5_000,
        "<script>alert(1)</script>",
        "Vi köper in tjänster. " * 4_000,
        "🙂" * 50,
    ],
)
def test_odd_questions_are_searched_without_fuss(question: str) -> None:
    result = small_retriever().search(question)
    assert 0.0 <= result.confidence <= 1.0


@settings(max_examples=80)
@given(st.text(max_size=300))
def test_no_question_breaks_the_search(question: str) -> None:
    result = small_retriever().search(question)
    assert len({hit.passage.id for hit in result.hits}) == len(result.hits)
    assert all(0.0 <= hit.score <= 1.0 for hit in result.hits)


def test_a_corpus_of_nothing_and_of_one_passage_works() -> None:
    fusion = load_fusion()
    empty = Retriever(build_index((), HashEmbedder()), fusion, {})
    assert empty.search("Vad är bruttolistan?").hits == ()
    one = Retriever(build_index(passages()[:1], HashEmbedder()), fusion, {})
    assert len(one.search("sociala villkor").hits) == 1


def test_duplicates_and_huge_paragraphs_are_taken_in() -> None:
    huge = Document("stor", "Stor", "document", "avtal krav " * 95_000, "Källa", "odaterad")
    pieces = split(huge)
    index = build_index([*pieces, *pieces[:1], *passages()], HashEmbedder())
    retriever = Retriever(index, load_fusion(), TWINS)
    assert found(retriever, "när ska avsteg rapporteras")[0] == "avsteg-nar"


def test_a_new_version_replaces_the_old_at_once() -> None:
    retriever = Retriever(small_index(), load_fusion(), TWINS)
    new = article("london", "Var kom idén ifrån?", "Idén kom från Bryssel.", "varifrån kom idén")
    retriever.replace("london", split(new, 2))
    hits = retriever.search("varifrån kom idén").hits
    assert [hit.passage.version for hit in hits if hit.passage.document_id == "london"] == [2]
    assert "Bryssel" in hits[0].passage.text


def test_a_retired_document_is_never_found() -> None:
    retriever = Retriever(small_index(), load_fusion(), TWINS)
    retriever.replace("london", ())
    assert all("london" not in found(retriever, question) for question in (*ASKED, "London idén"))


@settings(max_examples=15)
@given(st.lists(st.sampled_from([d.id for d in documents()]), max_size=4), st.randoms())
def test_publishing_piece_by_piece_equals_a_full_build(names: list[str], random: object) -> None:
    index = small_index()
    for name in names:
        index.replace(name, [p for p in passages() if p.document_id == name])
    fresh = build_index(passages(), HashEmbedder(), index.analyse.vocabulary)
    fusion = load_fusion()
    updated, full = Retriever(index, fusion, TWINS), Retriever(fresh, fusion, TWINS)
    for question in ASKED:
        left, right = updated.search(question), full.search(question)
        assert left.confidence == pytest.approx(right.confidence, abs=1e-4)
        scores = {hit.passage.id: hit.score for hit in right.hits}
        for hit in left.hits[:3]:
            assert hit.score == pytest.approx(scores[hit.passage.id], abs=1e-4)


def test_a_saved_index_answers_as_the_built_one(tmp_path: Path) -> None:
    index = small_index()
    index.replace("london", [p for p in passages() if p.document_id == "london"])
    save_index(index, tmp_path)
    loaded = load_index(tmp_path, tuple(reversed(passages())), HashEmbedder())
    fusion = load_fusion()
    for question in ASKED:
        left = Retriever(index, fusion, TWINS).search(question)
        right = Retriever(loaded, fusion, TWINS).search(question)
        assert [h.passage.id for h in left.hits] == [h.passage.id for h in right.hits]
        assert left.confidence == pytest.approx(right.confidence, abs=1e-4)


def test_an_index_that_finds_no_room_leaves_the_former_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_index(small_index(), tmp_path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}

    def full(file: IO[bytes], **_: object) -> None:
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(OSError, match="No space"):
        save_index(small_index(), tmp_path)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_a_saved_index_of_another_corpus_model_or_format_is_refused(tmp_path: Path) -> None:
    save_index(small_index(), tmp_path)
    changed = (replace(passages()[0], text="annat"), *passages()[1:])
    with pytest.raises(IndexMismatch):
        load_index(tmp_path, changed, HashEmbedder())
    with pytest.raises(IndexMismatch):
        load_index(tmp_path, passages(), HashEmbedder(64))
    with pytest.raises(IndexMismatch):
        load_index(tmp_path / "nowhere", passages(), HashEmbedder())
    manifest = json.loads((tmp_path / "index.json").read_text(encoding="utf-8"))
    (tmp_path / "index.json").write_text(json.dumps(manifest | {"format": 0}), encoding="utf-8")
    with pytest.raises(IndexMismatch):
        load_index(tmp_path, passages(), HashEmbedder())


@pytest.mark.parametrize("name", ["index.npz", "index.json"])
def test_a_damaged_index_file_is_refused(tmp_path: Path, name: str) -> None:
    save_index(small_index(), tmp_path)
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(IndexMismatch):
        load_index(tmp_path, passages(), HashEmbedder())


def plain(name: str, text: str) -> Passage:
    document = Document(name, name, "document", text, "Källa", "odaterad")
    return split(document)[0]


def test_a_passage_that_wins_every_search_is_flagged() -> None:
    greedy = plain(
        "girig", "avtal krav lön semester upphandling avsteg bruttolista villkor jobb " * 3
    )
    others = [plain(f"p{i}", f"Sida {i} handlar om ämne{i} och sak{i}.") for i in range(40)]
    index = build_index([greedy, *others], HashEmbedder())
    panel = [f"{word} {number}" for word in ("avtal", "krav", "lön") for number in range(20)]
    flags = find_hubs(Retriever(index, load_fusion(), {}), panel)
    assert flags[0].passage.document_id == "girig"


def test_text_that_is_not_written_to_be_read_is_flagged() -> None:
    stuffed = plain("lista", "upphandling krav " * 60)
    hidden = plain("dold", "Synligt." + "\u200b" * 40)
    reasons = {flag.passage.document_id: flag.reason for flag in find_stuffed([stuffed, hidden])}
    assert reasons == {"lista": "stuffed", "dold": "hidden"}
    assert find_stuffed(passages()) == ()


def test_a_numbered_thing_may_be_named_in_words() -> None:
    assert "1" in read_question("indikator ett, vad mäter den?", small_index()).terms
    assert "1" not in read_question("ett avsteg", small_index()).terms


def test_a_changed_document_is_built_beside_and_the_old_index_still_answers() -> None:
    read: list[str] = []

    class Noting(HashEmbedder):
        def encode_passages(self, texts: Sequence[str]) -> Vectors:
            read.extend(text for text in texts if "\n" in text or len(text) > 60)
            return super().encode_passages(texts)

    index = build_index(passages(), Noting())
    read.clear()
    new = article("london", "Var kom idén ifrån?", "Idén kom från Bryssel.", "varifrån kom idén")
    other = index.exchanged(["london"], split(new, 2))
    assert len(read) == 1
    for each, city in ((index, "London"), (other, "Bryssel")):
        best = Retriever(each, load_fusion(), TWINS).search("varifrån kom idén").hits[0]
        assert city in best.passage.text


def test_an_index_whose_fields_disagree_is_refused() -> None:
    index = small_index()
    index.vectors["text_vector"].add(index.vectors["text_vector"].rows[:1])
    with pytest.raises(IndexMismatch):
        index.exchanged(["london"], ())


@pytest.mark.parametrize("content", [b"[1]", b'{"format": 3}', b"[" * 100_000, b"\xff\xfe"])
def test_a_file_that_is_no_index_is_refused(tmp_path: Path, content: bytes) -> None:
    save_index(small_index(), tmp_path)
    (tmp_path / "index.json").write_bytes(content)
    with pytest.raises(IndexMismatch):
        load_index(tmp_path, passages(), HashEmbedder())
    (tmp_path / "twins.json").write_bytes(content)
    with pytest.raises(IndexMismatch):
        load_twins(tmp_path, (), HashEmbedder())


def test_twins_are_remembered_until_a_statute_changes(tmp_path: Path) -> None:
    acts = [document for document in documents() if document.kind == "statute"]
    save_twins(TWINS, tmp_path, acts, HashEmbedder())
    assert load_twins(tmp_path, acts, HashEmbedder()) == TWINS
    for changed, embedder in ((acts[:1], HashEmbedder()), (acts, HashEmbedder(64))):
        with pytest.raises(IndexMismatch):
            load_twins(tmp_path, changed, embedder)


def test_few_rows_and_many_are_looked_among_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = np.random.default_rng(7).normal(size=(400, 16)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    found = []
    for few in (0, 8_000):
        monkeypatch.setattr(vectors, "FEW", few)
        field = VectorField(16)
        field.add(rows[:300])
        copy = field.copied()
        copy.add(rows[300:])
        assert len(field.nearest(rows[0], 500)) == 300
        found.append(set(copy.nearest(rows[0], 20).tolist()))
    assert len(found[0] & found[1]) >= 19
