"""Sends what turns have queued: at least once, in order, never lost.

A failed send is a decision (``RetryAt | GiveUp``), not a sleep. A row's destination begins with its
kind ("mail", "page", "slack"). Each kind of outside destination has a lane of its own, so that none
waits for another; one that does not answer is tried once a round.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from storage.errors import StorageError
from storage.model import OutboxRow
from storage.outbox import Kinds
from storage.store import Store

log = structlog.get_logger()

FIRST_WAIT = timedelta(seconds=1)
# Whoever comes back has what waited within a minute (R3).
LONGEST_WAIT = timedelta(minutes=1)
# A message nobody could be told of for a day is a matter for the operator (R3).
GIVE_UP_AFTER = timedelta(hours=24)
# So few that each can wait out a silent mail server's 15 s within the lease of 60 s.
BATCH = 4
# A commit wakes the relay; polling is the fallback for rows of other processes.
POLL_SECONDS = 5.0


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


class Relay:
    """Works through the outbox until stopped."""

    def __init__(
        self,
        store: Store,
        senders: Mapping[str, Sender],
        now: Callable[[], datetime],
        alarm: Callable[[OutboxRow], None],
    ) -> None:
        self._store = store
        self._senders = dict(senders)
        self._now = now
        self._alarm = alarm
        #: Kind with a thread of its own -> what wakes it; "" is everything else.
        self._lanes = {"": threading.Event()}
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def add(self, kind: str, sender: Sender) -> None:
        """Sends what is bound for ``kind`` in a lane of its own; called before ``start``."""
        self._senders[kind] = sender
        self._lanes[kind] = threading.Event()

    def start(self) -> None:
        """Starts a thread per lane."""
        for lane in self._lanes:
            thread = threading.Thread(target=self._run, args=(lane,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def wake(self) -> None:
        """Called after each commit that queued something."""
        for lane in self._lanes.values():
            lane.set()

    def stop(self, timeout: float = 10.0) -> None:
        """Finishes the rows in hand and ends."""
        self._stopping.set()
        self.wake()
        for thread in self._threads:
            thread.join(timeout)

    def deliver_due(self) -> int:
        """Sends everything due now, lane by lane; returns how many rows were taken in hand."""
        return sum(self._deliver_lane(lane) for lane in self._lanes)

    def _deliver_lane(self, lane: str) -> int:
        taken = 0
        silent: set[str] = set()
        others = tuple(kind for kind in self._lanes if kind and not lane)
        kinds = Kinds(only=lane, without=others)
        while rows := self._store.outbox.claim(self._now(), BATCH, kinds=kinds):
            for position, row in enumerate(rows):
                if self._stopping.is_set():
                    self._store.outbox.release(rows[position:])
                    return taken
                self._deliver(row, silent)
                taken += 1
        return taken

    def _run(self, lane: str) -> None:
        wake = self._lanes[lane]
        while not self._stopping.is_set():
            wake.clear()
            try:
                self._deliver_lane(lane)
            except StorageError as error:
                log.error("outbox", lane=lane, error=type(error).__name__)
            wake.wait(POLL_SECONDS)

    def _deliver(self, row: OutboxRow, silent: set[str]) -> None:
        kind = row.destination.split(":", 1)[0]
        try:
            self._sender(kind, silent).send(row)
        except Refused as error:
            if isinstance(error, Unreachable):
                silent.add(kind)
            self._failed(row, error)
        except Exception as error:  # a fault in one sender must not stop the others
            self._failed(row, Refused(type(error).__name__))
        else:
            self._store.outbox.mark_sent(row, self._now())
            log.info("sent", outbox=row.id, kind=row.kind, attempts=row.attempts)

    def _sender(self, kind: str, silent: set[str]) -> Sender:
        if kind in silent:
            raise Refused(f"{kind} does not answer")
        if kind not in self._senders:
            raise Refused(f"no sender for {kind}")
        return self._senders[kind]

    def _failed(self, row: OutboxRow, error: Refused) -> None:
        now = self._now()
        decision = after_failure(row, error, now, random.random())  # noqa: S311 - jitter
        match decision:
            case RetryAt(when):
                self._store.outbox.retry_at(row, when, str(error))
                log.warning("send failed", outbox=row.id, attempts=row.attempts, error=str(error))
            case GiveUp():
                self._store.outbox.give_up(row, str(error))
                log.error("given up", outbox=row.id, kind=row.kind, error=str(error))
                self._alarm(row)
