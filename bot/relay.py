"""Works through the outbox: a lane per kind of outside destination, some sends at once in each.

Replies of one conversation leave in order and alerts to one place one at a time. Whoever does not
answer, or asks for time, is left alone until then and keeps nobody else waiting.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from time import monotonic

import structlog

from bot.outbox import FIRST_WAIT, GiveUp, Refused, RetryAt, Sender, Unreachable, after_failure
from storage.leasing import Kinds
from storage.model import OutboxRow
from storage.store import Store

log = structlog.get_logger()

# Sends at once in a lane, and rows taken in hand by one of them: so few that all can wait out a
# silent server's 15 s within the lease of 60 s.
WORKERS = BATCH = 4
# A commit wakes the relay; polling is the fallback for rows of other processes.
POLL_SECONDS = 5.0
#: Seconds for all lanes together to finish what they have in hand.
GRACE = 4.0


class Relay:
    """Sends what is due until stopped."""

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
        #: Kind of destination -> its lane; "" is everything else.
        self._lanes: dict[str, Lane] = {}
        self._add_lane("")

    def add(self, kind: str, sender: Sender) -> None:
        """Sends what is bound for ``kind`` in a lane of its own; called before ``start``."""
        self._senders[kind] = sender
        self._add_lane(kind)

    def start(self) -> None:
        """Starts every lane."""
        for lane in self._lanes.values():
            lane.start()

    def wake(self, *kinds: str) -> None:
        """Called after each commit that queued something, for all kinds unless some are named."""
        for kind in kinds or self._lanes:
            self._lanes.get(kind, self._lanes[""]).wake.set()

    def stop(self, timeout: float = GRACE) -> None:
        """Finishes the rows in hand and ends; what takes longer is sent again as a repeat."""
        end = monotonic() + timeout
        for lane in self._lanes.values():
            lane.stop()
        for lane in self._lanes.values():
            lane.join(end)

    def deliver_due(self) -> int:
        """Sends everything due now, lane by lane; returns how many rows were taken in hand."""
        return sum(lane.deliver_due() for lane in self._lanes.values())

    def _add_lane(self, kind: str) -> None:
        def kinds() -> Kinds:
            others = tuple(other for other in self._lanes if other and not kind)
            return Kinds(only=kind, without=others)

        self._lanes[kind] = Lane(self._store, self._now, kinds, self._deliver)

    def _deliver(self, row: OutboxRow) -> Refused | None:
        """Sends one row and notes how it went; returns why it was not taken."""
        kind = row.destination.split(":", 1)[0]
        try:
            if kind not in self._senders:
                raise Refused(f"no sender for {kind}", sure=True)
            self._senders[kind].send(row)
        except Refused as error:
            return self._failed(row, error)
        except Exception as error:  # a fault in one sender must not stop the others
            return self._failed(row, Refused(type(error).__name__))
        self._store.outbox.mark_sent(row, self._now())
        log.info("sent", outbox=row.id, kind=row.kind, attempts=row.attempts)
        return None

    def _failed(self, row: OutboxRow, error: Refused) -> Refused:
        now = self._now()
        decision = after_failure(row, error, now, random.random())  # noqa: S311 - jitter
        match decision:
            case RetryAt(when):
                self._store.outbox.retry_at(row, when, str(error), sure=error.sure)
                log.warning("send failed", outbox=row.id, attempts=row.attempts, error=str(error))
            case GiveUp():
                self._store.outbox.give_up(row, str(error), sure=error.sure)
                log.error("given up", outbox=row.id, kind=row.kind, error=str(error))
                self._alarm(row)
        return error


class Lane:
    """The rows of one kind of destination."""

    def __init__(
        self,
        store: Store,
        now: Callable[[], datetime],
        kinds: Callable[[], Kinds],
        deliver: Callable[[OutboxRow], Refused | None],
    ) -> None:
        self._outbox = store.outbox
        self._now = now
        self._kinds = kinds
        self._deliver = deliver
        self.wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._lock = threading.Lock()
        #: Conversation or place -> who sends to it right now.
        self._busy: dict[str, threading.Thread] = {}
        #: Destination -> until when nothing is sent to it.
        self._left_alone: dict[str, datetime] = {}

    def start(self) -> None:
        """Sends in the background."""
        self._thread.start()

    def stop(self) -> None:
        """Begins nothing more."""
        self._stopping.set()
        self.wake.set()

    def join(self, end: float) -> None:
        """Waits for the sends in hand, until ``monotonic()`` is ``end``."""
        for thread in (self._thread, *self._busy.values()):
            if thread.ident is not None:
                thread.join(max(0.0, end - monotonic()))

    def deliver_due(self) -> int:
        """Sends everything due now, one after the other."""
        taken = 0
        while groups := self._claim(BATCH):
            taken += sum(map(self._send, groups.values()))
        return taken

    def _run(self) -> None:
        while not self._stopping.is_set():
            self.wake.clear()
            pause = POLL_SECONDS
            try:
                self._hand_out()
                pause = self._pause()
            except Exception as error:  # a lane that ended would keep its rows for ever
                log.error("outbox", error=type(error).__name__)
            self.wake.wait(pause)

    def _hand_out(self) -> None:
        """Gives every free worker something to send, as long as there is anything."""
        while (free := WORKERS - len(self._busy)) > 0 and not self._stopping.is_set():
            groups = self._claim(free)
            for name, rows in groups.items():
                worker = threading.Thread(target=self._work, args=(name, rows), daemon=True)
                with self._lock:
                    self._busy[name] = worker
                worker.start()
            if sum(map(len, groups.values())) < free:
                return

    def _work(self, name: str, rows: Sequence[OutboxRow]) -> None:
        try:
            self._send(rows)
        except Exception as error:  # rows whose result could not be noted go out again
            log.error("outbox", error=type(error).__name__)
        finally:
            with self._lock:
                del self._busy[name]
            self.wake.set()

    def _claim(self, limit: int) -> dict[str, list[OutboxRow]]:
        """Rows to send now, by conversation or place."""
        now = self._now()
        with self._lock:
            self._left_alone = {to: till for to, till in self._left_alone.items() if till > now}
            apart = (*self._busy, *self._left_alone)
        groups: dict[str, list[OutboxRow]] = {}
        for row in self._outbox.claim(now, limit, kinds=replace(self._kinds(), apart=apart)):
            groups.setdefault(row.conversation_key or row.destination, []).append(row)
        return groups

    def _send(self, rows: Sequence[OutboxRow]) -> int:
        """Sends rows of one conversation or place in order; returns how many were tried."""
        for tried, row in enumerate(rows):
            if self._stopping.is_set() or row.destination in self._left_alone:
                self._outbox.release(rows[tried:])
                return tried
            error = self._deliver(row)
            if error is not None:
                self._leave_alone(row, error)
        return len(rows)

    def _leave_alone(self, row: OutboxRow, error: Refused) -> None:
        """A reply that must wait holds back its own conversation, which the outbox sees to."""
        wait = FIRST_WAIT if isinstance(error, Unreachable) else None
        if error.retry_after is not None and not row.conversation_key:
            wait = error.retry_after
        if wait is not None:
            with self._lock:
                self._left_alone[row.destination] = self._now() + wait

    def _pause(self) -> float:
        """Seconds until something is due; a worker that gets free wakes the lane."""
        if len(self._busy) >= WORKERS:
            return POLL_SECONDS
        now = self._now()
        due = self._outbox.next_due(now, self._kinds())
        moments = [*self._left_alone.values(), *((due,) if due else ())]
        soonest = min(((moment - now).total_seconds() for moment in moments), default=POLL_SECONDS)
        return min(max(0.0, soonest), POLL_SECONDS)
