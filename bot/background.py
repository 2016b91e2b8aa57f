"""Work that takes longer than a request: it goes on in a thread and tells how far it has come."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import structlog

from bot.errors import Busy

log = structlog.get_logger()
T = TypeVar("T")
#: Hears (done, of) now and then.
Progress = Callable[[int, int], None]
#: Pieces begun and not ended; each may hold many files.
MOST_WAITING = 6
#: Results kept; what is older has to be done again.
MOST_KEPT = 20


@dataclass(slots=True)
class Work(Generic[T]):
    """A piece of work under way, or done."""

    id: str
    done: int = 0
    #: 0 until it is known.
    of: int = 0
    result: T | None = None
    failed: bool = False
    _ended: threading.Event = field(default_factory=threading.Event)

    @property
    def ended(self) -> bool:
        """Is there a result, or none to come?"""
        return self._ended.is_set()

    def wait(self, seconds: float) -> bool:
        """Waits for the end, so that short work needs no page of its own; has it come?"""
        return self._ended.wait(seconds)

    def told(self, done: int, of: int) -> None:
        """Takes down how far it has come."""
        self.done, self.of = done, of

    def run(self, job: Callable[[Progress], T]) -> None:
        """Does the work; a fault ends it without a result."""
        try:
            self.result = job(self.told)
        except Exception as error:
            self.failed = True
            log.error("work", error=type(error).__name__)
        finally:
            self._ended.set()


class Works(Generic[T]):
    """The latest pieces of work of one kind, one after the other; a restart forgets them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Work[T]] = OrderedDict()
        self._turn = threading.Lock()

    def begin(self, job: Callable[[Progress], T]) -> Work[T]:
        """Begins as soon as what was begun before has ended. Raises ``Busy`` if much waits."""
        work: Work[T] = Work(secrets.token_urlsafe(8))
        with self._lock:
            if sum(not each.ended for each in self._known.values()) >= MOST_WAITING:
                raise Busy
            self._known[work.id] = work
            while len(self._known) > MOST_KEPT:
                self._known.popitem(last=False)
        # A server that is told to stop does not wait for it.
        threading.Thread(target=self._run, args=(work, job), name="work", daemon=True).start()
        return work

    def _run(self, work: Work[T], job: Callable[[Progress], T]) -> None:
        with self._turn:
            work.run(job)

    def find(self, identity: str) -> Work[T] | None:
        """The work with this id; None when it is forgotten."""
        return self._known.get(identity)

    def latest(self) -> list[Work[T]]:
        """Those still known, the latest first."""
        return list(self._known.values())[::-1]
