"""Two outside yardsticks: headings of an act to its sections, and public FAQ in SweFAQ's format."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.editorial import Editorial
from knowledge.embedding import Embedder
from knowledge.errors import BadDocument
from knowledge.figures import DEPTH, Figure, figure, ndcg
from knowledge.fusion import relative
from knowledge.index import LEGS, SearchIndex, build_index
from knowledge.model import Document, Passage
from knowledge.segments import Floats

FUSION = "fusion"
# The corpus's own weights are fitted to what buyers ask; headings and foreign texts are weighed by
# what held-out help pages and reading questions of the training material taught, with a model that
# had not seen them. Those have no plain names; the vectors of names count as those of texts.
WEIGHTS = np.array((0.0, 5.84, 2.99, 2.99), np.float32)
Figures = Mapping[str, Figure]
#: Gives items back one by one and may show how far it has come.
Progress = Callable[[Sequence[Any]], Iterable[Any]]


@dataclass(frozen=True, slots=True)
class SectionFigures:
    """How well headings find the sections they stand over: nDCG@10 by leg and of the fusion."""

    #: On the text of the act alone, headings and editorial layer left out.
    plain: Figures
    #: With the editorial layer's names and questions; None where there are none.
    layered: Figures | None


@dataclass(frozen=True, slots=True)
class FaqRow:
    """A question of a public FAQ with the answers of its category."""

    question: str
    candidates: tuple[str, ...]
    #: Which of the candidates is right.
    label: int


@dataclass(frozen=True, slots=True)
class FaqFigures:
    """How often the right answer is picked, by leg and by the fusion."""

    #: Among the candidates of its category.
    in_category_accuracy: Figures
    #: Among the candidates of all categories.
    pool_ndcg_at_10: Figures


def measure_sections(
    document: Document,
    embedder: Embedder,
    editorial: Editorial | None = None,
    progress: Progress = iter,
) -> SectionFigures:
    """Searches an act with each of its headings.

    A heading that stands over several sections counts all of them as right. ``progress`` is given
    the questions and gives them back one by one.
    """
    sections = [section for section in document.sections if section.heading]
    right: dict[str, set[int]] = {}
    for number, section in enumerate(sections):
        right.setdefault(section.heading, set()).add(number)
    texts = [document.body[section.start : section.end] for section in sections]
    plain = _ndcg(_index(texts, embedder), right, progress)
    if editorial is None or not any(editorial.entry(section.locator) for section in sections):
        return SectionFigures(plain, None)
    layered = []
    for number, (text, section) in enumerate(zip(texts, sections, strict=True)):
        entry = editorial.entry(section.locator)
        layered.append(
            _bare(text, number, entry.name, entry.questions) if entry else _bare(text, number)
        )
    return SectionFigures(plain, _ndcg(build_index(layered, embedder), right, progress))


def read_faq(path: Path) -> list[FaqRow]:
    """Reads SweFAQ's format: question, candidate_answers, label (an index or the answer).

    Raises:
        BadDocument: a line is not of that format, or there is none; names the line.
    """
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
            candidates = tuple(str(answer) for answer in raw["candidate_answers"])
            label = raw["label"]
            place = label if isinstance(label, int) else candidates.index(str(label))
            if not 0 <= place < len(candidates):
                raise ValueError(f"label {place}")
            rows.append(FaqRow(str(raw["question"]), candidates, place))
        except (ValueError, KeyError, TypeError) as error:
            raise BadDocument(f"{path.name}:{number}: {error}") from error
    return rows


def measure_faq(
    rows: Sequence[FaqRow], embedder: Embedder, progress: Progress = iter
) -> FaqFigures:
    """Picks answers within the category and ranks them over the pool of all candidates.

    A category is a corpus of its own: what all its answers speak of tells none of them apart.
    """
    pool = list(dict.fromkeys(answer for row in rows for answer in row.candidates))
    whole = _index(pool, embedder)
    categories: dict[tuple[str, ...], SearchIndex] = {}
    picked: dict[str, list[float]] = {}
    gains: dict[str, list[float]] = {}
    for row in progress(rows):
        if row.candidates not in categories:
            categories[row.candidates] = _index(row.candidates, embedder)
        for name, scores in score_all(categories[row.candidates], row.question).items():
            picked.setdefault(name, []).append(float(int(np.argmax(scores)) == row.label))
        right = pool.index(row.candidates[row.label])
        for name, scores in score_all(whole, row.question).items():
            gains.setdefault(name, []).append(_gain(scores, {right}))
    return FaqFigures(_figures(picked), _figures(gains))


def score_all(index: SearchIndex, question: str) -> dict[str, Floats]:
    """Each leg's score and the fused one of every passage, in their order.

    A vector field without a single row, as the questions of bare texts, is no leg.
    """
    scores = index.score(question, index.analyse(question), len(index.passages))
    legs = np.zeros((len(index.passages), len(LEGS)), np.float32)
    legs[scores.passages] = scores.legs
    named = {name: legs[:, column] for column, name in enumerate(LEGS)}
    if not len(index.vectors["question_vector"]):
        del named["question_vector"]
    return named | {FUSION: relative(legs) @ WEIGHTS}


def _index(texts: Sequence[str], embedder: Embedder) -> SearchIndex:
    return build_index([_bare(text, number) for number, text in enumerate(texts)], embedder)


def _ndcg(index: SearchIndex, right: Mapping[str, set[int]], progress: Progress) -> Figures:
    gains: dict[str, list[float]] = {}
    for text in progress(list(right)):
        for name, scores in score_all(index, text).items():
            gains.setdefault(name, []).append(_gain(scores, right[text]))
    return _figures(gains)


def _figures(values: Mapping[str, list[float]]) -> Figures:
    return {name: figure(found) for name, found in values.items()}


def _gain(scores: Floats, right: set[int]) -> float:
    order = np.argsort(-scores, kind="stable")[:DEPTH]
    return ndcg([int(number) in right for number in order], len(right))


def _bare(text: str, number: int, about: str = "", questions: Iterable[str] = ()) -> Passage:
    """A passage of which only the text, and what the editorial layer says, is searched."""
    name = f"{number}"
    return Passage(
        id=name,
        document_id=name,
        version=0,
        kind="document",
        title="",
        locator=name,
        basis=name,
        heading="",
        text=text,
        start=0,
        end=len(text),
        source="",
        source_date="",
        url="",
        status="",
        review_by="",
        about=about,
        questions=tuple(questions),
    )
