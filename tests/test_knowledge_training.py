"""Training end to end on a handful of texts, and what the material becomes."""

import gzip
import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.editorial import Editorial, Entry
from knowledge.errors import BadDocument, NothingToLearn, SemanticExtraMissing
from knowledge.training import letter_grams, train
from knowledge.training_data import (
    LEFT_OUT,
    Source,
    answer_sentence,
    from_editorial,
    read_material,
    read_pairs,
)
from knowledge.training_run import Recipe, also_right, plan, step_size

HAS_EXTRA = importlib.util.find_spec("sentence_transformers") is not None
needs_extra = pytest.mark.skipif(
    not HAS_EXTRA, reason="needs the extra semantic (torch and sentence-transformers)"
)
pytestmark = pytest.mark.filterwarnings("default")
TINY = Recipe(vocabulary=120, dimension=16, epochs=30, batch=8, rate=0.02)
PAIRS = (
    ("Vad är ett avsteg?", "När en enhet väljer bort modellen kallas det avsteg."),
    ("Hur lång tid ska kontraktet gälla?", "Avtalet löper i minst fyra månader."),
    ("Vem hjälper mig?", "Stödfunktionen svarar på frågor om social hänsyn."),
    ("När lämnas helårsrapporten?", "Den som är aktiv hela året rapporterar i december."),
    ("Vilka hör till målgruppen?", "Långtidsarbetslösa och nyanlända är exempel."),
    ("Får vi kräva lärlingar?", "Nivå fyra gäller lärlingsplatser och står bredvid nivå tre."),
    ("Var skickas mallen?", "Brevlådan för stödfunktionen tar emot ifyllda mallar."),
    ("Hur räknas indikatorn?", "Andelen är tjänsteupphandlingar med krav delat med alla."),
)
SOURCES = [Source("tiny", (PAIRS,))]


def write_rows(path: Path, rows: list[dict[str, object]]) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)


@needs_extra
def test_a_trained_model_finds_what_it_was_taught(tmp_path):
    steps: list[tuple[int, int]] = []
    model = train(SOURCES, tmp_path, TINY, progress=lambda done, total: steps.append((done, total)))
    questions = model.encode_queries([question for question, _ in PAIRS])
    texts = model.encode_passages([text for _, text in PAIRS])
    assert (questions @ texts.T).argmax(axis=1).tolist() == list(range(len(PAIRS)))
    assert steps[-1][0] == steps[-1][1] == len(steps)


@needs_extra
def test_the_same_seed_gives_the_same_model(tmp_path):
    first, again = (train(SOURCES, tmp_path / name / "m", TINY) for name in "ab")
    assert first.fingerprint == again.fingerprint


@needs_extra
def test_an_organisation_can_go_on_from_a_model_with_its_own_pairs(tmp_path):
    before = train(SOURCES, tmp_path / "start", TINY)
    own = Source("own", ((("helårsrapporten", PAIRS[4][1]), ("mallen", PAIRS[1][1])),))
    after = train([own], tmp_path / "adapted", start=tmp_path / "start")
    asked = ["helårsrapporten"], [PAIRS[4][1]]
    nearness = [m.encode_queries(asked[0]) @ m.encode_passages(asked[1]).T for m in (before, after)]
    assert nearness[1] > nearness[0]
    assert after.dimension == before.dimension


@needs_extra
def test_training_on_nothing_is_refused(tmp_path):
    with pytest.raises(NothingToLearn):
        train([], tmp_path)


@pytest.mark.skipif(HAS_EXTRA, reason="the extra semantic is installed")
def test_training_without_the_extra_says_what_to_install(tmp_path):
    with pytest.raises(SemanticExtraMissing, match="semantic"):
        train(SOURCES, tmp_path, TINY)


@pytest.mark.parametrize(
    ("act", "left_out"),
    [
        ("Lag om offentlig upphandling", True),
        ("Lag (2016:1145) om offentlig upphandling", True),
        ("Lag om upphandling inom försörjningssektorerna", True),
        ("Lag om upphandling av koncessioner", True),
        ("Lag om upphandling på försvars- och säkerhetsområdet", True),
        ("Upphandlingsförordning", False),
        ("Lag om valfrihetssystem", False),
    ],
)
def test_the_procurement_acts_are_left_out_so_that_lou_can_be_measured(act, left_out):
    assert bool(LEFT_OUT.match(act)) is left_out


def test_known_files_of_a_folder_become_sources(tmp_path):
    act = {"law": "Lag om x", "headings": ["Lag om x", "2 kap. Ansökan"], "text": "Den söker. Så."}
    banned = act | {"law": "Lag om upphandling av koncessioner"}
    write_rows(tmp_path / "sfs_sections.jsonl.gz", [act, banned])
    sources = {source.name: source for source in read_material(tmp_path)}
    assert sources["statute headings"].groups == ((("Ansökan", "Den söker. Så."),),)


def test_a_folder_without_material_is_refused(tmp_path):
    with pytest.raises(BadDocument, match="sfs_sections"):
        read_material(tmp_path)


def test_a_bad_line_of_own_pairs_is_named(tmp_path):
    path = tmp_path / "pairs.jsonl"
    path.write_text('{"query": "a", "passage": "b"}\n{"query"', encoding="utf-8")
    with pytest.raises(BadDocument, match=r"pairs\.jsonl:2"):
        read_pairs(path)


def test_pairs_without_a_passage_are_refused(tmp_path):
    path = tmp_path / "pairs.jsonl"
    path.write_text('{"query": "a"}', encoding="utf-8")
    with pytest.raises(BadDocument, match="passage"):
        read_pairs(path)


def test_the_editorial_layer_teaches_names_never_statute_text():
    layer = Editorial({"LOU 1 kap. 1 §": Entry("Vad lagen handlar om", ("Vad står i lagen?",))})
    assert from_editorial(layer).groups == ((("Vad står i lagen?", "Vad lagen handlar om"),),)


def test_the_answer_sentence_is_the_one_the_answer_begins_in():
    context = "Ett kommer först. Två följer sedan. Tre är sist."
    row = {"context": context, "answer_start": context.index("följer")}
    assert answer_sentence(row) == "Två följer sedan."


def test_another_row_with_the_same_question_or_text_is_no_wrong_answer():
    same = also_right(["a", "a", "b"], ["x", "y", "y"])
    assert same.tolist() == [[False, True, False], [True, False, True], [False, True, False]]


@given(word=st.text("abcåäö", min_size=1, max_size=12))
def test_every_word_has_letter_pieces_no_longer_than_five(word):
    pieces = letter_grams(f"<{word}>")
    assert pieces
    assert max(map(len, pieces)) <= 5


@given(done=st.floats(0, 1))
def test_steps_are_never_larger_than_asked_for(done):
    assert 0 <= step_size(done) <= 1


def test_every_pair_is_seen_once_an_epoch():
    batches = list(plan(SOURCES, TINY))
    assert sorted(pair for batch in batches for pair in batch) == sorted(PAIRS * TINY.epochs)


def test_a_text_with_three_sentences_gives_one_of_them_to_find_the_rest():
    text = "Ett är här. Två är där. Tre är borta."
    source = Source("cloze", (((text, ""), ("Bara en.", "")),), cloze=True)
    (batch,) = plan([source, *SOURCES], Recipe(epochs=1))
    ((sentence, rest),) = set(batch) - set(PAIRS)
    assert sorted((sentence + " " + rest).split()) == sorted(text.split())
    assert np.char.count(sentence, ".") == 1
