"""``hansyn kb questions``: the test questions asked, one added, one put aside."""

from __future__ import annotations

from rich.table import Table

from bot.commands.kb_versions import console, operator, told_progress
from bot.commands.opening import opened, print_json, tell
from bot.guidance.gold_runs import Asked, Run, UnknownSource, add_question, end_question, run_gold
from bot.texts import load_texts
from intents.exchange import Shown


def say(key: str, **values: Shown) -> str:
    """A text of the console's pages."""
    return load_texts().render(f"console_kb.{key}", "sv", **values)


def run_ask(*, drafts: bool, as_json: bool) -> int:
    """Asks every question and shows those answered wrongly."""
    with opened() as app, told_progress(say("working.tests")) as progress:
        run = run_gold(app, operator(), "drafts" if drafts else "live", progress)
    if as_json:
        print_json(_to_json(run))
        return 0
    console().print(say("run.title", right=len(run.asked) - len(run.wrong), of=len(run.asked)))
    if run.wrong:
        console().print(_table(run))
    return 0


def run_add(question: str, source: str) -> int:
    """Adds a question; without a source it is one that nobody should answer."""
    with opened() as app:
        try:
            add_question(app, operator(), question, source)
        except UnknownSource:
            tell(say("tests.fault.unknown"))
            return 1
    tell(say("done.add"))
    return 0


def run_end(identity: str) -> int:
    """Uses one of our own questions no longer."""
    with opened() as app:
        ended = end_question(app, operator(), identity)
    tell(say("done.end" if ended else "tests.fault.gone"))
    return 0 if ended else 1


def _table(run: Run) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    for each in run.wrong:
        table.add_row(each.question.id, each.question.question, ", ".join(each.question.wanted[:3]))
    return table


def _to_json(run: Run) -> dict[str, object]:
    return {"of": len(run.asked), "wrong": [_wrong(each) for each in run.wrong]}


def _wrong(asked: Asked) -> dict[str, object]:
    question, said = asked.question, asked.said
    return {
        "id": question.id,
        "question": question.question,
        "expected": list(question.wanted),
        "outcome": said.outcome,
        "document": said.document_id,
        "locator": said.locator,
    }
