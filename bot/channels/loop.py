"""An asyncio loop of its own, for vendors' libraries that know nothing else."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable
from functools import cached_property
from typing import TypeVar

T = TypeVar("T")


class Loop:
    """Runs awaitables for ordinary threads; starts with the first of them."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()

    def run(self, waiting: Awaitable[T], seconds: float) -> T:
        """Waits for the result; raises what the awaitable raises, and ``TimeoutError``."""
        with self._lock:
            loop = self._running
        future = asyncio.run_coroutine_threadsafe(_await(waiting), loop)
        try:
            return future.result(seconds)
        finally:
            # What was given up must not arrive later all the same.
            future.cancel()

    @cached_property
    def _running(self) -> asyncio.AbstractEventLoop:
        loop = asyncio.new_event_loop()
        threading.Thread(target=loop.run_forever, name=self._name, daemon=True).start()
        return loop


async def _await(waiting: Awaitable[T]) -> T:
    return await waiting
