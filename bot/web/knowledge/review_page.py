"""The gate before publishing: what a batch of drafts changes, each answer accepted or rejected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from bot.app import App
from bot.background import Progress, Works
from bot.channels.cleaning import clean
from bot.guidance.answer_diff import Batch, Change, Comparison, Verdict, compare
from bot.guidance.publishing import (
    Decided,
    Decision,
    Held,
    NeedsAnother,
    NoReason,
    NothingToDo,
    Outrun,
    Rejected,
    Undecided,
    publish_batch,
)
from bot.guidance.replaying import Shown
from bot.guidance.word_diff import Pair, compare_alike
from bot.web.console import Visit
from bot.web.incoming import Refused
from bot.web.working import found, under_way, unfinished
from storage.guidance_model import StoredDocument

REVIEW = "/stod/kunskap/granska"
#: Prefixes of the boxes of drafts, and of the decisions on changed answers.
DRAFT, DECISION = "utkast-", "svar-"
#: Outcomes that have a name of their own.
OUTCOMES = ("answered", "near_miss", "no_answer")
#: What stops a publication -> the text that says so.
STOPS: Mapping[type[Exception], str] = {
    NoReason: "reason",
    Undecided: "undecided",
    Rejected: "rejected",
    Held: "held",
    NeedsAnother: "second",
    Outrun: "outrun",
    NothingToDo: "nothing",
}


@dataclass(frozen=True, slots=True)
class Group:
    """Questions whose answer changes in the same way; one decision is enough for them."""

    #: Counts from 1.
    number: int
    changes: tuple[Change, ...]
    before: Shown
    after: Shown
    verdict: Verdict
    #: The two texts with their differences marked.
    words: Pair
    decision: Decision | Literal[""]


class ReviewPages:
    """The handlers of the review."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._works: Works[Comparison] = Works()

    async def choose(self, visit: Visit) -> Response:
        """The drafts that wait; a post begins to compare the ticked ones."""
        drafts = await run_in_threadpool(self._app.store.guidance.drafts)
        versions = _ticked(visit.sent, drafts)
        if visit.posted and versions:
            actor = visit.actor

            def job(progress: Progress) -> Comparison:
                return compare(self._app, actor, Batch(versions), progress)

            return RedirectResponse(f"{REVIEW}/{self._works.begin(job).id}", 303)
        live = await run_in_threadpool(self._app.store.guidance.published_documents)
        return visit.page(
            "knowledge_review.html", 400 if visit.posted else 200, drafts=drafts,
            live={each.document.id for each in live}, nothing=visit.posted,
            done=visit.request.query_params.get("gjort", ""),
        )  # fmt: skip

    async def decide(self, visit: Visit) -> Response:
        """The changed answers side by side; a post publishes when each is decided."""
        work = await found(self._works, visit)
        if unfinished(visit, work):
            return under_way(visit, work, "knowledge_working.html", kind="review")
        if work.result is None:
            raise Refused(500, "fault")
        if not visit.posted:
            preselected = work.result.preselected
            return await run_in_threadpool(self._show, visit, work.result, preselected)
        decided = _decided(visit.sent, work.result)
        try:
            await run_in_threadpool(publish_batch, self._app, visit.actor, work.result, decided)
        except tuple(STOPS) as stop:
            return await run_in_threadpool(self._show, visit, work.result, decided.changes, stop)
        return RedirectResponse(f"{REVIEW}?gjort=published#gjort", 303)

    def _show(
        self, visit: Visit, compared: Comparison, decisions: Mapping[str, Decision],
        stop: Exception | None = None,
    ) -> Response:  # fmt: skip
        titles = {name: self._title(name, version) for name, version in compared.batch.versions}
        values: dict[str, Any] = {
            "compared": compared, "groups": groups_of(compared, decisions), "titles": titles,
            "outcomes": OUTCOMES, "sent": visit.sent, "stop": STOPS[type(stop)] if stop else "",
        }  # fmt: skip
        return visit.page("knowledge_decide.html", 409 if stop else 200, **values)

    def _title(self, document_id: str, version: int) -> str:
        stored = self._app.store.guidance.document(document_id, version)
        return stored.document.title if stored else document_id


def _ticked(
    sent: Mapping[str, Any], drafts: tuple[StoredDocument, ...]
) -> tuple[tuple[str, int], ...]:
    return tuple(
        (each.document.id, each.version)
        for each in drafts
        if sent.get(f"{DRAFT}{each.document.id}") == str(each.version)
    )


def groups_of(compared: Comparison, decisions: Mapping[str, Decision]) -> list[Group]:
    """The changes in their order, those with the same two answers together."""
    alike: dict[tuple[Shown, Shown, Verdict], list[Change]] = {}
    for each in compared.changes:
        alike.setdefault((each.before, each.after, each.verdict), []).append(each)
    return [
        Group(number, tuple(changes), before, after, verdict,
              compare_alike(before.text, after.text), decisions.get(changes[0].id, ""))
        for number, ((before, after, verdict), changes) in enumerate(alike.items(), 1)
    ]  # fmt: skip


def _decided(sent: Mapping[str, Any], compared: Comparison) -> Decided:
    changes: dict[str, Decision] = {}
    for group in groups_of(compared, {}):
        said = sent.get(f"{DECISION}{group.number}")
        if said in {"accept", "reject"}:
            changes |= {each.id: said for each in group.changes}
    return Decided(
        clean(sent.get("reason", "")).strip(),
        changes,
        reviewed="reviewed" in sent,
        suspects_seen="suspects" in sent,
    )
