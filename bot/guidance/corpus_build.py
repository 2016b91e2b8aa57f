"""Retrievers made of published documents: whole ones, and ones with some documents exchanged."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path

import structlog

from bot.settings import Settings
from knowledge.editorial import Editorial, load_editorial
from knowledge.embedding import Embedder
from knowledge.errors import IndexMismatch
from knowledge.fusion import Fusion
from knowledge.index import SearchIndex, build_index
from knowledge.index_cache import load_index, load_twins, save_index, save_twins
from knowledge.model import Document, Passage
from knowledge.passages import split
from knowledge.retriever import Retriever
from knowledge.twins import find_twins
from storage.guidance_model import StoredDocument

log = structlog.get_logger()

Stored = Sequence[StoredDocument]


def build_retriever(stored: Stored, embedder: Embedder, fusion: Fusion, cache: Path) -> Retriever:
    """A retriever over published documents, twin sections folded; the index comes from the cache
    when that is of this very corpus and model."""
    editorial = _editorial(cached_twins(acts(stored), embedder, cache), stored)
    passages = _passages(stored, editorial)
    return Retriever(cached_index(passages, embedder, cache), fusion, editorial.twins)


def exchanged(
    current: Retriever,
    wanted: Stored,
    changed: Collection[str],
    cache: Path | None = None,
    rest: Callable[[], None] = lambda: None,
) -> Retriever:
    """A retriever of the ``wanted`` documents, made from one that differs in the ``changed`` ids.

    Only passages that are not there word for word are read and embedded. Where an act is changed,
    its twins are found anew, since sections share names and questions with those they repeat.

    Raises:
        IndexMismatch: the new index failed its check.
    """
    acts_before = {p.document_id for _, p in current.index.live() if p.kind == "statute"}
    acts_now = acts(wanted)
    ids, twins = set(changed), current.twins
    if ids & (acts_before | {act.id for act in acts_now}):
        embedder = current.index.embedder
        twins = cached_twins(acts_now, embedder, cache) if cache else find_twins(acts_now, embedder)
        ids |= {act.id for act in acts_now}
        rest()
    read = [item for item in wanted if item.document.id in ids]
    passages = _passages(read, _editorial(twins, read))
    return Retriever(current.index.exchanged(ids, passages, rest), current.fusion, twins)


def verify(index: SearchIndex, wanted: Stored) -> None:
    """Raises ``IndexMismatch`` unless the index holds just these versions, word for word."""
    bodies = {(item.document.id, item.version): item.document.body for item in wanted}
    for _, passage in index.live():
        body = bodies.get((passage.document_id, passage.version))
        if body is None or body[passage.start : passage.end] != passage.text:
            raise IndexMismatch
    held = {passage.document_id for _, passage in index.live()}
    if any(item.document.body.strip() and item.document.id not in held for item in wanted):
        raise IndexMismatch


def acts(stored: Stored) -> list[Document]:
    """The acts among the documents."""
    return [item.document for item in stored if item.document.kind == "statute"]


def _editorial(twins: Mapping[str, str], stored: Stored) -> Editorial:
    """What is written for the acts' sections; read only where there are any."""
    return Editorial(load_editorial().entries if acts(stored) else {}, twins)


def _passages(stored: Iterable[StoredDocument], editorial: Editorial) -> list[Passage]:
    return [p for item in stored for p in split(item.document, item.version, editorial)]


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
