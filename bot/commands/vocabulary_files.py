"""``hansyn vocabulary``: lists shown, written to a file, and taken in from one."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from rich.table import Table

from bot.administration.faults import Missing
from bot.administration.vocabularies import EDITED
from bot.administration.vocabulary_plan import Change, Plan
from bot.administration.vocabulary_sheet import COLUMNS, BadSheet, Fault, to_cells
from bot.commands.kb_versions import console
from bot.commands.opening import opened, print_json, tell
from bot.policy import OPERATOR
from bot.texts import load_texts

#: Columns shown of a list; the others are in the export.
SHOWN = ("code", "name", "synonyms", "valid_from", "valid_to", "successor")


def run_list(*, as_json: bool) -> int:
    """Every list with the rows in force."""
    with opened() as app:
        lists = app.settings_desks.lists.lists(OPERATOR, app.today())
    if as_json:
        print_json([asdict(each) for each in lists])
        return 0
    table = Table(*(_say(f"lists.{key}") for key in ("list", "current", "ended")), "")
    for each in lists:
        title = _say(f"list.{each.name}")
        table.add_row(each.name, str(each.current), str(each.ended), title)
    console().print(table)
    return 0


def run_show(name: str, *, as_json: bool) -> int:
    """The rows of one list."""
    with opened() as app:
        try:
            rows = app.settings_desks.lists.rows(OPERATOR, name)
        except Missing:
            return _unknown(name)
    cells = [to_cells(name, row) for row in rows]
    if as_json:
        print_json(cells)
        return 0
    table = Table(*(COLUMNS[column] for column in SHOWN))
    for row in cells:
        table.add_row(*(row[column] for column in SHOWN))
    console().print(table)
    return 0


def run_import(file: Path, name: str, *, dry_run: bool, as_json: bool) -> int:
    """Takes in a file whole; 2 and a sentence for each faulty line when it cannot be."""
    if name and name not in EDITED:
        return _unknown(name)
    content = file.read_bytes()
    with opened() as app:
        desk = app.settings_desks.lists
        try:
            take = desk.preview if dry_run else desk.take_in
            plan = take(OPERATOR, content, name or _list_of(file))
        except BadSheet as bad:
            return _refused(bad.faults, as_json=as_json)
    if as_json:
        print_json({
            "saved": not dry_run,
            "unchanged": plan.unchanged,
            "changes": [_to_json(change) for change in plan.changes],
        })  # fmt: skip
    else:
        _show(plan, dry_run=dry_run)
    return 0


def run_export(names: Sequence[str], out: Path | None) -> int:
    """Writes lists as a file."""
    with opened() as app:
        try:
            content = app.settings_desks.lists.export(OPERATOR, names or EDITED)
        except Missing:
            return _unknown(next(name for name in names if name not in EDITED))
    if out is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        out.write_bytes(content)
    return 0


def _list_of(file: Path) -> str:
    """ "organisations.csv" holds the list of that name."""
    return file.stem if file.stem in EDITED else ""


def _unknown(name: str) -> int:
    tell(_say("command.unknown_list", name=name, known=", ".join(EDITED)))
    return 2


def _refused(faults: Iterable[Fault], *, as_json: bool) -> int:
    if as_json:
        print_json({"saved": False, "faults": [asdict(fault) for fault in faults]})
        return 2
    listed = list(faults)
    tell(_say("faults", count=len(listed)))
    for fault in listed:
        where = f"{_say('at_line', line=fault.line)} " if fault.line else ""
        tell(where + _say(f"fault.{fault.code}", **fault.values))
    return 2


def _show(plan: Plan, *, dry_run: bool) -> None:
    for change in plan.changes:
        print(_line(change))  # noqa: T201 - data to stdout
    tell(_say("command.unchanged", count=plan.unchanged))
    tell(_say("command.dry" if dry_run else "command.imported"))


def _line(change: Change) -> str:
    fields = [
        _say("command.field", column=COLUMNS[column], before=before, after=after)
        for column, before, after in change.fields
    ] if change.before else [_say("command.new"), change.after.name]  # fmt: skip
    told = ", ".join(fields)
    return _say("command.change", list=change.vocabulary, code=change.after.code, fields=told)


def _to_json(change: Change) -> dict[str, object]:
    return {
        "line": change.line,
        "list": change.vocabulary,
        "before": to_cells(change.vocabulary, change.before) if change.before else None,
        "after": to_cells(change.vocabulary, change.after),
    }


def _say(key: str, **values: str | int) -> str:
    return load_texts().render(f"console_settings.{key}", "sv", **values)
