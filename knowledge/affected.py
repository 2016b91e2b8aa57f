"""Which questions a change of some texts can touch at all, told without answering them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.analysis import gram_terms
from knowledge.features import Asked
from knowledge.index import LEXICAL, SearchIndex
from knowledge.locators import cited_locators
from knowledge.model import Passage
from knowledge.reading import LONGEST_QUESTION, read_question, without_fillers
from knowledge.segments import Floats

#: A passage that is further down by every leg does not come first (of 1 382 gold questions 99 in
#: 100 find their first passage among the 20 nearest of some leg).
DEPTH = 25
#: Questions compared at a time: few enough for memory, many enough for one multiplication.
SLICE = 64


def touched(
    index: SearchIndex, gone: Collection[str], new: Sequence[Passage], questions: Sequence[str]
) -> Iterator[bool]:
    """For each question: does a changed passage come near it by any leg, or by its name?

    Args:
        index: of the live corpus; it stays as it is.
        gone: ids of documents whose live passages count as changed.
        new: passages that would be added.
        questions: as typed.
    """
    both = index.exchanged((), new)
    first = len(index.passages)
    changed = np.array(
        [number >= first or p.document_id in gone for number, p in enumerate(both.passages)],
        np.bool_,
    )
    named = {passage.locator for number, passage in both.live() if changed[number]}
    for start in range(0, len(questions), SLICE):
        texts = [without_fillers(each[:LONGEST_QUESTION]) for each in questions[start:][:SLICE]]
        for text, near in zip(texts, _near(both, texts), strict=True):
            yield bool(changed[near].any() or named.intersection(cited_locators(text)))


def _near(index: SearchIndex, questions: Sequence[str]) -> Iterator[NDArray[np.int64]]:
    """Numbers of the passages nearest to each question by each leg."""
    read = [read_question(question, index) for question in questions]
    vectors = index.embedder.encode_queries([each.text for each in read])
    texts = vectors @ index.vectors["text_vector"].rows.T
    asked = vectors @ index.vectors["question_vector"].rows.T
    for row, each in enumerate(read):
        found = [_best(scores) for scores in (*_lexical(index, each), texts[row])]
        yield np.concatenate([*found, index.questions.owners(_best(asked[row]))])


def _lexical(index: SearchIndex, asked: Asked) -> Iterator[Floats]:
    for name, terms in zip(LEXICAL, (asked.terms, gram_terms(asked.text)), strict=True):
        yield index.lexical[name].scores(terms)[0]


def _best(scores: Floats) -> NDArray[np.int64]:
    kept = min(DEPTH, len(scores))
    return np.argpartition(-scores, kept - 1)[:kept] if kept else np.zeros(0, np.int64)
