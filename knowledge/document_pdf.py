"""Reads a PDF: lines with their size, place and tag become paragraphs and headings.

No library says which lines of a PDF are headings, so the surest sign at hand is used: the tags of
an accessible PDF, then its bookmarks, then letters larger than the running text, then bold lines.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from knowledge.document_pdf_tags import Tags, read_tags
from knowledge.document_text import BULLET
from knowledge.imported import Block, Dropped, Raw, Refused, Rule

if TYPE_CHECKING:
    from pypdf import PdfReader

MOST_PAGES = 500
LONGEST_TEXT = 3_000_000
#: A page with fewer letters has no text layer.
FEWEST_LETTERS = 25
#: Share of pages that may be pictures alone.
SCANNED_SHARE = 0.5
LONGEST_HEADING = 140
#: Larger than the running text by this factor.
LARGER = 1.12
SMALLEST = 3.0
INVISIBLE = 3
WHITE = {b"rg": [1, 1, 1], b"g": [1], b"k": [0, 0, 0, 0]}
FILLS = frozenset((b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"sh"))
HEADING_TAG = re.compile(r"^/(?:H|Heading ?|Rubrik ?)([1-6])?$")
#: A gap of more than this many lines begins a new paragraph.
GAP = 1.55
LINE_HYPHEN = re.compile(r"(?<=[a-zåäö])[-\u00ad]$")


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line."""

    text: str
    size: float
    bold: bool
    y: float
    page: int
    #: Tag of the marked content: "/H1", "/P", "/Artifact"; empty in an untagged PDF.
    tag: str = ""
    #: Printed without ink, in white or too small to see.
    hidden: bool = False


def read_pdf(content: bytes) -> Raw:
    """The text of every page. Raises ``Refused``."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted:
        raise Refused("encrypted")
    if len(reader.pages) > MOST_PAGES:
        raise Refused("too_long")
    lines = _lines(reader)
    _check_text_layer(lines, len(reader.pages))
    raw = Raw([], *_facts(reader))
    shown = list(_shown(lines, raw))
    raw.blocks = list(_blocks(shown, _outline(reader)))
    return raw


def _lines(reader: PdfReader) -> list[Line]:
    lines: list[Line] = []
    length = 0
    tags = read_tags(reader)
    for number, page in enumerate(reader.pages, 1):
        found = _Page(number, tags)
        page.extract_text(visitor_operand_before=found.watch, visitor_text=found.take)
        printed = list(found.lines())
        lines += printed
        length += sum(len(line.text) for line in printed)
        if length > LONGEST_TEXT:
            raise Refused("too_long")
    return lines


class _Page:
    """Collects a page's pieces of text and how each is printed."""

    def __init__(self, number: int, tags: Tags) -> None:
        self._known = tags
        self.pieces: list[Line] = []
        self._number = number
        self._tags: list[str] = []
        self._white = self._painted = False
        self._mode = 0
        self._tag, self._unseen = "", False

    def watch(self, operator: bytes, operands: Any, _cm: Any, _tm: Any) -> None:
        """Follows tags, colour and print mode."""
        if operator in (b"BDC", b"BMC"):
            self._tags.append(self._name(operands))
        elif operator == b"EMC":
            self._tags = self._tags[:-1]
        elif operator in WHITE:
            self._white = [float(each) for each in operands if _is_number(each)] == WHITE[operator]
        elif operator in FILLS:
            self._painted = True
        elif operator == b"Tr" and operands and _is_number(operands[0]):
            self._mode = int(operands[0])
        elif operator in (b"Tj", b"TJ", b"'", b'"'):
            # White letters on a painted bar can be read.
            self._unseen = self._mode == INVISIBLE or (self._white and not self._painted)
            self._tag = next((tag for tag in reversed(self._tags) if tag != "/Span"), "")

    def _name(self, operands: Any) -> str:
        """The element the tree puts the content in, else what the page itself calls it."""
        facts = operands[1] if len(operands) > 1 else None
        number = facts.get("/MCID") if isinstance(facts, dict) else None
        own = str(operands[0]) if operands else ""
        return self._known.get((self._number, number), own) if isinstance(number, int) else own

    def take(self, text: str, cm: Any, tm: Any, font: Any, size: Any) -> None:
        """One piece of text, with line ends where the next line begins."""
        scale = abs(tm[3] * cm[3]) or abs(tm[1] * cm[2]) or 1.0
        real = round(float(size) * scale, 1)
        name = str((font or {}).get("/BaseFont", ""))
        bold = bool(re.search(r"bold|black|heavy|semibold", name, re.IGNORECASE))
        y = tm[5] * cm[3] + cm[5]
        unseen = self._unseen or 0 < real < SMALLEST
        self.pieces.append(Line(text, real, bold, y, self._number, self._tag, unseen))

    def lines(self) -> Iterator[Line]:
        """The pieces joined to lines; a line is what its longest piece is."""
        open_line: list[Line] = []
        for piece in self.pieces:
            parts = piece.text.split("\n")
            for number, part in enumerate(parts):
                if number and open_line:
                    yield from _joined(open_line)
                    open_line = []
                if part:
                    open_line.append(replace(piece, text=part))
        yield from _joined(open_line)


