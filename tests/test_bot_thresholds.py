"""Thresholds belong to one corpus and one model; another gets its own."""

from __future__ import annotations

import threading
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.app import App, build_app
from bot.commands import calibrate
from bot.guidance import thresholds
from bot.guidance.thresholds import FILE, ThresholdKeeper, all_gold, derive, numbers_for
from knowledge.calibration import corpus_fingerprint
from knowledge.embedding import HashEmbedder
from knowledge.fusion import load_fusion
from knowledge.index import build_index
from knowledge.retriever import Retriever
from tests.knowledge_fixtures import small_retriever

pytest_plugins = ["app_fixtures"]


@pytest.fixture
def fits(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Fitting is told in a list instead of taking seconds."""
    done: list[str] = []

    def fit(retriever: Retriever, *_: object) -> Any:
        done.append(corpus_fingerprint(retriever.index))
        return replace(retriever.fusion, answer_at=0.4321, fingerprint=done[-1],
                       passages=len(retriever.index.live()))  # fmt: skip

    monkeypatch.setattr(thresholds, "calibrate", fit)
    return done


def test_a_server_derives_numbers_once_and_the_next_start_finds_them(
    app: App, fits: list[str]
) -> None:
    assert app.corpus.retriever().fusion == load_fusion()
    for _ in range(2):
        app.corpus.derive_thresholds()
    assert app.corpus.retriever().fusion.answer_at == 0.4321
    assert (app.configuration.data / "index" / FILE).is_file()
    again = build_app(app.configuration)
    assert again.corpus.retriever().fusion.answer_at == 0.4321
    again.close()
    assert len(fits) == 1


def test_an_edited_text_moves_no_threshold_and_a_doubled_corpus_does(
    app: App, fits: list[str]
) -> None:
    app.corpus.keep_thresholds()
    assert len(fits) == 1, "the acts are missing here, so the shipped numbers do not fit"
    live = app.store.guidance.document("bruttolistan-villkor")
    assert live
    edited = replace(live.document, body=live.document.body + "\n\nNytt.")
    app.store.guidance.publish_documents([edited], app.now())
    app.corpus.look()
    app.corpus.keep_thresholds()
    assert len(fits) == 1
    copies = [
        replace(each.document, id=f"{each.document.id}-2")
        for each in app.store.guidance.published_documents()
    ]
    app.store.guidance.publish_documents(copies, app.now())
    app.corpus.look()
    app.corpus.keep_thresholds()
    assert len(fits) == 2


def test_another_corpus_and_another_model_get_numbers_of_their_own(
    fits: list[str], tmp_path: Path
) -> None:
    retriever = small_retriever()
    passages = [passage for _, passage in retriever.index.live()]
    kinds = (
        (HashEmbedder(64), passages),
        (HashEmbedder(32), passages),
        (HashEmbedder(32), passages[1:]),
    )
    for embedder, kept in kinds:
        index = build_index(kept, embedder)
        found = derive(Retriever(index, numbers_for(index, tmp_path), {}), [], tmp_path)
        assert found.fingerprint == corpus_fingerprint(index)
        assert numbers_for(index, tmp_path).fingerprint == found.fingerprint
    assert len(set(fits)) == 3


def test_a_corpus_that_answers_no_gold_question_keeps_the_numbers(tmp_path: Path) -> None:
    retriever = small_retriever()
    assert derive(retriever, [], tmp_path) == retriever.fusion
    assert not list(tmp_path.iterdir())


def test_the_keeper_goes_on_after_a_failure_and_stops_when_told() -> None:
    tried = threading.Semaphore(0)

    def fail() -> None:
        tried.release()
        raise OSError

    with ThresholdKeeper(fail, seconds=0.01):
        assert all(tried.acquire(timeout=10) for _ in range(2))


def test_gold_born_in_operation_counts_too(app: App) -> None:
    before = len(all_gold(app.store))
    app.store.gold.add("Vem svarar?", "sv", {"source": "S2"}, "admin", app.now())
    born = all_gold(app.store)[before:]
    assert [(question.question, question.wanted) for question in born] == [("Vem svarar?", ("S2",))]


def test_numbers_of_another_model_answer_only_what_is_surer(tmp_path: Path) -> None:
    shipped = load_fusion()
    index = build_index([], HashEmbedder(32))
    careful = numbers_for(index, tmp_path)
    assert shipped.answer_at < careful.answer_at < 1
    assert shipped.for_model(shipped.model) == shipped


def test_the_command_tells_what_it_derived_and_then_that_nothing_is_left(
    app: App, fits: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(calibrate, "opened", lambda: nullcontext(app))
    told = []
    for _ in range(2):
        assert calibrate.run(as_json=False) == 0
        told.append(capsys.readouterr().err)
    assert "Svarströskeln var" in told[0]
    assert "Inget har ändrats" in told[1]
    assert len(fits) == 1
