"""The answer-diff gate: what a batch of texts changes in the answers, before it is published.

The gold questions and the latest real ones are asked of the corpus in use and of the same corpus
with the batch taken in; nothing live is touched. ``bot.guidance.publishing`` publishes the result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.app import App
from bot.guidance.corpus import InUse
from bot.guidance.corpus_build import exchanged
from bot.guidance.importing import comparable
from bot.guidance.replaying import Replay, Shown
from bot.guidance.texts_in_force import texts_in_force
from bot.guidance.thresholds import all_gold
from bot.policy import Actor
from knowledge.affected import touched
from knowledge.conflicts import Disagreement, find_disagreements
from knowledge.contacts import only_contacts_differ
from knowledge.evaluation import Heard, faults, judge
from knowledge.gold_questions import GoldQuestion
from knowledge.hubs import Flag, find_suspects
from knowledge.passages import split
from knowledge.retriever import Retriever
from storage.errors import NotFound
from storage.guidance_model import StoredDocument

Verdict = Literal["better", "worse", "other"]
Origin = Literal["gold", "asked"]
#: The newest different questions people have asked that are asked again.
REAL_QUESTIONS = 200
ORDER: Mapping[Verdict, int] = {"worse": 0, "other": 1, "better": 2}


@dataclass(frozen=True, slots=True)
class Batch:
    """What is to become live, and what is to go, in one act."""

    #: (document id, version): drafts, or earlier versions that are to be live again.
    versions: tuple[tuple[str, int], ...] = ()
    #: Ids of documents to take out of the answers.
    retire: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One question that would be answered otherwise."""

    #: Id of the gold question, or number of the answer once given; unique in a comparison.
    id: str
    #: As typed; real ones as they were kept, with personal data masked.
    question: str
    language: str
    origin: Origin
    #: Locators of which a right answer cites one; empty where nobody has said.
    expected: tuple[str, ...]
    before: Shown
    after: Shown
    #: By gold: fewer faults afterwards, more, or as many.
    verdict: Verdict
    #: Is the answer right by gold as it would be? Then accepting it changes no gold.
    right: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a batch changes; ``publishing.publish_batch`` takes it with the changes decided."""

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
    #: Does the batch change nothing but where to turn? Then nothing holds it up.
    contacts_only: bool = False

    @property
    def preselected(self) -> Mapping[str, Literal["accept"]]:
        """What can be accepted beforehand, though it is shown: answers that gold finds better."""
        return {each.id: "accept" for each in self.changes if each.verdict == "better"}

    @property
    def to_decide(self) -> tuple[Change, ...]:
        """The changes somebody must accept: none of texts published for the first time, nor of a
        corrected contact."""
        free = self.contacts_only or (
            not self.batch.retire and len(self.first) == len(self.batch.versions)
        )
        return () if free else self.changes


def compare(
    app: App, actor: Actor, batch: Batch, progress: Callable[[int, int], None] = lambda *_: None
) -> Comparison:
    """Asks every question that the batch can touch twice; ``progress`` hears (done, of).

    Takes seconds: call it from a thread. Needs ``kb.draft``.

    Raises:
        Forbidden: the actor may not.
        NotFound: no such version, or a document to take out that is not live.
    """
    actor.require("kb.draft")
    used = app.corpus.look()
    histories = {name: app.store.guidance.versions(name) for name, _ in batch.versions}
    taken = [_version(histories[name], version) for name, version in batch.versions]
    live = {item.document.id: item for item in app.store.guidance.published_documents()}
    if any(name not in live for name in batch.retire):
        raise NotFound
    new = [passage for item in taken for passage in split(item.document, item.version)]
    after = retriever_with(app, used, taken, batch.retire)
    asked = _questions(app, actor)
    ids = {*histories, *batch.retire}
    near = touched(used.retriever.index, ids, new, [each.question for each in asked])
    replays = [Replay(app.services, each, app.now()) for each in (used.retriever, after)]
    changes = _changes(asked, near, replays, progress)
    drafts = {item.document.id for item in taken if item.status == "draft"}
    today = app.today()
    others = comparable([passage for _, passage in used.retriever.index.live()])
    return Comparison(
        batch,
        used.version,
        tuple(sorted(changes, key=lambda each: ORDER[each.verdict])),
        len(asked) - len(changes),
        tuple(name for name in histories if not _was_live(histories[name])),
        find_suspects(used.retriever, [p for p in new if p.document_id in drafts]),
        find_disagreements(new, [p for p in others if p.document_id not in batch.retire], today),
        not batch.retire and all(_only_contacts(live, item) for item in taken),
    )


def _version(history: Sequence[StoredDocument], version: int) -> StoredDocument:
    for item in history:
        if item.version == version:
            return item
    raise NotFound


def _was_live(history: Sequence[StoredDocument]) -> bool:
    return any(item.published_at for item in history)


def _only_contacts(live: Mapping[str, StoredDocument], item: StoredDocument) -> bool:
    before = live.get(item.document.id)
    return before is not None and only_contacts_differ(before.document, item.document)


def retriever_with(
    app: App, used: InUse, taken: Sequence[StoredDocument], retire: Sequence[str]
) -> Retriever:
    """The corpus in use with the batch taken in, texts valid later as if they were already."""
    ids = {item.document.id for item in taken} | set(retire)
    kept = [i for i in texts_in_force(app.store.guidance, used.day) if i.document.id not in ids]
    today = used.day.isoformat()
    added = [i for i in taken if not i.document.valid_to or today <= i.document.valid_to]
    return exchanged(used.retriever, [*kept, *added], ids)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question that is asked again, with what gold says of it."""

    id: str
    question: str
    language: str
    gold: GoldQuestion | None = None


def _questions(app: App, actor: Actor) -> list[_Asked]:
    gold = all_gold(app.store)
    asked = [_Asked(each.id, each.question, each.language, each) for each in gold]
    known = {each.question.casefold() for each in gold}
    # What somebody asked is of no organisation, and shown to those who work with all of them.
    may_see = actor.may("question.read", "")
    latest = app.store.answers.latest_questions(REAL_QUESTIONS) if may_see else ()
    return asked + [
        _Asked(each.number, each.question, each.language)
        for each in latest
        if each.question.casefold() not in known
    ]


def _changes(
    asked: Sequence[_Asked], near: Iterable[bool], replays: Sequence[Replay],
    progress: Callable[[int, int], None],
) -> list[Change]:  # fmt: skip
    live, draft = replays
    changes = []
    for done, (each, reached) in enumerate(zip(asked, near, strict=True), 1):
        if reached:
            (before, said), (after, says) = live.ask(each.question), draft.ask(each.question)
            if before != after:
                changes.append(_change(each, (before, after), (said, says)))
        progress(done, len(asked))
    return changes


def _change(asked: _Asked, shown: tuple[Shown, Shown], heard: tuple[Heard, Heard]) -> Change:
    gold, verdict, right = asked.gold, "other", False
    if gold is not None:
        before, after = (len(faults(judge(gold, each).as_row())) for each in heard)
        right = not after
        verdict = "better" if after < before else "worse" if after > before else "other"
    return Change(
        asked.id,
        asked.question,
        asked.language,
        "asked" if gold is None else "gold",
        gold.wanted if gold else (),
        *shown,
        verdict,  # type: ignore[arg-type]
        right,
    )
