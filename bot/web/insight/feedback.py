"""What people said of the answers: votes per article and passage, comments, newest first."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from bot.guidance.insight import votes_by_article
from bot.guidance.insight_desk import Insight
from bot.web.console import Visit
from bot.web.paging import paged
from storage.model import Answer

FEEDBACK = "/stod/kunskap/omdomen"
#: Days back one can look; 0 is for ever.
SPANS = (30, 90, 365, 0)
VOTES = ("", "no", "yes")


class FeedbackPage:
    """Shows votes and comments."""

    def __init__(self, desk: Insight) -> None:
        self._desk = desk

    async def show(self, visit: Visit) -> Response:
        """The votes that pass the filter: a table by article, then each with its words."""
        query = visit.request.query_params
        days = _span(query.get("dagar", ""))
        voted = await run_in_threadpool(self._desk.voted, visit.actor, days or None)
        articles = votes_by_article(voted)
        document = query.get("artikel", "")
        vote = query.get("rost", "")
        vote = vote if vote in VOTES else ""
        chosen = passing(voted, document, vote)
        return visit.page(
            "insight_feedback.html", articles=articles, days=days, spans=SPANS, votes=VOTES,
            document=document, vote=vote, page_of=paged(chosen, visit.request),
            shown=[each for each in articles if document in ("", each.document)],
        )  # fmt: skip


def passing(voted: Sequence[Answer], document: str, vote: str) -> tuple[Answer, ...]:
    """The answers with this vote that rest on this document; empty values let all through."""
    return tuple(
        each
        for each in voted
        if each.feedback
        and vote in ("", each.feedback.vote)
        and (not document or (each.quotes and each.quotes[0]["document"] == document))
    )


def _span(told: str) -> int:
    return next((days for days in SPANS if str(days) == told), SPANS[1])
