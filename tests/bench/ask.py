"""How fast a question is answered, beside the bare library calls and a Haystack pipeline.

All run on the same passages and the same 1 000 different questions, nothing cached between
them. A yardstick that is not installed is skipped and said so. Sizes can be given as
``HANSYN_BENCH_SIZES="1200 10000"``.
"""

from __future__ import annotations

import gc
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import faiss
import numpy as np
from bench._corpus import bench_passages, bench_questions, known_items

from intents.classify import classify
from knowledge.analysis import gram_terms
from knowledge.answering import compose
from knowledge.embedding import SHIPPED_MODEL, Embedder, StaticEmbedder
from knowledge.figures import ndcg
from knowledge.fusion import load_fusion
from knowledge.index import build_index, searched_text
from knowledge.model import Passage
from knowledge.retriever import Retriever

SIZES = (1_200, 10_000, 50_000)
QUESTIONS = 1_000
KNOWN = 100
# A pipeline that takes a second a question is timed on fewer of them.
SLOW_BUDGET_SECONDS = 60.0
FIRST_ANSWER = """
import time; start = time.perf_counter()
from pathlib import Path
from knowledge.embedding import SHIPPED_MODEL, StaticEmbedder
from knowledge.guidance import load_guidance
from knowledge.passages import split
from knowledge.index import build_index
from knowledge.fusion import load_fusion
from knowledge.retriever import Retriever
from knowledge.answering import compose
articles = load_guidance(values={"support_mailbox": "stod@example.org"})
passages = [passage for article in articles for passage in split(article)]
retriever = Retriever(build_index(passages, StaticEmbedder(SHIPPED_MODEL)), load_fusion(), {})
result = retriever.search("Vad är bruttolistan?")
compose("Vad är bruttolistan?", result, retriever.terms, 0.5, 0.2)
print(time.perf_counter() - start)
"""

