"""A published text reaches every process within seconds, and nobody waits for it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from talking import NOON

from bot import corpus as corpus_module
from bot.app import App
from bot.corpus import LiveCorpus
from bot.corpus_build import index_folder
from knowledge.errors import IndexMismatch
from knowledge.model import Document
from storage.store import Store, open_store
from tests.knowledge_fixtures import article, documents

pytest_plugins = ["app_fixtures"]

TODAY = NOON.date()


@pytest.fixture
def other_process(app: App) -> Iterator[Store]:
    """The same database, opened by somebody else."""
    with open_store(app.configuration.store_url) as store:
        yield store


@pytest.fixture
def corpus(app: App) -> LiveCorpus:
    made = LiveCorpus(app.store, app.configuration, lambda: TODAY)
    made.retriever()
    return made


def changed(text: str) -> Document:
    return article("prov-lokal", "Var ligger provlokalen?", text, "var ligger provlokalen")


def found(corpus: LiveCorpus) -> str:
    return corpus.retriever().search("var ligger provlokalen").hits[0].passage.text


def test_a_version_published_elsewhere_is_answered_from_at_the_next_look(
    corpus: LiveCorpus, other_process: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.corpus_build.build_index", None)
    for text in ("Provlokalen ligger i Angered.", "Provlokalen ligger i Frölunda."):
        other_process.guidance.publish_documents([changed(text)], NOON)
        corpus.look()
        assert found(corpus) == text
        assert corpus.version == other_process.guidance.corpus_version()
    other_process.guidance.retire("prov-lokal", NOON, "")
    corpus.look()
    assert "Provlokalen" not in found(corpus)


def test_a_new_statute_finds_its_twins_without_reading_the_rest_again(
    corpus: LiveCorpus, other_process: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.corpus_build.build_index", None)
    other_process.guidance.publish_documents(documents()[:2], NOON)
    retriever = corpus.look().retriever
    assert retriever.search("17 kap. 2 § LOU").hits[0].passage.locator == "LOU 17 kap. 2 §"
    assert retriever.twins == {"LUF 16 kap. 1 §": "LOU 17 kap. 1 §",
                               "LUF 16 kap. 2 §": "LOU 17 kap. 2 §"}  # fmt: skip


def test_only_changed_passages_are_embedded(
    corpus: LiveCorpus, other_process: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    act = documents()[0]
    other_process.guidance.publish_documents([act], NOON)
    corpus.look()
    embedded: list[str] = []
    encode = type(corpus.embedder()).encode_passages

    def counted(self: object, texts: Sequence[str]) -> object:
        embedded.extend(texts)
        return encode(self, texts)  # type: ignore[arg-type]

    monkeypatch.setattr(type(corpus.embedder()), "encode_passages", counted)
    last = act.sections[-1]
    amended = replace(act, body=act.body[: last.end - 1] + " med tillägg.",
                      sections=(*act.sections[:-1], replace(last, end=last.end + 12)))  # fmt: skip
    other_process.guidance.publish_documents([amended], NOON)
    corpus.look()
    assert len([text for text in embedded if "med tillägg" in text]) == 1
    assert len(embedded) == 1
    held = {p.version for _, p in corpus.retriever().index.live() if p.document_id == act.id}
    assert held == {2}


def test_nobody_waits_while_a_new_index_is_built(
    corpus: LiveCorpus, other_process: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = corpus.retriever()
    other_process.guidance.publish_documents([changed("Provlokalen ligger i Angered.")], NOON)
    building, go_on = threading.Event(), threading.Event()
    exchanged = corpus_module.exchanged

    def slowly(*given: object) -> object:
        building.set()
        assert go_on.wait(10)
        return exchanged(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(corpus_module, "exchanged", slowly)
    monkeypatch.setattr(corpus_module, "FOLLOW_SECONDS", 0.01)
    corpus.follow()
    assert building.wait(10)
    assert corpus.retriever() is old
    assert corpus.look().retriever is old
    go_on.set()
    corpus.stop()
    assert found(corpus) == "Provlokalen ligger i Angered."


def test_once_followed_no_question_looks_in_the_database(
    corpus: LiveCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpus_module, "FOLLOW_SECONDS", 60.0)
    corpus.follow()
    monkeypatch.setattr(corpus, "_store", None)
    assert found(corpus)
    corpus.stop()


def test_a_failed_build_leaves_the_former_text_in_the_answers_and_tells(
    app: App, other_process: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = app.corpus.retriever()

    def mismatch(*_: object) -> None:
        raise IndexMismatch

    monkeypatch.setattr(corpus_module, "verify", mismatch)
    other_process.guidance.publish_documents([changed("Provlokalen ligger i Angered.")], NOON)
    assert app.corpus.look().retriever is old
    assert app.health()["corpus"] == "behind"
    monkeypatch.undo()
    other_process.guidance.publish_documents([changed("Provlokalen ligger i Frölunda.")], NOON)
    app.corpus.look()
    assert "Frölunda" in found(app.corpus)
    assert app.health()["corpus"] == "ok"


def test_a_text_is_answered_from_only_on_the_days_it_is_valid(
    app: App, other_process: Store
) -> None:
    text = "Provlokalen ligger i Angered."
    first, last = TODAY + timedelta(1), TODAY + timedelta(2)
    valid = {"valid_from": first.isoformat(), "valid_to": last.isoformat()}
    other_process.guidance.publish_documents([replace(changed(text), **valid)], NOON)
    day = [TODAY]
    corpus = LiveCorpus(app.store, app.configuration, lambda: day[0])
    seen = []
    for day[0] in (TODAY, first, last, last + timedelta(1)):
        corpus.look()
        seen.append(found(corpus) == text)
    assert seen == [False, True, True, False]


@pytest.mark.parametrize("name", ["index.npz", "index.json", "twins.json"])
def test_a_damaged_cache_is_made_anew_and_answers_as_before(app: App, name: str) -> None:
    file: Path = index_folder(app.configuration) / name
    app.corpus.retriever()
    damaged = file.read_bytes()[::-1]
    file.write_bytes(damaged)
    corpus = LiveCorpus(app.store, app.configuration, lambda: TODAY)
    assert corpus.retriever().search("Vad är bruttolistan?").hits
    assert file.read_bytes() != damaged
