"""Gold questions as administrators see them: listed, added, put aside, and asked of the corpus."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.app import App
from bot.errors import HansynError
from bot.guidance.accepting import BORN
from bot.guidance.answer_diff import retriever_with
from bot.guidance.replaying import Replay, Shown
from bot.guidance.thresholds import all_gold
from bot.policy import Actor
from intents.personal_data import mask
from knowledge.evaluation import Judged, faults, judge
from knowledge.gold_questions import GoldQuestion
from knowledge.model import Document
from knowledge.passages import split
from storage.errors import NotFound
from storage.model import AuditEntry
from storage.records import AuditItem, Facts

Against = Literal["live", "drafts"]
#: What the audit log names the gold questions, and an asking of all of them.
OBJECT, RUN = "gold", "ask gold"
#: Earlier runs shown of each question.
SHOWN_RUNS = 5


class UnknownSource(HansynError):
    """No live text and no section is called that."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A gold question and what became of it."""

    question: GoldQuestion
    right: bool
    said: Shown


@dataclass(frozen=True, slots=True)
class Run:
    """All gold questions asked once."""

    against: Against
    asked: tuple[Asked, ...]

    @property
    def wrong(self) -> tuple[Asked, ...]:
        """Those whose answer was not right."""
        return tuple(each for each in self.asked if not each.right)


@dataclass(frozen=True, slots=True)
class PastRun:
    """What is kept of a run."""

    at: datetime
    against: Against
    of: int
    #: Ids of the questions that were answered wrongly.
    wrong: frozenset[str]
    #: The number of the last question written here that was asked.
    last: int

    def asked(self, question: GoldQuestion) -> bool:
        """Was the question there by then?"""
        return _number(question.id) <= self.last


def is_born(question: GoldQuestion) -> bool:
    """Was it written here? The others came with the program."""
    return BORN.fullmatch(question.id) is not None


def is_right(judged: Judged) -> bool:
    """Does the reader see what a right answer rests on, be it as the nearest passage?"""
    if judged.heard.outcome == "near_miss" and judged.question.wanted:
        return judged.marks["source_in_three"]
    return not faults(judged.as_row()) - {"source_first", "source_in_three"}


def add_question(app: App, actor: Actor, question: str, source: str, words: str = "") -> None:
    """Adds a question whose right answer cites ``source`` and holds ``words``.

    ``source`` is a live text's title or id, or a section such as "LOU 17 kap. 1 §"; empty for a
    question that nobody should answer. Needs ``kb.draft``. Raises ``UnknownSource``.
    """
    actor.require("kb.draft")
    expected: Facts = {"source": _bases(app, source)} if source else {"kind": "out_of_corpus"}
    if words:
        expected = {**expected, "must": [re.escape(words)]}
    guarded = mask(question).text

    def work() -> None:
        app.store.gold.add(guarded, "sv", expected, actor.id, app.now())
        _note(app, actor, "add gold", {})

    app.store.write(work)


def end_question(app: App, actor: Actor, identity: str) -> bool:
    """Uses the question no longer; False for one that is none of ours. Needs ``kb.draft``."""
    actor.require("kb.draft")
    born = BORN.fullmatch(identity)
    if born is None:
        return False

    def work() -> None:
        app.store.gold.end(int(born[1]), app.now())
        _note(app, actor, "end gold", {"id": identity})

    try:
        app.store.write(work)
    except NotFound:
        return False
    return True


def run_gold(
    app: App, actor: Actor, against: Against,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Run:  # fmt: skip
    """Asks every gold question, of what is live or with every draft taken in, and notes the run.

    Takes seconds: call it from a thread. Needs ``kb.draft``.
    """
    actor.require("kb.draft")
    used, gold = app.corpus.look(), all_gold(app.store)
    retriever = used.retriever
    if against == "drafts":
        retriever = retriever_with(app, used, app.store.guidance.drafts(), ())
    replay = Replay(app.services, retriever, app.now())
    asked = []
    for done, question in enumerate(gold):
        progress(done, len(gold))
        said, heard = replay.ask(question.question)
        asked.append(Asked(question, is_right(judge(question, heard)), said))
    run = Run(against, tuple(asked))
    _note(app, actor, RUN, {
        "against": against,
        "of": len(asked),
        "wrong": [each.question.id for each in run.wrong],
        "last": max((_number(each.id) for each in gold), default=0),
    })  # fmt: skip
    return run


def past_runs(app: App, most: int = SHOWN_RUNS) -> list[PastRun]:
    """The latest runs, the last one first."""
    entries: list[AuditEntry] = []
    while page := app.store.audit.list(OBJECT, entries[-1].position if entries else 0):
        entries += page
    runs = [entry for entry in entries if entry.action == RUN]
    return [_past(entry) for entry in runs[-most:]][::-1]


def sources_of(document: Document) -> Sequence[str]:
    """What an answer from the text is said to rest on."""
    return list(dict.fromkeys(passage.basis for passage in split(document)))


def _bases(app: App, source: str) -> str:
    wanted = source.casefold()
    for stored in app.store.guidance.published_documents():
        if wanted in {stored.document.title.casefold(), stored.document.id}:
            return "; ".join(sources_of(stored.document))
    for _, passage in app.corpus.retriever().index.live():
        if wanted in {passage.locator.casefold(), passage.basis.casefold()}:
            return passage.basis
    raise UnknownSource


def _past(entry: AuditEntry) -> PastRun:
    facts = entry.facts
    wrong = facts.get("wrong")
    return PastRun(
        entry.at,
        "drafts" if facts.get("against") == "drafts" else "live",
        int(str(facts.get("of", 0))),
        frozenset(map(str, wrong)) if isinstance(wrong, list) else frozenset(),
        int(str(facts.get("last", 0))),
    )


def _number(identity: str) -> int:
    """Of a question written here; 0 for one that came with the program."""
    born = BORN.fullmatch(identity)
    return int(born[1]) if born else 0


def _note(app: App, actor: Actor, action: str, facts: Facts) -> None:
    app.store.audit.append([AuditItem(actor.id, action, OBJECT, facts)], app.now())
