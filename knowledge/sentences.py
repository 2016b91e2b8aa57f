"""Sentences as spans of a text, so that a quoted sentence is verbatim by construction."""

from __future__ import annotations

import re

_ABBREVIATION_LINES = """kap st ang bl.a t.ex d.v.s dvs m.m m.fl o.d s.k p g.a f.d t.o.m fr.o.m resp
    ca nr jfr inkl"""
#: Abbreviations whose full stop ends no sentence.
ABBREVIATIONS = frozenset(_ABBREVIATION_LINES.split())
END = re.compile(r"[.!?:](?=[\s”\"')\]]|$)[”\"')\]]*|\n\s*\n|\n(?=- |\d+\. )")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Start and end of each sentence or list item, without surrounding white space."""
    spans: list[tuple[int, int]] = []
    start = 0
    for match in END.finditer(text):
        before = text[start : match.start()].rsplit(None, 1)
        if match[0].startswith(":") and "\n" not in text[match.end() : match.end() + 2]:
            continue
        if match[0].startswith(".") and before and _is_abbreviation(before[-1]):
            continue
        spans.append((start, match.end()))
        start = match.end()
    spans.append((start, len(text)))
    return [trimmed for span in spans if (trimmed := _trim(text, span))[0] < trimmed[1]]


def _is_abbreviation(word: str) -> bool:
    bare = word.lstrip('(”"').casefold()
    return bare in ABBREVIATIONS or (bare.isdigit() and len(bare) <= 2)


def _trim(text: str, span: tuple[int, int]) -> tuple[int, int]:
    start, end = span
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    return start, max(start, end - (len(piece) - len(piece.rstrip())))
