"""Reads plain text and Markdown."""

from __future__ import annotations

import re
from typing import Any

from knowledge.imported import Block, Raw, Refused

LONGEST_TEXT = 2_000_000
MARKDOWN = re.compile(r"^#{1,6} \S", re.MULTILINE)
MARKDOWN_FROM = 2
BULLET = re.compile(r"^\s*(?:[•·▪◦*–\uf0b7-]|\d{1,2}[.)])\s+(?=\S)")
FRONT_MATTER = re.compile(r"\A---\s*\n(.*?)\n---\s*\n", re.DOTALL)
FRONT_LINE = re.compile(r"^(title|rubrik|date|datum|source_date):\s*(.+)$", re.MULTILINE)
#: Nested quotes and lists that a parser would follow for ever.
DEEPEST = 40
DEEP = re.compile(rf"^[ \t]*(?:[>*+-][ \t]*){{{DEEPEST},}}", re.MULTILINE)
LONGEST_LINE = 20_000


def decode(content: bytes) -> str:
    """The text, whatever Swedish programs wrote it. Raises ``Refused``."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252", "latin-1")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if len(text) > LONGEST_TEXT:
            raise Refused("too_long")
        return text.replace("\r\n", "\n").replace("\r", "\n")
    raise Refused("damaged")


def read_txt(content: bytes) -> Raw:
    """Paragraphs as blank lines part them; a text with Markdown headings is read as Markdown."""
    text = decode(content)
    if len(MARKDOWN.findall(text)) >= MARKDOWN_FROM:
        return read_md(content)
    raw = Raw([])
    for part in re.split(r"\n\s*\n", text):
        raw.blocks += _lines(part)
    return raw


def _lines(part: str) -> list[Block]:
    """A part as list items where it is a list, else as one paragraph with its lines kept."""
    lines = [line.strip() for line in part.splitlines() if line.strip()]
    blocks: list[Block] = []
    for line in lines:
        if BULLET.match(line):
            blocks.append(Block(f"- {BULLET.sub('', line)}", item=True))
        elif blocks:
            last = blocks[-1]
            joint = " " if last.item else "\n"
            blocks[-1] = Block(f"{last.text}{joint}{line}", item=last.item)
        else:
            blocks.append(Block(line))
    return blocks


def read_md(content: bytes) -> Raw:
    """Markdown with its headings; HTML in it is text. Raises ``Refused``."""
    from markdown_it import MarkdownIt

    text = decode(content)
    if DEEP.search(text) or max(map(len, text.splitlines() or [""])) > LONGEST_LINE:
        raise Refused("too_long")
    raw = Raw([])
    if front := FRONT_MATTER.match(text):
        _read_front(front[1], raw)
        text = text[front.end() :]
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": DEEPEST}).enable("table")
    _walk(parser.parse(text), raw)
    return raw


def _read_front(block: str, raw: Raw) -> None:
    for key, value in FRONT_LINE.findall(block):
        plain = value.strip().strip("\"'")
        if key in {"title", "rubrik"}:
            raw.title = raw.title or plain
        elif re.fullmatch(r"\d{4}-\d\d-\d\d", plain):
            raw.date = plain


def _walk(tokens: list[Any], raw: Raw) -> None:
    level, listed = 0, 0
    row: list[str] | None = None
    for token in tokens:
        match token.type:
            case "heading_open":
                level = int(token.tag[1])
            case "heading_close":
                level = 0
            case "list_item_open":
                listed += 1
            case "list_item_close":
                listed -= 1
            case "tr_open":
                row = []
            case "tr_close":
                raw.blocks.append(Block(" | ".join(filter(None, row or [])), item=True))
                row = None
            case "fence" | "code_block":
                raw.blocks.append(Block(token.content.strip()))
            case "inline" if row is not None:
                row.append(_plain(token))
            case "inline":
                raw.blocks.append(_inline(_plain(token), level, listed=listed > 0))


def _inline(text: str, level: int, *, listed: bool) -> Block:
    if level:
        return Block(text, level, "markup")
    return Block(f"- {text}", item=True) if listed else Block(text)


def _plain(token: Any) -> str:
    """The words without their marks: links keep their label, pictures their description."""
    pieces = []
    for child in token.children or ():
        if child.type in {"softbreak", "hardbreak"}:
            pieces.append(" ")
        else:
            pieces.append(child.content)
    return " ".join("".join(pieces).split())
