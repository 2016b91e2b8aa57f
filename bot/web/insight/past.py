"""What the assistant answered that day, and with which text: looked up by number, day or words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.responses import RedirectResponse, Response

from bot.app import App
from bot.guidance.insight import OUTCOMES
from bot.guidance.insight_desk import DAYS
from bot.guidance.past_answers import PastAnswer, PastQuote, find_answer, list_answers
from bot.guidance.word_diff import Gap, Pair, side_by_side
from bot.web.console import Visit
from bot.web.incoming import Refused
from bot.web.paging import paged
from bot.web.view import STOCKHOLM, read_day

PAST = "/stod/kunskap/svar"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which answers; what cannot be read as a day is the usual one."""

    first: date
    last: date
    words: str
    #: One of ``OUTCOMES``, or empty for all.
    outcome: str


@dataclass(frozen=True, slots=True)
class Beside:
    """A quote and its place today."""

    quote: PastQuote
    fate: Literal["same", "changed", "gone"]
    #: Line by line where the words have changed.
    lines: tuple[Pair | Gap, ...] = ()


class PastPage:
    """The search and one answer."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def search(self, visit: Visit) -> Response:
        """The answers that pass; a number leads straight to its answer."""
        query = visit.request.query_params
        if number := query.get("nummer", "").strip():
            found = await run_in_threadpool(find_answer, self._app, visit.actor, number)
            if found:
                return RedirectResponse(f"{PAST}/{found.number}", 303)
        wanted = read_query(query, self._app.now().astimezone(STOCKHOLM).date())
        listed = await run_in_threadpool(
            list_answers, self._app, visit.actor, wanted.first, wanted.last, wanted.words
        )
        chosen = [each for each in listed if wanted.outcome in ("", each.outcome)]
        return visit.page(
            "insight_answers.html", wanted=wanted, number=number, outcomes=OUTCOMES,
            page_of=paged(chosen, visit.request),
        )  # fmt: skip

    async def one(self, visit: Visit) -> Response:
        """The answer as it was given, its texts beside today's."""
        number = visit.request.path_params["number"]
        found = await run_in_threadpool(find_answer, self._app, visit.actor, number)
        if found is None:
            raise Refused(404, "missing")
        quotes = await run_in_threadpool(self._beside, found)
        return visit.page("insight_answer.html", answer=found, quotes=quotes)

    def _beside(self, answer: PastAnswer) -> list[Beside]:
        live = {
            (passage.document_id, passage.locator): passage.text
            for _, passage in self._app.corpus.retriever().index.live()
        }
        return [
            beside(quote, live.get((quote.document_id, quote.locator), ""))
            for quote in answer.quotes
        ]


def beside(quote: PastQuote, today: str) -> Beside:
    """The quote with what stands at its place today, which is empty where nothing does."""
    if not today or quote.text in today:
        return Beside(quote, "same" if today else "gone")
    return Beside(quote, "changed", tuple(side_by_side(quote.text, today)))


def read_query(query: QueryParams, today: date) -> Wanted:
    """What the address asks for."""
    last = read_day(query.get("till", "")) or today
    first = read_day(query.get("fran", "")) or last - timedelta(days=DAYS)
    outcome = query.get("utfall", "")
    words = query.get("ord", "").strip()
    return Wanted(first, last, words, outcome if outcome in OUTCOMES else "")
