"""Server-sent events: a page learns that its conversation has something new, and fetches it.

The stream carries a number and nothing else, and the page works without it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic

import anyio
from starlette.concurrency import run_in_threadpool

from bot.web.incoming import Refused
from storage.errors import StorageError

#: Milliseconds a browser waits before it connects again.
RECONNECT = 3000


@dataclass(slots=True)
class Streams:
    """The open streams and their limits."""

    #: Seconds between two looks at the revision.
    poll: float = 1.0
    #: Seconds without news after which a sign of life is sent, so that proxies keep the line.
    heartbeat: float = 15.0
    #: Seconds a stream lives; the browser then connects again.
    lifetime: float = 600.0
    #: Streams of one browser, and of all.
    most_each: int = 8
    most: int = 500
    #: Is the server on its way down? Then streams end at once.
    stopping: Callable[[], bool] = lambda: False
    _open: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def place(self, owner: str) -> Iterator[None]:
        """Keeps one place among the open streams; ``Refused`` (503) when all are taken."""
        if self._open[owner] >= self.most_each or self._open.total() >= self.most:
            raise Refused(503, "busy")
        self._open[owner] += 1
        try:
            yield
        finally:
            self._open[owner] -= 1
            self._open += Counter()

    async def revisions(self, owner: str, look: Callable[[], int]) -> AsyncIterator[str]:
        """Events with the revision, at once and then whenever it has changed."""
        with self.place(owner):
            yield f"retry: {RECONNECT}\n\n"
            end = monotonic() + self.lifetime
            shown, silent_since = None, monotonic()
            while monotonic() < end and not self.stopping():
                revision = await _look(look, shown)
                if revision != shown:
                    shown, silent_since = revision, monotonic()
                    yield f"event: revision\nid: {revision}\ndata: {revision}\n\n"
                elif monotonic() - silent_since >= self.heartbeat:
                    silent_since = monotonic()
                    yield ": \n\n"
                await anyio.sleep(self.poll)


async def _look(look: Callable[[], int], shown: int | None) -> int | None:
    """The revision; while the database is away, the one shown last."""
    try:
        return await run_in_threadpool(look)
    except StorageError:
        return shown
