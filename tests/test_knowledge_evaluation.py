"""Evaluation: figures one can check by hand, and the gates the starter corpus must pass."""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.calibration import CurvePoint
from knowledge.curve import draw_curve
from knowledge.embedding import SHIPPED_MODEL, HashEmbedder, StaticEmbedder
from knowledge.errors import BadDocument
from knowledge.evaluation import FUSION, Evaluation, changed, evaluate
from knowledge.figures import figure, ndcg, rank_figures, reciprocal_rank
from knowledge.fusion import load_fusion
from knowledge.gold_questions import DECLINED, load_gold
from knowledge.guidance import load_guidance
from knowledge.index import LEGS, build_index
from knowledge.passages import split
from knowledge.retriever import Retriever
from knowledge.yardsticks import measure_faq, measure_sections, read_faq
from tests.knowledge_fixtures import MAILBOX, TWINS, documents, editorial, small_retriever
from tests.test_knowledge_calibration import gold

needs_model = pytest.mark.skipif(not SHIPPED_MODEL.is_dir(), reason="no embedding model here")


def test_figures_are_those_one_works_out_by_hand() -> None:
    assert reciprocal_rank([False, True]) == 0.5
    assert ndcg([True, False, True], 2) == pytest.approx((1 + 1 / 2) / (1 + 1 / math.log2(3)))
    assert ndcg([False, False], 1) == 0
    found = rank_figures([([True], 1), ([False, False, True], 1)])
    assert found.recall_at_1.value == 0.5
    assert found.recall_at_3.value == 1.0
    assert found.mrr.value == pytest.approx(2 / 3)


@given(st.lists(st.floats(0, 1), max_size=60))
def test_an_interval_holds_its_mean(values: list[float]) -> None:
    found = figure(values)
    assert found.low - 1e-9 <= found.value <= found.high + 1e-9
    assert figure(values) == found


def test_every_leg_and_the_fusion_are_measured() -> None:
    found = evaluate(small_retriever(), gold(), TWINS, screen=lambda _: "ja")
    assert set(found.legs) == {*LEGS, FUSION}
    assert found.first_right["answerable"].value > 0.5
    assert json.dumps(found.as_dict())


def test_two_runs_are_compared_question_by_question() -> None:
    before = evaluate(small_retriever(), gold(), TWINS)
    shy = Retriever(small_retriever().index, load_fusion(), TWINS)
    after = evaluate(shy, gold(), TWINS)
    for old, new in changed(before, after):
        assert (old.outcome, old.first, old.right) != (new.outcome, new.first, new.right)
    assert changed(before, before) == []


def test_the_curve_is_a_picture_with_words() -> None:
    points = [CurvePoint(0.9, 0.2, 0.0), CurvePoint(0.5, 0.8, 0.05)]
    root = ElementTree.fromstring(draw_curve(points, 0.5, 0.03))
    assert root.tag.endswith("svg")
    assert "80% answered" in "".join(root.itertext())


def test_headings_are_searched_without_themselves_and_the_layer_is_told_apart() -> None:
    found = measure_sections(documents()[0], HashEmbedder(), load_fusion(), editorial())
    assert found.ndcg_at_10.count == 2
    assert found.with_editorial is not None
    plain = measure_sections(documents()[1], HashEmbedder(), load_fusion())
    assert plain.with_editorial is None
    assert json.dumps(found.as_dict())


def test_a_public_faq_is_measured_in_its_categories_and_over_the_pool(tmp_path: Path) -> None:
    answers = ["Passet hämtas hos polisen.", "Skatten betalas i februari.", "Skolan börjar i maj."]
    lines = [
        {"question": question, "candidate_answers": answers, "label": label, "category_id": 1}
        for question, label in (("Var hämtas passet?", 0), ("När betalas skatten?", answers[1]))
    ]
    path = tmp_path / "faq.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    found = measure_faq(read_faq(path), HashEmbedder(), load_fusion()).as_dict()
    assert found["in_category_accuracy"]["value"] == 1.0
    assert found["pool_ndcg_at_10"]["value"] == 1.0


def test_a_faq_row_without_its_answer_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "faq.jsonl"
    path.write_text('{"question": "q", "candidate_answers": ["a"], "label": 3}', encoding="utf-8")
    with pytest.raises(BadDocument, match=r"faq\.jsonl:1"):
        read_faq(path)


@cache
def reporting() -> Evaluation:
    """The starter articles on the half of gold that nothing was fitted on."""
    articles = load_guidance(values={"support_mailbox": MAILBOX})
    passages = [passage for document in articles for passage in split(document)]
    index = build_index(passages, StaticEmbedder(SHIPPED_MODEL))
    questions = [q for q in load_gold() if q.half == "reporting"]
    kept = [q for q in questions if q.kind == "answerable" or q.kind in DECLINED]
    return evaluate(Retriever(index, load_fusion(), {}), kept, {})


@needs_model
def test_questions_about_the_model_find_their_source() -> None:
    found = reporting()
    assert found.first_right["answerable"].value >= 0.75
    assert found.among_three["answerable"].value >= 0.85
    assert found.facts.value >= 0.85


@needs_model
def test_what_nobody_here_knows_is_not_answered() -> None:
    assert reporting().declined.value >= 0.9


@needs_model
def test_wrong_answers_are_rare() -> None:
    assert reporting().wrong_answers.value <= 0.07


@needs_model
def test_the_legs_together_beat_each_alone() -> None:
    legs = reporting().legs
    best = max(legs[name].mrr.value for name in LEGS)
    assert legs[FUSION].mrr.value > best
