"""A reply as Telegram messages: HTML with three escaped characters, buttons, under the limit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from bot.channels.buttons import button_data, told_apart
from bot.channels.connections import Alert
from bot.channels.plain_text import Words, date_of, place_of
from bot.messages import Choices, File, Form, Reply, Source, Sources, Text

#: Characters of a message; the limit of 4096 counts what is left after reading the markup, in
#: UTF-16 units, so that an emoji counts as two.
LONGEST = 4000
#: Longest label that is not cut off on a phone when two buttons share a row.
HALF_ROW = 16
#: Rows of a keyboard, well under the limit of 100 buttons.
MOST_ROWS = 40
#: Bytes of a button's data (core.telegram.org/bots/api#inlinekeyboardbutton).
MOST_BYTES = 64
FILE = "fil:"

#: (label, callback data) per button, row by row.
Keyboard = tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True, slots=True)
class Message:
    """One message to send."""

    html: str
    keyboard: Keyboard = ()


def to_messages(reply: Reply, words: Words) -> tuple[Message, ...]:
    """The reply in order; the buttons of all parts sit under the last message."""
    pieces = [piece for part in reply.parts for piece in _texts(part, words)]
    rows = tuple(row for part in told_apart(reply.parts) for row in _rows(part))[:MOST_ROWS]
    bodies = list(_joined(pieces)) or ([escape(words("choose"))] if rows else [])
    messages = [Message(body) for body in bodies]
    if rows:
        messages[-1] = Message(messages[-1].html, rows)
    return tuple(messages)


def alert_html(alert: Alert, words: Words) -> str:
    """An alert as one message."""
    lines = [f"<b>{escape(alert.number)}</b> {escape(alert.line)}"]
    lines.append(escape(words("alert_due", due=alert.due)))
    lines.append(escape(alert.link))
    if alert.repeated:
        lines.append(f"<i>{escape(words('alert_repeated', number=alert.number))}</i>")
    return "\n".join(lines)


def _texts(part: object, words: Words) -> Iterator[str]:
    match part:
        case Text(text, _, role):
            yield from _paragraphs(text, "i" if role == "note" else "")
        case Sources(sources):
            for number, source in enumerate(sources):
                yield from _source(source, words, whole=number == 0)
        case Choices(prompt=prompt) if prompt:
            yield from _paragraphs(prompt)
        case Form(_, title, fields):
            yield from _paragraphs(title)
            for field in fields:
                yield from _paragraphs("\n".join(filter(None, (field.label, field.help))))


def _paragraphs(text: str, mark: str = "") -> Iterator[str]:
    for piece in _cut(text):
        shown = escape(piece)
        yield f"<{mark}>{shown}</{mark}>" if mark else shown


def _source(source: Source, words: Words, *, whole: bool) -> Iterator[str]:
    if whole:
        if source.about:
            yield escape(words("about", about=source.about))
        for piece in _cut(source.text):
            yield f"<blockquote>{escape(piece)}</blockquote>"
    lines = [_heading(source, words)]
    if whole and source.note:
        lines.append(f"<i>{escape(source.note)}</i>")
    if whole and source.twins:
        lines.append(escape(words("twins", twins=", ".join(source.twins))))
    yield "\n".join(lines)


def _heading(source: Source, words: Words) -> str:
    shown = escape(f"{place_of(source)}, {date_of(source, words)}")
    if not source.url.startswith(("https://", "http://")):
        return f"– {shown}"
    return f'– <a href="{escape(source.url)}">{shown}</a>'


def _rows(part: object) -> Iterator[tuple[tuple[str, str], ...]]:
    match part:
        case Choices(options=options):
            buttons = [(option.label, button_data(part, option)) for option in options]
            short = all(len(label) <= HALF_ROW for label, _ in buttons)
            width = 2 if short else 1
            for start in range(0, len(buttons), width):
                yield tuple(buttons[start : start + width])
        case File(reference=reference, label=label):
            if len(f"{FILE}{reference}".encode()) <= MOST_BYTES:
                yield ((label, f"{FILE}{reference}"),)


def _joined(pieces: list[str]) -> Iterator[str]:
    """Pieces put together into as few messages as the limit allows."""
    body = ""
    for piece in pieces:
        joined = f"{body}\n\n{piece}" if body else piece
        if body and _length(joined) > LONGEST:
            yield body
            body = piece
        else:
            body = joined
    if body:
        yield body


def _cut(text: str) -> Iterator[str]:
    """The text in pieces no longer than a message, cut at paragraph, line or word."""
    rest = text.strip()
    while _length(rest) > LONGEST // 2:
        head = rest[: LONGEST // 4]
        at = max(head.rfind("\n\n"), head.rfind("\n"), head.rfind(" "))
        at = at if at > 0 else len(head)
        yield rest[:at]
        rest = rest[at:].strip()
    if rest:
        yield rest


def _length(text: str) -> int:
    """Length in UTF-16 units, as Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
