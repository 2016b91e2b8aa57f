"""A form that is sent twice, as by a double click, is acted on once."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from starlette.responses import Response


@dataclass(slots=True)
class Press:
    """One form with its content."""

    at: float
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    #: Where it led; None until it has done something.
    response: Response | None = None


@dataclass(slots=True)
class Repeats:
    """Remembers what was pressed lately; of one server."""

    clock: Callable[[], float] = monotonic
    #: Seconds in which the same form with the same content is the same press.
    window: float = 10.0
    _presses: dict[str, Press] = field(default_factory=dict)

    async def once(self, key: str, act: Callable[[], Awaitable[Response]]) -> Response:
        """What ``act`` answers, or has answered; what only showed a fault is done again."""
        self._forget()
        press = self._presses.setdefault(key, Press(self.clock()))
        async with press.lock:
            if press.response is not None:
                return press.response
            response = await act()
            if response.status_code == 303:
                press.response = response
            return response

    def _forget(self) -> None:
        since = self.clock() - self.window
        self._presses = {key: each for key, each in self._presses.items() if each.at > since}


def press_key(token: str, path: str, sent: Mapping[str, Any]) -> str:
    """The same for the same form of the same login with the same content."""
    told = [token, path]
    for name, value in sent.items():
        content = value if isinstance(value, str) else [(file, len(data)) for file, data in value]
        told += [name, repr(content)]
    return hashlib.sha256("\0".join(told).encode("utf-8", "surrogatepass")).hexdigest()
