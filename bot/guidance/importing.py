"""Files on their way into the knowledge base: read, compared with what is there, kept as drafts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

from bot.app import App
from knowledge.conflicts import Disagreement, find_disagreements
from knowledge.document_gate import FORMATS, LARGEST_FILE
from knowledge.documents import Facts, read_document, to_document
from knowledge.hubs import Flag, find_suspects
from knowledge.imported import Imported, Refused
from knowledge.model import Document, Passage
from knowledge.passages import split
from storage.guidance_model import StoredDocument


@dataclass(frozen=True, slots=True)
class Reading:
    """A file that was read, and what is said about it."""

    #: Of the file.
    name: str
    imported: Imported
    facts: Facts


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would make, before anything is saved."""

    name: str
    imported: Imported
    document: Document
    passages: tuple[Passage, ...]
    state: Literal["new", "changed", "unchanged"]
    conflicts: tuple[Disagreement, ...]
    #: Passages that look made to win searches.
    flags: tuple[Flag, ...]


def files_under(path: Path) -> tuple[list[Path], int]:
    """The files that can be read, by name, and how many others lie in the folder."""
    if not path.is_dir():
        return [path], 0
    found = sorted(file for file in path.rglob("*") if file.is_file())
    known = [file for file in found if file.suffix.lower() in FORMATS]
    return known, len(found) - len(known)


def read_file(path: Path) -> Imported:
    """The file's text. Raises ``Refused`` and ``OSError``."""
    if path.stat().st_size > LARGEST_FILE:
        raise Refused("size")
    return read_document(path.name, path.read_bytes())


def previews(app: App, read: Sequence[Reading]) -> list[Preview]:
    """The drafts the texts would become, beside what is published and beside each other."""
    today = app.now().date()
    documents = [_document(each, review_day(today)) for each in read]
    passages = [tuple(split(document)) for document in documents]
    states = [
        _state(app.store.guidance.versions(each.id), each, dated=bool(reading.facts.review_by))
        for reading, each in zip(read, documents, strict=True)
    ]
    every = [passage for each in passages for passage in each]
    current = app.corpus.retriever()
    live = comparable([passage for _, passage in current.index.live()])
    conflicts = find_disagreements(every, live, today)
    new = [
        passage
        for state, each in zip(states, passages, strict=True)
        if state != "unchanged"
        for passage in each
    ]
    flags = find_suspects(current, new) if new else ()
    return [
        Preview(
            reading.name,
            reading.imported,
            document,
            own,
            state,
            tuple(each for each in conflicts if each.new.passage.document_id == document.id),
            tuple(each for each in flags if each.passage.document_id == document.id),
        )
        for reading, document, own, state in zip(read, documents, passages, states, strict=True)
    ]


def _document(reading: Reading, review_by: str) -> Document:
    facts = replace(reading.facts, review_by=reading.facts.review_by or review_by)
    return to_document(reading.imported, facts)


def comparable(passages: Sequence[Passage]) -> list[Passage]:
    """Passages a new text can contradict; an act says the same number of many things."""
    return [passage for passage in passages if passage.kind != "statute"]


def _state(
    versions: Sequence[StoredDocument], document: Document, *, dated: bool
) -> Literal["new", "changed", "unchanged"]:
    """``dated``: was the day of review given, so that another day is a change?"""
    current = [each.document for each in versions if each.status in {"draft", "published"}]
    for each in current:
        day = document.review_by if dated else each.review_by
        if each == replace(document, review_by=day, status=each.status):
            return "unchanged"
    return "changed" if current else "new"


def review_day(today: date) -> str:
    """A year from now, unless somebody says otherwise."""
    try:
        return today.replace(year=today.year + 1).isoformat()
    except ValueError:
        return today.replace(year=today.year + 1, day=28).isoformat()
