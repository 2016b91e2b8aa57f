"""From a question to ranked hits: reads the question, fuses the legs, folds twin sections."""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from intents.language import Glossary, Language, detect_language, fold
from knowledge.counterparts import counterparts_of
from knowledge.features import Asked, describe_best, measure_lead
from knowledge.fusion import Fusion
from knowledge.index import LEGS, Scores, SearchIndex
from knowledge.locators import act_of, cited_locators, regime_of
from knowledge.model import Hit, Passage
from knowledge.reading import (
    HINTS,
    LONGEST_QUESTION,
    REGIMES,
    Thing,
    asks_for_all,
    hinted_acts,
    hinted_regimes,
    last_question,
    numbered_things,
    read_question,
    without_fillers,
)
from knowledge.segments import Floats

#: Keys of the public web pages that articles rest on.
WEB_PAGE = re.compile(r"W\d{1,2}")
CANDIDATES = 120
# Ranked candidates looked at when folding twins and pieces of one section.
FOLDED = 60
# Weight of the sentence that asks, beside the whole message, where a situation is told first.
LAST_SENTENCE = 0.25


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
    #: Stems that were looked for, spelling mended and synonyms added.
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranked:
    """Candidates of one question, scored but not yet folded."""

    asked: Asked
    scores: Scores
    #: One number per candidate.
    fused: Floats


