"""Drafts of the knowledge base: a text has one at most, and who wrote it stands in the log."""

from __future__ import annotations

from collections.abc import Sequence

from bot.app import App
from bot.guidance.publishing import NothingToDo
from bot.policy import Actor
from knowledge.model import Document
from storage.guidance_model import StoredDocument
from storage.records import AuditItem


def keep_draft(app: App, actor: Actor, document: Document, seen: int = 0) -> int:
    """Keeps the text as the document's only draft and returns its version.

    ``seen`` is the version it was made of; 0 takes the place of any. Needs ``kb.draft``. Raises
    ``NothingToDo`` when somebody has kept another since.
    """
    actor.require("kb.draft")
    return app.store.write(lambda: _replace(app, actor, document, seen))


def discard_draft(app: App, actor: Actor, document_id: str) -> None:
    """Puts the document's draft away. Needs ``kb.draft``. Raises ``NothingToDo``."""
    actor.require("kb.draft")
    if not app.store.write(lambda: _discard(app, actor, document_id)):
        raise NothingToDo


def newest(versions: Sequence[StoredDocument]) -> StoredDocument | None:
    """The draft if there is one, else the latest text that was published."""
    kept = [each for each in versions if each.status != "discarded"] or list(versions)
    drafts = [each for each in kept if each.status == "draft"]
    live = [each for each in kept if each.status == "published"]
    return next(reversed(drafts or live or kept), None)


def _replace(app: App, actor: Actor, document: Document, seen: int) -> int:
    version = app.store.guidance.save_draft(document, app.now(), actor.id)
    # Asked after the first write, since from then on nobody else can keep another.
    others = [v for v in app.store.guidance.versions(document.id) if v.version != version]
    before = newest(others)
    if seen and (before is None or before.version != seen):
        raise NothingToDo
    for stored in others:
        if stored.status == "draft":
            app.store.guidance.discard_draft(document.id, stored.version, app.now())
    _note(app, actor, "draft", document.id, version)
    return version


def _discard(app: App, actor: Actor, document_id: str) -> bool:
    drafts = _drafts(app, document_id)
    for stored in drafts:
        app.store.guidance.discard_draft(document_id, stored.version, app.now())
        _note(app, actor, "discard draft", document_id, stored.version)
    return bool(drafts)


def _drafts(app: App, document_id: str) -> list[StoredDocument]:
    versions = app.store.guidance.versions(document_id)
    return [each for each in versions if each.status == "draft"]


def _note(app: App, actor: Actor, action: str, document_id: str, version: int) -> None:
    item = AuditItem(actor.id, action, f"document:{document_id}", {"version": version})
    app.store.audit.append([item], app.now())
