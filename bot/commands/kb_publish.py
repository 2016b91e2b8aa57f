"""``hansyn kb publish``: which answers a batch changes, what is decided about them, and the act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from rich.table import Table

from bot.app import App
from bot.commands.kb_import import show_conflicts
from bot.commands.kb_versions import console, operator, refuse, say, told_flag, told_progress
from bot.commands.opening import opened, print_json, tell
from bot.guidance.answer_diff import Batch, Change, Comparison, compare
from bot.guidance.publishing import (
    Decided,
    Held,
    NeedsAnother,
    NothingToDo,
    Outrun,
    Undecided,
    approve,
    latest,
    publish_batch,
)
from bot.guidance.replaying import Shown

ALL = "all"
LONGEST_SHOWN = 220


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks for."""

    documents: Sequence[str]
    #: Ids of changed answers, or "all".
    accepted: Sequence[str] = ()
    reason: str = ""
    reviewed: bool = False
    flagged: bool = False
    as_json: bool = False
    #: Only compared, never published.
    dry_run: bool = False


def run(wanted: Wanted) -> int:
    """Compares, shows and publishes; 1 when something stands in the way, 2 without a reason."""
    with opened() as app:
        drafts = {name: latest(app, name, "draft") for name in wanted.documents}
        missing = [name for name, draft in drafts.items() if draft is None]
        if wanted.reviewed and len(missing) == len(drafts):
            return _approve(app, wanted)
        if missing:
            return refuse(app, missing[0], "publish.no_draft")
        batch = Batch(tuple((name, draft.version) for name, draft in drafts.items() if draft))
        compared = _compared(app, batch)
        live, fault = ((), "") if wanted.dry_run else _published(app, compared, wanted)
        if wanted.as_json:
            print_json(_to_json(compared, live, fault))
        else:
            _show(compared)
            _tell_end(compared, live, fault)
    if fault == "no_reason":
        return 2
    return 1 if fault else 0


def _approve(app: App, wanted: Wanted) -> int:
    """Approves live texts in place; no answer changes but for what it says of itself."""
    if not wanted.reason.strip():
        tell(say("publish.no_reason"))
        return 2
    for name in wanted.documents:
        try:
            version = approve(app, operator(), name, wanted.reason)
        except NothingToDo:
            return refuse(app, name, "publish.nothing_to_approve")
        tell(say("publish.approved", id=name, version=version))
    return 0


def _compared(app: App, batch: Batch) -> Comparison:
    with told_progress(say("publish.comparing")) as progress:
        return compare(app, operator(), batch, progress)


def _published(
    app: App, compared: Comparison, wanted: Wanted
) -> tuple[tuple[tuple[str, int], ...], str]:
    """What is live now, or the text key of what stands in the way."""
    every = [each.id for each in compared.changes]
    accepted = every if ALL in wanted.accepted else wanted.accepted
    decided = Decided(
        wanted.reason, dict.fromkeys(accepted, "accept"), wanted.reviewed, wanted.flagged
    )
    if not wanted.reason.strip():
        return (), "no_reason"
    try:
        return publish_batch(app, operator(), compared, decided), ""
    except Undecided:
        return (), "undecided"
    except Held:
        return (), "held"
    except NeedsAnother:
        return (), "needs_another"
    except Outrun:
        return (), "outrun"


def _show(compared: Comparison) -> None:
    out = console()
    for name in compared.first:
        out.print(say("publish.first", id=name), markup=False)
    if compared.changes:
        out.print(_table(compared.changes))
    out.print(say("publish.counted", changed=len(compared.changes), same=compared.unchanged))
    for flag in compared.suspects:
        out.print(f"! {told_flag(flag)}", markup=False)
    show_conflicts(out, compared.conflicts)


def _table(changes: Sequence[Change]) -> Table:
    table = Table(pad_edge=False, show_lines=True)
    for name in ("id", "question", "before", "after", "verdict"):
        table.add_column(say(f"publish.column.{name}"), overflow="fold")
    for each in changes:
        verdict = f"publish.verdict.{'asked' if each.origin == 'asked' else each.verdict}"
        cells = (each.id, each.question, _told(each.before), _told(each.after), say(verdict))
        # Rich would take "[telefon]" for a style.
        table.add_row(*(cell.replace("[", r"\[") for cell in cells))
    return table


def _told(shown: Shown) -> str:
    """An answer in few words: what kind it is, the sentence and where it stands."""
    text = " ".join(shown.text.split())
    cut = text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"
    where = f" ({shown.document_id})" if shown.document_id else ""
    kind = {"answered": "", "near_miss": say("publish.near_miss")}.get(shown.outcome)
    return f"{kind}{cut}{where}" if kind is not None else say("publish.no_answer")


def _tell_end(
    compared: Comparison, live: Sequence[tuple[str, int]], fault: str
) -> None:  # fmt: skip
    names = " ".join(name for name, _ in compared.batch.versions)
    for name, version in live:
        key = "done_first" if name in compared.first else "done"
        tell(say(f"publish.{key}", id=name, version=version))
    if fault:
        tell(say(f"publish.{fault}", id=names))


def _to_json(
    compared: Comparison, live: Sequence[tuple[str, int]], fault: str
) -> dict[str, object]:
    return {
        "published": dict(live),
        "fault": fault or None,
        "corpus_version": compared.corpus_version,
        "changes": [asdict(each) for each in compared.changes],
        "to_decide": [each.id for each in compared.to_decide],
        "unchanged": compared.unchanged,
        "first": compared.first,
        "contacts_only": compared.contacts_only,
        "suspects": [{"passage": f.passage.id, "reason": f.reason} for f in compared.suspects],
        "conflicts": [
            {"kind": each.kind, "new": each.new.sentence, "live": each.live.sentence,
             "document": each.live.passage.document_id}
            for each in compared.conflicts
        ],
    }  # fmt: skip
