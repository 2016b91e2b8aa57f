"""Reads a Swedish statute in the Markdown form of the public SFS copies.

Sections are headings such as ``#### 2 §`` under ``## 17 kap. …``. The copies are damaged in
places: garbage before a section number, internal links inside sentences, slashes lost from the
numbers of EU acts. What is mended is counted, and a section that needed more than a removed link
is marked so that the reader is sent to the official text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from knowledge.errors import BadDocument
from knowledge.frontmatter import split_front_matter
from knowledge.model import Document, Section

#: Abbreviations a lawyer uses; other acts are cited by their SFS number.
ABBREVIATIONS = {
    "2016:1145": "LOU",
    "2016:1146": "LUF",
    "2016:1147": "LUK",
    "2017:900": "FL",
    "2018:1937": "DOS-lagen",
}
# State of the copies the abbreviations above were checked against; a file published later
# than this says its own publication date instead.
COPY_STATE = "2025-09-01"

CHAPTER = re.compile(r"^## (\d+(?: [a-z])?) kap\.\s*(.*)$")
SECTION = re.compile(r"^#{3,4} (.*?)(\d+(?: [a-z])?) §\s*$")
HEADING = re.compile(r"^#{2,4} (.*)$")
INTERNAL_LINK = re.compile(r"\[([^\]]*)\]\(#[^)]*\)")
EXTERNAL_LINK = re.compile(r"\[([^\]]*)\]\(https?://[^)]*\)")
AMENDMENT = re.compile(r"Lag \(\d{4}:\d+\)(?=\.?\s*$)")
LOST_PIECE = re.compile(r"/[^/]+/")
LOST_PLACE = re.compile(r"\b(\d{4})(EU|EG)\b|\b(\d{3,4})((?:19|20)\d\d|\d\d)\b(?=[.,/\s])")
# A reference in a list of definitions that the copy turned into a heading (LUK 1 kap. 7 §).
LISTED_REFERENCE = re.compile(r" i \d+ kap\. .*§$|§§$")
# A sentence that the copy glued to the heading after it (LUF 11 kap.).
SENTENCE_IN_HEADING = re.compile(r"^(.*§§?\.) ([A-ZÅÄÖ].*)$")


@dataclass(slots=True)
class Repairs:
    """What the reader had to mend, per kind."""

    counts: dict[str, int] = field(default_factory=dict)

    def note(self, kind: str, times: int = 1) -> None:
        """Counts ``times`` repairs of ``kind``."""
        if times:
            self.counts[kind] = self.counts.get(kind, 0) + times


@dataclass(slots=True)
class _Open:
    """The section being read."""

    locator: str
    heading: str
    lost: list[str]
    paragraphs: list[str] = field(default_factory=list)
    damaged: bool = False


def is_statute(text: str) -> bool:
    """Does the file's front matter carry an SFS number (``beteckning``)?"""
    return text.startswith("---") and re.search(r"^beteckning:", text[:600], re.M) is not None


def read_statute(text: str, file_name: str, as_of: str = "") -> tuple[Document, Repairs]:
    """Reads one act.

    Args:
        text: the whole Markdown file.
        file_name: for error messages.
        as_of: ISO date of the copy's state; default is ``COPY_STATE`` or the file's own
            publication date when that is later.

    Raises:
        BadDocument: front matter is missing or no section was found.
    """
    front, _, body = split_front_matter(text, file_name)
    number = front.get("beteckning", "")
    title = front.get("rubrik", "")
    if not number or not title:
        raise BadDocument(f"{file_name}: beteckning och rubrik saknas i filhuvudet")
    repairs = Repairs()
    name = ABBREVIATIONS.get(number, f"SFS {number}")
    opened = list(_read_sections(body, name, repairs))
    if not opened:
        raise BadDocument(f"{file_name}: ingen paragraf hittades")
    joined, sections = _join(opened)
    document = Document(
        id="sfs-" + number.replace(":", "-"),
        title=f"{title} ({number}), {name}" if name in ABBREVIATIONS.values() else title,
        kind="statute",
        body=joined,
        source=f"{title} ({number})",
        source_date=as_of or max(COPY_STATE, front.get("publicerad_datum", "")),
        url=front.get("pdf_url", ""),
        sections=sections,
    )
    return document, repairs


