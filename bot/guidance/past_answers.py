"""Old answers as they were given: what was asked and said, and the very text it stood on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from bot.app import App
from bot.guidance.texts_in_force import text_in_force
from bot.policy import Actor
from bot.turn import STOCKHOLM
from intents.folding import fold
from storage.model import Answer

#: "live": this version is what answers cite today; "replaced": another version is; "retired": the
#: document is out of the answers; "dated": it is not valid today.
Standing = Literal["live", "replaced", "retired", "dated"]
#: Answers of a list; whoever looks for an older one names fewer days or more words.
MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class PastQuote:
    """A quote with the text of the version it was cut from."""

    text: str
    document_id: str
    title: str
    version: int
    locator: str
    basis: str
    source_date: str
    url: str
    #: The quote's place in ``body``, in characters.
    start: int
    end: int
    #: The version's whole text as it stood then; empty if it cannot be found.
    body: str
    #: Does ``body`` hold the quote at that very place?
    verified: bool
    standing: Standing


@dataclass(frozen=True, slots=True)
class PastAnswer:
    """An answer once given."""

    number: str
    #: Aware.
    at: datetime
    #: Masked, as it was kept.
    question: str
    #: The sentence that answered; empty without one.
    text: str
    #: "answered", "near_miss" or "no_answer".
    outcome: str
    language: str
    #: The corpus version it was given from.
    corpus_version: int
    quotes: tuple[PastQuote, ...]
    #: "yes", "no" or empty.
    vote: str


def find_answer(app: App, actor: Actor, number: str) -> PastAnswer | None:
    """The answer with this number, None if there is none; number as in "S-1042", case ignored.

    Needs ``question.read``. Raises ``Forbidden``.
    """
    # A question to the assistant is of no organisation.
    actor.require("question.read", "")
    answer = app.store.answers.find(number.strip().upper())
    return _Reader(app).past(answer) if answer else None


def list_answers(
    app: App, actor: Actor, since: date, until: date, words: str = ""
) -> tuple[PastAnswer, ...]:
    """Answers given from one day to another, both included, whose question holds every word.

    The newest ``MOST_LISTED``, newest first. Needs ``question.read``. Raises ``Forbidden``.
    """
    # A question to the assistant is of no organisation.
    actor.require("question.read", "")
    wanted = fold(words).split()
    found = app.store.answers.list(_begin(since), _begin(until + timedelta(days=1)))
    asked = [each for each in found if all(word in fold(each.question) for word in wanted)]
    reader = _Reader(app)
    return tuple(reader.past(each) for each in reversed(asked[-MOST_LISTED:]))


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), STOCKHOLM)


class _Reader:
    """Reads each version of a text once, however many answers quote it."""

    def __init__(self, app: App) -> None:
        self._guidance = app.store.guidance
        self._today = app.today()
        self._read: dict[tuple[str, int], tuple[str, Standing]] = {}

    def past(self, answer: Answer) -> PastAnswer:
        return PastAnswer(
            answer.number,
            answer.at,
            answer.question,
            answer.answer,
            answer.outcome,
            answer.language,
            answer.corpus_version,
            tuple(self._quote(each) for each in answer.quotes),
            answer.feedback.vote if answer.feedback else "",
        )

    def _quote(self, facts: Mapping[str, Any]) -> PastQuote:
        name, version, text = facts["document"], facts["version"], facts["text"]
        key = (name, version)
        if key not in self._read:
            self._read[key] = self._text(*key)
        body, standing = self._read[key]
        start, end = facts["start"], facts["end"]
        return PastQuote(
            text, name, facts["title"], version, facts["locator"], facts["basis"], facts["date"],
            facts["url"], start, end, body, body[start:end] == text, standing,
        )  # fmt: skip

    def _text(self, name: str, version: int) -> tuple[str, Standing]:
        stored = self._guidance.document(name, version)
        return stored.document.body if stored else "", self._standing(name, version)

    def _standing(self, name: str, version: int) -> Standing:
        live = self._guidance.document(name)
        if live is None:
            return "retired"
        used = text_in_force(self._guidance, live, self._today)
        if used is not None and used.version == version:
            return "live"
        return "dated" if live.version == version else "replaced"
