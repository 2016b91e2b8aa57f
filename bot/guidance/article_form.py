"""An article as somebody writes it in a form: every fault is found at once, with its line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from intents.personal_data import ALL_KINDS, find
from knowledge.documents import document_id, sections_of
from knowledge.guidance import PLACEHOLDER, UNDATED, UNREVIEWED
from knowledge.markdown_headings import headings_of
from knowledge.model import Document

#: Names of the fields, in the order of the form.
FIELDS = ("title", "body", "questions", "source", "source_date", "basis", "url", "owner_role",
          "review_by", "valid_from", "valid_to")  # fmt: skip
NEEDED = ("title", "body", "source", "owner_role")
DATES = ("source_date", "review_by", "valid_from", "valid_to")
LONGEST = {"title": 160, "body": 60_000, "questions": 8_000}
LONGEST_LINE = 300
#: A unit's telephone may be given; a person's number, address or name may not.
PERSONAL = ALL_KINDS - {"phone"}
#: Marks that a reader of a chat would see as they are, by the text that says so.
MARKS: Mapping[str, re.Pattern[str]] = {
    "heading_space": re.compile(r"^#{1,6}[^#\s]"),
    "bold": re.compile(r"\*\*|__"),
    "link": re.compile(r"\]\("),
    "html": re.compile(r"</?[a-z][^>]*>", re.IGNORECASE),
}
Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in the form that must be put right."""

    field: str
    #: Text key, such as "needed" or "bold".
    reason: str
    #: Counts from 1; 0 where the whole field is meant.
    line: int = 0
    #: What stands there, or what it clashes with.
    found: str = ""


def find_faults(
    fields: Fields, places: Mapping[str, str], others: Mapping[str, str]
) -> tuple[Fault, ...]:
    """Everything that is wrong with the form, in its order; empty when nothing is.

    ``places`` are what may stand in braces; ``others`` are the questions of other texts
    (folded by case) and the id of each.
    """
    found = [*_missing(fields), *_too_long(fields), *_in_lines(fields, places)]
    found += [*_about_questions(fields, others), *_about_dates(fields), *_about_address(fields)]
    return tuple(sorted(found, key=lambda fault: (FIELDS.index(fault.field), fault.line)))


def to_fields(document: Document) -> dict[str, str]:
    """The document as the form shows it."""
    fields = {name: str(getattr(document, name)) for name in FIELDS if name != "questions"}
    fields["questions"] = "\n".join(document.questions)
    if fields["source_date"] == UNDATED:
        fields["source_date"] = ""
    return fields


def to_draft(fields: Fields, before: Document | None, places: Mapping[str, str]) -> Document:
    """The faultless form as a draft, of ``before`` or of a new article."""
    body = PLACEHOLDER.sub(lambda place: places[place[1]], fields["body"].strip()) + "\n"
    title = " ".join(fields["title"].split())
    plain = Document(document_id(title, "egen"), title, "article", body, fields["source"], UNDATED)
    facts: dict[str, Any] = {name: fields[name].strip() for name in FIELDS[3:]}
    draft = replace(
        before or plain,
        title=title,
        body=body,
        status=UNREVIEWED,
        questions=tuple(line for _, line in _lines(fields["questions"])),
        **facts,
    )
    draft = replace(draft, source_date=draft.source_date or UNDATED)
    if draft.kind != "document":
        return draft
    return replace(draft, sections=sections_of(title, headings_of(body, title)))


def is_day(value: str) -> bool:
    """Is it a date such as 2027-06-30?"""
    try:
        return bool(date.fromisoformat(value)) and len(value) == len("2027-06-30")
    except ValueError:
        return False


def _missing(fields: Fields) -> Iterator[Fault]:
    for name in NEEDED:
        if not fields[name].strip():
            yield Fault(name, "needed")


def _too_long(fields: Fields) -> Iterator[Fault]:
    for name in FIELDS:
        if len(fields[name]) > LONGEST.get(name, LONGEST_LINE):
            yield Fault(name, "too_long", found=str(LONGEST.get(name, LONGEST_LINE)))


def _in_lines(fields: Fields, places: Mapping[str, str]) -> Iterator[Fault]:
    for number, line in _lines(fields["body"]):
        for reason, mark in MARKS.items():
            if match := mark.search(line):
                yield Fault("body", reason, number, match[0])
        for place in PLACEHOLDER.finditer(line):
            if place[1] not in places:
                yield Fault("body", "place", number, place[0])
    for name in ("title", "body", "questions"):
        for number, line in _lines(fields[name]):
            for finding in find(line, tuple(places.values()), PERSONAL):
                yield Fault(name, "personal", number, line[finding.start : finding.end])


def _about_questions(fields: Fields, others: Mapping[str, str]) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for number, line in _lines(fields["questions"]):
        asked = line.casefold()
        if asked in seen:
            yield Fault("questions", "twice", number, str(seen[asked]))
        elif asked in others:
            yield Fault("questions", "taken", number, others[asked])
        seen.setdefault(asked, number)


def _about_dates(fields: Fields) -> Iterator[Fault]:
    for name in DATES:
        value = fields[name].strip()
        year = name == "source_date" and re.fullmatch(r"\d{4}", value)
        if value and not year and not is_day(value):
            yield Fault(name, "date", found=value)
    first, last = fields["valid_from"].strip(), fields["valid_to"].strip()
    if is_day(first) and is_day(last) and last < first:
        yield Fault("valid_to", "before", found=first)


def _about_address(fields: Fields) -> Iterable[Fault]:
    url = fields["url"].strip()
    if url and not re.match(r"https?://\S+$", url):
        yield Fault("url", "address", found=url)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that hold something, with their numbers."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield number, line.strip()


def asked_elsewhere(documents: Iterable[Document], own: str) -> dict[str, str]:
    """The questions of the other texts, folded by case, and the title each stands in."""
    return {
        question.casefold(): document.title
        for document in documents
        if document.id != own
        for question in document.questions
    }
