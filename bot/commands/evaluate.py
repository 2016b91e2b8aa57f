"""``hansyn eval``: the assistant, its search and two outside yardsticks, measured."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.app import App
from bot.commands.ask import ask
from bot.commands.figure_tables import say, show_changes, show_figures, show_progress
from bot.commands.opening import opened, print_json, tell
from bot.commands.yardsticks import run_faq, run_sections
from bot.guidance.thresholds import all_gold
from knowledge.calibration import ACCEPTED_RISK, CurvePoint
from knowledge.curve import Labels, chosen_point, draw_curve
from knowledge.errors import BadDocument
from knowledge.evaluation import (
    ASKED_BACK,
    Heard,
    Judged,
    answer_curve,
    changed,
    faults,
    judge,
    rank_legs,
    summarise,
)
from knowledge.gold_questions import GoldQuestion, load_gold

Figures = dict[str, object]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks for; at most one of the paths but ``curve``."""

    #: A file of questions; without any path, the project's own gold.
    questions: Path | None = None
    curve: Path | None = None
    compare: tuple[Path, Path] | None = None
    sections: Path | None = None
    faq: Path | None = None
    as_json: bool = False


def run(wanted: Wanted) -> int:
    """Measures what is wanted; 1 when a file cannot be read, 2 when too much is asked for."""
    modes = (wanted.questions, wanted.compare, wanted.sections, wanted.faq)
    if sum(mode is not None for mode in modes) > 1:
        return _refused(2, "one_thing")
    if wanted.curve and any(modes[1:]):
        return _refused(2, "no_curve")
    try:
        return _measure_one(wanted)
    except UnicodeDecodeError as error:
        return _refused(1, "unreadable", file="", error=error.reason)
    except OSError as error:
        return _refused(1, "unreadable", file=str(error.filename), error=str(error.strerror))


def _measure_one(wanted: Wanted) -> int:
    if wanted.compare:
        return compare(*wanted.compare, as_json=wanted.as_json)
    if wanted.sections:
        return run_sections(wanted.sections, as_json=wanted.as_json)
    if wanted.faq:
        return run_faq(wanted.faq, as_json=wanted.as_json)
    return measure(wanted)


def measure(wanted: Wanted) -> int:
    """The assistant on a file of questions, or on both halves of gold."""
    try:
        asked = load_gold(wanted.questions) if wanted.questions else None
    except BadDocument as error:
        return _refused(1, "not_questions", error=str(error))
    with opened() as app:
        gold = asked if asked is not None else all_gold(app.store)
        judged = judge_all(app, gold)
        found = (figures_of(app, judged) if wanted.questions else figures_by_half(app, judged)) | {
            "answers": [item.as_row() for item in judged]
        }
        if wanted.curve:
            reporting = [q for q in gold if wanted.questions or q.half == "reporting"]
            _save_curve(app, reporting, wanted.curve)
    if wanted.as_json:
        print_json(found)
    else:
        show_figures(found)
    return 0


def judge_all(app: App, gold: Sequence[GoldQuestion]) -> list[Judged]:
    """Asks every question as `hansyn ask` does and judges what was said."""
    steps = show_progress(gold, "asking")
    return [judge(question, heard(ask(app, question.question))) for question in steps]


def heard(found: Mapping[str, object]) -> Heard:
    """The parts of an answer that are judged, from the object `hansyn ask` prints."""
    quotes = found["quotes"]
    assert isinstance(quotes, list)
    asked_back = ASKED_BACK if found["missing"] else ""
    return Heard(
        str(found["outcome"]),
        str(found["intent"]),
        str(found["verdict"] or asked_back),
        " ".join([str(found["answer"]), *(quote["text"] for quote in quotes)]),
        tuple(quote["basis"] for quote in quotes),
    )


def figures_of(app: App, judged: Sequence[Judged]) -> Figures:
    """Figures of the answers, and of each leg where there is something to find."""
    legs = rank_legs(app.corpus.retriever(), [item.question for item in judged])
    ranks = {name: found.as_dict() for name, found in legs.items() if found.mrr.count}
    return summarise(judged) | {"legs": ranks}


def figures_by_half(app: App, judged: Sequence[Judged]) -> Figures:
    """Figures of the reporting half, and those of the tuning half beside them."""
    halves = {
        half: figures_of(app, [item for item in judged if item.question.half == half])
        for half in ("reporting", "tuning")
    }
    return {"half": "reporting", **halves["reporting"], "tuning": halves["tuning"]}


def compare(before: Path, after: Path, *, as_json: bool) -> int:
    """Which questions changed between two runs saved with --json."""
    runs = []
    for file in (before, after):
        try:
            runs.append(_answers(json.loads(file.read_text(encoding="utf-8"))))
        except (ValueError, KeyError, TypeError):
            return _refused(1, "not_a_run", file=str(file))
    common = {str(row["id"]) for row in runs[0]} & {str(row["id"]) for row in runs[1]}
    if not common:
        return _refused(1, "nothing_in_common")
    pairs = changed(*runs)
    report = {
        "questions": len(common),
        "changed": len(pairs),
        "better": sum(faults(new) < faults(old) for old, new in pairs),
        "worse": sum(faults(new) > faults(old) for old, new in pairs),
        "answers": [{"before": old, "after": new} for old, new in pairs],
    }
    if as_json:
        print_json(report)
    else:
        show_changes(report, pairs)
    return 0


def _answers(run: Mapping[str, object]) -> list[Mapping[str, object]]:
    rows = run["answers"]
    assert isinstance(rows, list)
    for row in rows:
        faults(row), row["id"], row["question"]
    return rows


def _save_curve(app: App, gold: Sequence[GoldQuestion], file: Path) -> None:
    retriever = app.corpus.retriever()
    points = answer_curve(retriever, gold)
    chosen = chosen_point(points, retriever.fusion.answer_at)
    file.write_text(draw_curve(points, chosen, ACCEPTED_RISK, curve_labels(chosen)), "utf-8")
    tell(say("curve_saved", file=str(file)))


def curve_labels(chosen: CurvePoint) -> Labels:
    """The words of the drawing."""
    values = {
        "coverage": percent(chosen.coverage),
        "risk": percent(chosen.risk),
        "accepted": percent(ACCEPTED_RISK),
    }
    names = ("title", "description", "coverage", "risk", "accepted", "chosen")
    return Labels("sv", *(say(f"curve_{name}", **values) for name in names))


def percent(share: float) -> str:
    """A share as Swedish prints it."""
    return f"{100 * share:.1f} %".replace(".", ",")


def _refused(code: int, key: str, **values: str) -> int:
    tell(say(key, **values))
    return code
