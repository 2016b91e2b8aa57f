"""A published text reaches every process within seconds, and nobody waits for it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from talking import NOON

from bot import corpus as corpus_module
from bot.app import App
from bot.corpus import LiveCorpus, index_folder
from knowledge.model import Document
from storage.store import Store, open_store
from tests.knowledge_fixtures import article, documents

pytest_plugins = ["app_fixtures"]

WITHIN = 5.0


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def other_process(app: App) -> Iterator[Store]:
    """The same database, opened by somebody else."""
    with open_store(app.configuration.store_url) as store:
        yield store


def changed(text: str) -> Document:
    return article("prov-lokal", "Var ligger provlokalen?", text, "var ligger provlokalen")


def found(corpus: LiveCorpus) -> str:
    return corpus.retriever().search("var ligger provlokalen").hits[0].passage.text


def test_a_version_published_elsewhere_is_answered_from_within_five_seconds(
    app: App, other_process: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = LiveCorpus(app.store, app.configuration, clock)
    corpus.retriever()
    monkeypatch.setattr(corpus_module, "build_index", None)
    for text in ("Provlokalen ligger i Angered.", "Provlokalen ligger i Frölunda."):
        other_process.guidance.publish_documents([changed(text)], NOON)
        clock.now += WITHIN
        assert found(corpus) == text
        assert corpus.version == other_process.guidance.corpus_version()
    other_process.guidance.retire("prov-lokal", NOON, "")
    clock.now += WITHIN
    assert "Provlokalen" not in found(corpus)


def test_a_new_statute_builds_the_index_anew(app: App, other_process: Store, clock: Clock) -> None:
    corpus = LiveCorpus(app.store, app.configuration, clock)
    corpus.retriever()
    other_process.guidance.publish_documents(documents()[:2], NOON)
    clock.now += WITHIN
    retriever = corpus.retriever()
    assert retriever.search("17 kap. 2 § LOU").hits[0].passage.locator == "LOU 17 kap. 2 §"
    assert retriever.twins == {"LUF 16 kap. 1 §": "LOU 17 kap. 1 §",
                               "LUF 16 kap. 2 §": "LOU 17 kap. 2 §"}  # fmt: skip


def test_nobody_waits_while_a_new_index_is_built(
    app: App, other_process: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = LiveCorpus(app.store, app.configuration, clock)
    old = corpus.retriever()
    other_process.guidance.publish_documents([changed("Provlokalen ligger i Angered.")], NOON)
    clock.now += WITHIN
    building, go_on = threading.Event(), threading.Event()
    exchange = corpus_module.exchange_documents

    def slowly(*given: object) -> object:
        building.set()
        assert go_on.wait(10)
        return exchange(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(corpus_module, "exchange_documents", slowly)
    builder = threading.Thread(target=corpus.retriever)
    builder.start()
    assert building.wait(10)
    assert corpus.retriever() is old
    go_on.set()
    builder.join()
    assert corpus.retriever() is not old


@pytest.mark.parametrize("name", ["index.npz", "index.json", "twins.json"])
def test_a_damaged_cache_is_made_anew_and_answers_as_before(app: App, name: str) -> None:
    file: Path = index_folder(app.configuration) / name
    app.corpus.retriever()
    damaged = file.read_bytes()[::-1]
    file.write_bytes(damaged)
    corpus = LiveCorpus(app.store, app.configuration, Clock())
    assert corpus.retriever().search("Vad är bruttolistan?").hits
    assert file.read_bytes() != damaged
