"""Imports a file as a draft: gate, limited child process, then a document with sections."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from knowledge.document_gate import check
from knowledge.guidance import UNDATED, UNREVIEWED
from knowledge.imported import Dropped, Heading, Imported, Refused
from knowledge.model import Document, Section

#: Seconds a file may take; the child's own limits are in ``document_child``.
LONGEST_WAIT = 15.0
LONGEST_ID = 60
#: In characters; "Hur?" under a heading answers nothing by itself.
SHORTEST_SECTION = 20
_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Facts:
    """What whoever imports a file says about it."""

    owner_role: str
    #: ISO date.
    review_by: str
    #: A page, a decision or a section; empty for the file's own headings.
    basis: str = ""
    #: As a reader would name it; empty for the file's title.
    source: str = ""
    #: ISO date or year; empty for the file's own.
    source_date: str = ""
    url: str = ""
    valid_from: str = ""
    valid_to: str = ""
    questions: tuple[str, ...] = ()

    @classmethod
    def from_fields(cls, fields: Mapping[str, str], questions: tuple[str, ...] = ()) -> Facts:
        """What was written in the fields of a form, or in the options of a command."""
        return cls(
            owner_role=fields["owner_role"],
            review_by=fields["review_by"],
            basis=fields["basis"],
            source=fields["source"],
            source_date=fields["source_date"],
            url=fields["url"],
            valid_from=fields["valid_from"],
            valid_to=fields["valid_to"],
            questions=questions,
        )


def read_document(name: str, content: bytes) -> Imported:
    """The file's text, read in a process of its own.

    Raises:
        Refused: it is no file we take, or could not be read within the limits.
    """
    return from_told(ask_child(check(name, content), content), name)


def from_told(told: dict[str, Any], name: str) -> Imported:
    """What the child told, as data. Raises ``Refused`` when it told why there is no text."""
    if fault := told.get("refused"):
        raise Refused(fault)
    return Imported(
        title=told["title"] or _title_from(name),
        date=told["date"],
        body=told["body"],
        headings=tuple(
            Heading(**{**each, "path": tuple(each["path"])}) for each in told["headings"]
        ),
        dropped=tuple(Dropped(**each) for each in told["dropped"]),
        warnings=told["warnings"],
    )


def ask_child(kind: str, content: bytes) -> dict[str, Any]:
    """What ``document_child.answer`` says of the file, within the limits. Raises ``Refused``."""
    # -P keeps the folder somebody stands in from lending us modules; -B writes nothing.
    command = [sys.executable, "-s", "-P", "-B", "-m", "knowledge.document_child", kind]
    # Windows starts no process without these; nothing else of ours goes along.
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP") if name in os.environ}
    try:
        done = subprocess.run(  # noqa: S603
            command,
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=LONGEST_WAIT,
            env={**kept, "PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1"},
            check=False,
        )
        told: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        # Killed by a limit it has said nothing, or half of it.
        raise Refused("limits") from None
    return told


def to_document(imported: Imported, facts: Facts) -> Document:
    """The draft: one section per heading, each citable by its path."""
    return Document(
        id=document_id(imported.title),
        title=imported.title,
        kind="document",
        body=imported.body,
        source=facts.source or imported.title,
        source_date=facts.source_date or imported.date or UNDATED,
        url=facts.url,
        basis=facts.basis,
        status=UNREVIEWED,
        owner_role=facts.owner_role,
        review_by=facts.review_by,
        valid_from=facts.valid_from,
        valid_to=facts.valid_to,
        questions=facts.questions,
        sections=sections_of(imported.title, imported.headings),
    )


def document_id(title: str, prefix: str = "dok") -> str:
    """A stable id, so that a file imported again becomes a version of the same document."""
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return f"{prefix}-{slug[:LONGEST_ID].strip('-') or 'utan-titel'}"


def sections_of(title: str, headings: Sequence[Heading]) -> tuple[Section, ...]:
    """The citable parts of a text with these headings; very short ones are none."""
    seen: Counter[str] = Counter()
    sections = []
    for heading in headings:
        if heading.end - heading.start < SHORTEST_SECTION:
            continue
        names = [name for name in heading.path if name != title] or [title]
        place = " › ".join(names) + (f", s. {heading.page}" if heading.page else "")
        seen[place] += 1
        locator = f"{place} ({seen[place]})" if seen[place] > 1 else place
        sections.append(Section(locator, names[-1], heading.start, heading.end))
    return tuple(sections)


def _title_from(name: str) -> str:
    stem = PurePosixPath(name.replace("\\", "/")).stem
    return re.sub(r"[_-]+", " ", stem).strip() or "Utan titel"
