"""Publishing, approving, retiring and going back, each with its reason in the audit log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from bot.app import App
from bot.errors import HansynError
from bot.guidance.accepting import accept
from bot.guidance.answer_diff import Change, Comparison
from bot.guidance.corpus_build import index_folder
from bot.policy import Actor, granted
from intents.personal_data import mask
from knowledge.guidance import REVIEWED
from knowledge.hubs import Flag
from knowledge.index_cache import forget_index
from knowledge.model import Document
from storage.errors import NotFound, StaleCorpus
from storage.guidance_model import StoredDocument
from storage.records import AuditItem

Decision = Literal["accept", "reject"]
#: Below this nobody could publish what an approver has written.
TWO = 2
#: A version with one of these was live once.
EARLIER = frozenset({"replaced", "retired"})


class NothingToDo(HansynError):
    """The document has no version this can be done to."""


class NoReason(HansynError):
    """A change of the corpus needs a reason."""


class Held(HansynError):
    """The text looks made to win searches; somebody must look at it first."""

    def __init__(self, flags: Sequence[Flag]) -> None:
        super().__init__()
        self.flags = tuple(flags)


class Undecided(HansynError):
    """Some changed answers are neither accepted nor rejected yet."""

    def __init__(self, changes: Sequence[Change]) -> None:
        super().__init__()
        self.changes = tuple(changes)


class Rejected(HansynError):
    """A changed answer was rejected, so nothing is published; change the text and compare again."""


class Outrun(HansynError):
    """Something else was published since the comparison; compare again."""


class NeedsAnother(HansynError):
    """Two persons publish a text here: another approver than its author."""

    def __init__(self, document_ids: Sequence[str]) -> None:
        super().__init__()
        self.document_ids = tuple(document_ids)


@dataclass(frozen=True, slots=True)
class Decided:
    """What somebody has decided about a comparison."""

    reason: str
    #: Id of a change -> what becomes of it.
    changes: Mapping[str, Decision] = field(default_factory=dict)
    #: Does the support function stand behind the texts from now on?
    reviewed: bool = False
    #: Has somebody looked at the suspect passages?
    suspects_seen: bool = False


def publish_batch(
    app: App, actor: Actor, compared: Comparison, decided: Decided
) -> tuple[tuple[str, int], ...]:
    """Makes the compared batch live, with gold as decided, in one transaction.

    Every accepted answer that gold did not know as right becomes gold. Needs ``kb.publish``.

    Returns:
        (document id, version) of what is live now.

    Raises:
        Forbidden, NoReason, NothingToDo, Rejected, Undecided, Held, NeedsAnother: as they say.
        Outrun: the corpus is another one by now, or a draft is gone.
    """
    actor.require("kb.publish")
    _require_decided(compared, decided)
    taken = _taken(app, compared)
    if not compared.contacts_only:
        _require_another(app, actor, taken)
    try:
        live: tuple[tuple[str, int], ...] = app.store.write(
            lambda: _publish(app, actor, compared, decided, taken)
        )
    except (StaleCorpus, NotFound) as error:
        raise Outrun from error
    _take_in(app)
    return live


def approve(app: App, actor: Actor, document_id: str, reason: str, seen: int = 0) -> int:
    """Says that the support function stands behind a live text as it is; returns its new version.

    Changes no answer but what it says of itself. ``seen`` is the version that was read; 0 for the
    one that is live. Needs ``kb.publish``. Raises ``Forbidden``, ``NoReason`` and ``NothingToDo``,
    also when another version is live by now.
    """
    actor.require("kb.publish")
    _require_reason(reason)
    live = app.store.guidance.document(document_id)
    if live is None or live.document.status == REVIEWED or live.document.kind == "statute":
        raise NothingToDo
    read = seen or live.version

    def work() -> int:
        version = app.store.guidance.save_draft(_reviewed(live), app.now(), actor.id)
        # Asked after the first write, since from then on nobody else can publish.
        now_live = app.store.guidance.document(document_id)
        if now_live is None or now_live.version != read:
            raise NothingToDo
        app.store.guidance.publish_draft(document_id, version, app.now(), actor.id)
        _note(app, actor, "approve", document_id, {"version": version, "reason": reason})
        return version

    version = app.store.write(work)
    _look(app)
    return version


def retire(app: App, actor: Actor, document_id: str, reason: str) -> None:
    """Takes the document out of the answers; its versions can still be read.

    Needs ``kb.publish``. Raises ``Forbidden``, ``NoReason`` and ``NothingToDo``.
    """
    actor.require("kb.publish")
    _require_reason(reason)

    def work() -> None:
        app.store.guidance.retire(document_id, app.now(), actor.id)
        _note(app, actor, "retire", document_id, {"reason": reason})

    try:
        app.store.write(work)
    except NotFound:
        raise NothingToDo from None
    _take_in(app)


def roll_back(
    app: App, actor: Actor, document_id: str, reason: str, version: int = 0
) -> tuple[int, int]:
    """Makes an earlier text live again; from which version, and as which.

    Without ``version`` it is the one that was live before. Needs ``kb.publish``. Raises
    ``Forbidden``, ``NoReason`` and ``NothingToDo``.
    """
    actor.require("kb.publish")
    _require_reason(reason)
    was_live = [v for v in app.store.guidance.versions(document_id) if v.status in EARLIER]
    source = version or (was_live[-1].version if was_live else 0)
    # A draft has been live for nobody: it is published, not gone back to.
    if source not in {each.version for each in was_live}:
        raise NothingToDo

    def work() -> int:
        made = app.store.guidance.roll_back(document_id, source, app.now(), actor.id)
        facts = {"version": made, "from": source, "reason": reason}
        _note(app, actor, "roll back", document_id, facts)
        return made

    made = app.store.write(work)
    _take_in(app)
    return source, made


def latest(app: App, document_id: str, *statuses: str) -> StoredDocument | None:
    """The document's newest version with one of these statuses."""
    versions = app.store.guidance.versions(document_id)
    return next((each for each in reversed(versions) if each.status in statuses), None)


