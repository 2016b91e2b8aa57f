"""``hansyn ask``: the same decision as a turn's, with neither inbox nor outbox."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import Any

from bot.app import App
from bot.channels.plain_text import to_screen
from bot.commands.opening import input_lines, opened, print_json
from bot.messages import (
    Choices,
    ConversationKey,
    Envelope,
    Language,
    Part,
    Reply,
    Said,
    Source,
    Sources,
    Text,
)
from bot.texts import Texts
from bot.turn import conversation_of, decide

KEY = ConversationKey("ask", "", "ask", "", "local")


def run(question: str, *, as_json: bool) -> int:
    """Answers one question, or one per line of stdin."""
    with opened() as app:
        for line in input_lines(question):
            if as_json:
                print_json(ask(app, line))
            else:
                print(_readable(app, answer(app, line)) + "\n")  # noqa: T201 - data to stdout
    return 0


def answer(app: App, question: str) -> Reply:
    """The reply a turn would give; nothing is stored."""
    now = app.now()
    envelope = Envelope(KEY, "ask", now, Said(question))
    _, decision, language = decide(envelope, conversation_of(now), app.services, dry=True)
    return Reply(decision.parts, language, decision.facts)


def ask(app: App, question: str) -> dict[str, object]:
    """One question as one JSON object (README, "Ask from the command line")."""
    started = perf_counter()
    reply = answer(app, question)
    sources = _sources(reply)
    facts = reply.facts
    return {
        "question": question,
        "language": reply.language,
        "outcome": facts.get("outcome", "dialog"),
        "intent": facts.get("intent", "question"),
        "verdict": facts.get("verdict"),
        "missing": facts.get("missing", []),
        "answer": text_of(reply.parts),
        "quotes": [_quote(source) for source in sources],
        "sources": [_source(source) for source in sources],
        "reasons": facts.get("reasons", []),
        "choices": [
            option.label for part in reply.parts if isinstance(part, Choices)
            for option in part.options
        ],
        "ms": round((perf_counter() - started) * 1000, 1),
    }  # fmt: skip


def text_of(parts: tuple[Part, ...]) -> str:
    """The text a user would read, quotes and buttons left out."""
    return "\n".join(part.text for part in parts if isinstance(part, Text))


def _sources(reply: Reply) -> tuple[Source, ...]:
    return tuple(
        source for part in reply.parts if isinstance(part, Sources) for source in part.sources
    )


def _source(source: Source) -> dict[str, object]:
    return {
        "title": source.document,
        "document": source.document,
        "locator": source.locator,
        "basis": source.basis,
        "date": source.date,
        "url": source.url,
    }


def _quote(source: Source) -> dict[str, object]:
    rest = {k: v for k, v in _source(source).items() if k != "title"}
    return {"text": source.text, **rest, "start": source.start, "end": source.end}


def _readable(app: App, reply: Reply) -> str:
    """As in the terminal, without what needs a conversation: buttons and files."""
    shown = replace(reply, parts=tuple(p for p in reply.parts if isinstance(p, Text | Sources)))
    words = partial(_words, app.texts, reply.language)
    return "\n\n".join(to_screen(shown, words).paragraphs)


def _words(texts: Texts, language: Language, key: str, **values: Any) -> str:
    return texts.render(f"terminal.{key}", language, **values)
