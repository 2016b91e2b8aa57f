"""Cuts documents into the passages that are indexed and quoted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.editorial import Editorial
from knowledge.model import Document, Passage, Section

# Longer sections are cut between paragraphs: a quote should fit a chat window, and long texts
# drown single facts in word statistics.
LONGEST = 1_600


def split(
    document: Document, version: int = 0, editorial: Editorial | None = None
) -> list[Passage]:
    """The document's passages in reading order; each is a verbatim span of its body."""
    sections = document.sections or (_whole(document),)
    return [
        _passage(document, version, section, (start, end, number), editorial)
        for section in sections
        for number, (start, end) in enumerate(_pieces(document.body, section.start, section.end))
    ]


def _whole(document: Document) -> Section:
    start = len(document.body) - len(document.body.lstrip())
    return Section(document.title, document.title, start, len(document.body.rstrip()))


def _pieces(body: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans of at most about ``LONGEST`` characters, cut at paragraphs, then lines, then words."""
    while end - start > LONGEST:
        cut = _cut(body, start, start + LONGEST)
        yield start, len(body[:cut].rstrip())
        start = cut + len(body[cut:end]) - len(body[cut:end].lstrip())
    if end > start:
        yield start, end


def _cut(body: str, start: int, limit: int) -> int:
    for mark in ("\n\n", "\n", ". ", " "):
        found = body.rfind(mark, start + LONGEST // 3, limit)
        if found > 0:
            return found + len(mark)
    return limit


def _passage(
    document: Document,
    version: int,
    section: Section,
    piece: tuple[int, int, int],
    editorial: Editorial | None,
) -> Passage:
    start, end, number = piece
    entry = editorial.entry(section.locator) if editorial else None
    return Passage(
        id=f"{document.id}#{_slug(section.locator)}.{number}",
        document_id=document.id,
        version=version,
        kind=document.kind,
        title=document.title,
        locator=section.locator,
        basis=document.basis or section.locator,
        heading=section.heading,
        text=document.body[start:end],
        start=start,
        end=end,
        source=document.source,
        source_date=document.source_date,
        url=document.url,
        status=document.status,
        review_by=document.review_by,
        valid_from=document.valid_from,
        valid_to=document.valid_to,
        amendment=section.amendment,
        damaged=section.damaged,
        about=entry.name if entry else "",
        questions=document.questions or (entry.questions if entry else ()),
        tags=document.tags,
    )


def _slug(text: str) -> str:
    return re.sub(r"\W+", "-", text.casefold()).strip("-")
