"""What a press on a card opens for whoever pressed: a form to write in, or the case to read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from bot.cases.cards import PRESS
from bot.cases.handlers import Handlers
from bot.cases.words import CaseWords
from bot.messages import Field, Form, Option, Part, Text
from bot.port import CaseView
from bot.texts import Texts
from storage.model import Case

#: Names of the forms' only fields.
TEXT, TO = "text", "to"


class CaseForms:
    """Makes the forms and the reading view; a form's id says case and act, and is used once."""

    def __init__(
        self, texts: Texts, words: CaseWords, handlers: Handlers, new_id: Callable[[], str]
    ) -> None:
        self._texts = texts
        self._words = words
        self._handlers = handlers
        self._new_id = new_id

    def assign(self, number: str, colleagues: Sequence[str]) -> Form:
        """To whom?"""
        options = tuple(Option(each, self._handlers.name(each)) for each in colleagues)
        return self._form(number, "assign", Field(TO, "", "choice", options))

    def letter(self, case: Case, act: str) -> Form:
        """An answer, or the ready texts for what is missing, to be changed at will."""
        asked = [f"- {field.text}" for field in self._words.missing(case)]
        intro = self._texts.render("web.support.completion_intro", "sv")
        ready = "\n".join((intro, *asked)) if act == "completion" and asked else ""
        return self._form(case.number, act, Field(TEXT, "", "long_text", value=ready))

    def again(self, form_id: str, number: str, act: str, text: str, fault: str) -> Form:
        """A letter that did not go, with what is wrong; nothing written is lost."""
        field = Field(TEXT, "", "long_text", value=text, error=fault)
        return self._form(number, act, field, form_id)

    def reading(self, view: CaseView) -> tuple[Part, ...]:
        """What the asker has reported and written, and what they were told."""
        head = self.say("read", number=view.row.number)
        lines = tuple(self._lines(view)) or (self.say("nothing_said"),)
        return (Text(head, "sv", "note"), *(Text(line) for line in lines))

    def _lines(self, view: CaseView) -> Iterator[str]:
        for label, value in view.fields:
            yield self.say("said", label=label, value=value)
        for event in view.history:
            if event.body and not event.internal:
                yield self.say("said", label=event.text, value=event.body)

    def _form(self, number: str, act: str, field: Field, form_id: str = "") -> Form:
        said = {part: self.say(f"{act}.{part}") for part in ("label", "help", "submit")}
        labelled = replace(field, label=said["label"], help=said["help"])
        identity = form_id or f"{PRESS}:{number}:{act}:{self._new_id()}"
        title = self.say(f"{act}.title", number=number)
        return Form(identity, title, (labelled,), said["submit"])

    def say(self, key: str, **values: str) -> str:
        """A sentence about a case or its card."""
        return self._texts.render(f"card.{key}", "sv", **values)
