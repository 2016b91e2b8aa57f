"""Measures search and answers on gold questions; what ``hansyn eval`` prints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.calibration import CurvePoint, coverage_risk
from knowledge.calibration import judge as judge_hits
from knowledge.figures import DEPTH, RankFigures, figure, rank_figures
from knowledge.gold_questions import ANSWERABLE, DECLINED, GoldQuestion
from knowledge.index import LEGS
from knowledge.model import Passage
from knowledge.retriever import Retriever

FUSION = "fusion"
#: What is judged about an answer, in the order it is shown.
MARKS = (
    "outcome",
    "verdict",
    "must",
    "source_first",
    "source_in_three",
    "wrong_answer",
    "false_abstain",
    "near_miss",
)
#: Marks that are bad news when true.
FAULTS = frozenset({"wrong_answer", "false_abstain", "near_miss"})
#: Kinds that want guidance; a question of duty is one with numbers in it.
GUIDED = ANSWERABLE | {"duty"}
#: The intents of question files under the names the assistant uses.
INTENTS = {"handoff": "handover"}
#: The verdict of gold where the assistant has to ask back.
ASKED_BACK = "fråga"
Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Heard:
    """What the assistant said to one question."""

    #: "answered", "near_miss", "no_answer", or the name of what it did instead.
    outcome: str
    intent: str
    #: "ja", "nej", "oklar", "fråga"; empty where it gave none.
    verdict: str
    #: Answer and quotes as a reader sees them.
    text: str
    #: What each quote rests on, best first.
    bases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of one gold question."""

    question: GoldQuestion
    heard: Heard
    #: Those of ``MARKS`` that the question prescribes something for.
    marks: Mapping[str, bool]

    def as_row(self) -> dict[str, object]:
        """What a saved run keeps, so that two runs can be compared."""
        return {
            "id": self.question.id,
            "question": self.question.question,
            "kind": self.question.kind,
            "half": self.question.half,
            "said": self.heard.outcome,
            "first": next(iter(self.heard.bases), ""),
            "marks": dict(self.marks),
        }


def judge(question: GoldQuestion, heard: Heard) -> Judged:
    """Says what was right about one answer."""
    marks = {"outcome": outcome_right(question.kind, heard)}
    if question.verdict:
        marks["verdict"] = heard.verdict == question.verdict
    if question.must:
        marks["must"] = question.holds_facts(heard.text)
    if question.wanted:
        found = [basis in question.wanted for basis in heard.bases]
        marks["source_first"] = any(found[:1])
        marks["source_in_three"] = any(found[:3])
    if heard.outcome == "answered":
        rests = marks.get("source_first", marks.get("must", True))
        marks["wrong_answer"] = not (marks["outcome"] and rests)
    if question.answerable:
        marks["false_abstain"] = heard.outcome == "no_answer"
        marks["near_miss"] = heard.outcome == "near_miss"
    return Judged(question, heard, marks)


def outcome_right(kind: str, heard: Heard) -> bool:
    """Did the assistant do what a question of this kind calls for?"""
    if kind in GUIDED:
        return heard.outcome == "answered"
    if kind in DECLINED:
        return heard.outcome != "answered"
    if kind.startswith("intent:"):
        name = kind.removeprefix("intent:")
        return heard.intent == INTENTS.get(name, name)
    return heard.outcome == kind


def summarise(judged: Sequence[Judged]) -> dict[str, object]:
    """Shares with 95 % bootstrap intervals: right outcomes by kind, then each mark."""
    kinds = sorted({item.question.kind for item in judged})
    by_kind = {
        kind: share(item.marks["outcome"] for item in judged if item.question.kind == kind)
        for kind in kinds
    }
    marks = {
        name: share(found)
        for name in MARKS
        if (found := [item.marks[name] for item in judged if name in item.marks])
    }
    return {"questions": len(judged), "kinds": by_kind, **marks}


def share(marks: Iterable[bool]) -> dict[str, float]:
    """How many of how many, with its interval."""
    found = figure([float(mark) for mark in marks]).as_dict()
    return {
        "of": int(found["count"]),
        "share": found["value"],
        "low": found["low"],
        "high": found["high"],
    }


def rank_legs(retriever: Retriever, gold: Sequence[GoldQuestion]) -> dict[str, RankFigures]:
    """Rank figures of each leg alone and of the fusion, over the same candidates.

    Only answerable questions count: those that name a source, or facts that it holds.
    """
    rankings: dict[str, list[tuple[list[bool], int]]] = {name: [] for name in (*LEGS, FUSION)}
    for question in (one for one in gold if one.answerable and (one.wanted or one.must)):
        ranked = retriever.rank(question.question)
        passages = [retriever.index.passages[number] for number in ranked.scores.passages]
        met = [question.met_by(passage, retriever.twins) for passage in passages]
        sources = [_source(passage, retriever.twins) for passage in passages]
        for column, name in enumerate((*LEGS, FUSION)):
            scores = ranked.fused if name == FUSION else ranked.scores.legs[:, column]
            marks = _best(np.argsort(-scores, kind="stable"), sources, met)
            rankings[name].append((marks, max(1, len(question.wanted))))
    return {name: rank_figures(found) for name, found in rankings.items()}


def answer_curve(retriever: Retriever, gold: Sequence[GoldQuestion]) -> list[CurvePoint]:
    """What each threshold would answer, and how much of it wrongly, by search alone."""
    asked = [question for question in gold if question.answerable or question.kind in DECLINED]
    judged = [item for item in judge_hits(retriever, asked, (), retriever.twins) if item.searched]
    chances = [retriever.fusion.probability(item.features) for item in judged]
    right = [item.right for item in judged]
    return coverage_risk(np.array(chances, np.float64), np.array(right, np.bool_))


def changed(before: Iterable[Row], after: Iterable[Row]) -> list[tuple[Row, Row]]:
    """Rows of two saved runs whose outcome, first source or marks differ, in the later's order."""
    earlier = {str(row["id"]): row for row in before}
    pairs = [(earlier[str(row["id"])], row) for row in after if str(row["id"]) in earlier]
    names = ("said", "first", "marks")
    return [
        (old, new) for old, new in pairs if any(old.get(name) != new.get(name) for name in names)
    ]


def faults(row: Row) -> frozenset[str]:
    """The marks of a saved row that are bad news."""
    marks = row["marks"]
    assert isinstance(marks, Mapping)
    return frozenset(name for name, mark in marks.items() if mark is (name in FAULTS))


def _source(passage: Passage, twins: Mapping[str, str]) -> str:
    if passage.kind == "statute":
        return twins.get(passage.locator, passage.locator)
    return passage.id


def _best(
    order: Iterable[int], sources: Sequence[str], met: Sequence[frozenset[str]]
) -> list[bool]:
    """Which of the ranked sources, each once, bring a wanted one not seen before."""
    marks: dict[str, bool] = {}
    seen: frozenset[str] = frozenset()
    for place in order:
        if sources[place] not in marks:
            marks[sources[place]] = bool(met[place] - seen)
            seen |= met[place]
        if len(marks) == DEPTH:
            break
    return list(marks.values())