Ranker = Callable[[str], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Contender:
    """One way of searching, ready to be timed."""

    name: str
    build_seconds: float
    ask: Callable[[str], object]
    #: Numbers of the ten best passages.
    rank: Ranker


def main() -> int:
    """Measures every size and prints a table; 0 when it could be measured."""
    embedder = StaticEmbedder(SHIPPED_MODEL)
    questions = bench_questions(QUESTIONS)
    sizes = [int(size) for size in os.environ.get("HANSYN_BENCH_SIZES", "").split()] or SIZES
    started = subprocess.run(  # our own interpreter and a constant
        [sys.executable, "-c", FIRST_ANSWER], capture_output=True, text=True, check=True
    )
    say(
        f"first answer after process start, starter corpus, no cache: {float(started.stdout):.2f} s"
    )
    for size in sizes:
        measure(bench_passages(size), questions, embedder)
    return 0


def measure(passages: list[Passage], questions: Sequence[str], embedder: Embedder) -> None:
    """One size: every contender that is installed, and a changed article."""
    say(f"\n{len(passages)} passages, {len(questions)} questions")
    items = known_items(passages, KNOWN)
    ours, retriever = hansyn(passages, embedder)
    median = report(ours, questions, items)
    changed = publish(retriever, passages[0])
    share = changed / ours.build_seconds
    say(f"  one changed article: {changed * 1e3:.1f} ms, {share:.4f} of the build")
    del ours, retriever
    gc.collect()
    for name, make in (("bare library calls", bare), ("haystack", haystack)):
        try:
            contender = make(passages, embedder)
        except ImportError as error:
            say(f"  {name}: skipped, {error.name} is not installed")
            continue
        other = report(contender, questions, items)
        say(f"  hansyn / {name}: {median / other:.2f}   {name} / hansyn: {other / median:.1f}")
        gc.collect()


def report(
    contender: Contender, questions: Sequence[str], items: Sequence[tuple[str, int]]
) -> float:
    """Times the questions one by one; returns the median in seconds."""
    for question in questions[:5]:
        contender.ask(question)
    times: list[float] = []
    begun = time.perf_counter()
    for question in questions:
        start = time.perf_counter()
        contender.ask(question)
        times.append(time.perf_counter() - start)
        if time.perf_counter() - begun > SLOW_BUDGET_SECONDS:
            break
    found = [ndcg([n == number for n in contender.rank(text)], 1) for text, number in items]
    median = statistics.median(times)
    late = float(np.quantile(times, 0.95))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(
        f"  {contender.name}: p50 {median * 1e3:.2f} ms, p95 {late * 1e3:.2f} ms over {len(times)},"
        f" build {contender.build_seconds:.1f} s, nDCG@10 {statistics.mean(found):.3f},"
        f" peak of the process so far {peak:.0f} MiB"
    )
    return median


def hansyn(passages: list[Passage], embedder: Embedder) -> tuple[Contender, Retriever]:
    """Route, search and compose as one message meets them."""
    start = time.perf_counter()
    retriever = Retriever(build_index(passages, embedder), load_fusion(), {})
    built = time.perf_counter() - start
    fusion = retriever.fusion
    place = {id(passage): number for number, passage in enumerate(passages)}

    def ask(question: str) -> object:
        classify(question)
        result = retriever.search(question)
        return compose(question, result, retriever.terms, fusion.answer_at, fusion.near_at)

    def rank(question: str) -> list[int]:
        return [place[id(hit.passage)] for hit in retriever.search(question, k=10).hits]

    return Contender("hansyn", built, ask, rank), retriever


def bare(passages: list[Passage], embedder: Embedder) -> Contender:
    """Encode, one flat faiss index and two bm25s indexes; joined by reciprocal rank."""
    import bm25s

    start = time.perf_counter()
    texts = [searched_text(passage) for passage in passages]
    analyse = build_index(passages[:1], embedder).analyse
    vectors = faiss.IndexFlatIP(embedder.dimension)
    vectors.add(embedder.encode_passages(texts))
    words, grams = bm25s.BM25(), bm25s.BM25()
    words.index([analyse(text) for text in texts], show_progress=False)
    grams.index([list(gram_terms(text)) for text in texts], show_progress=False)
    built = time.perf_counter() - start

    def ask(question: str) -> list[list[int]]:
        _, near = vectors.search(embedder.encode_queries([question]), 10)
        sought = ((words, analyse(question)), (grams, list(gram_terms(question))))
        ranked = [leg.retrieve([terms], k=10, show_progress=False)[0] for leg, terms in sought]
        return [near[0].tolist(), *(found[0].tolist() for found in ranked)]

    return Contender("bare library calls", built, ask, lambda text: _joined(ask(text)))


def haystack(passages: list[Passage], embedder: Embedder) -> Contender:
    """In-memory store, its BM25 and the same vectors, joined by reciprocal rank."""
    os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"
    from haystack import Document, Pipeline
    from haystack.components.joiners import DocumentJoiner
    from haystack.components.retrievers.in_memory import (
        InMemoryBM25Retriever,
        InMemoryEmbeddingRetriever,
    )
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    start = time.perf_counter()
    texts = [searched_text(passage) for passage in passages]
    vectors = embedder.encode_passages(texts)
    store = InMemoryDocumentStore(embedding_similarity_function="dot_product")
    store.write_documents(
        [
            Document(id=str(number), content=text, embedding=vector.tolist())
            for number, (text, vector) in enumerate(zip(texts, vectors, strict=True))
        ]
    )
    pipeline = Pipeline()
    pipeline.add_component("words", InMemoryBM25Retriever(store, top_k=10))
    pipeline.add_component("vectors", InMemoryEmbeddingRetriever(store, top_k=10))
    pipeline.add_component("joined", DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=10))
    pipeline.connect("words", "joined")
    pipeline.connect("vectors", "joined")
    built = time.perf_counter() - start

    def ask(question: str) -> list[int]:
        vector = embedder.encode_queries([question])[0].tolist()
        given = {"words": {"query": question}, "vectors": {"query_embedding": vector}}
        return [int(found.id) for found in pipeline.run(given)["joined"]["documents"]]

    return Contender("haystack", built, ask, ask)


def publish(retriever: Retriever, passage: Passage) -> float:
    """Seconds until a changed article can be found."""
    start = time.perf_counter()
    retriever.replace(passage.document_id, [replace(passage, text=passage.text + " Ändrad.")])
    return time.perf_counter() - start


def _joined(rankings: Sequence[Sequence[int]]) -> list[int]:
    scores: dict[int, float] = {}
    for ranking in rankings:
        for place, number in enumerate(ranking):
            scores[number] = scores.get(number, 0.0) + 1 / (60 + place)
    return sorted(scores, key=lambda number: -scores[number])[:10]


def say(line: str) -> None:
    """Prints at once, so that long runs show where they are."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
