"""The cards of the overview: what waits for somebody who keeps the knowledge base true."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.app import App
from bot.insight import due_day
from bot.insight_desk import DAYS, Overview
from bot.kb_checks import open_conflicts, red_questions
from bot.policy import Actor
from bot.web.view import local_time


@dataclass(frozen=True, slots=True)
class Task:
    """One figure with the way to its rows."""

    #: Its name is ``console_insight.task.<name>``.
    name: str
    count: int
    address: str
    #: The day, moment or number the figure's small line names; empty for no line.
    detail: str = ""


def tasks_of(app: App, actor: Actor, seen: Overview) -> tuple[Task, ...]:
    """The cards this person may follow, those where something waits first."""
    return tuple(sorted(_tasks(app, actor, seen), key=lambda task: not task.count))


def _tasks(app: App, actor: Actor, seen: Overview) -> Iterator[Task]:
    review = "/stod/kunskap/granska" if actor.may("kb.draft") else "/stod/kunskap/artiklar"
    yield Task("drafts", seen.drafts, review)
    first = due_day(seen.due[0]) if seen.due else ""
    yield Task("due", len(seen.due), "/stod/kunskap/alder?visa=granska", first)
    if actor.may("question.read"):
        themes = app.questions.themes(actor)
        asked = [each.at for theme in themes for each in theme.asked]
        newest = local_time(max(asked)) if asked else ""
        yield Task("unanswered", len(asked), "/stod/fragor", newest)
        yield Task("wrong", seen.wrong, f"/stod/kunskap/omdomen?rost=no&dagar={DAYS}")
    yield Task("conflicts", len(open_conflicts(app, actor)), review)
    yield Task("red", len(red_questions(app, actor)), "/stod/kunskap/testfragor")
