"""An imported file as data: its blocks, what was dropped from it and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

#: How a heading was recognised, surest first: the file says so itself (markup, a style, a tag of
#: the PDF, its bookmarks), or it only looks like one.
Rule = Literal["markup", "style", "tag", "outline", "size", "bold", "numbered", "alone", "title"]
#: Rules that only guess from looks; a person should look at these headings.
GUESSED: frozenset[Rule] = frozenset(("size", "bold", "numbered", "alone"))
#: Why a piece of the file is no part of the text.
Reason = Literal[
    "menu", "banner", "cookies", "contact", "footer", "repeated", "date", "link", "caption",
    "contents", "hidden",
]  # fmt: skip
#: Why a file is not taken.
Fault = Literal[
    "kind", "size", "empty", "mismatch", "damaged", "macros", "old_word", "archive", "encrypted",
    "scanned", "too_long", "declarations", "limits",
]  # fmt: skip
#: What somebody should look at before the text is published; counted.
Caution = Literal[
    "hidden_characters", "hidden_text", "personal_data", "quoted_person", "guessed_headings",
    "no_headings", "ocr", "no_date", "memory_unlimited",
]  # fmt: skip


class Refused(Exception):
    """The file is not taken; ``fault`` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, a list item or a table row."""

    text: str
    #: 1 to 6 for a heading; 0 for text.
    level: int = 0
    #: How a heading was recognised; empty for text.
    rule: Rule | Literal[""] = ""
    #: Counts from 1; 0 where the format has no pages.
    page: int = 0
    #: Does it belong to the same list or table as the block before?
    item: bool = False


@dataclass(frozen=True, slots=True)
class Dropped:
    """A piece of the file that is no part of the text, shown to whoever imports it."""

    text: str
    reason: Reason
    page: int = 0


@dataclass(slots=True)
class Raw:
    """What a format's reader found, in reading order."""

    blocks: list[Block]
    title: str = ""
    #: ISO date or empty.
    date: str = ""
    dropped: list[Dropped] = field(default_factory=list)
    warnings: Counter[Caution] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the imported text and the span it governs."""

    #: The headings above it and its own, outermost first.
    path: tuple[str, ...]
    level: int
    rule: Rule
    page: int
    #: Character offsets of its text in the body; the heading's own line is outside.
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Imported:
    """A file read: a text with its headings, ready to become a draft."""

    title: str
    #: ISO date or empty where the file says none.
    date: str
    body: str
    headings: tuple[Heading, ...]
    dropped: tuple[Dropped, ...]
    #: Caution -> how often.
    warnings: dict[str, int]
