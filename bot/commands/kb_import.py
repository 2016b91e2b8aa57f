"""``hansyn kb import``: what each file becomes, what was left out, and what disagrees."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bot.app import App
from bot.commands.kb_versions import console, told_flag, who
from bot.commands.opening import opened, print_json, tell
from bot.guidance.article_form import DATES, is_day
from bot.guidance.drafting import keep_draft
from bot.guidance.importing import Preview, Reading, files_under, previews, read_file
from bot.policy import OPERATOR
from bot.texts import load_texts
from knowledge.conflicts import Disagreement
from knowledge.document_gate import LARGEST_FILE
from knowledge.documents import Facts
from knowledge.guidance import UNDATED
from knowledge.imported import Dropped, Refused

MOST_SHOWN = 12
LONGEST_SHOWN = 90


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for beside the files."""

    title: str
    #: Field of ``Facts`` -> value as written; empty for the default.
    facts: Mapping[str, str]
    dry_run: bool
    as_json: bool


def run(paths: Sequence[Path], wanted: Wanted) -> int:
    """Reads every file; keeps what is new as drafts. 1 when a file was refused."""
    found = [files_under(path) for path in paths]
    files = [file for under, _ in found for file in under]
    if fault := _fault(files, wanted):
        tell(fault)
        return 2
    with opened() as app:
        read, refused = _read_all(files, wanted)
        made = previews(app, read) if read else []
        saved = {} if wanted.dry_run else _save_all(app, made)
        if wanted.as_json:
            print_json({
                "files": [_to_json(each, saved.get(each.document.id)) for each in made],
                "refused": refused,
                "ignored": sum(ignored for _, ignored in found),
            })  # fmt: skip
        else:
            _show_all(made, refused, saved, dry=wanted.dry_run)
            if ignored := sum(ignored for _, ignored in found):
                tell(_say("ignored", count=ignored))
    return 1 if refused else 0


def _fault(files: Sequence[Path], wanted: Wanted) -> str:
    """What is wrong with the request; empty when nothing is."""
    if not files:
        return _say("no_files")
    if wanted.title and len(files) > 1:
        return _say("one_title")
    for name in DATES:
        value = wanted.facts.get(name, "")
        year = name == "source_date" and re.fullmatch(r"\d{4}", value)
        if value and not year and not is_day(value):
            return _say("bad_date", value=value)
    return ""


def _read_all(files: Sequence[Path], wanted: Wanted) -> tuple[list[Reading], list[dict[str, str]]]:
    read: list[Reading] = []
    refused: list[dict[str, str]] = []
    with Progress(console=Console(stderr=True), disable=wanted.as_json, transient=True) as progress:
        for file in progress.track(files, description=""):
            try:
                imported = read_file(file)
            except Refused as fault:
                refused.append({"name": file.name, "fault": fault.fault})
            except OSError:
                refused.append({"name": file.name, "fault": "unreadable"})
            else:
                imported = replace(imported, title=wanted.title or imported.title)
                read.append(Reading(file.name, imported, Facts.from_fields(wanted.facts)))
    return read, refused


def _save_all(app: App, made: Sequence[Preview]) -> dict[str, int]:
    actor = replace(OPERATOR, id=who())
    changed = [each.document for each in made if each.state != "unchanged"]
    return {document.id: keep_draft(app, actor, document) for document in changed}


def _to_json(made: Preview, version: int | None) -> dict[str, object]:
    document = made.document
    return {
        "name": made.name,
        "id": document.id,
        "title": document.title,
        "source": document.source,
        "source_date": document.source_date,
        "state": made.state,
        "draft": version,
        "headings": [asdict(each) for each in made.imported.headings],
        "passages": len(made.passages),
        "dropped": [asdict(each) for each in made.imported.dropped],
        "warnings": made.imported.warnings,
        "flags": [{"passage": each.passage.id, "reason": each.reason} for each in made.flags],
        "conflicts": [_conflict(each) for each in made.conflicts],
    }


