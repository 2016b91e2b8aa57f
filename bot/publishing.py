"""Publishing, retiring and going back, each with its reason in the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.app import App
from bot.errors import HansynError
from intents.personal_data import mask
from knowledge.guidance import REVIEWED
from knowledge.hubs import Flag, find_suspects
from knowledge.passages import split
from storage.errors import NotFound
from storage.guidance_model import StoredDocument
from storage.records import AuditItem


class NothingToDo(HansynError):
    """The document has no version this can be done to."""


class Held(HansynError):
    """The text looks made to win searches; somebody must look at it first."""

    def __init__(self, flags: Sequence[Flag]) -> None:
        super().__init__()
        self.flags = tuple(flags)


def latest(app: App, document_id: str, *statuses: str) -> StoredDocument | None:
    """The document's newest version with one of these statuses."""
    versions = app.store.guidance.versions(document_id)
    return next((each for each in reversed(versions) if each.status in statuses), None)


def publish(app: App, document_id: str, by: str, reason: str, *, reviewed: bool = False,
            flagged: bool = False) -> int:  # fmt: skip
    """Makes the newest draft live and returns its version.

    ``reviewed`` says that the support function stands behind the text, and so also approves what
    is live where there is no draft. ``flagged`` says that somebody has looked at a suspect text.

    Raises:
        NothingToDo: there is no draft.
        Held: the text looks suspect.
    """
    draft = latest(app, document_id, "draft") or (
        latest(app, document_id, "published") if reviewed else None
    )
    if draft is None:
        raise NothingToDo
    # What is live has passed; approving it changes no word.
    if draft.status == "draft" and not flagged and (flags := _suspects(app, draft)):
        raise Held(flags)
    version = draft.version
    if reviewed and draft.document.status != REVIEWED:
        approved = replace(draft.document, status=REVIEWED)
        version = app.store.guidance.save_draft(approved, app.now(), by)
        if draft.status == "draft":
            app.store.guidance.discard_draft(document_id, draft.version, app.now())
    elif draft.status == "published":
        raise NothingToDo
    app.store.guidance.publish_draft(document_id, version, app.now(), by)
    _note(app, by, "publish", document_id, {"version": version, "reason": reason})
    return version


def retire(app: App, document_id: str, by: str, reason: str) -> None:
    """Takes the document out of the answers. Raises ``NothingToDo``."""
    try:
        app.store.guidance.retire(document_id, app.now(), by)
    except NotFound:
        raise NothingToDo from None
    _note(app, by, "retire", document_id, {"reason": reason})


def roll_back(
    app: App, document_id: str, by: str, reason: str, version: int = 0
) -> tuple[int, int]:
    """Makes an earlier text live again; from which version, and as which.

    Without ``version`` it is the one that was live before. Raises ``NothingToDo``.
    """
    earlier = latest(app, document_id, "replaced", "retired")
    source = version or (earlier.version if earlier else 0)
    try:
        made = app.store.guidance.roll_back(document_id, source, app.now(), by)
    except NotFound:
        raise NothingToDo from None
    facts = {"version": made, "from": source, "reason": reason}
    _note(app, by, "roll back", document_id, facts)
    return source, made


def _suspects(app: App, draft: StoredDocument) -> tuple[Flag, ...]:
    return find_suspects(app.corpus.retriever(), split(draft.document))


def _note(app: App, by: str, action: str, document_id: str, facts: dict[str, object]) -> None:
    told: dict[str, object] = {**facts, "reason": mask(str(facts["reason"])).text}
    app.store.audit.append([AuditItem(by, action, f"document:{document_id}", told)], app.now())
