"""The addresses of the insight pages and what each asks of its visitor."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.routing import Route

from bot.app import App
from bot.guidance.insight_desk import Insight
from bot.web.console import Console, Section
from bot.web.insight.ageing import AGEING, FILE, AgeingPage
from bot.web.insight.feedback import FEEDBACK, FeedbackPage
from bot.web.insight.health import HEALTH, HealthPage
from bot.web.insight.overview import OVERVIEW, OverviewPage
from bot.web.insight.past import PAST, PastPage


def insight_section(app: App) -> Section:
    """The overview, the votes, the ageing, the old answers and the state of the service."""
    desk = Insight(app.store, app.now)
    overview, feedback = OverviewPage(app, desk), FeedbackPage(desk)
    ageing, past, health = AgeingPage(app, desk), PastPage(app), HealthPage(app)

    def routes(console: Console) -> Iterable[Route]:
        yield console.route(OVERVIEW, overview.show, "kb.read")
        yield console.route(FEEDBACK, feedback.show, "question.read")
        yield console.route(AGEING, ageing.show, "kb.read")
        yield console.route(FILE, ageing.file, "kb.read")
        yield console.route(PAST, past.search, "question.read")
        yield console.route(PAST + "/{number}", past.one, "question.read")
        yield console.route(HEALTH, health.show, "health.read")

    return routes
