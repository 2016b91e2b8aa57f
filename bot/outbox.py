"""What may come of a send: at least once, never lost.

A failed send is a decision (``RetryAt | GiveUp``), not a sleep. A row's destination begins with its
kind ("mail", "page", "slack"); ``bot.relay`` does the sending.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol

from storage.model import OutboxRow

FIRST_WAIT = timedelta(seconds=1)
# Whoever comes back has what waited within a minute (R3).
LONGEST_WAIT = timedelta(minutes=1)
# A message nobody could be told of for a day is a matter for the operator (R3).
GIVE_UP_AFTER = timedelta(hours=24)


class Refused(Exception):
    """The destination did not take the message, or did not say that it took it.

    ``sure`` when nothing of it can have arrived, so that the next attempt is no repeat.
    """

    def __init__(
        self, reason: str, retry_after: timedelta | None = None, *, sure: bool = False
    ) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        self.sure = sure


class Unreachable(Refused):
    """The destination does not answer at all, so no other message would get there either."""


class Gone(Refused):
    """The destination has shut us out for good, such as somebody who has blocked the bot."""


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
    if isinstance(error, Gone) or now - row.created_at >= GIVE_UP_AFTER:
        return GiveUp()
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(row.attempts - 1, 10))
    wait *= 0.75 + spread / 4
    # What the destination asks for is a floor, never shortened by our own backoff.
    return RetryAt(now + max(wait, error.retry_after or timedelta(0)))


def is_sure(status: int) -> bool:
    """Does an HTTP status say that nothing was taken? After 408 and from 500 on nobody knows."""
    return 400 <= status < 500 and status != 408


def asked_wait(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long ``Retry-After`` asks us to wait: seconds, or a date (RFC 9110 section 10.2.3).

    A date is read beside the answer's own, as clocks differ.
    """
    asked = {name.lower(): value.strip() for name, value in headers.items()}
    after = asked.get("retry-after", "")
    if after.isdecimal():
        return timedelta(seconds=int(after))
    until = _date(after)
    if until is None:
        return None
    return max(until - (_date(asked.get("date", "")) or now), timedelta(0))


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def send_in_order(sends: Iterable[Callable[[], object]]) -> None:
    """Sends the pieces of one message; when a later one is refused, the first has arrived."""
    for number, send in enumerate(sends):
        try:
            send()
        except Refused as error:
            error.sure = error.sure and not number
            raise
