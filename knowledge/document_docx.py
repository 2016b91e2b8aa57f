"""Reads a Word file: styles give the headings, hidden runs are left out and shown."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from knowledge.document_gate import is_xml
from knowledge.imported import Block, Dropped, Raw, Refused

if TYPE_CHECKING:
    from docx.table import Table
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

#: Elements a tree may hold; a book has a tenth of it.
MOST_ELEMENTS = 400_000
MOST_PARAGRAPHS = 20_000
#: In points: smaller than this nobody reads.
SMALLEST = 3.0
LONGEST_HEADING = 120
DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
HEADING_STYLE = re.compile(r"(?:heading|rubrik) ?(\d)", re.IGNORECASE)
TITLE_STYLE = re.compile(r"^(?:title|rubrik|titel)$", re.IGNORECASE)


def read_docx(content: bytes) -> Raw:
    """The file's paragraphs, list items and table rows in document order. Raises ``Refused``."""
    _check_parts(content)
    from docx import Document
    from docx.text.paragraph import Paragraph

    document = Document(io.BytesIO(content))
    raw = Raw([], title=document.core_properties.title or "")
    changed = document.core_properties.modified or document.core_properties.created
    raw.date = changed.date().isoformat() if changed else ""
    for item in document.iter_inner_content():
        if isinstance(item, Paragraph):
            _take(item, raw)
        else:
            raw.blocks += _rows(item, raw)
        if len(raw.blocks) > MOST_PARAGRAPHS:
            raise Refused("too_long")
    return raw


def _check_parts(content: bytes) -> None:
    """What the directory cannot tell: declarations, other encodings, endless elements."""
    elements = 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in filter(is_xml, archive.namelist()):
            part = archive.read(name)
            # A declaration in UTF-16 would pass the search; Word writes UTF-8 only.
            if DECLARATION.search(part) or b"\x00" in part:
                raise Refused("declarations")
            elements += part.count(b"<")
    if elements > MOST_ELEMENTS:
        raise Refused("too_long")


def _take(paragraph: Paragraph, raw: Raw) -> None:
    text = _visible(paragraph, raw)
    if not text:
        return
    style = _style_of(paragraph)
    level = _level(style)
    if level:
        raw.blocks.append(Block(text, level, "style"))
    elif _looks_like_heading(paragraph, text):
        raw.blocks.append(Block(text, 3, "bold"))
    elif _is_listed(paragraph, style):
        raw.blocks.append(Block(f"- {text}", item=True))
    else:
        raw.blocks.append(Block(text))


def _style_of(paragraph: Paragraph) -> str:
    style = paragraph.style
    return (style.name or "") if style is not None else ""


def _level(style: str) -> int:
    if TITLE_STYLE.match(style):
        return 1
    found = HEADING_STYLE.match(style)
    return min(6, int(found[1])) if found and found[1] != "0" else 0


def _is_listed(paragraph: Paragraph, style: str) -> bool:
    properties = paragraph._p.pPr
    numbered = properties is not None and properties.numPr is not None
    return numbered or style.casefold().startswith(("list", "punktlista", "numrerad"))


def _looks_like_heading(paragraph: Paragraph, text: str) -> bool:
    """A short line, wholly bold, that ends no sentence."""
    if len(text) > LONGEST_HEADING or text.endswith((".", ",", ":", ";")):
        return False
    runs = [run for run in paragraph.runs if run.text.strip()]
    return bool(runs) and all(run.bold for run in runs)


def _visible(paragraph: Paragraph, raw: Raw) -> str:
    """The paragraph's text, links included, without what is not shown on paper."""
    from docx.text.run import Run

    shown: list[str] = []
    hidden: list[str] = []
    for part in paragraph.iter_inner_content():
        for run in [part] if isinstance(part, Run) else part.runs:
            (hidden if _is_hidden(run) else shown).append(run.text)
    unseen = "".join(hidden).strip()
    if unseen:
        raw.dropped.append(Dropped(unseen, "hidden"))
        raw.warnings["hidden_text"] += 1
    return " ".join("".join(shown).split())


def _is_hidden(run: Run) -> bool:
    font = run.font
    tiny = font.size is not None and font.size.pt < SMALLEST
    color: Any = font.color.rgb if font.color is not None and font.color.type else None
    return bool(font.hidden) or tiny or str(color).upper() == "FFFFFF"


def _rows(table: Table, raw: Raw) -> Iterator[Block]:
    """Each row as a line of its own: "Krav: nivå 2 | Tid: fyra månader" needs no table."""
    for row in table.rows:
        cells: list[str] = []
        for cell in row.cells:
            text = " ".join(filter(None, (_visible(each, raw) for each in cell.paragraphs)))
            if text and (not cells or cells[-1] != text):
                cells.append(text)
        if cells:
            yield Block(" | ".join(cells), item=True)
