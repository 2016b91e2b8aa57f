"""Two outside yardsticks: headings of an act to its sections, and public FAQ in SweFAQ's format."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge.editorial import Editorial
from knowledge.embedding import Embedder
from knowledge.errors import BadDocument
from knowledge.figures import DEPTH, Figure, figure, ndcg
from knowledge.fusion import KINDS, Fusion
from knowledge.index import SearchIndex, build_index
from knowledge.model import Document, Passage
from knowledge.segments import Floats


@dataclass(frozen=True, slots=True)
class SectionFigures:
    """How well headings find the sections they stand over."""

    #: On the text of the act alone, headings and editorial layer left out.
    ndcg_at_10: Figure
    #: With the editorial layer's names and questions; None where there are none.
    with_editorial: Figure | None

    def as_dict(self) -> dict[str, object]:
        """Figures by name."""
        layer = self.with_editorial.as_dict() if self.with_editorial else None
        return {"ndcg_at_10": self.ndcg_at_10.as_dict(), "with_editorial": layer}


@dataclass(frozen=True, slots=True)
class FaqRow:
    """A question of a public FAQ with the answers of its category."""

    question: str
    candidates: tuple[str, ...]
    #: Which of the candidates is right.
    label: int


@dataclass(frozen=True, slots=True)
class FaqFigures:
    """How often the right answer is picked."""

    #: Among the candidates of its category.
    in_category_accuracy: Figure
    #: Among the candidates of all categories.
    pool_ndcg_at_10: Figure

    def as_dict(self) -> dict[str, dict[str, float]]:
        """Figures by name."""
        return {name: getattr(self, name).as_dict() for name in self.__slots__}


def measure_sections(
    document: Document, embedder: Embedder, fusion: Fusion, editorial: Editorial | None = None
) -> SectionFigures:
    """Searches an act with each of its headings.

    A heading that stands over several sections counts all of them as right.
    """
    sections = [section for section in document.sections if section.heading]
    right: dict[str, set[int]] = {}
    for number, section in enumerate(sections):
        right.setdefault(section.heading, set()).add(number)
    texts = [document.body[section.start : section.end] for section in sections]
    plain = _ndcg(build_index([_bare(t, i) for i, t in enumerate(texts)], embedder), right, fusion)
    if editorial is None or not any(editorial.entry(section.locator) for section in sections):
        return SectionFigures(plain, None)
    layered = []
    for number, (text, section) in enumerate(zip(texts, sections, strict=True)):
        entry = editorial.entry(section.locator)
        layered.append(
            _bare(text, number, entry.name, entry.questions) if entry else _bare(text, number)
        )
    return SectionFigures(plain, _ndcg(build_index(layered, embedder), right, fusion))


def read_faq(path: Path) -> list[FaqRow]:
    """Reads SweFAQ's format: question, candidate_answers, label (an index or the answer).

    Raises:
        BadDocument: a line is not of that format; names the line.
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


def measure_faq(rows: Sequence[FaqRow], embedder: Embedder, fusion: Fusion) -> FaqFigures:
    """Picks answers within the category and ranks them over the pool of all candidates."""
    pool = list(dict.fromkeys(answer for row in rows for answer in row.candidates))
    place = {answer: number for number, answer in enumerate(pool)}
    index = build_index([_bare(answer, number) for number, answer in enumerate(pool)], embedder)
    picked: list[float] = []
    gains: list[float] = []
    for row in rows:
        scores = score_all(index, row.question, fusion)
        own = scores[[place[answer] for answer in row.candidates]]
        picked.append(float(int(np.argmax(own)) == row.label))
        right = place[row.candidates[row.label]]
        gains.append(_gain(scores, {right}))
    return FaqFigures(figure(picked), figure(gains))


def score_all(index: SearchIndex, question: str, fusion: Fusion) -> Floats:
    """The fused score of every passage, in their order."""
    scores = index.score(question, index.analyse(question), len(index.passages))
    kinds = np.zeros((len(scores.passages), len(KINDS)), np.bool_)
    everything = np.full(len(index.passages), -np.inf, np.float32)
    everything[scores.passages] = fusion.fuse(scores.legs, kinds)
    return everything


def _ndcg(index: SearchIndex, right: dict[str, set[int]], fusion: Fusion) -> Figure:
    return figure([_gain(score_all(index, text, fusion), own) for text, own in right.items()])


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
