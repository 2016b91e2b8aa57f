"""Telegram's webhook: the secret is compared before the body is read."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping

from bot.channels.connections import Delivery, Unsigned, reading
from bot.channels.telegram.reading import Reader

HEADER = "x-telegram-bot-api-secret-token"


class TelegramWebhook:
    """Where Telegram posts updates (core.telegram.org/bots/api#setwebhook)."""

    path = "/api/telegram"

    def __init__(self, secret: str, reader: Reader) -> None:
        self._secret = secret.encode()
        self._reader = reader

    def receive(self, headers: Mapping[str, str], body: bytes) -> Delivery:
        """One update; see ``bot.channels.connections.Webhook``."""
        given = headers.get(HEADER, "").encode("latin-1", "replace")
        if not hmac.compare_digest(given, self._secret):
            raise Unsigned("secret")
        with reading():
            raw = json.loads(body)
        return self._reader.read(raw)
