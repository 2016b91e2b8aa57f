"""Slack's webhooks: the signature is checked on the raw bytes before anything is read."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable, Mapping

from bot.channels.connections import Delivery, Unsigned, reading
from bot.channels.slack.reading import Reader

#: Last part of the addresses: events, buttons and forms, slash commands, menus.
KINDS = ("events", "interactivity", "commands", "options")
#: Seconds a request may be old or ahead (docs.slack.dev/authentication/verifying-requests).
LEEWAY = 300


class SignatureCheck:
    """Version v0: HMAC-SHA256 over version, timestamp and body; two secrets while rotating."""

    def __init__(self, secrets: str, now: Callable[[], float] = time.time) -> None:
        self._secrets = [part.strip().encode() for part in secrets.split(",") if part.strip()]
        self._now = now

    def check(self, headers: Mapping[str, str], body: bytes) -> None:
        """Raises ``Unsigned`` unless Slack sent the request just now."""
        stamp = headers.get("x-slack-request-timestamp", "")
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12):
            raise Unsigned("timestamp")
        if abs(self._now() - int(stamp)) > LEEWAY:
            raise Unsigned("old")
        given = headers.get("x-slack-signature", "").encode("latin-1", "replace")
        message = b"v0:" + stamp.encode() + b":" + body
        right = [signature(secret, message) for secret in self._secrets]
        if not sum(hmac.compare_digest(given, each) for each in right):
            raise Unsigned("signature")


def signature(secret: bytes, message: bytes) -> bytes:
    """What Slack writes in its header."""
    return b"v0=" + hmac.new(secret, message, hashlib.sha256).hexdigest().encode()


class SlackWebhook:
    """One of the addresses Slack posts to; what a request is about says the request itself."""

    def __init__(self, path: str, signatures: SignatureCheck, reader: Reader) -> None:
        self._path = path
        self._signatures = signatures
        self._reader = reader

    @property
    def path(self) -> str:
        """Where Slack posts."""
        return self._path

    def receive(self, headers: Mapping[str, str], body: bytes) -> Delivery:
        """One request; see ``bot.channels.connections.Webhook``."""
        self._signatures.check(headers, body)
        with reading():
            text = body.decode()
        return self._reader.read(text)
