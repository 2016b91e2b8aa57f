"""Learning examples: those the support function has published, nearest to what is asked first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.decision import Decision, Moment, Services
from bot.messages import Choices, Option, Text
from bot.thread import Thread
from intents.language import stem, tokenize
from intents.picklists import by_code

MOST_SHOWN = 3


class ExampleShelf:
    """Shows examples in one turn's language."""

    def __init__(self, services: Services, moment: Moment) -> None:
        self._services = services
        self._moment = moment

    def show(self, text: str, thread: Thread) -> Decision:
        """The published examples nearest to the text, or that there are none; one may be given."""
        found: Any = self._services.look_up("examples", {}, str(self._moment.key))
        chosen = nearest(text, [case["values"] for case in found])
        lines = [f"• {self._line(values)}" for values in chosen]
        head = self._say("found" if lines else "none")
        give = Choices("offer:", (Option("example", self._say("give")),), "", "offer")
        said = Text("\n".join([head, *lines]), self._moment.language, "answer")
        return Decision((said, give), thread, {"outcome": "dialog", "intent": "example"})

    def _line(self, values: Mapping[str, object]) -> str:
        named = {name: str(values.get(name) or "") for name in ("object", "outcome", "lessons")}
        return self._say("item", organisation=self._organisation(values), **named)

    def _organisation(self, values: Mapping[str, object]) -> str:
        code = values.get("organisation")
        if isinstance(code, Mapping):
            return str(code.get("other", ""))
        terms: Any = self._services.vocabularies(self._moment.today).get("organisations", ())
        term = by_code(terms, str(code))
        return term.label(self._moment.language) if term else str(code)

    def _say(self, key: str, **values: str) -> str:
        return self._services.texts.render(
            f"example.library.{key}", self._moment.language, **values
        )


def nearest(text: str, examples: Sequence[Mapping[str, object]]) -> list[Mapping[str, object]]:
    """The examples that share most words with a text, in their order where they share as many."""
    wanted = _stems(text)
    return sorted(examples, key=lambda values: -len(wanted & _stems(_told(values))))[:MOST_SHOWN]


def _told(values: Mapping[str, object]) -> str:
    return " ".join(str(values.get(name) or "") for name in ("object", "outcome", "organisation"))


def _stems(text: str) -> set[str]:
    return {stem(token.folded) for token in tokenize(text)}
