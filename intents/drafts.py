"""How long a draft rests: kept for the set days, warned about, then dropped and told so."""

from datetime import datetime, timedelta
from typing import Literal

from intents.exchange import Choice, Phrase, Say
from intents.model import State

#: Long enough to come back after a long weekend.
WARNING_DAYS = 5

Fate = Literal["keep", "warn", "drop"]


def fate_of(touched: datetime, warned: datetime | None, now: datetime, days: int) -> Fate:
    """Return what becomes of a draft; ``days`` is the setting draft_days.

    ``touched`` is the last message in its conversation, a warning included. A draft goes only some
    days after a warning that nobody has answered, however late the warning came.
    """
    if warned is not None and touched <= warned:
        return "drop" if now - warned >= timedelta(days=WARNING_DAYS) else "keep"
    rests = timedelta(days=max(1, days - WARNING_DAYS))
    return "warn" if now - touched >= rests else "keep"


def warned_at(state: State) -> datetime | None:
    """Return when the draft was last warned about."""
    return datetime.fromisoformat(state.warned) if state.warned else None


def warning(now: datetime) -> Say:
    """Say when the draft goes, with a button that goes on."""
    choices = (Choice("resume", Phrase("common.button.resume")),)
    day = (now + timedelta(days=WARNING_DAYS)).date()
    return Say("common.draft_warning", {"date": day}, choices, "note", True)


def dropped() -> Say:
    """Say that the draft is gone."""
    return Say("common.draft_dropped", role="note")
