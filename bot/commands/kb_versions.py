"""``hansyn kb list``, ``diff``, ``publish``, ``retire`` and ``rollback``."""

from __future__ import annotations

import difflib
import getpass
from collections.abc import Iterator
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from bot.app import App
from bot.commands.opening import opened, print_json, tell
from bot.publishing import Held, NothingToDo, latest, publish, retire, roll_back
from bot.texts import load_texts
from knowledge.hubs import Flag
from storage.guidance_model import StoredDocument

#: Facts of a document that a diff shows above its text.
FACTS = ("title", "source", "source_date", "basis", "url", "status", "owner_role", "review_by",
         "valid_from", "valid_to")  # fmt: skip
COLOURS = {"+": "green", "-": "red", "@": "cyan"}


def who() -> str:
    """Who stands behind what a command changes."""
    try:
        return f"cli:{getpass.getuser()}"
    except (OSError, KeyError):
        return "cli"


def console() -> Console:
    """Stdout for people; wide enough that a pipe cuts nothing."""
    out = Console(highlight=False)
    return out if out.is_terminal else Console(highlight=False, width=160)


def told_flag(flag: Flag) -> str:
    """Why a passage should be looked at, in a sentence."""
    share = round(100 * flag.share)
    key = f"ingest.flag.{flag.reason}"
    return load_texts().render(key, "sv", passage=flag.passage.id, share=share)


def run_list(words: str, *, drafts: bool, as_json: bool) -> int:
    """Shows what is live and what waits."""
    with opened() as app:
        rows = [
            row for row in _rows(app)
            if words.casefold() in f"{row['id']} {row['title']}".casefold()
            and (row["draft"] or not drafts)
        ]  # fmt: skip
    if as_json:
        print_json(rows)
    elif rows:
        console().print(_table(rows))
    else:
        tell(_say("list.empty"))
    return 0


def _rows(app: App) -> list[dict[str, object]]:
    rows: dict[str, dict[str, object]] = {}
    for stored in (*app.store.guidance.published_documents(), *app.store.guidance.drafts()):
        document = stored.document
        row = rows.setdefault(document.id, {"id": document.id, "live": None, "draft": None})
        row["draft" if stored.status == "draft" else "live"] = stored.version
        row |= {"title": document.title, "review_by": document.review_by,
                "owner": document.owner_role, "status": document.status}  # fmt: skip
        rows[document.id] = row
    return [rows[name] for name in sorted(rows)]


def _table(rows: list[dict[str, object]]) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("id", "title", "live", "draft", "review", "owner"):
        table.add_column(_say(f"list.{name}"))
    for row in rows:
        cells = (row[name] for name in ("id", "title", "live", "draft", "review_by", "owner"))
        table.add_row(*("" if cell is None else str(cell).replace("[", r"\[") for cell in cells))
    return table


def run_diff(document_id: str, before: int, after: int) -> int:
    """Shows what the draft, or one version, changes against the live text, or another version."""
    with opened() as app:
        versions = {each.version: each for each in app.store.guidance.versions(document_id)}
        if not versions:
            tell(_say("diff.unknown", id=document_id))
            return 1
        for version in filter(None, (before, after)):
            if version not in versions:
                tell(_say("diff.version", id=document_id, version=version))
                return 1
        new = versions[after] if after else latest(app, document_id, "draft")
        old = versions[before] if before else latest(app, document_id, "published")
    if new is None or new is old:
        tell(_say("diff.none", id=document_id))
        return 0
    out = console()
    for line in changes(old, new):
        out.print(line, style=COLOURS.get(line[:1], ""), markup=False, soft_wrap=True)
    return 0


def changes(old: StoredDocument | None, new: StoredDocument) -> Iterator[str]:
    """The lines of a unified diff, facts first."""
    before = _say("diff.live", version=old.version) if old else _say("diff.nothing")
    after = _say("diff.live", version=new.version)
    lines = _lines(old) if old else []
    yield from difflib.unified_diff(lines, _lines(new), before, after, lineterm="", n=2)


def _lines(stored: StoredDocument) -> list[str]:
    content = asdict(stored.document)
    facts = [f"{name}: {content[name]}" for name in FACTS if content[name]]
    questions = [f"? {question}" for question in stored.document.questions]
    return [*facts, *questions, "", *stored.document.body.splitlines()]


def run_publish(document_id: str, reason: str, *, reviewed: bool, flagged: bool) -> int:
    """Publishes the draft."""
    if not reason.strip():
        tell(_say("publish.no_reason"))
        return 2
    with opened() as app:
        try:
            version = publish(app, document_id, who(), reason, reviewed=reviewed, flagged=flagged)
        except NothingToDo:
            return _refuse(app, document_id, "publish.no_draft")
        except Held as held:
            for flag in held.flags:
                tell(told_flag(flag))
            tell(_say("publish.held", id=document_id))
            return 1
    tell(_say("publish.done", id=document_id, version=version))
    return 0


def run_retire(document_id: str, reason: str) -> int:
    """Takes a document out of the answers."""
    if not reason.strip():
        tell(_say("publish.no_reason"))
        return 2
    with opened() as app:
        try:
            retire(app, document_id, who(), reason)
        except NothingToDo:
            return _refuse(app, document_id, "retire.not_live")
    tell(_say("retire.done", id=document_id))
    return 0


def run_rollback(document_id: str, reason: str, to: int) -> int:
    """Makes an earlier version live again."""
    if not reason.strip():
        tell(_say("publish.no_reason"))
        return 2
    with opened() as app:
        try:
            source, version = roll_back(app, document_id, who(), reason, to)
        except NothingToDo:
            return _refuse(app, document_id, "rollback.nothing")
    tell(_say("rollback.done", id=document_id, from_version=source, version=version))
    return 0


def _refuse(app: App, document_id: str, key: str) -> int:
    known = app.store.guidance.versions(document_id)
    tell(_say(key if known else "diff.unknown", id=document_id))
    return 1


def _say(key: str, **values: str | int) -> str:
    return load_texts().render(f"kb.{key}", "sv", **values)
