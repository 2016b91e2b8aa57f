"""The corpus a running process searches: read from the database, followed as it changes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from time import monotonic, sleep
from typing import Literal

import structlog

from bot.guidance.corpus_build import build_retriever, exchanged, index_folder, store_index, verify
from bot.guidance.texts_in_force import texts_in_force
from bot.guidance.thresholds import all_gold, derive, numbers_for
from bot.settings import Settings
from knowledge.embedding import Embedder, load_embedder
from knowledge.errors import IndexMismatch
from knowledge.fusion import load_fusion
from knowledge.guidance import load_guidance
from knowledge.index_cache import compacted
from knowledge.retriever import Retriever
from storage.errors import StorageError
from storage.guidance_model import StoredDocument
from storage.store import Store

log = structlog.get_logger()

# How often a process looks for a newly published version; readers see it within 5 s.
FOLLOW_SECONDS = 2.0
# What could not be built is not tried again at every look.
AGAIN_SECONDS = 60.0
# Between slices of work whoever waits for an answer gets the processor.
REST_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class InUse:
    """What answers come from; exchanged as a whole."""

    retriever: Retriever
    #: Corpus version it was read at.
    version: int
    #: The day on which its texts are valid.
    day: date
    #: Document id -> version, as read.
    documents: Mapping[str, int]


class LiveCorpus:
    """Holds the retriever in use and exchanges it when another version is published.

    After ``follow`` a thread of its own looks for changes, and nobody who asks waits for them.
    Until then, as in a command, ``retriever`` looks for itself.
    """

    def __init__(
        self,
        store: Store,
        settings: Settings,
        today: Callable[[], date],
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._store = store
        self._settings = settings
        self._today = today
        self._clock = clock
        self._lock = threading.Lock()
        self._embedder: Embedder | None = None
        self._used: InUse | None = None
        self._looked_at = 0.0
        #: Version and day that could not be built, and when that was tried.
        self._failed: tuple[int, date] | None = None
        self._failed_at = 0.0
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()

    @property
    def version(self) -> int:
        """Corpus version of the retriever in use; -1 before the first."""
        return self._used.version if self._used else -1

    @property
    def state(self) -> Literal["ok", "behind"]:
        """Is what is published in use, or did building it fail, so that the former serves on?"""
        return "behind" if self._failed else "ok"

    def load_starter(self, now: datetime, values: Mapping[str, str]) -> None:
        """Takes in the shipped articles: new ones are published, edited ones left alone.

        ``values`` fill what the articles leave open.
        """
        documents = load_guidance(values=dict(values))
        self._store.guidance.sync_shipped(documents, now)

    def retriever(self) -> Retriever:
        """The retriever in use; the first call builds it."""
        return self.in_use().retriever

    def in_use(self) -> InUse:
        """The retriever in use and the version it answers from."""
        used = self._used
        if used is None:
            with self._lock:
                return self._used or self._look(None)
        if self._thread is None and self._clock() - self._looked_at >= FOLLOW_SECONDS:
            return self.look()
        return used

    def look(self) -> InUse:
        """Takes in what is published and valid now, unless somebody else is at it already.

        It is built beside what is in use, which answers everybody else meanwhile, checked, and put
        in its place. Where that fails, what is in use stays and ``state`` tells.
        """
        used = self._used
        if used is None:
            return self.in_use()
        if not self._lock.acquire(blocking=False):
            return used
        try:
            return self._look(self._used)
        finally:
            self._lock.release()

    def follow(self) -> None:
        """Looks for changes in a thread of its own until stopped."""
        self._thread = threading.Thread(target=self._keep_looking, name="corpus", daemon=True)
        self.retriever()
        self._thread.start()

    def stop(self, timeout: float = 5.0) -> None:
        """Ends the thread."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout)

    def embedder(self) -> Embedder:
        """The embedding model, loaded once."""
        if self._embedder is None:
            self._embedder = load_embedder(
                self._settings.embedding_model,
                self._settings.data,
                allow_download=self._settings.embedding_download,
            )
        return self._embedder

    def derive_thresholds(self) -> None:
        """Fits fusion and thresholds where those in use belong to another corpus or model."""
        current = self.retriever()
        fusion = derive(current, all_gold(self._store), index_folder(self._settings))
        with self._lock:
            used = self._used
            if used and used.retriever is current and fusion is not current.fusion:
                fitted = Retriever(current.index, fusion, current.twins, used.version)
                self._used = replace(used, retriever=fitted)

    def keep_thresholds(self) -> None:
        """Fits them anew once the corpus has become another one, not for each edited text.

        Answers would change that nobody has seen before they were published.
        """
        current = self.retriever()
        index = current.index
        if not current.fusion.fits(index.embedder.fingerprint, int(index.alive.sum())):
            self.derive_thresholds()

    def _keep_looking(self) -> None:
        while not self._stopping.wait(FOLLOW_SECONDS):
            try:
                self.look()
            except StorageError as error:
                log.error("corpus not followed", error=type(error).__name__)

    def _look(self, used: InUse | None) -> InUse:
        """What is to be used now; the caller holds the lock."""
        self._looked_at = self._clock()
        # Read before the texts: what is published in between is seen at the next look.
        version, day = self._store.guidance.corpus_version(), self._today()
        wanted = (version, day)
        again = self._clock() - self._failed_at >= AGAIN_SECONDS
        if used and (wanted == (used.version, used.day) or (wanted == self._failed and not again)):
            return used
        stored = texts_in_force(self._store.guidance, day)
        documents = {item.document.id: item.version for item in stored}
        try:
            retriever = self._changed(used, stored, documents) if used else self._build(stored)
        except Exception as error:
            if used is None:
                raise
            # Whatever broke the build, what answered before it still does.
            log.critical("corpus kept", error=type(error).__name__, version=version)
            self._failed, self._failed_at = wanted, self._clock()
            return used
        self._failed = None
        answering = Retriever(retriever.index, retriever.fusion, retriever.twins, version)
        self._used = InUse(answering, version, day, documents)
        if used and answering.index is not used.retriever.index:
            self._rest()
            store_index(answering.index, index_folder(self._settings))
        return self._used

    def _changed(
        self, used: InUse, stored: Sequence[StoredDocument], documents: Mapping[str, int]
    ) -> Retriever:
        """The retriever with only the changed documents exchanged, or else one built anew."""
        changed = {name for name, _ in used.documents.items() ^ documents.items()}
        if not changed:
            return used.retriever
        folder = index_folder(self._settings)
        try:
            made = exchanged(used.retriever, stored, changed, folder, self._rest)
            made.index = compacted(made.index)
            verify(made.index, stored)
        except IndexMismatch:
            log.warning("index rebuilt", reason="fields disagree")
            made = self._build(stored)
            verify(made.index, stored)
        return made

    def _rest(self) -> None:
        if self._thread:
            sleep(REST_SECONDS)

    def _build(self, stored: Sequence[StoredDocument]) -> Retriever:
        folder = index_folder(self._settings)
        retriever = build_retriever(stored, self.embedder(), load_fusion(), folder)
        retriever.fusion = numbers_for(retriever.index, folder)
        return retriever
