"""A text in a plain form, kept as a draft; nothing typed is lost by a fault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from bot.app import App
from bot.channels.cleaning import clean
from bot.guidance.article_form import (
    FIELDS,
    Fault,
    asked_elsewhere,
    find_faults,
    to_draft,
    to_fields,
)
from bot.guidance.drafting import discard_draft, keep_draft, newest
from bot.guidance.importing import review_day
from bot.guidance.publishing import NothingToDo
from bot.web.console import Visit
from bot.web.incoming import Refused
from bot.web.knowledge.articles import ARTICLES
from bot.web.view import STOCKHOLM
from knowledge.model import Document
from storage.guidance_model import StoredDocument


class EditPages:
    """New articles, and changes of old ones."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def new(self, visit: Visit) -> Response:
        """An empty form, or one about unanswered questions; a post keeps a new article's draft."""
        if visit.posted:
            return await self._save(visit, None)
        day = review_day(self._app.now().astimezone(STOCKHOLM).date())
        fields = dict.fromkeys(FIELDS, "") | {"owner_role": "stödfunktionen", "review_by": day}
        if numbers := visit.request.query_params.get("fragor", ""):
            asked = self._app.questions.words
            words = await run_in_threadpool(asked, visit.actor, numbers.split(","))
            fields |= {"title": words[0] if words else "", "questions": "\n".join(words)}
        return self._form(visit, None, fields)

    async def edit(self, visit: Visit) -> Response:
        """The draft, or the text that is to get one."""
        before = await run_in_threadpool(self._newest, visit)
        if visit.sent.get("act") == "discard":
            return await self._discard(visit, before)
        if visit.posted:
            return await self._save(visit, before)
        return self._form(visit, before, to_fields(before.document))

    async def _save(self, visit: Visit, before: StoredDocument | None) -> Response:
        fields = {name: clean(visit.sent.get(name, "")) for name in FIELDS}
        faults = await run_in_threadpool(self._faults, fields, before)
        stale = before is not None and visit.sent.get("seen") != str(before.version)
        if faults or stale:
            return self._form(visit, before, fields, faults, stale=stale)
        old = before.document if before else None
        draft = to_draft(fields, old, self._app.configuration.article_values())
        if before is None:
            draft = await run_in_threadpool(self._with_own_id, draft)
        seen = before.version if before else 0
        try:
            await run_in_threadpool(keep_draft, self._app, visit.actor, draft, seen)
        except NothingToDo:
            before = await run_in_threadpool(self._newest, visit)
            return self._form(visit, before, fields, stale=True)
        return RedirectResponse(f"{ARTICLES}/{draft.id}?gjort=draft#gjort", 303)

    async def _discard(self, visit: Visit, before: StoredDocument) -> Response:
        document_id = before.document.id
        if visit.sent.get("seen") != str(before.version):
            raise Refused(409, "stale_page")
        try:
            await run_in_threadpool(discard_draft, self._app, visit.actor, document_id)
        except NothingToDo:
            raise Refused(409, "stale_page") from None
        return RedirectResponse(f"{ARTICLES}/{document_id}?gjort=dropped#gjort", 303)

    def _form(
        self,
        visit: Visit,
        before: StoredDocument | None,
        fields: Mapping[str, str],
        faults: tuple[Fault, ...] = (),
        *,
        stale: bool = False,
    ) -> Response:
        """``stale``: somebody else has kept another draft since the form was opened."""
        status = 409 if stale else 400 if faults else 200
        values = {"before": before, "fields": fields, "faults": faults, "stale": stale}
        return visit.page("knowledge_edit.html", status, **values)

    def _faults(
        self, fields: Mapping[str, str], before: StoredDocument | None
    ) -> tuple[Fault, ...]:
        live = [each.document for each in self._app.store.guidance.published_documents()]
        others = asked_elsewhere(live, before.document.id if before else "")
        return find_faults(fields, self._app.configuration.article_values(), others)

    def _newest(self, visit: Visit) -> StoredDocument:
        """The draft if there is one, else the latest text that was published."""
        found = newest(self._app.store.guidance.versions(visit.request.path_params["id"]))
        if found is None or found.document.kind == "statute":
            raise Refused(404, "missing")
        return found

    def _with_own_id(self, draft: Document) -> Document:
        """A new article never becomes a version of an older one."""
        number, name = 1, draft.id
        while self._app.store.guidance.versions(name):
            number += 1
            name = f"{draft.id}-{number}"
        return replace(draft, id=name)
