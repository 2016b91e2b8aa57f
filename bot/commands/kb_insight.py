"""``hansyn kb overview``, ``unanswered``, ``feedback`` and ``ageing``: the console's figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from rich.table import Table

from bot.commands.kb_versions import console, operator
from bot.commands.opening import opened, print_json
from bot.guidance.insight import OUTCOMES, votes_by_article
from bot.guidance.insight_desk import DAYS, Insight
from bot.guidance.tasks import tasks_of
from bot.port import AskedQuestion, QuestionQuery
from bot.texts import load_texts
from intents.exchange import Shown


def say(key: str, **values: Shown) -> str:
    """A text of the console's pages."""
    return load_texts().render(f"console_insight.{key}", "sv", **values)


def run_overview(*, as_json: bool) -> int:
    """What waits, and how the questions went."""
    with opened() as app:
        seen = Insight(app.store, app.now).overview(operator())
        tasks = tasks_of(app, operator(), seen)
    if as_json:
        told = {task.name: task.count for task in tasks}
        print_json(told | {"outcomes": dict(zip(OUTCOMES, seen.now.counts, strict=True))})
        return 0
    waiting = [(str(task.count), say(f"task.{task.name}.name", count=task.count)) for task in tasks]
    ended = zip(OUTCOMES, seen.now.counts, seen.now.percents, strict=True)
    went = [(str(count), f"{say(f'outcome.{name}')} ({share} %)") for name, count, share in ended]
    _print((), waiting)
    console().print(f"\n{say('overview.last', days=DAYS)}")
    _print((), went)
    return 0


def run_unanswered(days: int, words: str, *, as_json: bool) -> int:
    """Open questions by theme."""
    with opened() as app:
        themes = app.questions.themes(operator(), QuestionQuery(days, words))
    if as_json:
        print_json([{"words": each.words, "asked": _asked(each.asked)} for each in themes])
        return 0
    for theme in themes:
        console().print(f"\n[bold]{', '.join(theme.words)}[/]")
        _print((), [(each.id, each.words) for each in theme.asked])
    return 0


def run_feedback(days: int, *, as_json: bool) -> int:
    """Votes per article and passage, the most complained about first."""
    with opened() as app:
        articles = votes_by_article(Insight(app.store, app.now).voted(operator(), days or None))
    if as_json:
        print_json([asdict(each) for each in articles])
        return 0
    names = (say("vote.no"), say("vote.yes"), say("feedback.text"))
    _print(names, [(str(each.wrong), str(each.right), each.title) for each in articles])
    return 0


def run_ageing(*, as_json: bool) -> int:
    """Texts by risk: the year's answers times age."""
    with opened() as app:
        rows = Insight(app.store, app.now).ageing(operator())
    if as_json:
        print_json([asdict(row) for row in rows])
        return 0
    names = [say(f"ageing.column.{name}") for name in ("risk", "answers", "dated", "review_by")]
    _print(
        (*names, "id", say("ageing.column.text")),
        [(f"{row.risk:g}".replace(".", ","), str(row.answers), row.text.dated, row.text.review_by,
          row.text.document, row.text.title) for row in rows if row.answers],
    )  # fmt: skip
    return 0


def _asked(asked: Iterable[AskedQuestion]) -> list[dict[str, str]]:
    return [{"id": each.id, "question": each.words, "at": each.at.isoformat()} for each in asked]


def _print(names: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    table = Table(*names, box=None, pad_edge=False, show_header=bool(names))
    for row in rows:
        table.add_row(*(cell.replace("[", r"\[") for cell in row))
    console().print(table)
