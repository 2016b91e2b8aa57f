"""A text as a page shows it: headings, paragraphs and lists; and what changed in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from bot.guidance.articles import FACTS
from bot.guidance.word_diff import Gap, Pair, compare_lines, side_by_side
from bot.web.view import Block, blocks
from knowledge.model import Document

_HEADING = re.compile(r"^(#{1,6}) +(\S.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and what stands under it, up to the next."""

    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """Two versions side by side."""

    #: (name of the fact, before and after).
    facts: tuple[tuple[str, Pair], ...]
    questions: tuple[Pair | Gap, ...]
    body: tuple[Pair | Gap, ...]

    @property
    def none(self) -> bool:
        """Is everything the same?"""
        pairs = [*self.questions, *self.body]
        return not self.facts and not any(isinstance(each, Pair) for each in pairs)


def parts_of(body: str) -> list[Part]:
    """The text by its headings; the first part has none where text stands above them all."""
    return [part for part in _parts(body) if part.heading or part.blocks]


def _parts(body: str) -> Iterator[Part]:
    heading, start = "", 0
    for match in _HEADING.finditer(body):
        yield Part(heading, tuple(_blocks(body[start : match.start()])))
        heading, start = match[2], match.end()
    yield Part(heading, tuple(_blocks(body[start:])))


def _blocks(text: str) -> list[Block]:
    return blocks(text) if text.strip() else []


def changes(before: Document | None, after: Document) -> Changes:
    """What ``after`` changes; everything where there is nothing before."""
    old, new = asdict(before) if before else {}, asdict(after)
    facts = tuple(
        (name, compare_lines(old.get(name, ""), new[name]))
        for name in FACTS
        if old.get(name, "") != new[name]
    )
    asked = "\n".join(before.questions) if before else ""
    return Changes(
        facts,
        tuple(side_by_side(asked, "\n".join(after.questions))),
        tuple(side_by_side(before.body if before else "", after.body)),
    )
