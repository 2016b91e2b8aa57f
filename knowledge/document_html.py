"""Reads a web page: the main content, without menus, banners and scripts."""

from __future__ import annotations

import re
from typing import Any

from knowledge.document_text import decode
from knowledge.imported import Block, Dropped, Raw, Reason, Refused

MOST_NODES = 200_000
MAIN = ("main", "[role=main]", "article", "#content", "#main", ".main-content")
#: Parts that are no text of the page, by selector, and how they are shown as dropped.
PARTS: tuple[tuple[str, Reason], ...] = (
    ("nav, [role=navigation], [class*=breadcrumb], [class*=menu], #menu", "menu"),
    ("[class*=cookie], [id*=cookie], [class*=consent], [id*=consent]", "cookies"),
    ("body > header, [role=banner], [class*=banner]", "banner"),
    ("footer, [role=contentinfo]", "footer"),
    ("[class*=contact], [class*=kontakt], address", "contact"),
    ("aside, [role=complementary], form, dialog, button", "menu"),
)
SILENT = "script, style, noscript, template, svg, iframe, object, embed, head, math, canvas, select"
UNSEEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0(?![.\d])"
    r"|(?<!-)color\s*:\s*(?:#fff(?:fff)?\b|white\b)",
    re.IGNORECASE,
)
TEXTS = "h1, h2, h3, h4, h5, h6, p, li, tr, dt, dd, blockquote, pre, figcaption"
HOLDERS = frozenset(TEXTS.replace(" ", "").split(","))
META_DATES = ("article:modified_time", "last-modified", "dcterms.modified", "dc.date.modified",
              "article:published_time", "dcterms.issued", "dc.date", "date")  # fmt: skip
ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")
SHOWN_OF_PART = 300
DEEPEST = 200


def read_html(content: bytes) -> Raw:
    """The page's headings, paragraphs, list items and table rows. Raises ``Refused``."""
    from selectolax.lexbor import LexborHTMLParser

    text = decode(content)
    if text.count("<") > MOST_NODES:
        raise Refused("too_long")
    tree: Any = LexborHTMLParser(text)
    raw = Raw([], _title(tree), _date(tree))
    for node in tree.css(SILENT):
        node.decompose()
    if tree.body is None:
        return raw
    _drop_unseen(tree, raw)
    for selector, reason in PARTS:
        _drop(tree, selector, reason, raw)
    root = next((found for name in MAIN if (found := tree.css_first(name))), tree.body)
    _read(root, raw)
    return raw


def _title(tree: Any) -> str:
    node = tree.css_first("main h1") or tree.css_first("h1") or tree.css_first("title")
    return _text(node) if node else ""


def _date(tree: Any) -> str:
    named = {
        (node.attributes.get("property") or node.attributes.get("name") or "").lower(): (
            node.attributes.get("content") or ""
        )
        for node in tree.css("meta")
    }
    for name in META_DATES:
        if found := ISO_DATE.match(named.get(name, "")):
            return found[0]
    return ""


def _drop_unseen(tree: Any, raw: Raw) -> None:
    for node in tree.css("[hidden], [aria-hidden=true], [style]"):
        style = node.attributes.get("style") or ""
        named = "hidden" in node.attributes or node.attributes.get("aria-hidden") == "true"
        if (named or UNSEEN.search(style)) and node.tag not in {"html", "body", "main"}:
            if text := _text(node):
                raw.dropped.append(Dropped(text[:SHOWN_OF_PART], "hidden"))
                raw.warnings["hidden_text"] += 1
            node.decompose()


def _drop(tree: Any, selector: str, reason: Reason, raw: Raw) -> None:
    for node in tree.css(selector):
        # A page that names its whole content "menu-page" keeps it.
        if node.tag in {"html", "body", "main", "article"} or node.css_first("main, h1"):
            continue
        if text := _text(node):
            raw.dropped.append(Dropped(text[:SHOWN_OF_PART], reason))
        node.decompose()


def _read(root: Any, raw: Raw) -> None:
    found = [node for node in root.css(TEXTS) if not _is_inside(node, root)]
    if not found:
        lines = root.text(separator="\n").splitlines()
        raw.blocks += [Block(" ".join(line.split())) for line in lines if line.strip()]
    for node in found:
        if text := _text(node, " | " if node.tag == "tr" else " "):
            raw.blocks.append(_block(node.tag, text))


def _is_inside(node: Any, root: Any) -> bool:
    """Is it part of a text that is taken as a whole, as a paragraph in a list item is?"""
    parent, steps = node.parent, 0
    while parent is not None and parent.mem_id != root.mem_id and steps < DEEPEST:
        if parent.tag in HOLDERS:
            return True
        parent, steps = parent.parent, steps + 1
    # A page nested deeper than anybody writes is read no further.
    return steps >= DEEPEST


def _block(tag: str, text: str) -> Block:
    if re.fullmatch(r"h[1-6]", tag):
        return Block(text, int(tag[1]), "markup")
    if tag in {"li", "dd"}:
        return Block(f"- {text}", item=True)
    return Block(text, item=tag == "tr")


def _text(node: Any, separator: str = " ") -> str:
    if node.tag == "tr":
        # Its own cells only: tables within tables within tables would be read over and over.
        own = (cell for cell in node.iter() if cell.tag in {"td", "th"})
        cells = [" ".join(cell.text(separator=" ").split()) for cell in own]
        return separator.join(filter(None, cells))
    # Inline tags must not part a word from its full stop.
    plain = " ".join(node.text(separator=" ").split())
    return re.sub(r" ([.,;:!?)])", r"\1", plain)
