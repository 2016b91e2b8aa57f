"""How long a draft rests: kept for the set days, warned about once, then dropped and told so."""

from datetime import date, timedelta
from typing import Literal

from intents.exchange import Choice, Phrase, Say

#: Long enough to come back after a long weekend.
WARNING_DAYS = 5

Fate = Literal["keep", "warn", "drop"]


def fate_of(touched: date, today: date, days: int) -> Fate:
    """Return what becomes of a draft last touched on a day; ``days`` is the setting draft_days."""
    rested = (today - touched).days
    if rested >= days:
        return "drop"
    return "warn" if rested >= max(1, days - WARNING_DAYS) else "keep"


def warning(touched: date, days: int) -> Say:
    """Say when the draft goes, with a button that goes on."""
    choices = (Choice("resume", Phrase("common.button.resume")),)
    return Say(
        "common.draft_warning", {"date": touched + timedelta(days=days)}, choices, "note", True
    )


def dropped() -> Say:
    """Say that the draft is gone."""
    return Say("common.draft_dropped", role="note")
