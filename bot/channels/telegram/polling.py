"""Fetches updates where no webhook can reach us; the offset moves only after the commit."""

from __future__ import annotations

from threading import Event
from typing import Any

import structlog
from telegram.error import TelegramError

from bot.channels.connections import Unreadable
from bot.channels.telegram.client import SECONDS, Client
from bot.channels.telegram.reading import Reader
from bot.channels.telegram.registering import WANTED
from bot.errors import Busy
from bot.port import App
from storage.errors import StorageError

log = structlog.get_logger()

#: Seconds Telegram holds an empty answer back.
WAIT = 10
#: Seconds between attempts when nothing can be stored or Telegram does not answer.
PAUSE = 2.0


class Polling:
    """One poller per token; Telegram answers a second one with 409."""

    def __init__(self, app: App, client: Client, reader: Reader) -> None:
        self._app = app
        self._client = client
        self._reader = reader
        self._offset = 0

    def run(self, stopping: Event) -> None:
        """Polls until the event is set."""
        ready = False
        while not stopping.is_set():
            try:
                # Telegram lets nobody fetch while it posts somewhere.
                ready = ready or self._client.call(lambda bot: bot.delete_webhook())
                self.fetch()
            except (TelegramError, TimeoutError, Busy, StorageError) as error:
                log.warning("telegram polling", error=type(error).__name__)
                stopping.wait(PAUSE)

    def fetch(self) -> None:
        """One round: every update is committed before the next is asked for."""
        for raw in self._updates():
            try:
                delivery = self._reader.read(raw)
                delivery.prepare()
                if delivery.envelope is not None:
                    self._app.receive(delivery.envelope)
            except Unreadable as error:
                # Parked: its id is noted, and it never comes again to hold back the others.
                log.error("telegram update parked", update=raw.get("update_id"), reason=str(error))
            self._offset = int(raw["update_id"]) + 1

    def _updates(self) -> list[dict[str, Any]]:
        """Raw updates; the library's own way loses a whole batch to one it cannot read."""
        asked = {"offset": self._offset, "timeout": WAIT, "allowed_updates": WANTED}
        seconds = SECONDS + WAIT
        # In small letters, which Telegram takes as well: the library warns of the usual name.
        found = self._client.call(
            lambda bot: bot.do_api_request("getupdates", asked, read_timeout=seconds), seconds
        )
        return [raw for raw in found if isinstance(raw, dict) and "update_id" in raw]
