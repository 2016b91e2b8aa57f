"""Headings of texts that mark none: numbered lines, and short lines that stand alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from knowledge.imported import Block

NUMBERED = re.compile(r"^(\d{1,2}(?:\.\d{1,2}){0,3})\.?\s+[A-ZÅÄÖ][^\n]{2,90}$")
LONGEST = 90
#: A text under a heading is at least this long; shorter ones are labels and links.
RUNNING = 80
SENTENCE_END = (".", ",", ":", ";", "!", "…")


def with_headings(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, with headings found by their looks where the file itself marks none."""
    if any(block.level for block in blocks):
        return list(blocks)
    numbered = sum(_number_level(block) > 0 for block in blocks) >= 2
    found = []
    for at, block in enumerate(blocks):
        level = _number_level(block) if numbered else 0
        if level:
            found.append(replace(block, level=min(6, level + 1), rule="numbered"))
        elif stands_alone(block):
            first = at == 0 or not any(each.level for each in found)
            found.append(replace(block, level=1 if first else 2, rule="alone"))
        else:
            found.append(block)
    return found


def stands_alone(block: Block) -> bool:
    """Is it a line by itself that could be a heading?"""
    text = block.text
    return (
        not block.item
        and "\n" not in text
        and 3 <= len(text) <= LONGEST
        and (text[0].isupper() or text[0].isdigit())
        and not text.endswith(SENTENCE_END)
        and not text.startswith(("–", "—"))
        and "@" not in text
        and "://" not in text
    )


def is_running(block: Block) -> bool:
    """Is it running text rather than a label, a link or a caption?"""
    return not block.level and (block.item or len(block.text) >= RUNNING)


def _number_level(block: Block) -> int:
    found = NUMBERED.match(block.text) if not block.item else None
    return found[1].count(".") + 1 if found and not block.text.endswith((".", ",", ";")) else 0
