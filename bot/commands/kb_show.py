"""``hansyn kb show``: a text with its facts and versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from rich.table import Table

from bot.commands.kb_versions import console, lines_of, say
from bot.commands.opening import opened, print_json, tell
from bot.turn import STOCKHOLM
from storage.guidance_model import StoredDocument


def run_show(document_id: str, version: int, *, as_json: bool) -> int:
    """Shows one version and lists them all; 1 when there is none."""
    with opened() as app:
        versions = app.store.guidance.versions(document_id)
    shown = _chosen(versions, version)
    if shown is None:
        key = "diff.version" if versions else "diff.unknown"
        tell(say(key, id=document_id, version=version))
        return 1
    if as_json:
        listed = [_row(each) for each in versions]
        print_json({**asdict(shown.document), "version": shown.version, "versions": listed})
        return 0
    out = console()
    for line in lines_of(shown):
        out.print(line, markup=False, soft_wrap=True)
    out.print()
    out.print(_table(versions))
    return 0


def _chosen(versions: Sequence[StoredDocument], version: int) -> StoredDocument | None:
    """The version asked for; without one the live version, or the latest."""
    if version:
        return next((each for each in versions if each.version == version), None)
    live = (each for each in versions if each.status == "published")
    return next(live, versions[-1] if versions else None)


def _row(stored: StoredDocument) -> dict[str, object]:
    return {
        "version": stored.version,
        "status": stored.status,
        "written": _day(stored.created_at),
        "written_by": stored.created_by,
        "published": _day(stored.published_at),
        "published_by": stored.published_by,
        "ended": _day(stored.retired_at),
    }


def _table(versions: Sequence[StoredDocument]) -> Table:
    table = Table(box=None, pad_edge=False)
    rows = [_row(each) for each in versions]
    for name in rows[0]:
        table.add_column(say(f"show.{name}"))
    for row in rows:
        shown = row | {"status": say(f"show.statuses.{row['status']}")}
        table.add_row(*(str(value).replace("[", r"\[") for value in shown.values()))
    return table


def _day(moment: datetime | None) -> str:
    return f"{moment.astimezone(STOCKHOLM):%Y-%m-%d %H:%M}" if moment else ""
