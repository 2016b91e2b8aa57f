"""Tells Telegram where to post; it does so as long as nobody says otherwise."""

from __future__ import annotations

from threading import Event

from bot.channels.telegram.client import Client

#: Kinds of update the reader knows.
WANTED = ["message", "callback_query"]


class Registration:
    """Registers the webhook when the server starts, under its public address."""

    def __init__(self, client: Client, url: str, secret: str) -> None:
        self._client = client
        self._url = url
        self._secret = secret

    def run(self, stopping: Event) -> None:
        """Registers and waits for the end; raises what Telegram answers, to be tried again."""
        self._client.call(
            lambda bot: bot.set_webhook(
                self._url, secret_token=self._secret, allowed_updates=WANTED
            )
        )
        stopping.wait()
