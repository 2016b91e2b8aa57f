"""Teams' webhook: the token is checked before the body is read."""

from __future__ import annotations

from collections.abc import Mapping

from bot.channels.connections import Delivery
from bot.channels.teams.reading import Reader
from bot.channels.teams.tokens import TokenCheck


class TeamsWebhook:
    """The bot's messaging endpoint."""

    path = "/api/teams"

    def __init__(self, tokens: TokenCheck, reader: Reader) -> None:
        self._tokens = tokens
        self._reader = reader

    def receive(self, headers: Mapping[str, str], body: bytes) -> Delivery:
        """One activity; see ``bot.channels.connections.Webhook``."""
        claims = self._tokens.claims(headers.get("authorization", ""))
        return self._reader.read(claims, body)
