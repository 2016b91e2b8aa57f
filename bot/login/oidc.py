"""Login by an OpenID provider: code flow with PKCE and a nonce, tokens by Authlib.

Fixed here and never taken from an answer: the issuer, the algorithms, the keys' address and
where the browser comes back to (reliability goals, C3).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.errors import HansynError

ALGORITHMS = ("RS256", "PS256", "ES256")
SCOPE = "openid profile"
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
#: Header fields that bring a key of their own.
OWN_KEYS = {"jwk", "jku", "x5u", "x5c"}
#: Seconds the provider gets to answer, its facts are kept, and two reads of its keys are apart.
PATIENCE, FRESH, BETWEEN_READS = 10.0, 3600.0, 60.0
#: Seconds clocks may differ.
LEEWAY = 60
Facts = Mapping[str, Any]


class NotShown(HansynError):
    """The provider's answer does not show who it is."""


@dataclass(frozen=True, slots=True)
class Client:
    """How the provider knows us."""

    issuer: str
    id: str
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Secrets:
    """What ties an answer to the browser that asked."""

    state: str
    nonce: str
    #: PKCE's code verifier.
    verifier: str


class Provider:
    """One OpenID provider, found by discovery at the first login."""

    def __init__(self, client: Client, clock: Callable[[], float]) -> None:
        self._client = client
        self._clock = clock
        self._found: tuple[float, Facts] | None = None
        self._keys: tuple[float, Facts] | None = None

    def reach(self) -> None:
        """Finds the provider. Raises ``NotShown`` if it is out of reach or another than ours."""
        self._facts()

    def start(self, back: str, secrets: Secrets) -> str:
        """The address at the provider where the browser is sent.

        ``back`` is where it comes back to. Raises ``NotShown`` if the provider is out of reach.
        """
        with self._session(back) as session:
            address, _ = session.create_authorization_url(
                self._facts()["authorization_endpoint"], secrets.state,
                code_verifier=secrets.verifier, nonce=secrets.nonce,
            )  # fmt: skip
        return str(address)

    def finish(self, back: str, code: str, secrets: Secrets) -> Facts:
        """The claims of whoever logged in. Raises ``NotShown``."""
        from authlib.common.errors import AuthlibBaseError
        from httpx2 import HTTPError

        try:
            with self._session(back) as session:
                token = session.fetch_token(
                    self._facts()["token_endpoint"], code=code, code_verifier=secrets.verifier,
                    grant_type="authorization_code",
                )  # fmt: skip
        except (AuthlibBaseError, HTTPError, ValueError) as error:
            raise NotShown(type(error).__name__) from error
        return self._claims(token, secrets.nonce)

    def _session(self, back: str) -> Any:
        from authlib.integrations.httpx_client import OAuth2Client

        methods = self._facts().get("token_endpoint_auth_methods_supported")
        method = "client_secret_basic"
        if not self._client.secret:
            method = "none"
        elif methods and method not in methods:
            method = "client_secret_post"
        return OAuth2Client(
            self._client.id, self._client.secret or None, token_endpoint_auth_method=method,
            scope=SCOPE, redirect_uri=back, code_challenge_method="S256", timeout=PATIENCE,
        )  # fmt: skip

    def _claims(self, token: Facts, nonce: str) -> Facts:
        from authlib.oidc.core import CodeIDToken
        from joserfc.errors import JoseError

        try:
            opened = self._open(str(token["id_token"]))
            claims = CodeIDToken(
                opened.claims, opened.header,
                {
                    "iss": {"essential": True, "value": self._client.issuer},
                    "aud": {"essential": True, "value": self._client.id},
                    "nonce": {"essential": True, "value": nonce},
                },
                {"nonce": nonce, "client_id": self._client.id,
                 "access_token": token.get("access_token")},
            )  # fmt: skip
            claims.validate(now=int(self._clock()), leeway=LEEWAY)
        except (JoseError, LookupError, TypeError, ValueError) as error:
            raise NotShown(type(error).__name__) from error
        return dict(claims)

    def _open(self, id_token: str) -> Any:
        """The token, signed with one of the provider's keys."""
        from joserfc import jwt
        from joserfc.errors import InvalidKeyIdError
        from joserfc.jwk import KeySet

        try:
            opened = jwt.decode(id_token, KeySet.import_key_set(self._key_set()), ALGORITHMS)
        except InvalidKeyIdError:
            keys = KeySet.import_key_set(self._key_set(fresh_for=BETWEEN_READS))
            opened = jwt.decode(id_token, keys, ALGORITHMS)
        if OWN_KEYS & opened.header.keys():
            raise ValueError("a key of its own")
        return opened

    def _facts(self) -> Facts:
        if self._found is None or self._clock() - self._found[0] > FRESH:
            path = "/.well-known/openid-configuration"
            facts = _read(self._client.issuer.rstrip("/") + path)
            places = (str(facts.get(name)) for name in ENDPOINTS)
            if facts.get("issuer") != self._client.issuer or not all(map(_is_safe, places)):
                raise NotShown("issuer")
            self._found = self._clock(), facts
        return self._found[1]

    def _key_set(self, fresh_for: float = FRESH) -> Any:
        if self._keys is None or self._clock() - self._keys[0] > fresh_for:
            self._keys = self._clock(), _read(str(self._facts()["jwks_uri"]))
        return self._keys[1]


def _is_safe(address: str) -> bool:
    place = urlsplit(address)
    return place.scheme == "https" or place.hostname in ("127.0.0.1", "localhost", "::1")


def _read(address: str) -> Facts:
    import httpx2

    if not _is_safe(address):
        raise NotShown("no https")
    try:
        answer = httpx2.get(address, timeout=PATIENCE)
        answer.raise_for_status()
        facts = answer.json()
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
        raise NotShown(type(error).__name__) from error
    if not isinstance(facts, dict):
        raise NotShown("no object")
    return facts
