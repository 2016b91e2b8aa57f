"""Old answers as they were given: what was asked and said, and the very text it stood on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bot.app import App
from bot.policy import Actor

#: "live": this version is what answers cite today; "replaced": another version is; "retired": the
#: document is out of the answers; "dated": live, but not valid today.
Standing = Literal["live", "replaced", "retired", "dated"]


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
    actor.require("question.read")
    raise NotImplementedError


def list_answers(
    app: App, actor: Actor, since: date, until: date, words: str = ""
) -> tuple[PastAnswer, ...]:
    """Answers given from one day to another, both included, whose question holds every word.

    Newest first. Needs ``question.read``. Raises ``Forbidden``.
    """
    actor.require("question.read")
    raise NotImplementedError
