"""The scripted application's outbox: its replies, posted when the test says so."""

from __future__ import annotations

from typing import Any

from bot.channels.connections import Connection


class ScriptedRelay:
    """Posts each reply once, in order, to the channel that was connected last."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._posted = 0
        self.connection: Connection | None = None

    def deliver_due(self) -> int:
        """Posts what has not been posted and is no answer to a request; returns how many."""
        waiting = self._app.received[self._posted :]
        self._posted = len(self._app.received)
        due = [each for each in waiting if each.address is not None and not each.in_band]
        for envelope in due:
            assert self.connection is not None
            assert envelope.address is not None
            reply = self._app.receive(envelope)
            self.connection.messenger.post(envelope.address, reply, repeated=False)
        return len(due)
