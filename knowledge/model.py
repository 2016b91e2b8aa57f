"""The corpus as data: documents, their passages and what a search returns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal["article", "statute", "document"]
#: Basis of an article that only says what this corpus does not hold, and where to ask instead.
OUTSIDE = "utanför"


@dataclass(frozen=True, slots=True)
class Document:
    """One published text in one version; ``body`` is what quotes are cut from."""

    #: Stable id: an article's front-matter id or "sfs-2016-1145".
    id: str
    title: str
    kind: Kind
    #: The whole text; every passage is a span of it.
    body: str
    #: The page or act behind it, as a reader would name it.
    source: str
    #: ISO date or "odaterad".
    source_date: str
    url: str = ""
    #: Key of the page the article rests on ("S4", "LOU 17 kap. 1 §"); empty where passages differ.
    basis: str = ""
    #: "ej granskad av stödfunktionen" or "granskad av stödfunktionen"; empty for statutes.
    status: str = ""
    owner_role: str = ""
    #: ISO dates or empty.
    review_by: str = ""
    valid_from: str = ""
    valid_to: str = ""
    tags: tuple[str, ...] = ()
    #: Questions people would type, answered by the article as a whole.
    questions: tuple[str, ...] = ()
    #: Set for statutes and imported documents, where passages are found by the importer.
    sections: tuple[Section, ...] = ()

    def valid_on(self, day: date) -> bool:
        """May the text be answered from on this day? Both ends of its validity count."""
        return self.valid_from <= day.isoformat() and (
            not self.valid_to or day.isoformat() <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class Section:
    """A citable part of a document, before it is split into passages."""

    #: "LOU 17 kap. 1 §" or a heading path.
    locator: str
    #: Nearest heading.
    heading: str
    #: Character offsets in the document's body.
    start: int
    end: int
    #: The section's own amendment mark, "Lag (2023:815)"; empty where it has none.
    amendment: str = ""
    #: Was the copy damaged here, so that the reader must check the official text?
    damaged: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """The piece that is indexed and quoted."""

    #: Document id, locator and running number; stable while the section's text is unchanged.
    id: str
    document_id: str
    #: Version number of the document in the database; 0 for a corpus read from files.
    version: int
    kind: Kind
    title: str
    locator: str
    basis: str
    heading: str
    #: ``body[start:end]`` of the document.
    text: str
    start: int
    end: int
    source: str
    source_date: str
    url: str
    status: str
    review_by: str
    #: ISO dates or empty.
    valid_from: str = ""
    valid_to: str = ""
    amendment: str = ""
    damaged: bool = False
    #: Plain-Swedish name from the editorial layer.
    about: str = ""
    #: Example questions: an article's own, or the editorial layer's for a statute section.
    questions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    @property
    def outside(self) -> bool:
        """Does it only mark where the corpus ends?"""
        return self.basis == OUTSIDE


@dataclass(frozen=True, slots=True)
class Hit:
    """One search result."""

    passage: Passage
    #: Fused relevance, 0 to 1, calibrated on gold questions; comparable across questions.
    score: float
    #: Each leg's own contribution, for evaluation and explanation.
    legs: dict[str, float]
    #: Locators of the twin sections folded into this hit.
    twins: tuple[str, ...] = ()
