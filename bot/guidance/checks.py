"""What is wrong in the knowledge base as it stands: drafts that contradict it, own tests that fail.

The shipped gold questions are measured by `hansyn eval`; here it is about those born in operation,
which somebody has said what the right answer to is.
"""

from __future__ import annotations

from bot.app import App
from bot.guidance.importing import comparable
from bot.guidance.replaying import Replay
from bot.guidance.thresholds import born_gold
from bot.policy import Actor
from knowledge.conflicts import Disagreement, find_disagreements
from knowledge.evaluation import faults, judge
from knowledge.gold_questions import GoldQuestion
from knowledge.passages import split


def open_conflicts(app: App, actor: Actor) -> tuple[Disagreement, ...]:
    """Where a waiting draft says otherwise than live texts do. Needs ``kb.read``."""
    actor.require("kb.read")
    drafts = app.store.guidance.drafts()
    new = [passage for each in drafts for passage in split(each.document, each.version)]
    if not new:
        return ()
    live = [passage for _, passage in app.corpus.retriever().index.live()]
    return find_disagreements(new, comparable(live), app.now().date())


def red_questions(app: App, actor: Actor) -> tuple[GoldQuestion, ...]:
    """Own test questions that get a wrong answer though the right text is live. Needs ``kb.read``.

    A question whose answer still waits as a draft is not wrong yet.
    """
    actor.require("kb.read")
    current = app.corpus.retriever()
    replay = Replay(app.services, current, app.now())
    live = [passage for _, passage in current.index.live()]
    return tuple(
        question
        for question in born_gold(app.store)
        if any(question.rests_on(passage, current.twins) for passage in live)
        and faults(judge(question, replay.ask(question.question)[1]).as_row())
    )
