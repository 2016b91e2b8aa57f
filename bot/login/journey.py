"""A browser's way to the provider and back: all its state is in a signed cookie that ends soon."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from bot.login.oidc import Secrets

VALID = timedelta(minutes=10)
#: Pages of our own; "//host" and "/\host" are others'.
_OURS = re.compile(r"/(?![/\\])[\w/.?=&%#-]{0,300}")


@dataclass(frozen=True, slots=True)
class Journey:
    """One attempt to log in."""

    #: 256 random bits, known to the browser's cookie alone.
    seed: str
    begun_at: datetime
    #: The page to show afterwards.
    to: str

    @classmethod
    def begin(cls, now: datetime, to: str) -> Self:
        """An attempt of its own."""
        return cls(secrets.token_urlsafe(32), now, our_page(to))

    @property
    def secrets(self) -> Secrets:
        """What ties the provider's answer to this attempt."""
        return Secrets(*(self._derive(name) for name in ("state", "nonce", "verifier")))

    def is_answered_by(self, state: str) -> bool:
        """Does the answer belong to this attempt?"""
        return hmac.compare_digest(self.secrets.state.encode(), state.encode())

    def _derive(self, purpose: str) -> str:
        return hmac.digest(self.seed.encode(), purpose.encode(), hashlib.sha256).hex()


def our_page(to: str) -> str:
    """The page if it is one of ours; otherwise the first behind the login."""
    return to if _OURS.fullmatch(to) else "/stod"


def write_journey(journey: Journey, key: bytes) -> str:
    """The journey as a cookie."""
    facts = [journey.seed, journey.begun_at.isoformat(), journey.to]
    body = base64.urlsafe_b64encode(json.dumps(facts).encode()).decode()
    return f"{body}.{_signature(body, key)}"


def read_journey(cookie: str, key: bytes, now: datetime) -> Journey | None:
    """The journey of a cookie we wrote not long ago; None for anything else."""
    body, _, signature = cookie.partition(".")
    if not hmac.compare_digest(_signature(body, key).encode(), signature.encode()):
        return None
    try:
        seed, begun, to = json.loads(base64.urlsafe_b64decode(body))
        journey = Journey(seed, datetime.fromisoformat(begun), to)
    except (ValueError, TypeError, binascii.Error):
        return None
    return journey if now < journey.begun_at + VALID else None


def _signature(body: str, key: bytes) -> str:
    return hmac.digest(key, body.encode("utf-8", "surrogatepass"), hashlib.sha256).hex()
