"""Fusion and thresholds of the corpus in use: stored with its index, derived anew when it changes.

The shipped numbers belong to the shipped articles, the five acts and the shipped model. A corpus or
model of one's own gets its own from the same gold questions; until then the last ones serve, as
they do for a corpus in which some texts were edited.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import structlog

from knowledge.calibration import calibrate, corpus_fingerprint
from knowledge.errors import BadDocument
from knowledge.fusion import Fusion, load_fusion, save_fusion
from knowledge.gold_questions import GoldQuestion, load_gold, to_gold
from knowledge.index import SearchIndex
from knowledge.retriever import Retriever
from storage.store import Store

log = structlog.get_logger()
FILE = "fusion.json"
# Articles are often published one after another; one derivation serves them all.
REST_SECONDS = 60.0


def born_gold(store: Store) -> list[GoldQuestion]:
    """The gold questions born in operation."""
    rows = store.gold.list()
    facts = (
        {"id": f"d{row.id}", "question": row.question, "lang": row.language, "kind": "answerable"}
        | row.expected
        for row in rows
    )
    return list(map(to_gold, facts))


def all_gold(store: Store) -> list[GoldQuestion]:
    """The shipped gold questions, less those replaced here, and those born in operation."""
    replaced = {row.expected.get("replaces") for row in store.gold.list()}
    return [*(q for q in load_gold() if q.id not in replaced), *born_gold(store)]


def numbers_for(index: SearchIndex, folder: Path) -> Fusion:
    """The shipped numbers for the corpus they were fitted on, else the last derived here.

    Numbers that belong to another model answer only what is surer, until new ones are derived.
    """
    shipped, model = load_fusion(), index.embedder.fingerprint
    if shipped.fingerprint == corpus_fingerprint(index):
        return shipped
    try:
        return load_fusion(folder / FILE).for_model(model)
    except BadDocument:
        return shipped.for_model(model)


def derive(retriever: Retriever, gold: Sequence[GoldQuestion], folder: Path) -> Fusion:
    """Numbers fitted to the retriever's corpus and model; takes seconds, and is stored."""
    if retriever.fusion.fingerprint == corpus_fingerprint(retriever.index):
        return retriever.fusion
    try:
        fusion = calibrate(retriever, gold, retriever.twins)
    except ValueError:
        # Nothing in this corpus answers any gold question, so there is nothing to learn from.
        log.warning("thresholds kept", passages=len(retriever.index.passages))
        return retriever.fusion
    partial = folder / f"{FILE}.part"
    try:
        save_fusion(fusion, partial, {"gold": len(gold)})
        partial.replace(folder / FILE)
    except OSError as error:
        log.warning("thresholds not stored", error=type(error).__name__)
    log.info("thresholds derived", fingerprint=fusion.fingerprint, answer_at=fusion.answer_at)
    return fusion


class ThresholdKeeper:
    """Lets a running server derive new numbers some time after its corpus changed."""

    def __init__(self, work: Callable[[], None], seconds: float = REST_SECONDS) -> None:
        self._work = work
        self._seconds = seconds
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="thresholds", daemon=True)

    def __enter__(self) -> ThresholdKeeper:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stopped.set()

    def _run(self) -> None:
        while not self._stopped.wait(self._seconds):
            try:
                self._work()
            except Exception as error:  # the server answers on with the numbers it has
                log.error("thresholds not derived", error=type(error).__name__)
