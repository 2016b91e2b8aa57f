"""Replies as JSON, so that a repeated message gets the very reply the first one got."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from bot.messages import (
    Choices,
    Field,
    File,
    Form,
    Option,
    Part,
    Reply,
    Source,
    Sources,
    Text,
)


def reply_to_json(reply: Reply) -> str:
    """One JSON object; every part carries its type's name."""
    parts = [{"type": type(part).__name__, **asdict(part)} for part in reply.parts]
    return json.dumps(
        {"language": reply.language, "parts": parts, "facts": reply.facts}, ensure_ascii=False
    )


def reply_from_json(text: str) -> Reply:
    """The reply ``reply_to_json`` wrote."""
    raw = json.loads(text)
    parts = tuple(_part(dict(part)) for part in raw["parts"])
    return Reply(parts, raw["language"], raw["facts"])


def _part(raw: dict[str, Any]) -> Part:
    return _READERS[raw.pop("type")](raw)


def _sources(raw: Mapping[str, Any]) -> Sources:
    found = (Source(**{**each, "twins": tuple(each["twins"])}) for each in raw["sources"])
    return Sources(tuple(found), raw["strong"])


def _choices(raw: Mapping[str, Any]) -> Choices:
    return Choices(**{**raw, "options": _options(raw["options"])})


def _form(raw: Mapping[str, Any]) -> Form:
    fields = (Field(**{**each, "options": _options(each["options"])}) for each in raw["fields"])
    return Form(**{**raw, "fields": tuple(fields)})


def _options(raw: list[dict[str, str]]) -> tuple[Option, ...]:
    return tuple(Option(**each) for each in raw)


_READERS: dict[str, Callable[[dict[str, Any]], Part]] = {
    "Text": lambda raw: Text(**raw),
    "Sources": _sources,
    "Choices": _choices,
    "Form": _form,
    "File": lambda raw: File(**raw),
}
