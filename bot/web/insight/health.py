"""The state of the service for technicians; nothing anybody wrote is shown here."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from bot.app import App
from bot.operations import Operations, operations
from bot.web.console import Visit

HEALTH = "/stod/drift"


class HealthPage:
    """Shows how the service is doing."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def show(self, visit: Visit) -> Response:
        """Figures and versions, what is wrong first."""
        state = await run_in_threadpool(operations, self._app, visit.actor)
        return visit.page("insight_health.html", state=state, faults=faults_of(state))


def faults_of(state: Operations) -> tuple[str, ...]:
    """Names of what somebody must look at; ``console_insight.health.fault.<name>`` tells more."""
    wrong = {
        "dead": state.backlog.dead > 0,
        "jobs": state.jobs_late,
        "disk": state.full,
        "corpus": state.corpus_behind,
    }
    return tuple(name for name, holds in wrong.items() if holds)
