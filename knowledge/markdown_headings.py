"""Headings of a text written in Markdown, and headings somebody says are none."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import replace

from knowledge.imported import Heading, Imported

LINE = re.compile(r"^(#{1,6}) +(\S.*)$", re.MULTILINE)


def headings_of(body: str, title: str) -> tuple[Heading, ...]:
    """The headings that have text under them, with the spans they govern."""
    marks = list(LINE.finditer(body))
    found: list[Heading] = []
    path: list[tuple[int, str]] = []
    opening = Heading((title,), 1, "title", 0, 0, 0)
    for place, (heading, start) in enumerate([(opening, 0), *_marked(marks)]):
        if place:
            above = [each for each in path if each[0] < heading.level]
            path = [*above, (heading.level, heading.path[0])]
        end = marks[place].start() if place < len(marks) else len(body)
        text = body[start:end]
        if text.strip():
            first = start + len(text) - len(text.lstrip())
            names = tuple(name for _, name in path) or (title,)
            found.append(replace(heading, path=names, start=first, end=len(body[:end].rstrip())))
    return tuple(found)


def without_headings(imported: Imported, rejected: Collection[int]) -> Imported:
    """The text with some of its headings, by place, made into plain lines."""
    if not rejected:
        return imported
    starts = [imported.headings[place].start for place in rejected]
    lines = {_line_above(imported.body, start) for start in starts} - {-1}
    body = LINE.sub(lambda line: line[2] if line.start() in lines else line[0], imported.body)
    return replace(imported, body=body, headings=_told(headings_of(body, imported.title), imported))


def _marked(marks: list[re.Match[str]]) -> Iterator[tuple[Heading, int]]:
    for mark in marks:
        yield Heading((mark[2].strip(),), len(mark[1]), "markup", 0, 0, 0), mark.end()


def _line_above(body: str, start: int) -> int:
    """Where the heading's own line begins; -1 for the text above the first heading."""
    above = [line.start() for line in LINE.finditer(body, 0, start)]
    return above[-1] if above else -1


def _told(found: tuple[Heading, ...], imported: Imported) -> tuple[Heading, ...]:
    """The headings with the rule and the page the file's reader told."""
    known = defaultdict(list)
    for heading in imported.headings:
        known[heading.path[-1]].append(heading)
    told = []
    for heading in found:
        before = known[heading.path[-1]]
        first = before.pop(0) if before else heading
        told.append(replace(heading, rule=first.rule, page=first.page))
    return tuple(told)
