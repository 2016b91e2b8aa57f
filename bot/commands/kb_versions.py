"""``hansyn kb list``, ``diff``, ``retire`` and ``rollback``."""

from __future__ import annotations

import difflib
import getpass
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bot.app import App
from bot.commands.opening import opened, print_json, tell
from bot.guidance.articles import FACTS, Queue, Row, Wanted, choose, list_texts
from bot.guidance.publishing import NoReason, NothingToDo, latest, retire, roll_back
from bot.policy import OPERATOR, Actor
from bot.texts import load_texts
from knowledge.hubs import Flag
from storage.guidance_model import StoredDocument

ALL: Queue = "alla"
COLOURS = {"+": "green", "-": "red", "@": "cyan"}


def who() -> str:
    """Who stands behind what a command changes."""
    try:
        return f"cli:{getpass.getuser()}"
    except (OSError, KeyError):
        return "cli"


def operator() -> Actor:
    """Whoever runs the command, who may do everything."""
    return replace(OPERATOR, id=who())


def console(*, stderr: bool = False) -> Console:
    """For people; wide enough that a pipe cuts nothing."""
    out = Console(highlight=False, stderr=stderr)
    return out if out.is_terminal else Console(highlight=False, stderr=stderr, width=160)


@contextmanager
def told_progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """Shows on a terminal how far work has come; called with (done, of)."""
    told = console(stderr=True)
    with Progress(console=told, transient=True, disable=not told.is_terminal) as progress:
        task = progress.add_task(label, total=None)
        yield lambda done, of: progress.update(task, completed=done, total=of)


def told_flag(flag: Flag) -> str:
    """Why a passage should be looked at, in a sentence."""
    share = round(100 * flag.share)
    key = f"ingest.flag.{flag.reason}"
    return load_texts().render(key, "sv", passage=flag.passage.id, share=share)


def run_list(words: str, queues: Mapping[Queue, bool], *, as_json: bool) -> int:
    """Shows what is live, what waits and what was taken out, or one queue of these."""
    queue = next((name for name, wanted in queues.items() if wanted), ALL)
    with opened() as app:
        guidance = app.store.guidance
        chosen = choose(list_texts(guidance), Wanted(queue, words=words), app.today())
        live = {each.document.id: each.version for each in guidance.published_documents()}
    rows = [_row(each, live.get(each.id)) for each in chosen]
    if as_json:
        print_json(rows)
    elif rows:
        console().print(_table(rows))
    else:
        tell(say("list.empty"))
    return 0


def _row(row: Row, live: int | None) -> dict[str, object]:
    return {
        "id": row.id,
        "title": row.title,
        "state": row.state,
        "live": live,
        "draft": row.draft or None,
        "review_by": row.review_by,
        "valid_to": row.valid_to,
        "owner": row.owner_role,
        "reviewed": row.reviewed,
    }


def _table(rows: list[dict[str, object]]) -> Table:
    table = Table(box=None, pad_edge=False)
    names = ("id", "title", "state", "live", "draft", "review_by", "owner")
    for name in names:
        # Whoever goes on needs the whole id.
        table.add_column(say(f"list.{name}"), no_wrap=name == "id")
    for row in rows:
        shown = row | {"state": say(f"list.states.{row['state']}")}
        cells = ("" if shown[name] is None else str(shown[name]) for name in names)
        table.add_row(*(cell.replace("[", r"\[") for cell in cells))
    return table


def run_diff(document_id: str, before: int, after: int) -> int:
    """Shows what the draft, or one version, changes against the live text, or another version."""
    with opened() as app:
        versions = {each.version: each for each in app.store.guidance.versions(document_id)}
        if not versions:
            tell(say("diff.unknown", id=document_id))
            return 1
        for version in filter(None, (before, after)):
            if version not in versions:
                tell(say("diff.version", id=document_id, version=version))
                return 1
        new = versions[after] if after else latest(app, document_id, "draft")
        old = versions[before] if before else latest(app, document_id, "published")
    if new is None or new is old:
        tell(say("diff.none", id=document_id))
        return 0
    out = console()
    for line in changes(old, new):
        out.print(line, style=COLOURS.get(line[:1], ""), markup=False, soft_wrap=True)
    return 0


def changes(old: StoredDocument | None, new: StoredDocument) -> Iterator[str]:
    """The lines of a unified diff, facts first."""
    before = say("diff.live", version=old.version) if old else say("diff.nothing")
    after = say("diff.live", version=new.version)
    lines = lines_of(old) if old else []
    yield from difflib.unified_diff(lines, lines_of(new), before, after, lineterm="", n=2)


def lines_of(stored: StoredDocument) -> list[str]:
    """A version as lines: its facts, its questions, its text."""
    content = asdict(stored.document)
    facts = [f"{name}: {content[name]}" for name in FACTS if content[name]]
    questions = [f"? {question}" for question in stored.document.questions]
    return [*facts, *questions, "", *stored.document.body.splitlines()]


def run_retire(document_id: str, reason: str) -> int:
    """Takes a document out of the answers."""
    with opened() as app:
        try:
            retire(app, operator(), document_id, reason)
        except NoReason:
            tell(say("publish.no_reason"))
            return 2
        except NothingToDo:
            return refuse(app, document_id, "retire.not_live")
    tell(say("retire.done", id=document_id))
    return 0


def run_rollback(document_id: str, reason: str, to: int) -> int:
    """Makes an earlier version live again."""
    with opened() as app:
        try:
            source, version = roll_back(app, operator(), document_id, reason, to)
        except NoReason:
            tell(say("publish.no_reason"))
            return 2
        except NothingToDo:
            return refuse(app, document_id, "rollback.nothing")
    tell(say("rollback.done", id=document_id, from_version=source, version=version))
    return 0


def refuse(app: App, document_id: str, key: str) -> int:
    """Tells why nothing was done, or that the id is unknown."""
    known = app.store.guidance.versions(document_id)
    tell(say(key if known else "diff.unknown", id=document_id))
    return 1


def say(key: str, **values: str | int) -> str:
    """A sentence of the knowledge commands."""
    return load_texts().render(f"kb.{key}", "sv", **values)