def two_persons(app: App) -> bool:
    """Must another person publish than the one who wrote? Not while only one could."""
    known = (Actor(each.person, granted(each.roles, "")[0]) for each in app.store.grants.list())
    able = sum(each.may("kb.publish") for each in known)
    return app.configuration.two_persons and able >= TWO


def _take_in(app: App) -> None:
    """Leaves no word of what is gone in the cache, and lets this process answer from what is."""
    forget_index(index_folder(app.configuration))
    _look(app)


def _look(app: App) -> None:
    # A command that has not searched needs no index.
    if app.corpus.version >= 0:
        app.corpus.look()


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise NoReason


def _require_decided(compared: Comparison, decided: Decided) -> None:
    _require_reason(decided.reason)
    if not (compared.batch.versions or compared.batch.retire):
        raise NothingToDo
    known = {each.id for each in compared.changes}
    if any(decided.changes.get(name) == "reject" for name in known):
        raise Rejected
    if left := [each for each in compared.to_decide if each.id not in decided.changes]:
        raise Undecided(left)
    if compared.suspects and not decided.suspects_seen:
        raise Held(compared.suspects)


def _taken(app: App, compared: Comparison) -> list[StoredDocument]:
    """The versions of the batch as they are now; a draft may have been put away since."""
    found = [app.store.guidance.document(*each) for each in compared.batch.versions]
    taken = [each for each in found if each is not None and each.status != "discarded"]
    if len(taken) < len(found):
        raise Outrun
    if any(each.status == "published" for each in taken):
        raise NothingToDo
    return taken


def _require_another(app: App, actor: Actor, taken: Sequence[StoredDocument]) -> None:
    own = [t.document.id for t in taken if t.status == "draft" and t.created_by == actor.id]
    if own and two_persons(app):
        raise NeedsAnother(own)


def _publish(
    app: App, actor: Actor, compared: Comparison, decided: Decided,
    taken: Sequence[StoredDocument],
) -> tuple[tuple[str, int], ...]:  # fmt: skip
    guidance, now = app.store.guidance, app.now()
    wanted = [_standing_behind(app, each, decided) for each in taken]
    live = guidance.publish_versions(wanted, now, actor.id, compared.corpus_version)
    for name in compared.batch.retire:
        guidance.retire(name, now, actor.id)
    changed = [each for each in compared.changes if decided.changes.get(each.id) == "accept"]
    accepted = accept(app.store.gold, changed, actor.id, now)
    facts = {"reason": decided.reason, "accepted": len(changed), "gold": accepted}
    for name, version in live:
        _note(app, actor, "publish", name, {"version": version, **facts})
    for name in compared.batch.retire:
        _note(app, actor, "retire", name, facts)
    return live


def _standing_behind(app: App, item: StoredDocument, decided: Decided) -> tuple[str, int]:
    """The version to publish: the draft, or its like that says who stands behind it."""
    document, now = item.document, app.now()
    if not decided.reviewed or document.status == REVIEWED or document.kind == "statute":
        return document.id, item.version
    if item.status == "draft":
        app.store.guidance.discard_draft(document.id, item.version, now)
    return document.id, app.store.guidance.save_draft(_reviewed(item), now, item.created_by)


def _reviewed(item: StoredDocument) -> Document:
    return replace(item.document, status=REVIEWED)


def _note(
    app: App, actor: Actor, action: str, document_id: str, facts: Mapping[str, object]
) -> None:
    told = {**facts, "reason": mask(str(facts["reason"])).text}
    app.store.audit.append(
        [AuditItem(actor.id, action, f"document:{document_id}", told)], app.now()
    )
