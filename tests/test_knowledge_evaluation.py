"""Evaluation: figures one can check by hand, and what is judged about an answer."""

from __future__ import annotations

import json
import math
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.calibration import CurvePoint
from knowledge.curve import Labels, chosen_point, draw_curve
from knowledge.embedding import HashEmbedder
from knowledge.errors import BadDocument
from knowledge.evaluation import (
    FUSION,
    Heard,
    answer_curve,
    changed,
    faults,
    judge,
    rank_legs,
    summarise,
)
from knowledge.figures import figure, ndcg, rank_figures, reciprocal_rank
from knowledge.gold_questions import to_gold
from knowledge.index import LEGS
from knowledge.yardsticks import measure_faq, measure_sections, read_faq
from tests.knowledge_fixtures import documents, editorial, small_retriever
from tests.test_knowledge_calibration import gold

LINE = {"id": "x", "question": "Hur länge?", "kind": "answerable", "source": "S4", "must": ["fyra"]}


def heard(outcome: str = "answered", basis: str = "S4", **said: str) -> Heard:
    return Heard(outcome, said.get("intent", "question"), said.get("verdict", ""),
                 said.get("text", "fyra"), (basis,) if basis else ())  # fmt: skip


def test_figures_are_those_one_works_out_by_hand() -> None:
    assert reciprocal_rank([False, True]) == 0.5
    assert ndcg([True, False, True], 2) == pytest.approx((1 + 1 / 2) / (1 + 1 / math.log2(3)))
    assert ndcg([False, False], 1) == 0
    found = rank_figures([([True], 1), ([False, False, True], 1)])
    assert found.recall_at_1.value == 0.5
    assert found.recall_at_3.value == 1.0
    assert found.mrr.value == pytest.approx(2 / 3)


@given(st.lists(st.floats(0, 1), max_size=60))
def test_an_interval_holds_its_mean_and_is_the_same_every_time(values: list[float]) -> None:
    found = figure(values)
    assert found.low - 1e-9 <= found.value <= found.high + 1e-9
    assert figure(values) == found


@pytest.mark.parametrize(
    ("line", "said", "faulty"),
    [
        ({}, heard(), set()),
        ({}, heard(text="fem"), {"must"}),
        ({}, heard(basis="S2"), {"source_first", "source_in_three", "wrong_answer"}),
        ({}, heard("near_miss"), {"outcome", "near_miss"}),
        ({"source": "004_b1b5945c4f1976d7.txt"}, heard(), set()),
        ({"kind": "answerable_law", "law": "LOU 1 kap. 2 §; S4"}, heard(), set()),
        ({"kind": "out_of_scope"}, heard(), {"outcome", "wrong_answer"}),
        ({"kind": "out_of_corpus", "must": []}, heard("no_answer", ""), set()),
        ({"kind": "intent:handoff", "must": []}, heard("dialog", intent="handover"), set()),
        ({"kind": "intent:screening", "verdict": "ja"}, heard(verdict="nej"),
         {"outcome", "verdict", "wrong_answer"}),
        ({"kind": "duty", "must": ["tre"]}, heard(), {"must", "wrong_answer"}),
    ],
)  # fmt: skip
def test_each_fault_of_an_answer_is_named(line: dict[str, object], said: Heard, faulty) -> None:
    assert faults(judge(to_gold(LINE | line), said).as_row()) == faulty


def test_shares_say_how_many_and_how_sure() -> None:
    judged = [judge(to_gold(LINE), heard(basis=basis)) for basis in ("S4", "S4", "S2", "S4")]
    found = summarise(judged)
    assert found["kinds"]["answerable"]["share"] == 1.0
    first = found["source_first"]
    assert (first["of"], first["share"]) == (4, 0.75)
    assert first["low"] < 0.75 < first["high"]


def test_a_gain_is_counted_once_for_each_wanted_source() -> None:
    legs = rank_legs(small_retriever(), gold())
    assert set(legs) == {*LEGS, FUSION}
    for found in legs.values():
        assert 0 < found.ndcg_at_10.value <= 1
        assert found.recall_at_1.value <= found.recall_at_3.value <= found.recall_at_5.value


def test_two_runs_are_compared_question_by_question() -> None:
    before, after = (
        [judge(to_gold(LINE | {"id": name}), heard(outcome)).as_row() for name in ("a", "b")]
        for outcome in ("answered", "near_miss")
    )
    assert changed(before, before) == []
    assert [new["id"] for _, new in changed(before, [before[0], after[1]])] == ["b"]


def test_the_curve_can_be_read_without_seeing_it() -> None:
    points = [CurvePoint(0.9, 0.2, 0.0), CurvePoint(0.5, 0.8, 0.05), CurvePoint(0.2, 1.0, 0.4)]
    chosen = chosen_point(points, 0.5)
    labels = Labels("sv", "Titel", "80 < 100", "svar", "fel", "gräns", "valt")
    root = ElementTree.fromstring(draw_curve(points, chosen, 0.03, labels))
    assert chosen == points[1]
    assert root.attrib["role"] == "img"
    named = {child.attrib["id"] for child in root if "id" in child.attrib}
    assert set(root.attrib["aria-labelledby"].split()) == named
    assert "80 < 100" in "".join(root.itertext())


def test_a_lower_threshold_answers_more() -> None:
    points = answer_curve(small_retriever(), gold())
    assert [point.coverage for point in points] == sorted(point.coverage for point in points)
    assert chosen_point(points, 1.1).coverage == 0


def test_headings_are_searched_without_themselves_and_the_layer_is_told_apart() -> None:
    found = measure_sections(documents()[0], HashEmbedder(), editorial())
    assert found.plain[FUSION].count == 2
    assert "question_vector" not in found.plain
    assert found.layered is not None
    assert measure_sections(documents()[1], HashEmbedder()).layered is None


def test_a_public_faq_is_measured_in_its_categories_and_over_the_pool(tmp_path: Path) -> None:
    answers = ["Passet hämtas hos polisen.", "Skatten betalas i februari.", "Skolan börjar i maj."]
    lines = [
        {"question": question, "candidate_answers": answers, "label": label, "category_id": 1}
        for question, label in (("Var hämtas passet?", 0), ("När betalas skatten?", answers[1]))
    ]
    path = tmp_path / "faq.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    found = measure_faq(read_faq(path), HashEmbedder())
    assert found.in_category_accuracy[FUSION].value == 1.0
    assert found.pool_ndcg_at_10[FUSION].value == 1.0


@pytest.mark.parametrize(
    "line", ['{"question": "q", "candidate_answers": ["a"], "label": 3}', "{", '["q"]', '{"a": 1}']
)
def test_a_faq_row_without_its_answer_is_refused(tmp_path: Path, line: str) -> None:
    path = tmp_path / "faq.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(BadDocument, match=r"faq\.jsonl:1"):
        read_faq(path)
