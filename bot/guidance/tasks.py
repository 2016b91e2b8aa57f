"""What waits for somebody who keeps the knowledge base true, as the overview counts it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.app import App
from bot.guidance.checks import open_conflicts, red_questions
from bot.guidance.insight import due_day
from bot.guidance.insight_desk import STOCKHOLM, Overview
from bot.policy import Actor


@dataclass(frozen=True, slots=True)
class Task:
    """One figure."""

    #: Its name is ``console_insight.task.<name>``.
    name: str
    count: int
    #: The day or moment the figure's small line names; empty for no line.
    detail: str = ""


def tasks_of(app: App, actor: Actor, seen: Overview) -> tuple[Task, ...]:
    """The figures this person may follow, those where something waits first."""
    return tuple(sorted(_tasks(app, actor, seen), key=lambda task: not task.count))


def _tasks(app: App, actor: Actor, seen: Overview) -> Iterator[Task]:
    yield Task("drafts", seen.drafts)
    yield Task("due", len(seen.due), due_day(seen.due[0]) if seen.due else "")
    if actor.may("question.read"):
        asked = [each.at for theme in app.questions.themes(actor) for each in theme.asked]
        newest = f"{max(asked).astimezone(STOCKHOLM):%Y-%m-%d %H:%M}" if asked else ""
        yield Task("unanswered", len(asked), newest)
        yield Task("wrong", seen.wrong)
    yield Task("conflicts", len(open_conflicts(app, actor)))
    yield Task("red", len(red_questions(app, actor)))
