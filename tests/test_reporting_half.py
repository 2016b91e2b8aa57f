"""The gate: the whole assistant on the half of gold that nothing was fitted to.

Each floor lies some two standard errors below what was measured, so that one question more or less
does not fail it and a real loss does.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from bot.app import build_app
from bot.commands.evaluate import figures_of, judge_all
from bot.guidance.thresholds import all_gold
from bot.settings import Settings
from knowledge.evaluation import FUSION
from knowledge.index import LEGS
from knowledge.statutes import read_statute

pytest_plugins = ["app_fixtures"]
LAWS = Path(__file__).resolve().parents[2] / "shared" / "laws"


@pytest.fixture(scope="module")
def figures(loaded_data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What `hansyn eval` prints of the reporting half; law questions only where the acts are."""
    folder = tmp_path_factory.mktemp("reporting") / "data"
    shutil.copytree(loaded_data, folder)
    app = build_app(Settings(data=folder))
    acts = [read_statute(p.read_text("utf-8"), p.name)[0] for p in sorted(LAWS.glob("*.md"))]
    app.store.guidance.publish_documents(acts, app.now(), "test")
    gold = [question for question in all_gold(app.store) if question.half == "reporting"]
    kept = [question for question in gold if acts or question.kind != "answerable_law"]
    found = figures_of(app, judge_all(app, kept))
    app.close()
    return found


@pytest.mark.parametrize(
    ("name", "floor"),
    [("source_first", 0.84), ("source_in_three", 0.91), ("must", 0.93), ("verdict", 0.95)],
)
def test_sources_facts_and_verdicts_are_right(
    figures: dict[str, Any], name: str, floor: float
) -> None:
    assert figures[name]["share"] >= floor


def test_a_confident_wrong_answer_is_rare(figures: dict[str, Any]) -> None:
    assert figures["wrong_answer"]["share"] <= 0.045


@pytest.mark.parametrize(
    ("kind", "floor"),
    [("answerable", 0.72), ("out_of_scope", 0.95), ("out_of_corpus", 0.85),
     ("intent:deviation", 0.9), ("intent:handoff", 0.9), ("intent:screening", 0.95)],
)  # fmt: skip
def test_every_kind_of_question_is_met_as_it_should(
    figures: dict[str, Any], kind: str, floor: float
) -> None:
    assert figures["kinds"][kind]["share"] >= floor


def test_law_is_answered_where_the_acts_are_here(shared: Path, figures: dict[str, Any]) -> None:
    assert figures["kinds"]["answerable_law"]["share"] >= 0.45


def test_the_legs_together_beat_each_alone_on_articles_and_acts(
    shared: Path, figures: dict[str, Any]
) -> None:
    found = {name: ranks["mrr"]["value"] for name, ranks in figures["legs"].items()}
    assert found[FUSION] > max(found[name] for name in LEGS)
