"""Measures search and answers on gold questions; what ``hansyn eval`` prints."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.answering import Answer, compose
from knowledge.calibration import CurvePoint, coverage_risk, is_right
from knowledge.figures import DEPTH, Figure, RankFigures, figure, rank_figures
from knowledge.gold_questions import DECLINED, GoldQuestion
from knowledge.index import LEGS
from knowledge.model import Passage
from knowledge.retriever import Result, Retriever
from knowledge.segments import Floats

FUSION = "fusion"
#: Says what a message with numbers comes to on the gross list: "ja", "nej", "oklar" or "fråga".
Screen = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Measured:
    """What became of one gold question."""

    id: str
    question: str
    kind: str
    outcome: str
    #: Was the outcome the one it should be?
    right: bool
    #: Basis of the first source; empty without any.
    first: str
    #: Is the first source, is one of the first three, a wanted one?
    first_right: bool
    among_three: bool
    #: Do answer and quotes hold what they must? None where nothing is prescribed.
    facts: bool | None
    #: Is the verdict of the gross list right? None where none is due.
    verdict: bool | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All figures of one run."""

    #: Rank figures by leg, and of the fusion under ``FUSION``.
    legs: Mapping[str, RankFigures]
    #: Share of right outcomes by kind of question.
    outcomes: Mapping[str, Figure]
    #: Wrong ones among the answered.
    wrong_answers: Figure
    #: Not answered among those whose first source was right.
    false_abstentions: Figure
    #: Declined or shown as uncertain among the questions nobody here can answer.
    declined: Figure
    #: Right source first, right one among three, by kind.
    first_right: Mapping[str, Figure]
    among_three: Mapping[str, Figure]
    facts: Figure
    verdicts: Figure
    curve: tuple[CurvePoint, ...]
    questions: tuple[Measured, ...]

    def as_dict(self) -> dict[str, object]:
        """Plain numbers by name; per-question rows left out."""
        tables = {
            name: {kind: value.as_dict() for kind, value in getattr(self, name).items()}
            for name in ("legs", "outcomes", "first_right", "among_three")
        }
        singles = ("wrong_answers", "false_abstentions", "declined", "facts", "verdicts")
        return tables | {name: getattr(self, name).as_dict() for name in singles}


def evaluate(
    retriever: Retriever,
    gold: Sequence[GoldQuestion],
    twins: Mapping[str, str],
    screen: Screen | None = None,
) -> Evaluation:
    """Searches and answers every gold question.

    Args:
        retriever: corpus, model and thresholds to measure.
        gold: questions, usually of one half.
        twins: locator of a twin section -> locator of its LOU section.
        screen: the gross-list rule, for verdicts; without it none are counted.
    """
    counted = [question for question in gold if question.answerable or question.kind in DECLINED]
    measured = tuple(_measure(retriever, question, twins, screen) for question in gold)
    by_id = {item.id: item for item in measured}
    own = [by_id[question.id] for question in counted]
    answered = [item for item in own if item.outcome == "answered"]
    found = [item for item in own if item.first_right]
    hopeless = [item for item in measured if item.kind in DECLINED]
    right = np.array([item.first_right for item in own], np.bool_)
    chances = np.array([item.confidence for item in own], np.float64)
    return Evaluation(
        legs=rank_legs(retriever, [q for q in counted if q.wanted], twins),
        outcomes=_by_kind(own, lambda item: item.right),
        wrong_answers=figure([float(not item.right) for item in answered]),
        false_abstentions=figure([float(item.outcome != "answered") for item in found]),
        declined=figure([float(item.right) for item in hopeless]),
        first_right=_by_kind([i for i in own if i.kind not in DECLINED], lambda i: i.first_right),
        among_three=_by_kind([i for i in own if i.kind not in DECLINED], lambda i: i.among_three),
        facts=figure([float(item.facts) for item in measured if item.facts is not None]),
        verdicts=figure([float(item.verdict) for item in measured if item.verdict is not None]),
        curve=tuple(coverage_risk(chances, right)),
        questions=measured,
    )


def rank_legs(
    retriever: Retriever, gold: Sequence[GoldQuestion], twins: Mapping[str, str]
) -> dict[str, RankFigures]:
    """Rank figures of each leg alone and of the fusion, over the same candidates."""
    rankings: dict[str, list[tuple[list[bool], int]]] = {name: [] for name in (*LEGS, FUSION)}
    for question in gold:
        ranked = retriever.rank(question.question)
        passages = [retriever.index.passages[number] for number in ranked.scores.passages]
        relevant = len({_source(p, twins) for p in passages if question.rests_on(p, twins)})
        for column, name in enumerate((*LEGS, FUSION)):
            scores = ranked.fused if name == FUSION else ranked.scores.legs[:, column]
            marks = _marks(scores, passages, question, twins)
            rankings[name].append((marks, max(1, min(relevant, len(question.wanted)))))
    return {name: rank_figures(found) for name, found in rankings.items()}


def changed(before: Evaluation, after: Evaluation) -> list[tuple[Measured, Measured]]:
    """Questions whose outcome, first source or rightness differs between two runs."""
    earlier = {item.id: item for item in before.questions}
    pairs = [(earlier[item.id], item) for item in after.questions if item.id in earlier]
    return [
        (old, new)
        for old, new in pairs
        if (old.outcome, old.first, old.right) != (new.outcome, new.first, new.right)
    ]


def _measure(
    retriever: Retriever,
    question: GoldQuestion,
    twins: Mapping[str, str],
    screen: Screen | None,
) -> Measured:
    fusion = retriever.fusion
    result = retriever.search(question.question)
    answer = compose(question.question, result, retriever.terms, fusion.answer_at, fusion.near_at)
    marks = [question.rests_on(hit.passage, twins) for hit in result.hits]
    verdict = screen(question.question) == question.verdict if screen and question.verdict else None
    return Measured(
        question.id,
        question.question,
        question.kind,
        answer.outcome,
        _outcome_right(question, answer, twins),
        result.hits[0].passage.basis if result.hits else "",
        bool(marks[:1]) and marks[0],
        any(marks[:3]),
        question.holds_facts(_shown(answer)) if question.must else None,
        verdict,
        _certainty(result),
    )


def _certainty(result: Result) -> float:
    return result.confidence if result.hits else 0.0


def _outcome_right(question: GoldQuestion, answer: Answer, twins: Mapping[str, str]) -> bool:
    if not question.answerable:
        return answer.outcome != "answered" or "declines" in answer.remarks
    return answer.outcome == "answered" and is_right(question, answer, twins)


def _shown(answer: Answer) -> str:
    return "\n".join(quote.text for quote in answer.quotes)


def _by_kind(items: Sequence[Measured], mark: Callable[[Measured], bool]) -> dict[str, Figure]:
    kinds = sorted({item.kind for item in items})
    return {
        kind: figure([float(mark(item)) for item in items if item.kind == kind]) for kind in kinds
    }


def _source(passage: Passage, twins: Mapping[str, str]) -> str:
    if passage.kind == "statute":
        return twins.get(passage.locator, passage.locator)
    return passage.id


def _marks(
    scores: Floats,
    passages: Sequence[Passage],
    question: GoldQuestion,
    twins: Mapping[str, str],
) -> list[bool]:
    """Rightness of the ranked sources, each source once, to the depth that is measured."""
    marks: dict[str, bool] = {}
    for place in np.argsort(-scores, kind="stable"):
        passage = passages[place]
        marks.setdefault(_source(passage, twins), question.rests_on(passage, twins))
        if len(marks) == DEPTH:
            break
    return list(marks.values())
