"""Words and spelling: what is found by which terms, and that small changes equal a full build."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intents.language import tokenize
from knowledge.analysis import StemAnalyser, gram_terms, part_vocabulary
from knowledge.lexical import LexicalIndex
from knowledge.spelling import Speller

WORDS = st.sampled_from(["avtal", "avtalet", "upphandling", "krav", "lön", "semester", "å", "17"])
TEXTS = st.lists(st.lists(WORDS, max_size=12).map(" ".join), min_size=1, max_size=12)


def split_words(text: str) -> list[str]:
    return [token.folded for token in tokenize(text)]


def test_the_rarer_word_decides() -> None:
    index = LexicalIndex(split_words)
    index.add(["krav och krav och lön", "krav i avtal", "krav och semester"])
    scores, ceiling = index.scores(["krav", "semester"])
    assert int(np.argmax(scores)) == 2
    assert 0 < float(scores.max()) < ceiling


def test_a_word_nobody_wrote_lowers_every_match() -> None:
    index = LexicalIndex(split_words)
    index.add(["krav i avtal", "lön"])
    _, known = index.scores(["krav"])
    _, with_unknown = index.scores(["krav", "zebra"])
    assert with_unknown > known


@settings(max_examples=60)
@given(TEXTS, TEXTS, st.sets(st.integers(0, 11), max_size=5), st.lists(WORDS, min_size=1))
def test_adding_and_removing_equals_building_anew(
    old: list[str], new: list[str], gone: set[int], asked: list[str]
) -> None:
    updated = LexicalIndex(split_words)
    updated.add(old)
    rows = [row for row in gone if row < len(old)]
    updated.replace(rows, new)
    fresh = LexicalIndex(split_words)
    kept = [row for row in range(len(old)) if row not in rows]
    fresh.add([*(old[row] for row in kept), *new])
    scores, ceiling = updated.scores(asked)
    live = [*kept, *range(len(old), len(old) + len(new))]
    expected, expected_ceiling = fresh.scores(asked)
    np.testing.assert_allclose(scores[live], expected, atol=1e-5)
    np.testing.assert_allclose(scores[rows], 0, atol=1e-6)
    assert ceiling == pytest.approx(expected_ceiling)
    assert updated.vocabulary() == fresh.vocabulary()


@settings(max_examples=40)
@given(TEXTS, st.lists(WORDS, min_size=1, max_size=4))
def test_overlooking_a_text_scores_as_the_row_without_it(
    texts: list[str], asked: list[str]
) -> None:
    index = LexicalIndex(split_words)
    index.add([f"{texts[0]} {' '.join(asked)}", *texts])
    scores, _ = index.scores(asked)
    assert index.score_less(0, asked, " ".join(asked)) == pytest.approx(float(scores[1]), abs=1e-5)


def test_which_words_stand_in_a_row_is_known() -> None:
    index = LexicalIndex(split_words)
    index.add(["krav och lön", "semester"])
    assert index.holds(0, ["lön", "lon", "semester"]) == [False, True, False]


def test_parts_of_compounds_are_found() -> None:
    texts = ["avtalsvillkor och avtal", "villkor är villkor", "avtal om villkor"]
    analyse = StemAnalyser(part_vocabulary([*texts, *texts]))
    assert "avtal" in analyse("Avtalsvillkoren gäller")


def test_grams_mark_where_words_begin_and_end() -> None:
    assert gram_terms("Krav på") == ("_kra", "krav", "rav_", "_pa_")


@given(st.text(max_size=200))
def test_no_text_breaks_the_analysers(text: str) -> None:
    StemAnalyser(frozenset({"avtal", "tid"}))(text)
    gram_terms(text)
    Speller().mend(text)


def test_a_slip_is_mended_towards_the_commoner_word() -> None:
    speller = Speller()
    speller.add(["upphandling upphandling upphandlingen", "leverantör", "underleverantör"])
    assert speller.mend("uphandling levrantör") == "upphandling leverantor"


def test_known_words_new_compounds_and_numbers_are_left_alone() -> None:
    speller = Speller()
    speller.add(["städning städ upphandling bruttolista"])
    parts = frozenset({"stad", "upphandling"})
    assert speller.mend("städupphandling bruttolistan 2016", parts).split() == [
        "stadupphandling",
        "bruttolistan",
        "2016",
    ]


def test_words_taken_out_are_no_longer_suggested() -> None:
    speller = Speller()
    speller.add(["bruttolista"])
    speller.remove(["bruttolista"])
    assert speller.mend("brutolista") == "brutolista"
