"""The corpus a running process searches: read from the database, followed as it changes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import structlog

from bot.settings import Settings
from bot.thresholds import all_gold, derive, numbers_for
from knowledge.editorial import Editorial, load_editorial
from knowledge.embedding import Embedder, load_embedder
from knowledge.errors import IndexMismatch
from knowledge.fusion import Fusion, load_fusion
from knowledge.guidance import load_guidance
from knowledge.index import SearchIndex, build_index
from knowledge.index_cache import load_index, load_twins, save_index, save_twins
from knowledge.model import Document, Passage
from knowledge.passages import split
from knowledge.retriever import Retriever
from knowledge.twins import find_twins
from storage.guidance_model import CorpusChanges, StoredDocument
from storage.store import Store

log = structlog.get_logger()

# How often a running server looks for a newly published version; readers see it within 5 s.
FOLLOW_SECONDS = 3.0


class LiveCorpus:
    """Holds the retriever in use and exchanges it when another version is published."""

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], float]) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock
        self._lock = threading.Lock()
        self._embedder: Embedder | None = None
        self._retriever: Retriever | None = None
        self._version = -1
        self._looked_at = 0.0

    @property
    def version(self) -> int:
        """Corpus version of the retriever in use; -1 before the first."""
        return self._version

    def load_starter(self, now: datetime) -> None:
        """Takes in the shipped articles: new ones are published, edited ones left alone."""
        documents = load_guidance(values=self._settings.article_values())
        self._store.guidance.sync_shipped(documents, now)

    def retriever(self) -> Retriever:
        """The retriever of the published corpus, at most ``FOLLOW_SECONDS`` old.

        A new one is built beside the one in use, which answers everybody else meanwhile.
        """
        current, now = self._retriever, self._clock()
        if current is None:
            with self._lock:
                return self._retriever or self._follow(now, None)
        if now - self._looked_at >= FOLLOW_SECONDS and self._lock.acquire(blocking=False):
            try:
                return self._follow(now, current)
            finally:
                self._lock.release()
        return current

    def embedder(self) -> Embedder:
        """The embedding model, loaded once."""
        if self._embedder is None:
            self._embedder = load_embedder(
                self._settings.embedding_model,
                self._settings.data,
                allow_download=self._settings.embedding_download,
            )
        return self._embedder

    def _follow(self, now: float, current: Retriever | None) -> Retriever:
        """The retriever of what is published now; the caller holds the lock."""
        version = self._store.guidance.corpus_version()
        if current is None or version != self._version:
            current = (current and self._changed(current)) or self._build()
            self._retriever, self._version = current, version
        self._looked_at = now
        return current

    def _changed(self, current: Retriever) -> Retriever | None:
        """The retriever with only the changed documents exchanged; None where that cannot be."""
        changes = self._store.guidance.changes_since(self._version)
        editorial = Editorial(load_editorial().entries, current.twins)
        try:
            changed = exchange_documents(current, changes, editorial)
        except IndexMismatch:
            log.warning("index rebuilt", reason="fields disagree")
            return None
        if changed is not None:
            store_index(changed.index, index_folder(self._settings))
        return changed

    def _build(self) -> Retriever:
        stored = self._store.guidance.published_documents()
        folder = index_folder(self._settings)
        retriever = build_retriever(stored, self.embedder(), load_fusion(), folder)
        retriever.fusion = numbers_for(retriever.index, folder)
        return retriever

    def derive_thresholds(self) -> None:
        """Fits fusion and thresholds where those in use belong to another corpus or model."""
        current = self.retriever()
        fusion = derive(current, all_gold(self._store), index_folder(self._settings))
        with self._lock:
            if self._retriever is current and fusion is not current.fusion:
                self._retriever = Retriever(current.index, fusion, current.twins)


def exchange_documents(
    current: Retriever, changes: CorpusChanges, editorial: Editorial
) -> Retriever | None:
    """Another retriever with the changes taken in; None when a statute is among them.

    Which sections are twins, and so share names and questions, depends on all statutes together.

    Raises:
        IndexMismatch: the new index failed its check.
    """
    ids = {item.document.id for item in changes.live} | set(changes.gone)
    statutes = {p.document_id for _, p in current.index.live() if p.kind == "statute"}
    if ids & statutes or any(item.document.kind == "statute" for item in changes.live):
        return None
    passages = [p for item in changes.live for p in split(item.document, item.version, editorial)]
    index = current.index.exchanged(ids, passages)
    return Retriever(index, current.fusion, current.twins)


def build_retriever(
    stored: Sequence[StoredDocument], embedder: Embedder, fusion: Fusion, cache: Path
) -> Retriever:
    """A retriever over published documents, twin sections folded; the index comes from the cache
    when that is of this very corpus and model."""
    statutes = [item.document for item in stored if item.document.kind == "statute"]
    twins = cached_twins(statutes, embedder, cache)
    editorial = Editorial(load_editorial().entries, twins)
    passages: list[Passage] = []
    for item in stored:
        passages += split(item.document, item.version, editorial)
    return Retriever(cached_index(passages, embedder, cache), fusion, editorial.twins)


def cached_index(passages: Sequence[Passage], embedder: Embedder, cache: Path) -> SearchIndex:
    """The index from the cache; a missing, damaged or foreign file is built anew."""
    try:
        return load_index(cache, passages, embedder)
    except IndexMismatch:
        index = build_index(passages, embedder)
    store_index(index, cache)
    return index


def store_index(index: SearchIndex, cache: Path) -> None:
    """Writes the cache; search works without it, and only the next start is slower."""
    try:
        save_index(index, cache)
    except OSError as error:
        log.warning("index not cached", error=type(error).__name__)


def cached_twins(
    statutes: Sequence[Document], embedder: Embedder, cache: Path
) -> Mapping[str, str]:
    """The twin sections of these acts, from the cache when it is of these very texts and model."""
    try:
        return load_twins(cache, statutes, embedder)
    except IndexMismatch:
        twins = find_twins(statutes, embedder)
    try:
        save_twins(twins, cache, statutes, embedder)
    except OSError as error:
        log.warning("twins not cached", error=type(error).__name__)
    return twins


def index_folder(settings: Settings) -> Path:
    """Where index files are cached; they can be deleted at any time."""
    return settings.data / "index"
