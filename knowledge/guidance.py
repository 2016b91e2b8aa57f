"""Reads guidance articles: Markdown files with front matter, one article a file.

The reader checks everything it relies on and names file and line of a fault, so that a broken
article is found when it is loaded and not when somebody asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from knowledge.errors import BadDocument
from knowledge.frontmatter import key_line, split_front_matter
from knowledge.model import OUTSIDE, Document

FOLDER = Path(__file__).parent / "guidance"
UNREVIEWED = "ej granskad av stödfunktionen"
REVIEWED = "granskad av stödfunktionen"
UNDATED = "odaterad"
NEEDED = ("id", "title", "basis", "source", "source_date", "owner_role", "review_by", "status")
KNOWN = {*NEEDED, "url", "tags", "questions", "valid_from", "valid_to"}
BASIS = re.compile(
    rf"S[0-4]|W\d{{1,2}}|{OUTSIDE}|([A-ZÅÄÖ]{{2,5}}|DOS-lagen)( \d+( a)? kap\.)? \d+( [a-z])? §"
)
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def load_guidance(folder: Path = FOLDER, values: dict[str, str] | None = None) -> list[Document]:
    """Reads every ``*.md`` of the folder, sorted by id.

    Args:
        folder: where the articles lie.
        values: what stands in for ``{support_mailbox}`` and the like; filled in here and not
            when an answer is written, so that quotes stay verbatim.

    Raises:
        BadDocument: the first fault, with file and line.
    """
    paths = sorted(folder.glob("*.md"))
    documents = [read_article(_read_text(path), path.name, values or {}) for path in paths]
    _check_unique(documents)
    return documents


def read_article(text: str, file_name: str, values: dict[str, str]) -> Document:
    """Reads one article; see ``load_guidance``."""
    front, lists, body = split_front_matter(text, file_name)

    def fault(key: str, message: str) -> BadDocument:
        return BadDocument(f"{file_name}:{key_line(text, key)}: {message}")

    for key in NEEDED:
        if not front.get(key):
            raise fault(key, f"{key} saknas")
    for key in {*front, *lists} - KNOWN:
        raise fault(key, f"okänd nyckel {key}")
    if front["id"] + ".md" != file_name:
        raise fault("id", f"id {front['id']} ska vara filens namn utan .md")
    if not BASIS.fullmatch(front["basis"]):
        raise fault(
            "basis", f"{front['basis']} är varken S0-S4, W1-W47, {OUTSIDE} eller en paragraf"
        )
    if front["status"] not in {UNREVIEWED, REVIEWED}:
        raise fault("status", f"okänd status {front['status']}")
    for key in ("source_date", "review_by", "valid_from", "valid_to"):
        value = front.get(key, "")
        undated = key == "source_date" and (value == UNDATED or re.fullmatch(r"\d{4}", value))
        if not (undated or _is_date(value)):
            raise fault(key, f"{key} ska vara ett datum som 2027-06-30")
    questions = lists.get("questions", ())
    if len(questions) < 5:
        raise fault("questions", "minst fem frågor behövs")
    if not body.strip():
        raise fault("id", "artikeln saknar text")
    return Document(
        id=front["id"],
        title=front["title"],
        kind="article",
        body=_fill(body.strip() + "\n", values, file_name),
        source=front["source"],
        source_date=front["source_date"],
        url=front.get("url", ""),
        basis=front["basis"],
        status=front["status"],
        owner_role=front["owner_role"],
        review_by=front["review_by"],
        valid_from=front.get("valid_from", ""),
        valid_to=front.get("valid_to", ""),
        tags=lists.get("tags", ()),
        questions=questions,
    )


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise BadDocument(f"{path.name}:1: filen är inte UTF-8") from error


def _is_date(value: str) -> bool:
    if not value:
        return True
    try:
        return bool(date.fromisoformat(value))
    except ValueError:
        return False


def _fill(body: str, values: dict[str, str], file_name: str) -> str:
    def replace(match: re.Match[str]) -> str:
        if match[1] not in values:
            raise BadDocument(f"{file_name}: okänd plats {match[0]} i texten")
        return values[match[1]]

    return PLACEHOLDER.sub(replace, body)


def _check_unique(documents: Iterable[Document]) -> None:
    asked: dict[str, str] = {}
    for document in documents:
        for question in document.questions:
            key = question.casefold().strip()
            if key in asked:
                raise BadDocument(
                    f"{document.id}.md:1: frågan ”{question}” står också i {asked[key]}.md"
                )
            asked[key] = document.id