def _joined(pieces: list[Line]) -> Iterator[Line]:
    for hidden in (False, True):
        own = [piece for piece in pieces if piece.hidden is hidden]
        text = " ".join("".join(piece.text for piece in own).split())
        if text:
            yield replace(max(own, key=lambda piece: len(piece.text.strip())), text=text)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float)


def _check_text_layer(lines: Iterable[Line], pages: int) -> None:
    letters: Counter[int] = Counter()
    for line in lines:
        letters[line.page] += sum(char.isalpha() for char in line.text)
    empty = sum(letters[page] < FEWEST_LETTERS for page in range(1, pages + 1))
    if pages == 0 or empty > SCANNED_SHARE * pages:
        raise Refused("scanned" if not sum(letters.values()) or pages > 1 else "empty")


def _facts(reader: PdfReader) -> tuple[str, str]:
    facts = reader.metadata
    changed = (facts.modification_date or facts.creation_date) if facts else None
    title = str(facts.title or "") if facts else ""
    # Word leaves its own file name as title.
    title = "" if re.search(r"\.(?:docx?|pdf|indd)$|^Microsoft Word", title) else title
    return title, changed.date().isoformat() if changed else ""


def _shown(lines: list[Line], raw: Raw) -> Iterator[Line]:
    """The lines a reader sees; a text layer under scanned pages counts as seen."""
    if lines and all(line.hidden for line in lines):
        raw.warnings["ocr"] += 1
        yield from (replace(line, hidden=False) for line in lines)
        return
    for line in lines:
        if line.hidden:
            raw.dropped.append(Dropped(line.text, "hidden", line.page))
            raw.warnings["hidden_text"] += 1
        elif line.tag == "/Artifact":
            raw.dropped.append(Dropped(line.text, "repeated", line.page))
        else:
            yield line


def _outline(reader: PdfReader) -> dict[tuple[int, str], int]:
    """(page, folded title) of each bookmark -> its depth, from 1."""
    found: dict[tuple[int, str], int] = {}

    def walk(entries: Any, depth: int) -> None:
        for entry in entries:
            if isinstance(entry, list):
                walk(entry, depth + 1)
            elif (page := reader.get_destination_page_number(entry)) is not None:
                found[page + 1, _folded(str(entry.title))] = min(6, depth)

    walk(reader.outline, 1)
    return found


def _folded(text: str) -> str:
    return re.sub(r"\W+", "", text.casefold())


def _blocks(lines: list[Line], outline: dict[tuple[int, str], int]) -> Iterator[Block]:
    body = _body_size(lines)
    sizes = sorted({line.size for line in lines if line.size > LARGER * body}, reverse=True)
    tagged = any(HEADING_TAG.match(line.tag) for line in lines)
    before: Line | None = None
    open_block: Block | None = None
    for line in lines:
        level, rule = _heading(line, body, sizes, outline, tagged=tagged)
        item = BULLET.match(line.text) is not None
        goes_on = before is not None and open_block is not None and not item
        if goes_on and open_block and before and _continues(before, line, open_block, level):
            open_block = replace(open_block, text=_with(open_block.text, line.text))
        else:
            if open_block:
                yield open_block
            listed = item and not level
            text = f"- {BULLET.sub('', line.text)}" if listed else line.text
            open_block = Block(text, level, rule if level else "", line.page, listed)
        before = line
    if open_block:
        yield open_block


def _heading(
    line: Line,
    body: float,
    sizes: list[float],
    outline: dict[tuple[int, str], int],
    *,
    tagged: bool,
) -> tuple[int, Rule]:
    if tagged:
        found = HEADING_TAG.match(line.tag)
        return (int(found[1] or 1) if found else 0), "tag"
    if depth := outline.get((line.page, _folded(line.text))):
        return depth, "outline"
    short = len(line.text) <= LONGEST_HEADING and not line.text.endswith((".", ",", ";"))
    if not short or not any(char.isalpha() for char in line.text):
        return 0, "size"
    if line.size in sizes:
        return min(6, sizes.index(line.size) + 1), "size"
    # A whole text in bold has no bold headings.
    return (min(6, len(sizes) + 1), "bold") if line.bold else (0, "bold")


def _body_size(lines: list[Line]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _continues(before: Line, line: Line, block: Block, level: int) -> bool:
    if level != block.level:
        return False
    if before.page != line.page:
        # A sentence that the page's end cut goes on.
        return (
            not level and not block.text.endswith((".", "?", "!", ":")) and line.text[0].islower()
        )
    gap = abs(before.y - line.y)
    return before.size == line.size and 0 < gap <= GAP * max(line.size, 1.0)


def _with(text: str, more: str) -> str:
    if LINE_HYPHEN.search(text) and more[:1].islower():
        return LINE_HYPHEN.sub("", text) + more
    return f"{text} {more}"
