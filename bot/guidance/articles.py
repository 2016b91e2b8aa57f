"""The texts of the knowledge base as a list that can be searched and put in order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from intents.alphabet import alphabetical
from intents.folding import fold
from knowledge.guidance import UNREVIEWED
from knowledge.model import Kind
from storage.guidance import Guidance
from storage.guidance_model import StoredDocument

State = Literal["live", "draft", "retired"]
Queue = Literal["alla", "publicerade", "utkast", "ogranskade", "oversyn", "utgar", "borttagna"]
QUEUES: tuple[Queue, ...] = (
    "alla", "publicerade", "utkast", "ogranskade", "oversyn", "utgar", "borttagna",
)  # fmt: skip
Order = Literal["titel", "oversyn", "andrad"]
ORDERS: tuple[Order, ...] = ("titel", "oversyn", "andrad")
#: What a comparison of two versions shows above the text.
FACTS = ("title", "source", "source_date", "basis", "url", "status", "owner_role", "review_by",
         "valid_from", "valid_to")  # fmt: skip
#: A text that ends or is to be looked over within this time is shown as such.
SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Row:
    """A text as a line in the list."""

    id: str
    title: str
    kind: Kind
    #: Of the text as it stands; a live one may have a draft besides.
    state: State
    #: Version of the draft that waits; 0 for none.
    draft: int
    #: Does the support function stand behind it? Acts need nobody to.
    reviewed: bool
    owner_role: str
    #: ISO dates or empty.
    review_by: str
    valid_to: str
    changed: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which texts are asked for; an empty value does not filter."""

    queue: Queue = "alla"
    kind: str = ""
    owner: str = ""
    words: str = ""
    order: Order = "titel"


def list_texts(guidance: Guidance) -> list[Row]:
    """Every text that is live, waits or was taken out, by id."""
    drafts = {each.document.id: each for each in guidance.drafts()}
    found: dict[str, tuple[StoredDocument, State]] = {
        identity: (each, "draft") for identity, each in drafts.items()
    }
    found |= {each.document.id: (each, "retired") for each in guidance.retired()}
    found |= {each.document.id: (each, "live") for each in guidance.published_documents()}
    return [
        _row(stored, state, drafts.get(identity))
        for identity, (stored, state) in sorted(found.items())
    ]


def choose(rows: Iterable[Row], wanted: Wanted, today: date) -> list[Row]:
    """The rows that pass the filter, in the order asked for."""
    words = fold(wanted.words).split()
    passed = [
        row
        for row in rows
        if _is_in(row, wanted.queue, (today + SOON).isoformat())
        and wanted.kind in {"", row.kind}
        and wanted.owner in {"", row.owner_role}
        and all(word in fold(f"{row.id} {row.title}") for word in words)
    ]
    return in_order(passed, wanted.order)


def next_unreviewed(rows: Iterable[Row], after: str) -> tuple[Row | None, int]:
    """The live text nobody stands behind yet that follows ``after``, by title, and how many are
    left."""
    left = in_order([row for row in rows if row.state == "live" and not row.reviewed], "titel")
    later = (row for row in left if alphabetical(row.title) > alphabetical(after))
    return next(later, left[0] if left else None), len(left)


def in_order(rows: Sequence[Row], order: Order) -> list[Row]:
    """By title, by day of review (those without one last) or the latest changed first."""
    by_title = sorted(rows, key=lambda row: alphabetical(row.title))
    if order == "oversyn":
        return sorted(by_title, key=lambda row: row.review_by or "9")
    if order == "andrad":
        return sorted(by_title, key=lambda row: row.changed, reverse=True)
    return by_title


def _is_in(row: Row, queue: Queue, soon: str) -> bool:
    live = row.state == "live"
    passed: dict[Queue, bool] = {
        "alla": True,
        "publicerade": live,
        "utkast": bool(row.draft),
        "ogranskade": live and not row.reviewed,
        "oversyn": live and "" < row.review_by <= soon,
        "utgar": live and "" < row.valid_to <= soon,
        "borttagna": row.state == "retired",
    }
    return passed[queue]


def _row(stored: StoredDocument, state: State, draft: StoredDocument | None) -> Row:
    document = stored.document
    changed = max(stored.created_at, stored.published_at or stored.created_at)
    return Row(
        document.id,
        document.title,
        document.kind,
        state,
        draft.version if draft else 0,
        document.status != UNREVIEWED,
        document.owner_role,
        document.review_by,
        document.valid_to,
        max(changed, draft.created_at) if draft else changed,
    )
