"""``hansyn eval``: the assistant against a file of questions with known answers (JSONL)."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from bot.commands.ask import ask
from bot.commands.opening import opened, print_json, tell

#: Names of the seed pages in question files -> the key answers cite.
SEEDS = {"000": "S0", "001": "S1", "002": "S2", "003": "S3", "004": "S4"}
#: The intents of question files under the names the assistant uses.
INTENTS = {"handoff": "handover"}
ASKED_BACK = "fråga"


def run(file: Path, *, as_json: bool) -> int:
    """Asks every question and prints the figures; exit 1 when the file cannot be read."""
    try:
        lines = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        tell(f"{file}: kan inte läsas som JSONL ({error})")
        return 1
    with opened() as app:
        steps = track(lines, "Frågar", console=Console(stderr=True), disable=as_json)
        judged = [(line, judge(line, ask(app, str(line["question"])))) for line in steps]
    figures = summarise(judged)
    if as_json:
        print_json(figures)
    else:
        _show(figures)
    return 0


def judge(line: dict[str, object], found: dict[str, object]) -> dict[str, bool | None]:
    """What was right about one answer; None where the line does not say."""
    kind = str(line["kind"])
    quotes = found["quotes"]
    assert isinstance(quotes, list)
    bases = [quote["basis"] for quote in quotes]
    text = " ".join([str(found["answer"]), *(quote["text"] for quote in quotes)])
    must = line.get("must")
    wanted = _bases(line)
    answered = found["outcome"] == "answered"
    return {
        "outcome": _outcome_right(kind, found),
        "verdict": _verdict_right(line, found),
        "must": all(re.search(each, text, re.I) for each in must)
        if isinstance(must, list)
        else None,
        "source_first": bases[:1] != [] and bases[0] in wanted if wanted else None,
        "source_in_three": any(base in wanted for base in bases[:3]) if wanted else None,
        "wrong_answer": answered and (not kind.startswith("answerable") or _wrong(wanted, bases))
        if answered
        else None,
        "false_abstain": found["outcome"] == "no_answer" if kind.startswith("answerable") else None,
    }


def summarise(
    judged: list[tuple[dict[str, object], dict[str, bool | None]]],
) -> dict[str, object]:
    """Shares per figure, and the share of right outcomes per kind."""
    kinds: dict[str, list[bool]] = defaultdict(list)
    figures: dict[str, list[bool]] = defaultdict(list)
    for line, right in judged:
        kinds[str(line["kind"])].append(bool(right["outcome"]))
        for name, value in right.items():
            if value is not None:
                figures[name].append(value)
    return {
        "questions": len(judged),
        "kinds": {kind: _share(values) for kind, values in sorted(kinds.items())},
        **{name: _share(values) for name, values in figures.items()},
    }


def _share(values: list[bool]) -> dict[str, float | int]:
    return {"of": len(values), "share": round(sum(values) / len(values), 4) if values else 0.0}


def _bases(line: dict[str, object]) -> list[str]:
    if law := line.get("law"):
        return [part.strip() for part in str(law).split(";")]
    source = str(line.get("source") or "")
    if source in {"", "policy", "no source"}:
        return []
    return [SEEDS.get(source[:3], source)]


def _wrong(wanted: list[str], bases: list[str]) -> bool:
    return bool(wanted) and not any(base in wanted for base in bases[:1])


def _outcome_right(kind: str, found: dict[str, object]) -> bool:
    outcome, intent = found["outcome"], found["intent"]
    if kind.startswith("answerable") or kind == "duty":
        return outcome == "answered"
    if kind in {"out_of_scope", "out_of_corpus"}:
        return outcome != "answered"
    if kind.startswith("intent:"):
        name = kind.removeprefix("intent:")
        return intent == INTENTS.get(name, name)
    return outcome == kind


def _verdict_right(line: dict[str, object], found: dict[str, object]) -> bool | None:
    if "verdict" not in line:
        return None
    asked_back = ASKED_BACK if found["missing"] else None
    return (found["verdict"] or asked_back) == line["verdict"]


def _show(figures: dict[str, object]) -> None:
    table = Table("", "av", "andel")
    kinds = figures["kinds"]
    assert isinstance(kinds, dict)
    rows = [(f"utfall: {kind}", share) for kind, share in kinds.items()]
    rows += [(name, v) for name, v in figures.items() if isinstance(v, dict) and "share" in v]
    for name, share in rows:
        table.add_row(name, str(share["of"]), f"{share['share']:.2f}")
    Console().print(table)
