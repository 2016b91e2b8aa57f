"""The first page of the knowledge base: what waits for somebody, and how the questions went."""

from __future__ import annotations

from datetime import datetime, timedelta

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from bot.app import App
from bot.insight import OUTCOMES, Shares
from bot.insight_desk import DAYS, Insight, Overview
from bot.web.console import Visit
from bot.web.insight.tasks import tasks_of
from bot.web.view import STOCKHOLM

OVERVIEW = "/stod/kunskap"


class OverviewPage:
    """Shows the overview."""

    def __init__(self, app: App, desk: Insight) -> None:
        self._app = app
        self._desk = desk

    async def show(self, visit: Visit) -> Response:
        """The figures, each a link to its rows."""
        seen = await run_in_threadpool(self._desk.overview, visit.actor)
        tasks = await run_in_threadpool(tasks_of, self._app, visit.actor, seen)
        return visit.page(
            "insight_overview.html", seen=seen, tasks=tasks, days=DAYS,
            bars=tuple(map(bar, (seen.now, seen.before))),
            outcomes=outcomes(seen, self._app.now()),
        )  # fmt: skip


def bar(share: Shares) -> tuple[tuple[str, int, int], ...]:
    """(outcome, where its part of the bar begins, its length), both in percent."""
    starts = [sum(share.percents[:at]) for at in range(len(OUTCOMES))]
    return tuple(zip(OUTCOMES, starts, share.percents, strict=True))


def outcomes(seen: Overview, now: datetime) -> tuple[dict[str, object], ...]:
    """A row per outcome: numbers and percents of both periods, and their rows' address."""
    today = now.astimezone(STOCKHOLM).date()
    since = today - timedelta(days=DAYS)
    return tuple(
        {
            "name": name,
            "now": seen.now.counts[at],
            "before": seen.before.counts[at],
            "percent": seen.now.percents[at],
            "percent_before": seen.before.percents[at],
            "rows": f"/stod/kunskap/svar?utfall={name}&fran={since}&till={today}",
        }
        for at, name in enumerate(OUTCOMES)
    )
