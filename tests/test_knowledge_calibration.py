"""Fusion and thresholds: fitted, never guessed, and safe to read back."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.calibration import (
    calibrate,
    choose_threshold,
    corpus_fingerprint,
    coverage_risk,
    example_questions,
)
from knowledge.errors import BadDocument
from knowledge.features import FEATURES
from knowledge.fusion import FILE, KINDS, load_fusion, relative, save_fusion
from knowledge.gold_questions import GoldQuestion, load_gold, to_gold
from knowledge.index import LEGS
from knowledge.regression import Group, fit_listwise, fit_logistic
from knowledge.retriever import Retriever
from tests.knowledge_fixtures import TWINS, small_index, small_retriever

GOLD = (
    ("Vad är bruttolistan för något?", "answerable", "S4"),
    ("hur länge ska uppdrag pågå på listan", "answerable", "S4"),
    ("när ska vi rapportera avsteg", "answerable", "S2"),
    ("är social hänsyn tvång i alla upphandlingar", "answerable", "S2"),
    ("vilken månad skickas helårsrapport", "answerable", "S2"),
    ("varifrån kom idén till modellen", "answerable", "S2"),
    ("vad blir det för mat", "out_of_scope", ""),
    ("hur blir vädret i helgen", "out_of_scope", ""),
    ("vem vann matchen", "out_of_scope", ""),
)


def gold() -> list[GoldQuestion]:
    """Small, and all in the tuning half."""
    rows = []
    for number, (question, kind, source) in enumerate(GOLD):
        padded = question
        while to_gold({"id": "", "question": padded, "kind": kind}).half != "tuning":
            padded += "?"
        rows.append(
            to_gold({"id": f"t{number}", "question": padded, "kind": kind, "source": source})
        )
    return rows


def test_the_leg_that_finds_the_right_one_gets_the_weight() -> None:
    random = np.random.default_rng(1)
    groups = []
    for _ in range(40):
        features = random.random((10, 2))
        groups.append(Group(features, features[:, 0] == features[:, 0].max(), 1.0))
    weights = fit_listwise(groups, 2)
    assert weights[0] > 5 * weights[1] >= 0


def test_a_fit_without_any_right_candidate_is_refused() -> None:
    with pytest.raises(ValueError, match="right and a wrong"):
        fit_listwise([Group(np.ones((3, 2)), np.zeros(3, np.bool_), 1.0)])


def test_chances_rise_with_what_separates_right_from_wrong() -> None:
    features = np.linspace(0, 1, 50)[:, None]
    fitted = fit_logistic(features, features[:, 0] > 0.5, np.ones(50))
    assert fitted[1] > 1


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40))
def test_the_threshold_keeps_the_accepted_risk(pairs: list[tuple[float, bool]]) -> None:
    chances = np.array([chance for chance, _ in pairs])
    right = np.array([mark for _, mark in pairs], np.bool_)
    threshold = choose_threshold(chances, right)
    answered = right[chances >= threshold]
    if threshold < 0.99:
        assert (~answered).mean() <= 0.03 + 1e-9
    coverage = [point.coverage for point in coverage_risk(chances, right)]
    assert coverage == sorted(coverage)


def test_calibrating_twice_gives_the_same_numbers() -> None:
    retriever = small_retriever()
    first, second = (calibrate(retriever, gold(), TWINS) for _ in range(2))
    assert first == second
    assert len(first.weights) == len(LEGS)
    assert min(first.weights) >= 0
    assert first.near_at <= first.answer_at


def test_another_corpus_or_model_needs_other_numbers() -> None:
    index = small_index()
    before = corpus_fingerprint(index)
    assert before == corpus_fingerprint(small_index())
    index.remove(["london"])
    assert corpus_fingerprint(index) != before


def test_an_example_question_is_found_without_its_own_row() -> None:
    index = small_index()
    retriever = Retriever(index, load_fusion(), TWINS)
    question, passage = next(
        (q, p) for q, p in example_questions(index) if p.document_id == "bruttolistan"
    )
    with_it = retriever.rank(question)
    without = retriever.rank(question, question)
    number = index.passages.index(passage)
    left = with_it.scores.legs[list(with_it.scores.passages).index(number)]
    right = without.scores.legs[list(without.scores.passages).index(number)]
    assert (right <= left + 1e-6).all()
    assert right.sum() < left.sum()


def test_the_shipped_numbers_fit_the_legs_and_say_what_they_rest_on() -> None:
    fusion = load_fusion()
    assert len(fusion.weights) == len(LEGS)
    assert len(fusion.shifts) == len(KINDS)
    assert len(fusion.calibration) == len(FEATURES) + 1
    assert 0 < fusion.near_at <= fusion.answer_at < 1
    assert json.loads(FILE.read_text(encoding="utf-8"))["fitted_on"]


def test_numbers_survive_being_written(tmp_path: Path) -> None:
    fusion = load_fusion()
    save_fusion(fusion, tmp_path / "f.json", {"gold": 3})
    again = load_fusion(tmp_path / "f.json")
    np.testing.assert_allclose(again.weights, fusion.weights, atol=1e-3)
    assert again.answer_at == fusion.answer_at


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"weights": 3}'])
def test_damaged_numbers_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "fusion.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadDocument, match=r"fusion\.json"):
        load_fusion(path)


def test_legs_are_compared_with_the_best_of_the_question() -> None:
    legs = np.array([[0.3, 0.0], [0.6, 0.0]], np.float32)
    np.testing.assert_allclose(relative(legs), [[0.5, 0.0], [1.0, 0.0]])


def test_a_leg_that_found_nothing_near_does_not_speak_loudly() -> None:
    legs = np.array([[0.1], [0.2]], np.float32)
    np.testing.assert_allclose(relative(legs), [[0.2], [0.4]])


def test_gold_is_split_by_the_question_alone() -> None:
    questions = load_gold()
    assert len(questions) >= 300
    halves = [question.half for question in questions]
    assert 0.4 < halves.count("tuning") / len(halves) < 0.6
    row = {"id": "x", "question": "Vad är bruttolistan?", "kind": "answerable", "source": "S4"}
    assert to_gold(row).half == to_gold(row | {"id": "y"}).half


def test_a_broken_line_of_gold_is_named(tmp_path: Path) -> None:
    path = tmp_path / "g.jsonl"
    path.write_text('{"id": "a"}\n', encoding="utf-8")
    with pytest.raises(BadDocument, match=r"g\.jsonl:1"):
        load_gold(path)
