"""The answer-diff gate: what a batch of texts changes in the answers, before it is published.

The gold questions and the latest real ones are asked of the corpus in use and of the same corpus
with the batch taken in; nothing live is touched. The result is what ``bot.publishing`` publishes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from bot.app import App
from bot.policy import Actor
from knowledge.conflicts import Disagreement
from knowledge.hubs import Flag

Verdict = Literal["better", "worse", "other"]
Origin = Literal["gold", "asked"]


@dataclass(frozen=True, slots=True)
class Batch:
    """What is to become live, and what is to go, in one act."""

    #: (document id, version): drafts, or earlier versions that are to be live again.
    versions: tuple[tuple[str, int], ...] = ()
    #: Ids of documents to take out of the answers.
    retire: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """What a person sees first of an answer."""

    #: "answered", "near_miss", "no_answer", or the name of what is done instead.
    outcome: str
    #: The sentence that answers; for a near miss the nearest quote.
    text: str
    #: Where that stands; empty without a quote.
    document_id: str = ""
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One question that would be answered otherwise."""

    #: Id of the gold question, or number of the answer once given; unique in a comparison.
    id: str
    #: As typed; real ones as they were kept, with personal data masked.
    question: str
    origin: Origin
    #: Locators of which a right answer cites one; empty where nobody has said.
    expected: tuple[str, ...]
    before: Shown
    after: Shown
    #: By gold: right only afterwards, right only before, or neither says more.
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a batch changes; ``bot.publishing.publish_batch`` takes it with every change decided."""

    batch: Batch
    #: The corpus version compared with; another one in force asks for another comparison.
    corpus_version: int
    #: Worse first, then other, then better.
    changes: tuple[Change, ...]
    #: How many questions get the very answer they got.
    unchanged: int
    #: Ids of documents without any earlier published text: a warning, not an obstacle.
    first: tuple[str, ...]
    #: Passages that look made to win searches; publishing them has to be confirmed.
    suspects: tuple[Flag, ...]
    #: Sentences that say otherwise than live texts do.
    conflicts: tuple[Disagreement, ...]
    #: Does the batch change nothing but addresses and telephone numbers? Then nothing is held up.
    contacts_only: bool = False

    @property
    def preselected(self) -> Mapping[str, Literal["accept"]]:
        """What can be accepted beforehand, though it is shown: answers that gold finds better."""
        return {each.id: "accept" for each in self.changes if each.verdict == "better"}


def compare(
    app: App, actor: Actor, batch: Batch, progress: Callable[[int, int], None] = lambda *_: None
) -> Comparison:
    """Asks every question twice; ``progress`` hears (done, of) now and then.

    Takes seconds: call it from a thread. Needs ``kb.draft``.

    Raises:
        Forbidden: the actor may not.
        NotFound: no such version.
    """
    actor.require("kb.draft")
    raise NotImplementedError
