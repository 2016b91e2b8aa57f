"""Adaptive Cards 1.5 (adaptivecards.io/explorer). Words go into text runs, which know no markup."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from bot.channels.connections import Alert
from bot.channels.plain_text import Words, date_of, place_of
from bot.messages import Choices, Field, File, Form, Part, Source, Sources, Text

Card = dict[str, Any]
Element = dict[str, Any]

CONTENT_TYPE = "application/vnd.microsoft.card.adaptive"
#: Verbs of our actions.
CHOOSE, SUBMIT, FILE = "choose", "submit", "file"
#: Prefix of a form's own inputs, so that none can be taken for ours.
INPUT = "field-"
PICKED = "picked"
#: Which input holds what was picked, where that was no button.
INPUT_NAME = "input"
#: Teams shows no more buttons than this.
MOST_BUTTONS = 6
#: Bytes of a card; pages of Microsoft's name 28 and 40 kB as limits of a message.
LARGEST = 22_000
#: Characters of a text that is cut because the card would be too large.
CUT = 900


def to_card(parts: tuple[Part, ...], words: Words, chosen: str = "") -> Card:
    """The parts as one card, small enough to send; ``chosen`` says which button was pressed."""
    card = to_root(_body(parts, words, chosen))
    if size(card) <= LARGEST:
        return card
    return to_root(_body(tuple(_shortened(part, words) for part in parts), words, chosen))


def alert_card(alert: Alert, words: Words) -> Card:
    """An alert with its number, one line, the time and a link."""
    facts = [{"title": words("alert_due"), "value": alert.due}]
    body = [
        run(f"{alert.number} {alert.line}", weight="Bolder"),
        {"type": "FactSet", "facts": facts},
    ]
    if alert.repeated:
        body.append(run(words("alert_repeated", number=alert.number), isSubtle=True))
    return to_root([*body, link(alert.link, words("alert_open"))])


def attachment(card: Card) -> dict[str, Any]:
    """The card as an attachment of a message."""
    return {"contentType": CONTENT_TYPE, "content": card}


def size(card: Card) -> int:
    """Bytes of the card as it is sent."""
    return len(json.dumps(card, ensure_ascii=False).encode())


def run(text: str, **style: object) -> Element:
    """One line of text as it was written."""
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text, **style}]}


def link(address: str, label: str) -> Element:
    """A link, or the words for where something is found."""
    if not address.startswith("https://"):
        return run(address, isSubtle=True)
    open_url = {"type": "Action.OpenUrl", "title": label, "url": address}
    return {"type": "ActionSet", "actions": [open_url]}


def to_root(body: list[Element]) -> Card:
    """A card of these elements."""
    return {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.5",
        "body": body,
    }


def _body(parts: tuple[Part, ...], words: Words, chosen: str) -> list[Element]:
    body = [run(words("chosen", label=chosen), isSubtle=True)] if chosen else []
    for part in filter(_can_be_shown(parts), parts):
        body += _elements(part, words)
    return body or [run(words("nothing"))]


def _can_be_shown(parts: tuple[Part, ...]) -> Callable[[Part], bool]:
    """A card shows a file as text; of one that comes in two forms it offers that one alone."""
    shown = {part.label for part in parts if isinstance(part, File) and _is_text(part)}
    return lambda part: not isinstance(part, File) or _is_text(part) or part.label not in shown


def _is_text(file: File) -> bool:
    return file.media_type.startswith("text/")


def _elements(part: Part, words: Words) -> Iterator[Element]:
    match part:
        case Text(text, _, role):
            yield from _lines(text, **STYLES.get(role, {}))
        case Sources(sources):
            for number, source in enumerate(sources, 1):
                yield _source(source, number, words)
        case Choices():
            yield from _choices(part, words)
        case Form():
            yield from _form(part)
        case File(reference=reference, label=label):
            data = {"reference": reference}
            yield {"type": "ActionSet", "actions": [execute(label, FILE, data)]}


STYLES: dict[str, dict[str, object]] = {
    "note": {"isSubtle": True, "size": "Small"},
    "error": {"color": "Attention"},
}


def _lines(text: str, **style: object) -> Iterator[Element]:
    for line in text.split("\n"):
        if line.strip():
            yield run(line, **style)


def _source(source: Source, number: int, words: Words) -> Element:
    items: list[Element] = []
    if number == 1:
        if source.about:
            items.append(run(words("about", about=source.about), weight="Bolder"))
        items += [run(line, italic=True) for line in source.text.split("\n") if line.strip()]
    heading = run(f"[{number}] {place_of(source)}, {date_of(source, words)}", size="Small")
    if source.url.startswith(("https://", "http://")):
        heading["inlines"][0]["selectAction"] = {"type": "Action.OpenUrl", "url": source.url}
        heading["inlines"][0]["underline"] = True
    items.append(heading)
    if number == 1 and source.twins:
        items.append(run(words("twins", twins=", ".join(source.twins)), size="Small"))
    if number == 1 and source.note:
        items.append(run(source.note, size="Small", isSubtle=True))
    return {"type": "Container", "style": "emphasis", "items": items}


def _choices(choices: Choices, words: Words) -> Iterator[Element]:
    yield from _lines(choices.prompt)
    data = {"interaction": choices.interaction, "role": choices.role}
    if len(choices.options) <= MOST_BUTTONS:
        actions = [
            execute(option.label, CHOOSE, {**data, PICKED: option.value, "label": option.label})
            for option in choices.options
        ]
        yield {"type": "ActionSet", "actions": actions}
        return
    picks = [{"title": option.label, "value": option.value} for option in choices.options]
    # Inputs need names of their own when a card asks two such questions.
    name = f"{PICKED}-{choices.interaction}"
    yield {
        "type": "Input.ChoiceSet", "id": name, "choices": picks, "style": "filtered",
        "label": choices.prompt or words("choose"), "isRequired": True,
        "errorMessage": words("choose_one"),
    }  # fmt: skip
    yield {
        "type": "ActionSet",
        "actions": [execute(words("choose"), CHOOSE, {**data, INPUT_NAME: name})],
    }


def _form(form: Form) -> Iterator[Element]:
    yield run(form.title, weight="Bolder")
    for field in form.fields:
        yield from _field(field)
    data = {"interaction": form.interaction}
    yield {"type": "ActionSet", "actions": [execute(form.submit, SUBMIT, data)]}


KINDS: dict[str, dict[str, object]] = {
    "text": {"type": "Input.Text"},
    "long_text": {"type": "Input.Text", "isMultiline": True},
    "date": {"type": "Input.Date"},
    "number": {"type": "Input.Number"},
    "choice": {"type": "Input.ChoiceSet"},
}


def _field(field: Field) -> Iterator[Element]:
    if field.help:
        yield run(field.help, isSubtle=True, size="Small")
    element: Element = {**KINDS[field.kind], "id": f"{INPUT}{field.name}", "label": field.label}
    if field.required:
        element |= {"isRequired": True, "errorMessage": field.label}
    if field.value:
        element["value"] = int(field.value) if _is_number(field) else field.value
    if field.options:
        element["choices"] = [{"title": o.label, "value": o.value} for o in field.options]
    yield element
    if field.error:
        yield run(field.error, color="Attention")


def _is_number(field: Field) -> bool:
    return field.kind == "number" and field.value.isascii() and field.value.isdigit()


def execute(title: str, verb: str, data: Mapping[str, object]) -> Element:
    """A button that comes back to us with its verb and data."""
    return {"type": "Action.Execute", "title": title, "verb": verb, "data": dict(data)}


def _shortened(part: Part, words: Words) -> Part:
    """The part cut short; the whole stands in the record to keep."""
    match part:
        case Text(text, language, role) if len(text) > CUT:
            return Text(f"{text[:CUT]} …\n{words('cut')}", language, role)
        case Sources(sources, strong):
            return Sources(tuple(_shortened_source(source) for source in sources[:3]), strong)
        case Choices(prompt=prompt) if len(prompt) > CUT:
            return Choices(part.interaction, part.options, f"{prompt[:CUT]} …", part.role)
    return part


def _shortened_source(source: Source) -> Source:
    short = f"{source.text[:CUT]} …" if len(source.text) > CUT else source.text
    return replace(source, text=short, note=source.note[:CUT], about=source.about[:CUT])
