"""Keeps the channels listening that fetch their messages themselves (Socket Mode, polling)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic

import structlog

from bot.channels.connections import Connection

log = structlog.get_logger()

#: Seconds until a listener that failed is started again.
PAUSE = 5.0
#: Seconds a listener gets to finish the message in hand; a long poll is not waited for.
GRACE = 3.0


@contextmanager
def listening(connections: Iterable[Connection], pause: float = PAUSE) -> Iterator[None]:
    """While it is held every channel with ``listen`` has a thread of its own."""
    stopping = Event()
    threads = [
        Thread(target=_keep, args=(each.name, each.listen, stopping, pause), daemon=True)
        for each in connections
        if each.listen is not None
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopping.set()
        end = monotonic() + GRACE
        for thread in threads:
            thread.join(max(0.0, end - monotonic()))


def _keep(name: str, listen: Callable[[Event], None], stopping: Event, pause: float) -> None:
    """Runs a listener until told to stop; a failure is logged and it starts again."""
    while not stopping.is_set():
        try:
            listen(stopping)
        except Exception as error:  # whatever a vendor's library raises must not end the channel
            log.error("listener failed", channel=name, error=type(error).__name__)
        stopping.wait(pause)
