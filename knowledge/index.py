"""The search index of a corpus: four lexical fields and two vector fields over one set of rows.

A passage is one row. Each of its example questions is a row of its own in the question fields,
so that a passage is as near as its nearest question and many questions do not dilute one another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import faiss
import numpy as np
from numpy.typing import NDArray

from knowledge.analysis import StemAnalyser, gram_terms, part_vocabulary
from knowledge.embedding import Embedder
from knowledge.lexical import Floats, LexicalIndex
from knowledge.model import Passage

#: Legs in the order of every feature vector.
LEGS = (
    "text_stems",
    "text_grams",
    "question_stems",
    "question_grams",
    "text_vector",
    "question_vector",
)


@dataclass(frozen=True, slots=True)
class Scores:
    """Each leg's score for some passages; 0 to 1, higher is nearer."""

    #: Numbers of the passages, in no order.
    passages: NDArray[np.int64]
    #: One row per passage, one column per leg.
    legs: Floats


class SearchIndex:
    """An updatable index; ``replace`` swaps one document's passages for new ones."""

    def __init__(self, embedder: Embedder, vocabulary: frozenset[str] = frozenset()) -> None:
        self.embedder = embedder
        self.analyse = StemAnalyser(vocabulary)
        self.passages: list[Passage] = []
        self.alive: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self.lexical = {
            name: LexicalIndex(self.analyse if name.endswith("stems") else gram_terms)
            for name in LEGS[:4]
        }
        self.vectors = {name: faiss.IndexFlatIP(embedder.dimension) for name in LEGS[4:]}
        self._passage_of: NDArray[np.int64] = np.zeros(0, np.int64)
        self._questions_of: list[range] = []

    def add(self, passages: Sequence[Passage]) -> None:
        """Indexes passages."""
        if not passages:
            return
        first = len(self.passages)
        self.passages.extend(passages)
        self.alive = np.concatenate([self.alive, np.ones(len(passages), np.bool_)])
        texts = [searched_text(passage) for passage in passages]
        self.lexical["text_stems"].add(texts)
        self.lexical["text_grams"].add(texts)
        self.vectors["text_vector"].add(self.embedder.encode_passages(texts))
        self._add_questions(passages, first)

    def _add_questions(self, passages: Sequence[Passage], first: int) -> None:
        row = len(self._passage_of)
        questions: list[str] = []
        owners: list[int] = []
        for number, passage in enumerate(passages, first):
            asked = (*passage.questions, *((passage.about,) if passage.about else ()))
            self._questions_of.append(range(row + len(questions), row + len(questions) + len(asked)))
            questions.extend(asked)
            owners.extend([number] * len(asked))
        self._passage_of = np.concatenate([self._passage_of, np.asarray(owners, np.int64)])
        self.lexical["question_stems"].add(questions)
        self.lexical["question_grams"].add(questions)
        if questions:
            self.vectors["question_vector"].add(self.embedder.encode_queries(questions))

    def remove(self, document_ids: Iterable[str]) -> None:
        """Takes every passage of the documents out of all fields."""
        gone = set(document_ids)
        numbers = [
            number
            for number, passage in enumerate(self.passages)
            if self.alive[number] and passage.document_id in gone
        ]
        self.alive[numbers] = False
        questions = [row for number in numbers for row in self._questions_of[number]]
        for name, index in self.lexical.items():
            index.remove(questions if name.startswith("question") else numbers)

    def replace(self, document_id: str, passages: Sequence[Passage]) -> None:
        """Publishes a new version of one document."""
        self.remove([document_id])
        self.add(passages)

    def score(self, question: str, terms: Sequence[str], candidates: int) -> Scores:
        """Scores the passages that any leg thinks near.

        Args:
            question: as typed; read by the embedding and the 4-grams.
            terms: stems to look for, spelling mended and synonyms added.
            candidates: how many passages to consider.
        """
        lexical = {
            "text_stems": self._lexical("text_stems", terms),
            "text_grams": self._lexical("text_grams", gram_terms(question)),
            "question_stems": self._by_question("question_stems", terms),
            "question_grams": self._by_question("question_grams", gram_terms(question)),
        }
        query = self.embedder.encode_queries([question])
        chosen = self._choose(lexical, query, candidates)
        legs = np.zeros((len(chosen), len(LEGS)), np.float32)
        for column, name in enumerate(LEGS[:4]):
            legs[:, column] = lexical[name][chosen]
        if len(chosen):
            legs[:, 4] = self._vectors_of("text_vector", chosen) @ query[0]
            legs[:, 5] = [self._nearest_question(number, query[0]) for number in chosen]
        return Scores(chosen, legs)

    def _lexical(self, name: str, terms: Sequence[str]) -> Floats:
        scores, ceiling = self.lexical[name].scores(terms)
        return scores / np.float32(ceiling) if ceiling else scores

    def _by_question(self, name: str, terms: Sequence[str]) -> Floats:
        rows = self._lexical(name, terms)
        best = np.zeros(len(self.passages), np.float32)
        hit = np.flatnonzero(rows)
        np.maximum.at(best, self._passage_of[hit], rows[hit])
        return best

    def _choose(self, lexical: dict[str, Floats], query: Floats, count: int) -> NDArray[np.int64]:
        total = np.sum(list(lexical.values()), axis=0) * self.alive
        count = min(count, len(total))
        near: list[NDArray[np.int64]] = [np.argpartition(-total, count - 1)[:count]] if count else []
        for name, index in self.vectors.items():
            if index.ntotal:
                _, rows = index.search(query, min(count, index.ntotal))
                found = rows[0][rows[0] >= 0]
                near.append(self._passage_of[found] if name.startswith("question") else found)
        chosen = np.unique(np.concatenate(near)) if near else np.zeros(0, np.int64)
        return chosen[self.alive[chosen]].astype(np.int64)

    def _vectors_of(self, name: str, rows: NDArray[np.int64]) -> Floats:
        matrix = faiss.rev_swig_ptr(
            self.vectors[name].get_xb(), self.vectors[name].ntotal * self.embedder.dimension
        )
        return np.asarray(matrix.reshape(-1, self.embedder.dimension)[rows], np.float32)

    def _nearest_question(self, number: int, query: Floats) -> float:
        rows = np.asarray(self._questions_of[number], np.int64)
        return float((self._vectors_of("question_vector", rows) @ query).max()) if len(rows) else 0.0


def searched_text(passage: Passage) -> str:
    """What the text fields see of a passage: names first, then the passage itself."""
    return f"{passage.about or passage.title}. {passage.heading}. {passage.text}"


def build_index(passages: Sequence[Passage], embedder: Embedder) -> SearchIndex:
    """Indexes a whole corpus."""
    texts = [searched_text(passage) for passage in passages]
    index = SearchIndex(embedder, part_vocabulary(texts))
    index.add(passages)
    return index