def _read_sections(body: str, act: str, repairs: Repairs) -> Iterator[_Open]:
    chapter, heading = "", ""
    current: _Open | None = None
    for raw in body.splitlines():
        line = raw.rstrip()
        if not line:
            continue
        if not line.startswith("#"):
            if current is not None:
                current.paragraphs.append(_mend_links(line, repairs))
            continue
        if (match := SECTION.match(line)) and not _is_reference(match[1]):
            if current is not None:
                yield _close(current, repairs)
            lost = LOST_PIECE.findall(match[1])
            repairs.note("section headings with garbage", int(bool(match[1].strip())))
            current = _Open(_locator(act, chapter, match[2]), heading, lost)
            current.damaged = bool(match[1].strip())
            continue
        if match := CHAPTER.match(line):
            if current is not None:
                yield _close(current, repairs)
            chapter, heading, current = match[1], match[2], None
            continue
        current, heading, finished = _other_heading(line, act, current, heading, repairs)
        if finished is not None:
            yield _close(finished, repairs)
    if current is not None:
        yield _close(current, repairs)


def _other_heading(
    line: str, act: str, current: _Open | None, heading: str, repairs: Repairs
) -> tuple[_Open | None, str, _Open | None]:
    """Returns the section open after ``line``, the heading in force and a finished section."""
    match = HEADING.match(line)
    text = _mend_links(match[1], Repairs()).strip() if match else ""
    annex = re.search(r"Bilaga (\d+)$|(Övergångsbestämmelser)$", text)
    if line.startswith("## ") and annex:
        name = f"bilaga {annex[1]}" if annex[1] else "övergångsbestämmelser"
        return _Open(f"{act} {name}", text.split("/ ")[-1], []), heading, current
    if current is not None and (_in_annex(current) or LISTED_REFERENCE.search(text)):
        if not _in_annex(current):
            repairs.note("list items set as headings")
            current.damaged = True
        current.paragraphs.append(text)
        return current, heading, None
    if current is not None and (glued := SENTENCE_IN_HEADING.match(text)):
        repairs.note("sentences glued to a heading")
        current.damaged = True
        current.paragraphs.append(glued[1])
        return current, glued[2], None
    return current, text, None


def _in_annex(section: _Open) -> bool:
    return "bilaga" in section.locator or "övergång" in section.locator


def _is_reference(before_number: str) -> bool:
    return bool(re.search(r"[a-zåäö] i \d+ kap\. $|\d+[–-]$", before_number))


def _locator(act: str, chapter: str, number: str) -> str:
    return f"{act} {chapter} kap. {number} §" if chapter else f"{act} {number} §"


def _mend_links(line: str, repairs: Repairs) -> str:
    line, internal = INTERNAL_LINK.subn(r"\1", re.sub(r"\s{2,}", " ", line))
    line, external = EXTERNAL_LINK.subn(r"\1", line)
    repairs.note("internal links removed", internal)
    repairs.note("links to other acts removed", external)
    repairs.note("signs mended", line.count("§§") if internal else 0)
    return line


def _close(section: _Open, repairs: Repairs) -> _Open:
    if section.lost:
        text, missing = _put_back("\n\n".join(section.paragraphs), section.lost)
        section.paragraphs = text.split("\n\n")
        repairs.note("lost pieces put back", len(section.lost) - missing)
        repairs.note("lost pieces not placed", missing)
    if section.damaged:
        repairs.note("sections marked for checking")
    return section


def _put_back(text: str, pieces: list[str]) -> tuple[str, int]:
    """Puts the pieces that stand before the section number back where a slash was lost."""
    waiting = list(pieces)

    def mend(match: re.Match[str]) -> str:
        if not waiting:
            return match[0]
        left, right = (match[1], match[2]) if match[1] else (match[3], match[4])
        is_act = right in {"EU", "EG"}
        if is_act != (len(waiting[0]) < 6):
            return match[0]
        return left + waiting.pop(0) + right

    return LOST_PLACE.sub(mend, text), len(waiting)


def _join(opened: list[_Open]) -> tuple[str, tuple[Section, ...]]:
    parts: list[str] = []
    sections: list[Section] = []
    position = 0
    for section in opened:
        text = "\n\n".join(section.paragraphs)
        if not text:
            continue
        label = f"{section.locator}\n"
        start = position + len(label)
        amendment = AMENDMENT.search(text)
        sections.append(
            Section(
                section.locator,
                section.heading,
                start,
                start + len(text),
                amendment[0] if amendment else "",
                section.damaged,
            )
        )
        parts.append(f"{label}{text}\n\n")
        position += len(parts[-1])
    return "".join(parts), tuple(sections)
