"""From a question to ranked hits: reads the question, fuses the legs, folds twin sections."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from intents.language import Language, detect_language, expand, fold, tokenize
from knowledge.analysis import mend_spelling
from knowledge.fusion import Fusion
from knowledge.index import LEGS, SearchIndex, searched_text
from knowledge.locators import cited_locators
from knowledge.model import Hit, Passage

CANDIDATES = 150
# A pasted page is cut: the question is in its first lines, and every word costs time.
LONGEST_QUESTION = 2_000
HINTS = {
    "LUF": re.compile(r"\bLUF\b|försörjningssektor|upphandlande enhet|\butilit", re.IGNORECASE),
    "LUK": re.compile(r"\bLUK\b|koncession|concession", re.IGNORECASE),
    "FL": re.compile(r"\bFL\b|förvaltningslag", re.IGNORECASE),
    "DOS": re.compile(r"\bDOS\b|DOS-lag|tillgänglig|webbplats", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class Result:
    """What a search found."""

    #: Best first.
    hits: tuple[Hit, ...]
    #: Probability that the best hit answers the question; 0 without hits.
    confidence: float
    #: The features behind it, for evaluation.
    features: tuple[float, ...]
    #: Sections the question cited that the corpus does not have.
    unknown: tuple[str, ...] = ()
    language: Language = "sv"


class Retriever:
    """Searches one index; safe to share between threads, since a search changes nothing."""

    def __init__(self, index: SearchIndex, fusion: Fusion, twins: Mapping[str, str]) -> None:
        self.index = index
        self.fusion = fusion
        self.twins = twins
        self._words = _count_words(index.passages)
        self._locators = {
            passage.locator: number
            for number, passage in reversed(list(enumerate(index.passages)))
            if passage.kind == "statute"
        }

    def search(self, question: str, k: int = 5) -> Result:
        """The ``k`` best passages of different sections for a question in Swedish or English."""
        question = question[:LONGEST_QUESTION]
        language = detect_language(question)
        if not fold(question) or not self.index.passages:
            return Result((), 0.0, (), language=language)
        cited = cited_locators(question)
        known = [self._locators[locator] for locator in cited if locator in self._locators]
        if known:
            hits = tuple(Hit(self.index.passages[n], 1.0, {}) for n in dict.fromkeys(known[:k]))
            return Result(hits, 1.0, (), language=language)
        unknown = tuple(locator for locator in cited if locator not in self._locators)
        hits, features = self._search(question, k)
        confidence = self.fusion.probability(features) if features else 0.0
        return Result(hits, confidence, features, unknown, language)

    def terms(self, question: str) -> list[str]:
        """Stems to look for: spelling mended, synonyms and English terms added."""
        added = " ".join(expand(question))
        return self.index.analyse(f"{mend_spelling(question, self._words)} {added}")

    def _search(self, question: str, k: int) -> tuple[tuple[Hit, ...], tuple[float, ...]]:
        terms = self.terms(question)
        scores = self.index.score(f"{question} {' '.join(expand(question))}", terms, CANDIDATES)
        if not len(scores.passages):
            return (), ()
        fused = self.fusion.fuse(scores.legs)
        hinted = {act for act, pattern in HINTS.items() if pattern.search(question)}
        for row, number in enumerate(scores.passages):
            act = _act(self.index.passages[number])
            if act in HINTS and act not in hinted:
                fused[row] *= self.fusion.other_act
        order = np.argsort(-fused, kind="stable")
        hits = self._fold(order, scores.passages, fused, scores.legs, hinted)[: max(k, 2)]
        return tuple(hits[:k]), self._features(hits, terms)

    def _fold(
        self,
        order: np.ndarray[tuple[int], np.dtype[np.intp]],
        numbers: np.ndarray[tuple[int], np.dtype[np.int64]],
        fused: np.ndarray[tuple[int], np.dtype[np.float32]],
        legs: np.ndarray[tuple[int, int], np.dtype[np.float32]],
        hinted: set[str],
    ) -> list[Hit]:
        """One hit per section; twins of other acts become a line of the section they repeat."""
        hits: dict[str, Hit] = {}
        for row in order[:40]:
            passage = self.index.passages[numbers[row]]
            name = passage.locator if passage.kind == "statute" else passage.id
            twin = self.twins.get(passage.locator, "")
            if twin and _act(passage) not in hinted and twin in self._locators:
                kept = hits.get(twin)
                if kept is None:
                    passage, name = self.index.passages[self._locators[twin]], twin
                elif passage.locator not in kept.twins:
                    hits[twin] = Hit(
                        kept.passage, kept.score, kept.legs, (*kept.twins, passage.locator)
                    )
                    continue
            if name not in hits:
                each = dict(zip(LEGS, map(float, legs[row]), strict=True))
                hits[name] = Hit(passage, float(fused[row]), each)
        return list(hits.values())

    def _features(self, hits: Sequence[Hit], terms: Sequence[str]) -> tuple[float, ...]:
        best = hits[0]
        rivals = [hit.score for hit in hits[1:] if hit.passage.basis != best.passage.basis]
        return (
            best.score,
            best.score - (rivals[0] if rivals else 0.0),
            self._coverage(best.passage, terms),
            max(best.legs["question_grams"], best.legs["question_stems"]),
            float(best.passage.kind == "statute"),
        )

    def _coverage(self, passage: Passage, terms: Sequence[str]) -> float:
        """Share of the question's rare words that the passage or its questions hold."""
        text = f"{searched_text(passage)} {' '.join(passage.questions)}"
        there = set(self.index.analyse(text))
        weights = {term: self.index.lexical["text_stems"].weight(term) for term in set(terms)}
        total = sum(weights.values())
        return sum(w for term, w in weights.items() if term in there) / total if total else 0.0


def _act(passage: Passage) -> str:
    return passage.locator.split(" ")[0].removesuffix("-lagen") if passage.kind == "statute" else ""


def _count_words(passages: Iterable[Passage]) -> dict[str, int]:
    """Folded words of the corpus that a misspelt word may be taken for."""
    counts: dict[str, int] = {}
    for passage in passages:
        for text in (passage.text, passage.about, *passage.questions):
            for token in tokenize(text):
                counts[token.folded] = counts.get(token.folded, 0) + 1
    return counts
