"""A published text reaches every process within seconds, and nobody waits for it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from talking import NOON

from bot.app import App
from bot.guidance import corpus as corpus_module
from bot.guidance.corpus import LiveCorpus
from bot.guidance.corpus_build import index_folder, verify
from bot.guidance.texts_in_force import texts_in_force
from bot.settings import Settings
from knowledge.editorial import Editorial, load_editorial
from knowledge.embedding import HashEmbedder
from knowledge.errors import IndexMismatch
from knowledge.model import Document
from knowledge.passages import split
from storage.errors import NotFound
from storage.guidance import Guidance
from storage.store import Store, open_store
from tests.knowledge_fixtures import article, documents

pytest_plugins = ["app_fixtures", "storage_fixtures"]

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
    monkeypatch.setattr("bot.guidance.corpus_build.build_index", None)
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
    monkeypatch.setattr("bot.guidance.corpus_build.build_index", None)
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
    assert app.corpus.look().retriever is old
    monkeypatch.setattr(corpus_module, "AGAIN_SECONDS", 0.0)
    app.corpus.look()
    assert "Angered" in found(app.corpus)
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


PLACES = ("Angered", "Frölunda", "Majorna")
ACTS = ("publish", "draft", "publish draft", "retire", "roll back", "tomorrow")


def do(guidance: Guidance, act: str, name: str, place: str) -> None:
    """One act of an administrator; one that cannot be done now is left."""
    document = replace(changed(f"Provlokalen ligger i {place}."), id=f"prov-{name}")
    history = guidance.versions(document.id)
    drafts = [each.version for each in history if each.status == "draft"]
    with suppress(NotFound):
        if act == "publish":
            guidance.publish_documents([document], NOON)
        elif act == "draft":
            guidance.save_draft(document, NOON, "anna")
        elif act == "publish draft" and drafts:
            guidance.publish_draft(document.id, drafts[-1], NOON, "anna")
        elif act == "retire":
            guidance.retire(document.id, NOON, "anna")
        elif act == "roll back" and history:
            guidance.roll_back(document.id, history[0].version, NOON, "anna")
        elif act == "tomorrow":
            later = (TODAY + timedelta(1)).isoformat()
            guidance.publish_documents([replace(document, valid_from=later)], NOON)


@settings(max_examples=15, deadline=None)
@given(
    acts=st.lists(
        st.tuples(st.sampled_from(ACTS), st.sampled_from("ab"), st.sampled_from(PLACES)), max_size=8
    ),
    looks=st.integers(1, 3),
)
def test_whatever_is_done_the_index_holds_the_texts_in_force_and_no_others(
    sqlite_template: Path, acts: list[tuple[str, str, str]], looks: int
) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(sqlite_template, folder / "hansyn.sqlite3")
        with open_store(folder / "hansyn.sqlite3") as store:
            store.guidance.publish_documents(documents(), NOON)
            corpus = LiveCorpus(store, Settings(data=folder), lambda: TODAY)
            corpus._embedder = HashEmbedder()
            corpus.retriever()
            for number, (act, which, place) in enumerate(acts):
                do(store.guidance, act, which, place)
                if number % looks == 0:
                    corpus.look()
            index = corpus.look().retriever.index
            wanted = texts_in_force(store.guidance, TODAY)
            verify(index, wanted)
            editorial = Editorial(load_editorial().entries, corpus.retriever().twins)
            passages = [p for text in wanted for p in split(text.document, text.version, editorial)]
            assert sorted(map(str, index.passages)) == sorted(map(str, passages))
            assert corpus.state == "ok"


FOLLOWER = """
import sys, time
from pathlib import Path
from bot.app import build_app_in

app = build_app_in(Path(sys.argv[1]))
app.corpus.follow()
print("ready", flush=True)
while "Angered" not in str(app.corpus.retriever().search("var ligger provlokalen").hits[:1]):
    time.sleep(0.05)
print("found", flush=True)
app.close()
"""


def test_another_process_answers_from_a_new_text_within_five_seconds(app: App) -> None:
    child = [sys.executable, "-c", FOLLOWER, str(app.configuration.data)]
    with subprocess.Popen(child, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        app.store.guidance.publish_documents([changed("Provlokalen ligger i Angered.")], NOON)
        published = monotonic()
        assert process.stdout.readline() == "found\n"
        assert monotonic() - published < 5


@pytest.mark.parametrize("name", ["index.npz", "index.json", "twins.json"])
def test_a_damaged_cache_is_made_anew_and_answers_as_before(app: App, name: str) -> None:
    file: Path = index_folder(app.configuration) / name
    app.corpus.retriever()
    damaged = file.read_bytes()[::-1]
    file.write_bytes(damaged)
    corpus = LiveCorpus(app.store, app.configuration, lambda: TODAY)
    assert corpus.retriever().search("Vad är bruttolistan?").hits
    assert file.read_bytes() != damaged
