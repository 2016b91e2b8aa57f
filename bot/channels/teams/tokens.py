"""Who posts to the Teams webhook: the Bot Framework's token, checked strictly.

learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication,
"Authenticate requests from the Bot Connector service to your bot".
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from time import monotonic
from typing import Any
from urllib.request import urlopen

import jwt

from bot.channels.connections import Unsigned

ISSUER = "https://api.botframework.com"
#: Seconds the service's clock may be ahead of ours or behind.
LEEWAY = 300
KEPT_SECONDS = 24 * 3600
#: A token with an unknown key makes us fetch the keys anew, but never more often than this.
REFRESH_SECONDS = 60
FETCH_SECONDS = 10

Fetch = Callable[[], dict[str, Any]]


def fetch_from(url: str) -> Fetch:
    """Reads the key set at an address of the operator's choice."""

    def fetch() -> dict[str, Any]:
        with urlopen(url, timeout=FETCH_SECONDS) as answer:  # noqa: S310 - a setting, not input
            keys: dict[str, Any] = json.load(answer)
            return keys

    return fetch


class Keys:
    """The service's public keys, kept for a day."""

    def __init__(self, fetch: Fetch, clock: Callable[[], float] = monotonic) -> None:
        self._fetch = fetch
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[str, jwt.PyJWK] = {}
        self._fetched = float("-inf")

    def find(self, identity: str) -> jwt.PyJWK | None:
        """The key with this id; None when the service has none."""
        with self._lock:
            age = self._clock() - self._fetched
            unknown = identity not in self._known
            if age > KEPT_SECONDS or (unknown and age > REFRESH_SECONDS):
                self._fetched = self._clock()
                self._known = _read(self._fetch())
            return self._known.get(identity)


class TokenCheck:
    """Checks the tokens of requests to one bot."""

    def __init__(self, app_id: str, keys: Keys) -> None:
        self._app_id = app_id
        self._keys = keys

    def claims(self, authorization: str) -> dict[str, Any]:
        """The claims of a good token. Raises ``Unsigned`` for any other."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unsigned("no token")
        try:
            header = jwt.get_unverified_header(token)
            key = self._keys.find(str(header.get("kid") or ""))
            if header.get("alg") != "RS256" or key is None:
                raise Unsigned("key")
            found: dict[str, Any] = jwt.decode(
                token,
                key.key,
                algorithms=["RS256"],
                audience=self._app_id,
                issuer=ISSUER,
                leeway=LEEWAY,
                options={"require": ["exp", "iss", "aud"]},
            )
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise Unsigned(type(error).__name__) from error
        except OSError as error:
            raise Unsigned("keys out of reach") from error
        return found


def _read(keys: dict[str, Any]) -> dict[str, jwt.PyJWK]:
    found = (key for key in keys.get("keys", ()) if key.get("kty") == "RSA")
    return {str(key.get("kid")): jwt.PyJWK(key, "RS256") for key in found}
