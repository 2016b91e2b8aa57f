"""Replies as Block Kit (docs.slack.dev/reference/block-kit).

What people and passages say goes into plain text, which knows neither markup nor mentions; only
links and their names are mrkdwn, and escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.channels.buttons import button_data, digest_of, told_apart
from bot.channels.connections import Alert
from bot.channels.plain_text import Words, date_of, place_of
from bot.messages import Choices, File, Form, Part, Source, Sources, Text

Block = dict[str, Any]

#: Verbs of our buttons, the first part of their ``action_id``.
CHOOSE, FORM, FILE, RESUME = "choose", "form", "file", "resume"
#: Blocks of a message, and characters of one section.
MOST_BLOCKS = 50
LONGEST = 2900
#: Characters of all blocks of a message; Slack refuses longer ones with ``msg_too_long``.
MOST_CHARACTERS = 12_000
LONGEST_LABEL = 75
#: More options than this stand in a menu.
MOST_BUTTONS = 5
MOST_OPTIONS = 100


@dataclass(frozen=True, slots=True)
class Origin:
    """The conversation a message belongs to, wherever it is shown; carried by its buttons."""

    room: str
    thread: str = ""

    def __str__(self) -> str:
        return f"{self.room}|{self.thread}"


def to_messages(parts: Iterable[Part], origin: Origin, words: Words) -> list[dict[str, Any]]:
    """The parts as arguments of chat.postMessage, in as few messages as the limits allow."""
    blocks = [block for part in told_apart(parts) for block in to_blocks(part, origin, words)]
    return [
        {"text": summary(page) or words("choose"), "blocks": page,
         "unfurl_links": False, "unfurl_media": False}
        for page in _pages(blocks)
    ]  # fmt: skip


def alert_blocks(alert: Alert, words: Words) -> list[Block]:
    """An alert with its number, one line, the time and a link."""
    blocks = [*_lines(f"{alert.number} {alert.line}"), note(words("alert_due", due=alert.due))]
    if alert.repeated:
        blocks.append(note(words("alert_repeated", number=alert.number)))
    return [*blocks, *([link(alert.link, words("alert_open"))] if alert.link else ())]


def to_blocks(part: Part, origin: Origin, words: Words) -> Iterator[Block]:
    """One part."""
    match part:
        case Text(text, _, "note"):
            yield from (note(piece) for piece in _cut(text))
        case Text(text):
            yield from _lines(text)
        case Sources(sources):
            for number, source in enumerate(sources):
                yield from _source(source, words, whole=number == 0)
        case Choices():
            yield from _lines(part.prompt)
            yield _choices(part, origin, words)
        case Form():
            yield from _lines(part.title)
            yield _actions(button(words("open_form"), FORM, digest_of(part.interaction), origin))
        case File(reference=reference, label=label):
            yield _actions(button(label, FILE, reference, origin))


def button(label: str, verb: str, data: str, origin: Origin, number: int = 0) -> Block:
    """One button; ``number`` tells those of a row apart."""
    return {"type": "button", "action_id": f"{verb}-{number}", "text": plain(label),
            "value": f"{data}|{origin}"}  # fmt: skip


def plain(text: str, longest: int = LONGEST_LABEL) -> Block:
    """A text object that knows no markup, cut to what Slack takes."""
    shown = text if len(text) <= longest else f"{text[: longest - 1]}…"
    return {"type": "plain_text", "text": shown, "emoji": False}


def escape(text: str) -> str:
    """Mrkdwn's three characters, without which there is no link and no mention."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def section(text: str) -> Block:
    """A paragraph as it was written."""
    return {"type": "section", "text": plain(text, LONGEST)}


def summary(blocks: Iterable[Block]) -> str:
    """The words of a message, for notifications and screen readers."""
    texts = (str(block["text"]["text"]) for block in blocks if block["type"] == "section")
    return escape("\n".join(texts))[:LONGEST]


def _choices(choices: Choices, origin: Origin, words: Words) -> Block:
    marked = [(option.label, button_data(choices, option)) for option in choices.options]
    if len(marked) <= MOST_BUTTONS:
        return _actions(
            *(button(label, CHOOSE, data, origin, n) for n, (label, data) in enumerate(marked))
        )
    options = [
        {"text": plain(label), "value": f"{data}|{origin}"} for label, data in marked[:MOST_OPTIONS]
    ]
    return _actions(
        {"type": "static_select", "action_id": f"{CHOOSE}-0", "placeholder": plain(words("choose")),
         "options": options}
    )  # fmt: skip


def _actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def _lines(text: str) -> Iterator[Block]:
    yield from (section(piece) for piece in _cut(text))


def note(text: str) -> Block:
    """Small print."""
    return {"type": "context", "elements": [plain(text, LONGEST)]}


def link(address: str, label: str) -> Block:
    """A link, or the words for where something is found."""
    if not address.startswith("https://"):
        return note(address)
    return _small(f"<{_address(address)}|{escape(label)}>")


def _small(markup: str) -> Block:
    text = {"type": "mrkdwn", "text": markup, "verbatim": True}
    return {"type": "context", "elements": [text]}


def _source(source: Source, words: Words, *, whole: bool) -> Iterator[Block]:
    if whole:
        if source.about:
            yield note(words("about", about=source.about))
        yield from _lines(f"”{source.text}”")
    yield _small(_heading(source, words))
    if whole and source.twins:
        yield note(words("twins", twins=", ".join(source.twins)))
    if whole and source.note:
        yield from (note(piece) for piece in _cut(source.note))


def _heading(source: Source, words: Words) -> str:
    shown = escape(f"{place_of(source)}, {date_of(source, words)}"[: LONGEST // 5])
    if not source.url.startswith(("https://", "http://")):
        return f"– {shown}"
    return f"– <{_address(source.url)}|{shown}>"


def _address(url: str) -> str:
    """A link's address with what would end the link taken out."""
    safe = url.replace("<", "%3C").replace(">", "%3E").replace("|", "%7C").replace(" ", "%20")
    return safe.replace("&", "&amp;")


def _pages(blocks: list[Block]) -> Iterator[list[Block]]:
    page: list[Block] = []
    for block in blocks:
        full = len(str(page)) + len(str(block)) > MOST_CHARACTERS
        if page and (full or len(page) == MOST_BLOCKS):
            yield page
            page = []
        page.append(block)
    if page:
        yield page


def _cut(text: str) -> Iterator[str]:
    """The text in pieces no longer than a section, cut at paragraph, line or word."""
    rest = text.strip()
    while len(rest) > LONGEST:
        head = rest[:LONGEST]
        at = max(head.rfind("\n\n"), head.rfind("\n"), head.rfind(" "))
        at = at if at > 0 else len(head)
        yield rest[:at]
        rest = rest[at:].strip()
    if rest:
        yield rest


def asker_only(part: Part) -> bool:
    """Is it for the asker alone: votes, offers, files and forms?"""
    return isinstance(part, File | Form) or (isinstance(part, Choices) and part.role != "dialog")
