"""What may come of a send: at least once, never lost.

A failed send is a decision (``RetryAt | GiveUp``), not a sleep. A row's destination begins with its
kind ("mail", "page", "slack"); ``bot.relay`` does the sending.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from storage.model import OutboxRow

FIRST_WAIT = timedelta(seconds=1)
# Whoever comes back has what waited within a minute (R3).
LONGEST_WAIT = timedelta(minutes=1)
# A message nobody could be told of for a day is a matter for the operator (R3).
GIVE_UP_AFTER = timedelta(hours=24)


class Refused(Exception):
    """The destination did not take the message."""

    def __init__(self, reason: str, retry_after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class Unreachable(Refused):
    """The destination does not answer at all, so no other message would get there either."""


class Sender(Protocol):
    """Delivers one row; raises ``Refused`` when it could not."""

    def send(self, row: OutboxRow) -> None:
        """Returns when the destination has taken the message."""


@dataclass(frozen=True, slots=True)
class RetryAt:
    """Try again then."""

    when: datetime


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Park the message among the dead letters and tell the operator."""


def after_failure(
    row: OutboxRow, error: Refused, now: datetime, spread: float = 0.5
) -> RetryAt | GiveUp:
    """What to do with a row that failed; ``spread`` is a random number from 0 to 1."""
    if now - row.created_at >= GIVE_UP_AFTER:
        return GiveUp()
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(row.attempts - 1, 10))
    wait *= 0.75 + spread / 4
    # What the destination asks for is a floor, never shortened by our own backoff.
    return RetryAt(now + max(wait, error.retry_after or timedelta(0)))
