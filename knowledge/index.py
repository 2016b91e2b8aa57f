"""The search index of a corpus: two lexical fields and two vector fields.

A passage is one row of the lexical fields, which hold its example questions too: what buyers
call a thing then counts as if it stood in the text. Each different question is also a row of its
own in the question vectors, so that a passage is as near as its two nearest questions and many
questions do not dilute one another; twin sections share the rows of the questions they share.
Lexical fields of single questions were tried: beside these four legs they were given no weight.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.analysis import StemAnalyser, gram_terms, part_vocabulary
from knowledge.embedding import Embedder
from knowledge.errors import IndexMismatch
from knowledge.lexical import LexicalIndex
from knowledge.model import Passage
from knowledge.question_rows import QuestionRows
from knowledge.segments import Floats
from knowledge.spelling import Speller
from knowledge.vectors import VectorField

#: Legs in the order of every feature vector.
LEGS = (
    "whole_stems",
    "whole_grams",
    "text_vector",
    "question_vector",
)
LEXICAL = LEGS[:2]
VECTORS = LEGS[2:]
#: Passages read at a time where somebody else wants the processor too.
SLICE = 32


@dataclass(frozen=True, slots=True)
class Scores:
    """Each leg's score for some passages; 0 to 1, higher is nearer."""

    #: Numbers of the passages, ascending.
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
            for name in LEXICAL
        }
        self.vectors = {name: VectorField(embedder.dimension) for name in VECTORS}
        self.questions = QuestionRows()
        self.speller = Speller()
        self._numbers_of: dict[str, list[int]] = {}

    @property
    def empty(self) -> bool:
        """Is there nothing to find?"""
        return not self.alive.any()

    def live(self) -> list[tuple[int, Passage]]:
        """The passages that can be found, with their numbers."""
        return [(int(n), self.passages[n]) for n in np.flatnonzero(self.alive)]

    def add(self, passages: Sequence[Passage]) -> None:
        """Indexes passages."""
        self._exchange([], passages)

    def remove(self, document_ids: Iterable[str]) -> None:
        """Takes every passage of the documents out of all fields."""
        self._exchange(list(document_ids), ())

    def replace(self, document_id: str, passages: Sequence[Passage]) -> None:
        """Publishes a new version of one document."""
        self._exchange([document_id], passages)

    def exchanged(
        self,
        gone: Iterable[str],
        passages: Sequence[Passage],
        rest: Callable[[], None] = lambda: None,
    ) -> SearchIndex:
        """Another index with documents ``gone`` taken out and passages added; this one stays.

        Only passages that are not there word for word are read and embedded; what cannot change
        is shared. ``rest`` is called between slices of the work.

        Raises:
            IndexMismatch: the fields of the new index disagree.
        """
        other = self._copied()
        rest()
        new = other._take_over(gone, passages)
        for start in range(0, len(new), SLICE):
            rest()
            other._enter(new[start : start + SLICE])
        other.check()
        return other

    def check(self) -> None:
        """Raises :class:`IndexMismatch` unless every field has a row for every passage."""
        rows = [len(self.alive), *(len(field) for field in self.lexical.values())]
        rows.append(len(self.vectors["text_vector"]))
        questions = len(self.vectors["question_vector"])
        if set(rows) != {len(self.passages)} or questions != len(self.questions):
            raise IndexMismatch

    def _copied(self) -> SearchIndex:
        other = SearchIndex(self.embedder)
        other.analyse = self.analyse
        other.passages, other.alive = list(self.passages), self.alive.copy()
        other.lexical = {name: field.copied() for name, field in self.lexical.items()}
        other.vectors = {name: field.copied() for name, field in self.vectors.items()}
        other.questions, other.speller = self.questions.copied(), self.speller.copied()
        other._numbers_of = {name: list(numbers) for name, numbers in self._numbers_of.items()}
        return other

    def restore(self, passages: Sequence[Passage]) -> None:
        """Enters passages whose rows the fields already hold, as after loading from a file."""
        self._register(passages)
        self.questions.enter(0, [asked(passage) for passage in passages])

    def _exchange(self, gone: Iterable[str], passages: Sequence[Passage]) -> None:
        self._enter(self._take_over(gone, passages))

    def _take_over(self, gone: Iterable[str], passages: Sequence[Passage]) -> list[Passage]:
        """Takes the documents out but for rows that say the very same, which serve the new
        passages; returns the passages that still have to be entered."""
        rows: dict[object, list[int]] = {}
        for number in (n for name in gone for n in self._numbers_of.pop(name, [])):
            rows.setdefault(_read(self.passages[number]), []).append(number)
        new = []
        for passage in passages:
            if same := rows.get(_read(passage)):
                number = same.pop()
                self.passages[number] = passage
                self._numbers_of.setdefault(passage.document_id, []).append(number)
            else:
                new.append(passage)
        self._leave([number for left in rows.values() for number in left])
        return new

    def _leave(self, numbers: list[int]) -> None:
        self.alive[numbers] = False
        self.speller.remove(text for n in numbers for text in words_of(self.passages[n]))
        self.questions.leave(numbers)
        if numbers:
            for field in self.lexical.values():
                field.remove(numbers)

    def _enter(self, passages: Sequence[Passage]) -> None:
        first = len(self.passages)
        self._register(passages)
        self.speller.add(text for passage in passages for text in words_of(passage))
        new = self.questions.enter(first, [asked(passage) for passage in passages])
        wholes = [whole_text(passage) for passage in passages]
        for field in self.lexical.values():
            field.add(wholes)
        if passages:
            texts = [searched_text(passage) for passage in passages]
            self.vectors["text_vector"].add(self.embedder.encode_passages(texts))
        if new:
            self.vectors["question_vector"].add(self.embedder.encode_queries(new))

    def _register(self, passages: Sequence[Passage]) -> None:
        for number, passage in enumerate(passages, len(self.passages)):
            self._numbers_of.setdefault(passage.document_id, []).append(number)
        self.passages.extend(passages)
        self.alive = np.concatenate([self.alive, np.ones(len(passages), np.bool_)])

    def score(
        self, question: str, terms: Sequence[str], candidates: int, without: str = ""
    ) -> Scores:
        """Scores the passages that any leg thinks near.

        Args:
            question: as typed; read by the embedding and the 4-grams.
            terms: stems to look for, spelling mended and synonyms added.
            candidates: how many passages to consider.
            without: an example question that is to be overlooked, when fitting on it.
        """
        sought = {"whole_stems": terms, "whole_grams": gram_terms(question)}
        lexical = {name: self._lexical(name, sought[name]) for name in LEXICAL}
        overlooked = self.questions.row(without) if without else None
        if overlooked is not None:
            for name in LEXICAL:
                self._overlook(name, lexical[name], sought[name], without)
        query = self.embedder.encode_queries([question])
        chosen = self._choose(lexical, query, candidates)
        nearest = self.questions.nearest(
            self.vectors["question_vector"], query[0], chosen, overlooked
        )
        text = self.vectors["text_vector"].products(chosen, query[0])
        columns = [*(lexical[name][chosen] for name in LEXICAL), text, nearest]
        return Scores(chosen, np.stack(columns, axis=1).astype(np.float32))

    def _overlook(self, name: str, rows: Floats, terms: Sequence[str], question: str) -> None:
        row = self.questions.row(question)
        _, ceiling = self.lexical[name].scores(terms)
        for number in self.questions.owners(np.array([row])):
            if question in self.passages[number].questions:
                less = self.lexical[name].score_less(int(number), terms, question)
                rows[number] = less / max(ceiling, 1e-9)

    def _lexical(self, name: str, terms: Sequence[str]) -> Floats:
        scores, ceiling = self.lexical[name].scores(terms)
        return scores / np.float32(ceiling) if ceiling else scores

    def _choose(self, lexical: dict[str, Floats], query: Floats, count: int) -> NDArray[np.int64]:
        total = np.add.reduce(list(lexical.values())) * self.alive
        count = min(count, len(total))
        if not count:
            return np.zeros(0, np.int64)
        near = np.zeros(len(total), np.bool_)
        near[np.argpartition(total, len(total) - count)[len(total) - count :]] = True
        dead = len(self.alive) - int(self.alive.sum())
        for name, field in self.vectors.items():
            if len(field):
                found = field.nearest(query[0], count // 2 + min(dead, count) + 1)
                near[self.questions.owners(found) if name.startswith("question") else found] = True
        return np.flatnonzero(near & self.alive).astype(np.int64, copy=False)


def asked(passage: Passage) -> tuple[str, ...]:
    """What stands for the passage among the questions: its own, and its plain name or title."""
    name = passage.about or (passage.title if passage.kind == "article" else "")
    if not passage.questions and passage.kind != "statute":
        # Nobody has written questions for an imported text; its headings say what it answers.
        name = passage.heading or passage.title
    return (*passage.questions, *((name,) if name else ()))


def searched_text(passage: Passage) -> str:
    """What the text vector sees of a passage: names first, then the passage itself.

    The plain name stands twice: its few words say more than any of the text's.
    """
    names = (passage.about, passage.about) if passage.about else (passage.title,)
    return ". ".join((*names, passage.heading, passage.text))


def whole_text(passage: Passage) -> str:
    """What the whole-text fields see: the searched text and its questions."""
    return "\n".join((searched_text(passage), *passage.questions))


def _read(passage: Passage) -> tuple[object, ...]:
    """Everything of a passage that any field reads."""
    names = (passage.kind, passage.title, passage.about, passage.heading)
    return (*names, passage.text, passage.questions)


def words_of(passage: Passage) -> tuple[str, ...]:
    """Texts whose words a misspelt word may be taken for."""
    return (passage.text, passage.about, *passage.questions)


def build_index(
    passages: Sequence[Passage], embedder: Embedder, parts: frozenset[str] | None = None
) -> SearchIndex:
    """Indexes a whole corpus; ``parts`` of compounds are gathered from it unless given."""
    if parts is None:
        parts = part_vocabulary(whole_text(passage) for passage in passages)
    index = SearchIndex(embedder, parts)
    index.add(passages)
    return index
