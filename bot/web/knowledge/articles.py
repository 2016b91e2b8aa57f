"""The texts of the knowledge base: the list, one on a page, and two versions side by side."""

from __future__ import annotations

from datetime import date
from typing import Any, get_args

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from bot.app import App
from bot.guidance.articles import (
    ORDERS,
    QUEUES,
    Order,
    Queue,
    Wanted,
    choose,
    list_texts,
    next_unreviewed,
)
from bot.web.console import Visit
from bot.web.incoming import Refused
from bot.web.knowledge.article_acts import act_on
from bot.web.knowledge.reading import changes, parts_of
from bot.web.paging import paged
from bot.web.view import STOCKHOLM
from knowledge.guidance import UNREVIEWED
from knowledge.model import Kind
from storage.guidance_model import StoredDocument

ARTICLES = "/stod/kunskap/artiklar"
KINDS = get_args(Kind)
#: Longer texts are folded away on their page.
LONG = 6_000


class ArticlePages:
    """What can be read of the texts."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def list(self, visit: Visit) -> Response:
        """The texts that pass the filter."""
        rows = await run_in_threadpool(list_texts, self._app.store.guidance)
        wanted = wanted_in(visit)
        found = choose(rows, wanted, self._today())
        return visit.page(
            "knowledge_articles.html", page_of=paged(found, visit.request), wanted=wanted,
            queues=QUEUES, kinds=KINDS, orders=ORDERS, today=self._today().isoformat(),
            owners=sorted({row.owner_role for row in rows if row.owner_role}),
        )  # fmt: skip

    async def show(self, visit: Visit) -> Response:
        """One text with its versions; a post does what its button says first."""
        fault = await run_in_threadpool(act_on, self._app, visit) if visit.posted else ""
        if visit.posted and not fault:
            here = f"{ARTICLES}/{visit.request.path_params['id']}"
            return RedirectResponse(f"{here}?gjort={visit.sent['act']}#gjort", 303)
        standing = _standing(await run_in_threadpool(self._versions, visit))
        done = visit.request.query_params.get("gjort", "")
        following, left = None, 0
        if done == "approve":
            title = standing["shown"].document.title
            rows = await run_in_threadpool(list_texts, self._app.store.guidance)
            following, left = next_unreviewed(rows, title)
        return visit.page(
            "knowledge_article.html", 409 if fault else 200, **standing, fault=fault, done=done,
            sent=visit.sent, today=self._today().isoformat(), following=following, left=left,
        )  # fmt: skip

    async def compare(self, visit: Visit) -> Response:
        """Two versions side by side; by default the draft and what is live."""
        versions = await run_in_threadpool(self._versions, visit)
        standing = _standing(versions)
        newest = standing["draft"] or versions[-1]
        after = _version(versions, visit.request.query_params.get("till", "")) or newest
        before = _version(versions, visit.request.query_params.get("fran", ""))
        before = before or _earlier(versions, after)
        old = before.document if before else None
        # Of a long text it takes a while.
        changed = await run_in_threadpool(changes, old, after.document)
        return visit.page("knowledge_compare.html", before=before, after=after, changes=changed)

    def _versions(self, visit: Visit) -> tuple[StoredDocument, ...]:
        versions = self._app.store.guidance.versions(visit.request.path_params["id"])
        if not versions:
            raise Refused(404, "missing")
        return versions

    def _today(self) -> date:
        return self._app.now().astimezone(STOCKHOLM).date()


def wanted_in(visit: Visit) -> Wanted:
    """The filter as the address gives it; what is no choice does not filter."""
    asked = visit.request.query_params
    queue: Queue = next((each for each in QUEUES if each == asked.get("lage")), "alla")
    order: Order = next((each for each in ORDERS if each == asked.get("ordning")), "titel")
    kind = asked.get("slag", "")
    return Wanted(
        queue, kind if kind in KINDS else "", asked.get("ansvarig", ""), asked.get("sok", ""), order
    )


def _standing(versions: tuple[StoredDocument, ...]) -> dict[str, Any]:
    """Which of a text's versions is read, which waits, and what the page shows of it."""
    by_status = {each.status: each for each in versions}
    live, draft = by_status.get("published"), by_status.get("draft")
    shown = live or draft or by_status.get("retired") or versions[-1]
    return {
        "shown": shown, "live": live, "draft": draft, "versions": versions[::-1],
        "reading": parts_of(shown.document.body), "long": len(shown.document.body) > LONG,
        "reviewed": shown.document.status != UNREVIEWED,
        "earlier": [each for each in versions[::-1] if each.retired_at and each.published_at],
    }  # fmt: skip


def _version(versions: tuple[StoredDocument, ...], number: str) -> StoredDocument | None:
    return next((each for each in versions if str(each.version) == number), None)


def _earlier(versions: tuple[StoredDocument, ...], after: StoredDocument) -> StoredDocument | None:
    """What the version is to be compared with: what is live, else what was live before it."""
    live = next((each for each in versions if each.status == "published"), None)
    if live is not None and live is not after and after.status == "draft":
        return live
    older = [each for each in versions if each.version < after.version and each.published_at]
    return older[-1] if older else None