def _conflict(found: Disagreement) -> dict[str, object]:
    return {
        "kind": found.kind,
        "new": found.new.sentence,
        "live": found.live.sentence,
        "document": found.live.passage.document_id,
        "others": found.others,
    }


def _show_all(
    made: Sequence[Preview], refused: Sequence[Mapping[str, str]], saved: Mapping[str, int],
    *, dry: bool,
) -> None:  # fmt: skip
    for each in made:
        _show(each)
        if version := saved.get(each.document.id):
            _line(console(), "saved", id=each.document.id, version=version)
        console().print()
    for fault in refused:
        limit = LARGEST_FILE // 1024**2
        tell(_say(f"faults.{fault['fault']}", name=fault["name"], limit=limit))
    if dry and made:
        tell(_say("dry"))


def _show(made: Preview) -> None:
    document, out = made.document, console()
    out.print(_say("file", name=made.name, title=document.title), style="bold", markup=False)
    _line(out, "state." + made.state, id=document.id)
    _line(out, "facts", source=document.source, date=document.source_date,
          owner=document.owner_role, review_by=document.review_by)  # fmt: skip
    out.print(_headings(made))
    if pieces := _pieces(made):
        out.print(_dropped(pieces))
        if (more := len(pieces) - MOST_SHOWN) > 0:
            _line(out, "more", count=more)
    for name, count in made.imported.warnings.items():
        if name == "no_date" and document.source_date != UNDATED:
            continue
        _line(out, f"cautions.{name}", count=count)
    for flag in made.flags:
        out.print(f"! {told_flag(flag)}", markup=False)
    show_conflicts(out, made.conflicts)


def _headings(made: Preview) -> Table:
    table = Table(_say("headings"), _say("rule"), _say("passages"), box=None, pad_edge=False)
    paged = any(heading.page for heading in made.imported.headings)
    if paged:
        table.add_column(_say("page"), justify="right")
    passages = Counter(
        next((at for at, each in enumerate(made.imported.headings) if each.start <= passage.start
              < each.end), -1)
        for passage in made.passages
    )  # fmt: skip
    for at, heading in enumerate(made.imported.headings):
        indent = "  " * (len(heading.path) - 1)
        row = [indent + _short(heading.path[-1]), _say(f"rules.{heading.rule}"), str(passages[at])]
        table.add_row(*row, *([str(heading.page)] if paged else []))
    return table


def _dropped(pieces: Sequence[Dropped]) -> Table:
    table = Table(_say("dropped"), _say("why"), box=None, pad_edge=False)
    for each in pieces[:MOST_SHOWN]:
        table.add_row(_short(each.text), _say(f"reasons.{each.reason}"))
    return table


def _pieces(made: Preview) -> list[Dropped]:
    """What was dropped, page numbers and other repetitions once."""
    once = {(each.reason, re.sub(r"\d+", "0", each.text)): each for each in made.imported.dropped}
    return list(once.values())


def show_conflicts(out: Console, conflicts: Sequence[Disagreement]) -> None:
    """Prints what is said otherwise in a live text."""
    if conflicts:
        out.print(_say("conflicts.title"), style="bold", markup=False)
    for each in conflicts:
        _line(out, f"conflicts.kind.{each.kind}")
        _line(out, "conflicts.new", sentence=each.new.sentence)
        _line(out, "conflicts.live", id=each.live.passage.document_id, sentence=each.live.sentence)
        if each.others:
            _line(out, "conflicts.others", count=each.others)


def _line(out: Console, key: str, **values: str | int) -> None:
    out.print(_say(key, **values), markup=False, highlight=False, soft_wrap=True)


def _say(key: str, **values: str | int) -> str:
    return load_texts().render(f"kb.{key}", "sv", **values)


def _short(text: str) -> str:
    line = " ".join(text.split())
    cut = line if len(line) <= LONGEST_SHOWN else line[: LONGEST_SHOWN - 1] + "…"
    # Rich would take "[telefon]" for a style.
    return cut.replace("[", r"\[")
