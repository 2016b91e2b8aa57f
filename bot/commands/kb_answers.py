"""``hansyn kb answer``: what was answered then, and from which text."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from rich.table import Table

from bot.commands.kb_versions import console, operator, say
from bot.commands.opening import opened, print_json, tell
from bot.guidance.past_answers import PastAnswer, PastQuote, find_answer, list_answers
from bot.turn import STOCKHOLM


def show_one(number: str, *, whole: bool, as_json: bool) -> int:
    """Shows an answer with its quotes; 1 when there is none with this number."""
    with opened() as app:
        found = find_answer(app, operator(), number)
    if found is None:
        tell(say("answer.unknown", number=number))
        return 1
    if as_json:
        print_json(_to_json(found))
    else:
        _show(found, whole=whole)
    return 0


def list_days(since: str, until: str, words: str, *, as_json: bool) -> int:
    """Lists the answers given from one day to another."""
    with opened() as app:
        try:
            first = date.fromisoformat(since) if since else app.today()
            last = date.fromisoformat(until) if until else first
            found = list_answers(app, operator(), first, last, words)
        except ValueError:
            tell(say("bad_date", value=f"{since} {until}".strip()))
            return 2
    if as_json:
        print_json([_to_json(each) for each in found])
    elif found:
        console().print(_table(found))
    else:
        tell(say("list.empty"))
    return 0


def _table(found: tuple[PastAnswer, ...]) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("number", "at", "question", "outcome"):
        table.add_column(say(f"answer.{name}"))
    for each in found:
        cells = (each.number, _when(each), each.question, say(f"answer.outcomes.{each.outcome}"))
        table.add_row(*(cell.replace("[", r"\[") for cell in cells))
    return table


def _show(found: PastAnswer, *, whole: bool) -> None:
    lines = [
        f"{found.number}, {_when(found)}",
        say("answer.asked", question=found.question),
        say("answer.said", outcome=say(f"answer.outcomes.{found.outcome}"), text=found.text),
        say("answer.corpus", version=found.corpus_version),
    ]
    for quote in found.quotes:
        lines += ["", *_quoted(quote, whole=whole)]
    for line in lines:
        console().print(line, markup=False, highlight=False, soft_wrap=True)


def _quoted(quote: PastQuote, *, whole: bool) -> list[str]:
    named = ", ".join(dict.fromkeys((quote.title, quote.locator)))
    place = say("answer.quoted", place=named, id=quote.document_id, version=quote.version,
                date=quote.source_date)  # fmt: skip
    true = say(f"answer.{'verified' if quote.verified else 'unverified'}")
    lines = [place, f"”{quote.text}”", f"{true} {say(f'answer.standing.{quote.standing}')}"]
    return [*lines, "", quote.body] if whole else lines


def _when(found: PastAnswer) -> str:
    return f"{found.at.astimezone(STOCKHOLM):%Y-%m-%d %H:%M}"


def _to_json(found: PastAnswer) -> dict[str, object]:
    return {**asdict(found), "at": found.at.isoformat()}
