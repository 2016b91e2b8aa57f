"""Finds the sections of the utilities and concessions acts that repeat a section of LOU.

LUF and LUK were written beside LOU in 2016 and share much of its text, with "enhet" for
"myndighet". Twins share one editorial entry and are folded into one search result.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from intents.language import stems
from knowledge.embedding import Embedder
from knowledge.model import Document, Section

# Share of common words at which two sections say the same; below it headings must agree as well.
SAME = 0.6
ALIKE = 0.4
CANDIDATES = 3


def find_twins(documents: Sequence[Document], embedder: Embedder) -> dict[str, str]:
    """Locator of a section in another act -> locator of its LOU section."""
    lou = [item for document in documents for item in _sections(document, "LOU ")]
    others = [
        item
        for document in documents
        for act in ("LUF ", "LUK ")
        for item in _sections(document, act)
    ]
    if not lou or not others:
        return {}
    near = (
        embedder.encode_passages([text for _, text in others])
        @ embedder.encode_passages([text for _, text in lou]).T
    )
    words = [_words(text) for _, text in lou]
    twins: dict[str, str] = {}
    for row, (section, text) in enumerate(others):
        candidates = np.argsort(-near[row])[:CANDIDATES]
        overlap, best = max((_overlap(_words(text), words[i]), int(i)) for i in candidates)
        same_heading = section.heading.casefold() == lou[best][0].heading.casefold()
        if overlap >= SAME or (same_heading and overlap >= ALIKE):
            twins[section.locator] = lou[best][0].locator
    return twins


def _sections(document: Document, act: str) -> list[tuple[Section, str]]:
    return [
        (section, document.body[section.start : section.end])
        for section in document.sections
        if section.locator.startswith(act)
    ]


def _words(text: str) -> frozenset[str]:
    swapped = {"enhet": "myndig", "koncession": "kontrakt"}
    return frozenset(swapped.get(word, word) for word in stems(text) if not word.isdigit())


def _overlap(left: frozenset[str], right: frozenset[str]) -> float:
    return len(left & right) / max(1, len(left | right))
