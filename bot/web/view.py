"""What a page shows of a conversation: stored turns as facts a template can print."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.messages import Choices, Form, Part
from bot.port import Turn

STOCKHOLM = ZoneInfo("Europe/Stockholm")
#: Years a day can be of; a clock cannot reckon with the very first and last ones.
YEARS = range(1900, 2200)
#: A person's id (``storage.people.first_id``).
_PERSON = re.compile(r"[0-9a-f]{16}")
_BULLET = re.compile(r"\s*[-•*] +")
_NUMBER = re.compile(r"\s*(\d{1,3})\. +")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of plain text with the structure its writer gave it."""

    kind: Literal["paragraph", "list", "numbered"]
    lines: tuple[str, ...]
    #: Number of the first line of a numbered list.
    first: int = 1


@dataclass(frozen=True, slots=True)
class Conversation:
    """The turns on a page and which of their buttons still work."""

    turns: tuple[Turn, ...]
    #: Ids of ``Choices`` and ``Form`` that can still be answered.
    open: frozenset[str]
    #: Interaction -> what the person answered last.
    answers: dict[str, str]


def view_conversation(turns: tuple[Turn, ...]) -> Conversation:
    """Only the latest question of a dialog is open; offers and feedback always are."""
    answers = {turn.answered: turn.said for turn in turns if turn.answered}
    always: set[str] = set()
    latest: set[str] = set()
    for turn in turns:
        asked = set(_questions(turn.reply.parts))
        latest = asked or latest
        always |= {
            part.interaction
            for part in turn.reply.parts
            if isinstance(part, Choices) and part.role != "dialog"
        }
    return Conversation(turns, frozenset(always | (latest - answers.keys())), answers)


def _questions(parts: tuple[Part, ...]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Form) or (isinstance(part, Choices) and part.role == "dialog"):
            yield part.interaction


def blocks(text: str) -> list[Block]:
    """The text's paragraphs and lists, in order; a list's numbers stay what they were."""
    found: list[Block] = []
    for chunk in re.split(r"\n\s*\n", text.strip()):
        for place, line in enumerate(chunk.split("\n")):
            read = _read_line(line)
            if found and _continues(found[-1], read, starts=place == 0):
                found[-1] = replace(found[-1], lines=found[-1].lines + read.lines)
            else:
                found.append(read)
    return found


def _read_line(line: str) -> Block:
    if bullet := _BULLET.match(line):
        return Block("list", (line[bullet.end() :],))
    if number := _NUMBER.match(line):
        return Block("numbered", (line[number.end() :],), int(number[1]))
    return Block("paragraph", (line,))


def _continues(last: Block, line: Block, *, starts: bool) -> bool:
    if last.kind != line.kind:
        return False
    if line.kind == "numbered":
        return line.first == last.first + len(last.lines)
    return line.kind == "list" or not starts


def part_kind(part: Part) -> str:
    """The part's class in lower case: "text", "sources", "choices", "form" or "file"."""
    return type(part).__name__.lower()


def actor_role(actor: str) -> str:
    """Whose name an actor's id stands for: "asker" (a conversation), "desk" or "system"."""
    if "|" in actor:
        return "asker"
    return "desk" if actor.startswith("stod") or _PERSON.fullmatch(actor) else "system"


def signature(actor: str, names: Mapping[str, str]) -> str:
    """What a colleague signs with, or the first of an id; empty for everybody else."""
    if actor in names:
        return names[actor]
    return actor[:4] if _PERSON.fullmatch(actor) else actor.partition("stod:")[2]


def web_address(url: str) -> str:
    """The address if it is one a link may lead to; otherwise nothing."""
    try:
        return url if urlsplit(url).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def file_type(name: str) -> str:
    """The file's ending, such as "docx"."""
    return PurePosixPath(name).suffix.lstrip(".").lower()


def local_time(at: datetime) -> str:
    """Date and time in Sweden, such as "2026-03-02 13:00"."""
    return f"{at.astimezone(STOCKHOLM):%Y-%m-%d %H:%M}"


def read_day(told: str) -> date | None:
    """A day as an address or a field tells it, such as 2026-03-14; None for anything else."""
    try:
        day = date.fromisoformat(told.strip())
    except ValueError:
        return None
    return day if day.year in YEARS else None
