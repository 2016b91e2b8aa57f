"""The first page of the knowledge base: what waits for somebody, and how the questions went."""

from __future__ import annotations

from datetime import datetime, timedelta

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from bot.app import App
from bot.guidance.insight import OUTCOMES, Shares
from bot.guidance.insight_desk import DAYS, Insight, Overview
from bot.guidance.tasks import tasks_of
from bot.policy import Actor
from bot.web.console import Visit
from bot.web.insight.past import PAST
from bot.web.view import STOCKHOLM

OVERVIEW = "/stod/kunskap"
#: Task -> where its rows are.
ROWS = {
    "drafts": "/stod/kunskap/granska",
    "due": "/stod/kunskap/alder?visa=granska",
    "unanswered": "/stod/fragor",
    "wrong": f"/stod/kunskap/omdomen?rost=no&dagar={DAYS}",
    "conflicts": "/stod/kunskap/granska",
    "red": "/stod/kunskap/testfragor",
}
#: Whoever may not review sees the drafts here.
DRAFTS = "/stod/kunskap/artiklar?lage=utkast"


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
            "insight_overview.html", seen=seen, tasks=tasks, days=DAYS, rows=rows_for(visit.actor),
            bars=tuple(map(bar, (seen.now, seen.before))),
            outcomes=outcomes(seen, self._app.now()),
        )  # fmt: skip


def rows_for(actor: Actor) -> dict[str, str]:
    """Where the person finds the rows of each figure."""
    return {
        name: address if actor.may("kb.draft") or "granska" not in address.split("/") else DRAFTS
        for name, address in ROWS.items()
    }


def bar(share: Shares) -> tuple[tuple[str, int, int], ...]:
    """(outcome, where its part of the bar begins, its length), both in percent."""
    starts = [sum(share.percents[:at]) for at in range(len(OUTCOMES))]
    return tuple(zip(OUTCOMES, starts, share.percents, strict=True))


def outcomes(seen: Overview, now: datetime) -> tuple[dict[str, object], ...]:
    """A row per outcome: numbers and percents of both periods, and their rows' address."""
    today = now.astimezone(STOCKHOLM).date()
    since, before = (today - timedelta(days=days) for days in (DAYS, 2 * DAYS))
    return tuple(
        {
            "name": name,
            "now": seen.now.counts[at],
            "before": seen.before.counts[at],
            "percent": seen.now.percents[at],
            "percent_before": seen.before.percents[at],
            "rows": f"{PAST}?utfall={name}&fran={since}&till={today}",
            "rows_before": f"{PAST}?utfall={name}&fran={before}&till={since}",
        }
        for at, name in enumerate(OUTCOMES)
    )
