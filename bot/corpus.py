"""The corpus a running process searches: read from the database, followed as it changes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import structlog

from bot.settings import Settings
from knowledge.editorial import Editorial, load_editorial
from knowledge.embedding import Embedder, load_embedder
from knowledge.errors import IndexMismatch
from knowledge.fusion import Fusion, load_fusion
from knowledge.guidance import load_guidance
from knowledge.index import SearchIndex, build_index
from knowledge.index_cache import load_index, save_index
from knowledge.model import Document, Passage
from knowledge.passages import split
from knowledge.retriever import Retriever
from knowledge.twins import find_twins
from storage.guidance_model import StoredDocument
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
        """The retriever of the published corpus, at most ``FOLLOW_SECONDS`` old."""
        current, now = self._retriever, self._clock()
        if current is not None and now - self._looked_at < FOLLOW_SECONDS:
            return current
        with self._lock:
            version = self._store.guidance.corpus_version()
            if self._retriever is None or version != self._version:
                self._retriever = self._build()
                self._version = version
            self._looked_at = now
            return self._retriever

    def embedder(self) -> Embedder:
        """The embedding model, loaded once."""
        if self._embedder is None:
            self._embedder = load_embedder(
                self._settings.embedding_model,
                self._settings.data,
                allow_download=self._settings.embedding_download,
            )
        return self._embedder

    def _build(self) -> Retriever:
        stored = self._store.guidance.published_documents()
        return build_retriever(stored, self.embedder(), load_fusion(), index_folder(self._settings))


def build_retriever(
    stored: Sequence[StoredDocument], embedder: Embedder, fusion: Fusion, cache: Path
) -> Retriever:
    """A retriever over published documents, twin sections folded; the index comes from the cache
    when that is of this very corpus and model."""
    editorial = with_twins(load_editorial(), [item.document for item in stored], embedder)
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
    try:
        save_index(index, cache)
    except OSError as error:
        # Search works without the cache; only the next start is slower.
        log.warning("index not cached", error=type(error).__name__)
    return index


def with_twins(
    editorial: Editorial, documents: Iterable[Document], embedder: Embedder
) -> Editorial:
    """The editorial layer with the sections of other acts that share an entry."""
    statutes = [document for document in documents if document.kind == "statute"]
    return replace(editorial, twins=find_twins(statutes, embedder))


def index_folder(settings: Settings) -> Path:
    """Where index files are cached; they can be deleted at any time."""
    return settings.data / "index"
