"""How ``hansyn eval`` and ``hansyn train`` show figures and progress in a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import track
from rich.table import Table

from bot.texts import load_texts
from knowledge.evaluation import MARKS, Row, faults
from knowledge.figures import RankFigures

T = TypeVar("T")
RANKS = (
    *RankFigures.__slots__,
    "in_category_accuracy",
    "pool_ndcg_at_10",
)


def say(key: str, **values: str | int) -> str:
    """A sentence of the measuring commands, in Swedish."""
    return load_texts().render(f"eval.{key}", "sv", **values)


def show_progress(items: Sequence[T], key: str) -> Iterable[T]:
    """The items, with a bar on stderr where somebody looks on."""
    console = Console(stderr=True)
    return track(items, say(key), console=console, disable=not sys.stderr.isatty())


def show_figures(found: Mapping[str, Any]) -> None:
    """A run's tables; the halves of gold one after the other."""
    tuning = found.get("tuning")
    if tuning is None:
        _show_run(found)
        return
    show_text(say("half_reporting"))
    _show_run(found)
    show_text(say("half_tuning"))
    _show_run(tuning)


def show_shares(title: str, rows: Iterable[tuple[str, Mapping[str, float]]]) -> None:
    """One figure a row, with how many it rests on and its interval."""
    table = Table("", say("of"), say("share"), say("interval"), title=title, title_justify="left")
    for name, found in rows:
        interval = f"{found['low']:.2f}-{found['high']:.2f}"
        table.add_row(name, f"{found['of']:.0f}", f"{found['share']:.2f}", interval)
    show_text(table)


def show_ranks(title: str, legs: Mapping[str, Mapping[str, Mapping[str, float]]]) -> None:
    """One leg a row, one figure a column, its interval below it."""
    names = [name for name in RANKS if any(name in found for found in legs.values())]
    table = Table(
        say("leg"), *(say(f"rank_{name}") for name in names), title=title, title_justify="left"
    )
    for leg, found in legs.items():
        table.add_row(say(f"leg_{leg}"), *(_with_interval(found[name]) for name in names))
    show_text(table)


def show_changes(report: Mapping[str, Any], pairs: Iterable[tuple[Row, Row]]) -> None:
    """Each changed question with what was and what is; how many are better and worse."""
    for old, new in pairs:
        show_text(f"{new['id']}: {new['question']}")
        show_text(f"  - {_told(old)}")
        show_text(f"  + {_told(new)}")
    names = ("changed", "better", "worse")
    show_text(say("compared", count=report["questions"], **{name: report[name] for name in names}))


def _show_run(found: Mapping[str, Any]) -> None:
    rows = [(say("kind", kind=kind), value) for kind, value in found["kinds"].items()]
    rows += [(say(f"mark_{name}"), found[name]) for name in MARKS if name in found]
    show_shares(say("title_answers"), rows)
    if found["legs"]:
        show_ranks(say("title_legs"), found["legs"])


def _told(row: Row) -> str:
    wrong = ", ".join(say(f"fault_{name}") for name in MARKS if name in faults(row))
    return " · ".join(
        filter(None, (str(row["said"]), str(row["first"]), wrong or say("faultless")))
    )


def _with_interval(found: Mapping[str, float]) -> str:
    return f"{found['value']:.2f}\n{found['low']:.2f}-{found['high']:.2f}"


def show_text(what: Table | str) -> None:
    """A table or a line to stdout."""
    Console(highlight=False, markup=False).print(what)
