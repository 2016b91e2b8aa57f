"""Which texts are to be looked over, and whose they are."""

from __future__ import annotations

from datetime import date

from bot.app import App
from bot.guidance.articles import Row, Wanted, choose, list_texts


def due_for_review(app: App, today: date) -> dict[str, tuple[Row, ...]]:
    """The live texts whose day of review has come or is near, the earliest first, by owner role."""
    rows = choose(list_texts(app.store.guidance), Wanted("oversyn", order="oversyn"), today)
    owners = sorted({row.owner_role for row in rows})
    return {owner: tuple(row for row in rows if row.owner_role == owner) for owner in owners}
