"""From a file's bytes to a text with headings: read, cleaned, cleared and masked.

Runs in the limited child process: every step may meet text that was made to do harm.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from intents.personal_data import mask
from knowledge.document_boilerplate import without_boilerplate, without_empty_headings
from knowledge.document_cleaning import clean_raw
from knowledge.document_docx import read_docx
from knowledge.document_headings import is_running, with_headings
from knowledge.document_html import read_html
from knowledge.document_pdf import read_pdf
from knowledge.document_text import read_md, read_txt
from knowledge.imported import GUESSED, Block, Heading, Imported, Raw, Refused

READERS: Mapping[str, Callable[[bytes], Raw]] = {
    "docx": read_docx,
    "pdf": read_pdf,
    "html": read_html,
    "md": read_md,
    "txt": read_txt,
}
LONGEST_TITLE = 160
#: "säger Kim Andersson": the text gives somebody's words.
QUOTED = re.compile(
    r"\b(?:säger|berättar|menar|förklarar|konstaterar|tycker)\s+"
    r"[A-ZÅÄÖÉ][a-zåäöéü]+(?:[ -][A-ZÅÄÖÉ][a-zåäöéü]+)+"
)


def read_blocks(kind: str, content: bytes) -> Imported:
    """The file's text. Raises ``Refused``; a parser's own error passes through."""
    clean = clean_raw(READERS[kind](content))
    raw = without_boilerplate(clean)
    blocks = without_empty_headings(with_headings(raw.blocks), raw)
    order = {block.text: place for place, block in enumerate(clean.blocks)}
    raw.dropped.sort(key=lambda each: order.get(each.text, -1))
    if not any(not block.level for block in blocks):
        raise Refused("empty")
    masked = _masked(blocks, raw)
    title = _title(masked, raw)
    body, headings = _assemble(masked, title)
    _warn(masked, raw)
    warnings = {str(name): number for name, number in raw.warnings.items() if number}
    return Imported(title, raw.date, body, headings, tuple(raw.dropped), warnings)


def _masked(blocks: Sequence[Block], raw: Raw) -> list[Block]:
    """The blocks without numbers and addresses of persons."""
    found = [mask(block.text) for block in blocks]
    raw.warnings["personal_data"] += sum(len(each.findings) for each in found)
    raw.title = mask(raw.title).text
    raw.dropped = [replace(each, text=mask(each.text).text) for each in raw.dropped]
    return [replace(block, text=each.text) for block, each in zip(blocks, found, strict=True)]


def _title(blocks: Sequence[Block], raw: Raw) -> str:
    """The heading the text begins with, else the file's own title, else its first heading."""
    # A label or two above the heading are not the text's beginning.
    first = next((block for block in blocks if block.level or is_running(block)), blocks[0])
    if first.level:
        title = first.text
    else:
        title = raw.title or next((block.text for block in blocks if block.level), "")
    return " ".join(title.split())[:LONGEST_TITLE]


def _assemble(blocks: Sequence[Block], title: str) -> tuple[str, tuple[Heading, ...]]:
    """The body in Markdown, and the spans its headings govern."""
    body = ""
    path: list[tuple[int, str]] = []
    opened = Block(title, 1, "title")
    start = 0
    headings: list[Heading] = []

    def close() -> None:
        if body[start:].strip():
            names = tuple(name for _, name in path) or (title,)
            rule = opened.rule or "title"
            headings.append(
                Heading(names, opened.level, rule, opened.page, start, len(body.rstrip()))
            )

    before: Block | None = None
    for block in blocks:
        if block.level:
            close()
            text = " ".join(block.text.split())
            body = f"{body.rstrip()}\n\n" if body else ""
            body += f"{'#' * block.level} {text}\n\n"
            path = [*(each for each in path if each[0] < block.level), (block.level, text)]
            opened, start = block, len(body)
        else:
            listed = before is not None and before.item and block.item
            body = body.rstrip() + "\n" if listed else body
            body += f"{block.text}\n\n"
        before = block
    close()
    return body.rstrip() + "\n", tuple(headings)


def _warn(blocks: Sequence[Block], raw: Raw) -> None:
    raw.warnings["guessed_headings"] += sum(block.rule in GUESSED for block in blocks)
    raw.warnings["no_headings"] += not any(block.level for block in blocks)
    raw.warnings["no_date"] += not raw.date
    raw.warnings["quoted_person"] += sum(len(QUOTED.findall(block.text)) for block in blocks)
