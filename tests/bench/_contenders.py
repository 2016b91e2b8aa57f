"""The ways of answering that are measured: ours, the bare library calls, a Haystack pipeline."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.decision import Moment, Services
from bot.messages import ConversationKey, Said
from bot.router import Router
from bot.settings import Settings
from bot.texts import load_texts
from bot.thread import Thread
from knowledge.analysis import StemAnalyser, gram_terms
from knowledge.embedding import SHIPPED_MODEL, StaticEmbedder
from knowledge.fusion import load_fusion
from knowledge.index import build_index, searched_text
from knowledge.model import Passage
from knowledge.retriever import Retriever

KEY = ConversationKey("bench", "", "bench", "", "local")


@dataclass(frozen=True, slots=True)
class Contender:
    """One way of answering, built and ready to be timed."""

    ask: Callable[[str], object]
    #: Numbers of the ten best passages.
    rank: Callable[[str], Sequence[int]]
    #: Publishes a changed article; None where the library cannot.
    publish: Callable[[Passage], None] | None = None


def hansyn(passages: Sequence[Passage]) -> Contender:
    """Route, search, compose and write, as one message meets them."""
    retriever = Retriever(build_index(passages, StaticEmbedder(SHIPPED_MODEL)), load_fusion(), {})
    router = Router(_services(retriever), _moment())
    place = {id(passage): number for number, passage in enumerate(passages)}

    def rank(question: str) -> list[int]:
        return [place.get(id(hit.passage), -1) for hit in retriever.search(question, k=10).hits]

    def publish(passage: Passage) -> None:
        changed = replace(passage, text=passage.text + " Ändrad.")
        retriever.replace(passage.document_id, [changed])

    return Contender(lambda text: router.decide(Said(text), Thread()), rank, publish)


def bare(passages: Sequence[Passage]) -> Contender:
    """Encode, one flat faiss index and two bm25s indexes; joined by reciprocal rank."""
    import bm25s
    import faiss

    embedder = StaticEmbedder(SHIPPED_MODEL)
    texts = [searched_text(passage) for passage in passages]
    analyse = StemAnalyser()
    vectors = faiss.IndexFlatIP(embedder.dimension)
    vectors.add(embedder.encode_passages(texts))
    words, grams = bm25s.BM25(), bm25s.BM25()
    words.index([analyse(text) for text in texts], show_progress=False)
    grams.index([list(gram_terms(text)) for text in texts], show_progress=False)

    def ask(question: str) -> list[list[int]]:
        # Left to itself the library wakes a thread per core, which costs it more on a busy machine.
        faiss.omp_set_num_threads(1)
        _, near = vectors.search(embedder.encode_queries([question]), 10)
        sought = ((words, analyse(question)), (grams, list(gram_terms(question))))
        ranked = [leg.retrieve([terms], k=10, show_progress=False)[0] for leg, terms in sought]
        return [near[0].tolist(), *(found[0].tolist() for found in ranked)]

    return Contender(ask, lambda text: _joined(ask(text)))


def haystack(passages: Sequence[Passage]) -> Contender:
    """In-memory store, its BM25 and the same vectors, joined by reciprocal rank."""
    os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"
    from haystack import Document, Pipeline
    from haystack.components.joiners import DocumentJoiner
    from haystack.components.retrievers.in_memory import (
        InMemoryBM25Retriever,
        InMemoryEmbeddingRetriever,
    )
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    embedder = StaticEmbedder(SHIPPED_MODEL)
    texts = [searched_text(passage) for passage in passages]
    rows = enumerate(zip(texts, embedder.encode_passages(texts), strict=True))
    store = InMemoryDocumentStore(embedding_similarity_function="dot_product")
    store.write_documents(
        [Document(id=str(n), content=text, embedding=row.tolist()) for n, (text, row) in rows]
    )
    pipeline = Pipeline()
    pipeline.add_component("words", InMemoryBM25Retriever(store, top_k=10))
    pipeline.add_component("vectors", InMemoryEmbeddingRetriever(store, top_k=10))
    pipeline.add_component("joined", DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=10))
    pipeline.connect("words", "joined")
    pipeline.connect("vectors", "joined")

    def ask(question: str) -> list[int]:
        vector = embedder.encode_queries([question])[0].tolist()
        given = {"words": {"query": question}, "vectors": {"query_embedding": vector}}
        return [int(found.id) for found in pipeline.run(given)["joined"]["documents"]]

    return Contender(ask, ask)


CONTENDERS = {"hansyn": hansyn, "bare": bare, "haystack": haystack}


def _services(retriever: Retriever) -> Services:
    settings = Settings()
    return Services(
        retriever=lambda: retriever,
        texts=load_texts(),
        configured=lambda: settings,
        number=lambda kind, year: "",
        new_id=lambda: "",
        vocabularies=lambda day: {},
        look_up=lambda name, arguments, key: [],
    )


def _moment() -> Moment:
    now = datetime.now(UTC)
    return Moment(KEY, now, now.date(), "sv", may_report=True, dry=True)


def _joined(rankings: Sequence[Sequence[int]]) -> list[int]:
    scores: dict[int, float] = {}
    for ranking in rankings:
        for place, number in enumerate(ranking):
            scores[number] = scores.get(number, 0.0) + 1 / (60 + place)
    return sorted(scores, key=lambda number: -scores[number])[:10]
