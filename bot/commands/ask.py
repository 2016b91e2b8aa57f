"""``hansyn ask``: the same decision as a turn's, with neither inbox nor outbox."""

from __future__ import annotations

from time import perf_counter

from bot.app import App
from bot.commands.opening import input_lines, opened, print_json
from bot.messages import (
    Choices,
    ConversationKey,
    Envelope,
    Part,
    Reply,
    Said,
    Source,
    Sources,
    Text,
)
from bot.turn import conversation_of, decide

KEY = ConversationKey("ask", "", "ask", "", "local")
LISTS = ("missing", "reasons")


def run(question: str, *, as_json: bool) -> int:
    """Answers one question, or one per line of stdin."""
    with opened() as app:
        for line in input_lines(question):
            found = ask(app, line)
            if as_json:
                print_json(found)
            else:
                print(_readable(found))  # noqa: T201 - data to stdout
    return 0


def ask(app: App, question: str) -> dict[str, object]:
    """One question as one JSON object (README, "Ask from the command line")."""
    started = perf_counter()
    now = app.now()
    envelope = Envelope(KEY, "ask", now, Said(question))
    _, decision, language = decide(envelope, conversation_of(now), app.services, dry=True)
    reply = Reply(decision.parts, language, decision.facts)
    sources = _sources(reply)
    facts = decision.facts
    return {
        "question": question,
        "language": language,
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


def _readable(found: dict[str, object]) -> str:
    lines = [str(found["answer"])]
    quotes = found["quotes"]
    assert isinstance(quotes, list)
    for quote in quotes:
        lines += ["", f"  {quote['locator']} ({quote['date']}), {quote['document']}"]
        lines += [f"  | {line}" for line in str(quote["text"]).splitlines()]
    return "\n".join([*lines, ""])