class Retriever:
    """Searches one index; safe to share between threads, ``replace`` included."""

    def __init__(
        self,
        index: SearchIndex,
        fusion: Fusion,
        twins: Mapping[str, str],
        corpus_version: int = 0,
    ) -> None:
        self.index = index
        self.fusion = fusion
        self.twins = twins
        #: Of the published corpus it was made from; 0 for texts read from files.
        self.corpus_version = corpus_version
        self._lock = threading.Lock()
        self._read_corpus()

    def search(self, question: str, k: int = 5, glossary: Glossary | None = None) -> Result:
        """The ``k`` best passages of different sections for a question in Swedish or English.

        ``glossary`` tells what its words stand for, instead of the shipped one.
        """
        question = without_fillers(question[:LONGEST_QUESTION])
        language = detect_language(question)
        with self._lock:
            if not fold(question) or self.index.empty:
                return Result((), 0.0, (), language=language)
            cited = cited_locators(question)
            unknown = tuple(locator for locator in cited if locator not in self._locators)
            ranked = self.rank(question, glossary=glossary)
            hits, features = self._hits(ranked, hinted_acts(question), k)
            known = [locator for locator in cited if locator in self._locators]
            if known:
                named = [self._piece(locator, ranked) for locator in dict.fromkeys(known)]
                rest = [hit for hit in hits if hit.passage.locator not in known]
                kept = (*named, *rest)[:k]
                return Result(kept, 1.0, features, unknown, language, ranked.asked.terms)
        confidence = self.fusion.probability(features) if features else 0.0
        if unknown:
            # The section asked for is not here: what lies near is no answer to the question.
            confidence = min(confidence, math.nextafter(self.fusion.answer_at, 0.0))
        scored = tuple(replace(hit, score=hit.score * confidence) for hit in hits)
        return Result(scored, confidence, features, unknown, language, ranked.asked.terms)

    def terms(self, text: str) -> list[str]:
        """Comparable stems of a text, compounds taken apart; a question's own are in a result."""
        return self.index.analyse(text)

    def replace(self, document_id: str, passages: Sequence[Passage]) -> None:
        """Publishes a new version of one document; an empty one takes it out."""
        with self._lock:
            self.index.replace(document_id, passages)
            self._read_corpus()

    def rank(self, question: str, without: str = "", glossary: Glossary | None = None) -> Ranked:
        """Scores the candidates; ``without`` overlooks an example question, when fitting."""
        asked = read_question(question, self.index, glossary)
        scores = self.index.score(asked.text, asked.terms, CANDIDATES, without)
        fused = self._fuse(scores, question)
        last = last_question(question)
        if last:
            again = read_question(last, self.index, glossary)
            other = self.index.score(again.text, again.terms, CANDIDATES, without)
            scores, fused = _join(scores, fused, other, self._fuse(other, question))
        return Ranked(asked, scores, fused)

    def best_without(self, question: str) -> tuple[list[Hit], tuple[float, ...]]:
        """Best hits and features of an example question, its own row overlooked."""
        with self._lock:
            return self._hits(self.rank(question, question), hinted_acts(question), 5)

    def kinds(self, numbers: NDArray[np.int64], question: str) -> NDArray[np.bool_]:
        """One column per entry of ``KINDS`` for each passage."""
        acts, regimes = hinted_acts(question), hinted_regimes(question)
        things, all_of_them = numbered_things(question), asks_for_all(question)
        act, regime = self._acts[numbers], self._regimes[numbers]
        columns = (
            act != "",
            np.isin(act, [name for name in HINTS if name not in acts]),
            np.isin(act, list(acts)),
            np.isin(regime, [name for name in REGIMES if regimes and name not in regimes]),
            np.isin(regime, [] if regimes else ["under", "direct"]),
            self._of_other_number(numbers, things, all_of_them=all_of_them),
            self._outside[numbers],
            self._on_web[numbers],
        )
        return np.stack(columns, axis=1)

    def _of_other_number(
        self, numbers: NDArray[np.int64], things: frozenset[Thing], *, all_of_them: bool
    ) -> NDArray[np.bool_]:
        """Which are about one numbered thing where another one, or all of them, is asked about."""
        other = [
            number
            for number, own in self._things.items()
            if all_of_them or (things and not things & own)
        ]
        return np.isin(numbers, other)

    def _fuse(self, scores: Scores, question: str) -> Floats:
        return self.fusion.fuse(scores.legs, self.kinds(scores.passages, question))

    def _hits(
        self, ranked: Ranked, hinted: frozenset[str], k: int
    ) -> tuple[list[Hit], tuple[float, ...]]:
        if not len(ranked.fused):
            return [], ()
        order = np.argsort(-ranked.fused, kind="stable")
        hits, rows = self._fold(order[:FOLDED], ranked, hinted)
        number = int(ranked.scores.passages[rows[0]])
        own = str(self._sources[number])
        said = [own, *counterparts_of(own)]
        same = np.isin(self._sources[ranked.scores.passages], said)
        lead = measure_lead(ranked.fused, same)
        features = describe_best(
            self.index, ranked.asked, number, ranked.scores.legs, rows[0], lead
        )
        return hits[:k], features

    def _fold(
        self, order: NDArray[np.intp], ranked: Ranked, hinted: frozenset[str]
    ) -> tuple[list[Hit], list[int]]:
        """One hit per section; twins of other acts become a line of the section they repeat."""
        hits: dict[str, Hit] = {}
        rows: dict[str, int] = {}
        top = float(ranked.fused[order[0]])
        for row in order:
            passage = self.index.passages[ranked.scores.passages[row]]
            name = passage.locator if passage.kind == "statute" else passage.id
            twin = self.twins.get(passage.locator, "")
            if twin and act_of(passage.locator) not in hinted and twin in self._locators:
                kept = hits.get(twin)
                if kept is not None:
                    if passage.locator not in kept.twins:
                        hits[twin] = replace(kept, twins=(*kept.twins, passage.locator))
                    continue
                passage, name = self.index.passages[self._locators[twin][0]], twin
            if name not in hits:
                legs = dict(zip(LEGS, map(float, ranked.scores.legs[row]), strict=True))
                share = math.exp(min(0.0, float(ranked.fused[row]) - top))
                hits[name] = Hit(passage, share, legs)
                rows[name] = int(row)
        return list(hits.values()), list(rows.values())

    def _piece(self, locator: str, ranked: Ranked) -> Hit:
        """The piece of a cited section that is nearest to the rest of the question."""
        scores = dict(zip(map(int, ranked.scores.passages), map(float, ranked.fused), strict=True))
        lowest = min(scores.values(), default=0.0) - 1.0
        number = max(self._locators[locator], key=lambda n: scores.get(n, lowest))
        return Hit(self.index.passages[number], 1.0, {})

    def _read_corpus(self) -> None:
        """What every search looks up: acts by passage, passages by locator."""
        passages = self.index.passages
        statutes = [passage.kind == "statute" for passage in passages]
        named = [
            act_of(p.locator) if own else "" for p, own in zip(passages, statutes, strict=True)
        ]
        regimes = [
            regime_of(p.basis) if own else "" for p, own in zip(passages, statutes, strict=True)
        ]
        self._acts, self._regimes = np.array(named, np.str_), np.array(regimes, np.str_)
        self._sources = np.array([self.twins.get(p.locator, p.basis) for p in passages], np.str_)
        self._outside = np.array([p.outside for p in passages], np.bool_)
        self._on_web = np.array([bool(WEB_PAGE.fullmatch(p.basis)) for p in passages], np.bool_)
        articles = [(number, p) for number, p in enumerate(passages) if p.kind == "article"]
        titles = ((number, numbered_things(p.title)) for number, p in articles)
        self._things = {number: things for number, things in titles if things}
        self._locators: dict[str, list[int]] = {}
        for number, passage in self.index.live():
            if passage.kind == "statute":
                self._locators.setdefault(passage.locator, []).append(number)


def _join(
    left: Scores, left_fused: Floats, right: Scores, right_fused: Floats
) -> tuple[Scores, Floats]:
    """Candidates of the whole message and of its last sentence; both count."""
    numbers = np.array(sorted({*left.passages.tolist(), *right.passages.tolist()}), np.int64)
    legs = np.zeros((len(numbers), len(LEGS)), np.float32)
    total = np.zeros(len(numbers), np.float32)
    for scores, fused, share in (
        (left, left_fused, 1 - LAST_SENTENCE),
        (right, right_fused, LAST_SENTENCE),
    ):
        place = np.searchsorted(numbers, scores.passages)
        each = np.full(len(numbers), fused.min(initial=0.0), np.float32)
        each[place] = fused
        total += np.float32(share) * each
        legs[place] = np.maximum(legs[place], scores.legs)
    return Scores(numbers, legs), total
