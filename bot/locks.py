"""Turns of one conversation run one at a time in this process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from bot.errors import Busy

# More would wait longer than anybody does.
WAITING = 64


class Locks:
    """A lock per conversation, kept only while somebody uses it."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._held: dict[str, tuple[threading.Lock, int]] = {}

    @contextmanager
    def hold(self, key: str) -> Iterator[None]:
        """Waits for its turn; raises ``Busy`` when too many wait already."""
        with self._guard:
            if sum(users for _, users in self._held.values()) >= WAITING:
                raise Busy
            lock, users = self._held.get(key, (threading.Lock(), 0))
            self._held[key] = (lock, users + 1)
        try:
            with lock:
                yield
        finally:
            with self._guard:
                _, users = self._held[key]
                if users == 1:
                    del self._held[key]
                else:
                    self._held[key] = (lock, users - 1)
