"""Forms as modals (docs.slack.dev/surfaces/modals), and App Home."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from bot.channels.buttons import digest_of
from bot.channels.cleaning import clean
from bot.channels.plain_text import Words
from bot.channels.slack.blocks import (
    FILE,
    RESUME,
    Block,
    Origin,
    button,
    link,
    plain,
    section,
    to_blocks,
)
from bot.messages import Field, Form, Part, Submitted
from bot.port import Belongings

CALLBACK = "form"
INPUT = "value"
#: Prefix of a field's block.
FIELD = "field-"
LONGEST_TITLE = 24
LONGEST_VALUE = 3000
MOST_OPTIONS = 100
#: Blocks of a modal.
MOST_BLOCKS = 100
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

View = dict[str, Any]


def form_view(form: Form, origin: Origin, words: Words) -> View:
    """The form as a modal; it carries a digest of its id and the conversation it belongs to."""
    told = [section(form.title)] if len(form.title) > LONGEST_TITLE else []
    blocks = [block for field in form.fields for block in _field(field)]
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "private_metadata": json.dumps([digest_of(form.interaction), origin.room, origin.thread]),
        "title": plain(form.title, LONGEST_TITLE),
        "submit": plain(form.submit, LONGEST_TITLE),
        "close": plain(words("close"), LONGEST_TITLE),
        "blocks": [*told, *blocks],
    }


def text_view(title: str, parts: Iterable[Part], words: Words) -> View:
    """Something to read, for one person's eyes."""
    blocks = [block for part in parts for block in to_blocks(part, Origin(""), words)]
    return {
        "type": "modal",
        "title": plain(title, LONGEST_TITLE),
        "close": plain(words("close"), LONGEST_TITLE),
        "blocks": blocks[:MOST_BLOCKS],
    }


def read_metadata(text: str) -> tuple[str, Origin]:
    """Digest of the form's id, and the conversation."""
    digest, room, thread = json.loads(text)
    return str(digest), Origin(str(room), str(thread))


def read_values(form: Form, state: dict[str, Any]) -> Submitted:
    """What was filled in, by field."""
    values = {field.name: _value(field, state[_block(field)][INPUT]) for field in form.fields}
    return Submitted(form.interaction, values)


def faults(form: Form) -> dict[str, str]:
    """Block -> what is wrong with its field."""
    return {_block(field): field.error for field in form.fields if field.error}


def home_view(own: Belongings, room: str, words: Words, privacy_url: str = "") -> View:
    """A person's own drafts and receipts, and where they read what is stored of them."""
    origin = Origin(room)
    shown: list[Block] = [section(words("home_draft", name=name)) for name in own.drafts]
    if own.drafts:
        shown.append(_row(button(words("home_resume"), RESUME, "", origin)))
    shown += [
        _row(button(file.label, FILE, file.reference, origin, number))
        for number, file in enumerate(own.receipts)
    ]
    about = [link(privacy_url, words("home_privacy"))] if privacy_url else []
    empty = [] if shown else [section(words("home_empty"))]
    return {"type": "home", "blocks": [section(words("home")), *shown, *empty, *about]}


def _row(element: Block) -> Block:
    return {"type": "actions", "elements": [element]}


def _block(field: Field) -> str:
    return f"{FIELD}{field.name}"


def _field(field: Field) -> list[Block]:
    block: Block = {
        "type": "input", "block_id": _block(field), "label": plain(field.label, 2000),
        "element": {"action_id": INPUT, **_element(field)}, "optional": not field.required,
    }  # fmt: skip
    if field.help.strip():
        block["hint"] = plain(field.help, 2000)
    return [block, section(field.error)] if field.error else [block]


def _element(field: Field) -> Block:
    value = field.value[:LONGEST_VALUE]
    match field.kind:
        case "choice":
            options = _options(field)
            chosen = [each for each, o in zip(options, field.options, strict=False)
                      if o.value == field.value]  # fmt: skip
            found = {"initial_option": chosen[0]} if chosen else {}
            return {"type": "static_select", "options": options, **found}
        case "date":
            day = {"initial_date": value} if _DAY.fullmatch(value) else {}
            return {"type": "datepicker", **day}
        case "number":
            known = {"initial_value": value} if value.isascii() and value.isdigit() else {}
            return {"type": "number_input", "is_decimal_allowed": False, **known}
    written = {"initial_value": value} if value else {}
    return {"type": "plain_text_input", "multiline": field.kind == "long_text", **written}


def _options(field: Field) -> list[Block]:
    """The options by number: their values may be longer than Slack takes."""
    return [
        {"text": plain(option.label), "value": str(number)}
        for number, option in enumerate(field.options[:MOST_OPTIONS])
    ]


def _value(field: Field, given: dict[str, Any]) -> str:
    if field.kind == "choice":
        picked = given.get("selected_option")
        return field.options[int(picked["value"])].value if picked else ""
    return clean(str(given.get("selected_date") or given.get("value") or ""))
