"""A real OpenID provider on loopback, that can be told to answer wrongly."""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import time
from typing import Any
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.web.serving import address_of, listen

CLIENT, SECRET = "hansyn-test", "a secret of the test"
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
STRANGER = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
Claims = dict[str, Any]
#: Makes the id token of the claims that would be right.
Signer = Callable[[Claims], str | None]


def signed(claims: Claims, key: Any = KEY, **header: Any) -> str:
    """An id token as the provider signs it, unless told otherwise."""
    return jwt.encode({"alg": "RS256", "kid": "one"} | header, claims, key)


@dataclass
class IdentityProvider:
    """Logs everybody in as the same person, at once."""

    issuer: str = ""
    #: What it says of the person, beside what every token has.
    claims: Claims = field(default_factory=lambda: {"sub": "anna", "roles": ["stod"]})
    sign: Signer = signed
    #: What its discovery document says its name is; empty for the truth.
    claimed_issuer: str = ""
    #: Tokens handed out.
    answered: int = 0
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def web(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.about),
                Route("/keys", self.keys),
                Route("/authorize", self.authorize),
                Route("/token", self.token, methods=["POST"]),
            ]
        )

    async def about(self, _: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.claimed_issuer or self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            }
        )

    async def keys(self, _: Request) -> Response:
        return JSONResponse(KeySet([KEY]).as_dict(private=False))

    async def authorize(self, request: Request) -> Response:
        """What a browser is sent to; comes back with a code that works once."""
        asked = dict(request.query_params)
        assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        answer = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{answer}", 302)

    async def token(self, request: Request) -> Response:
        sent = await request.form()
        asked = self._codes.pop(str(sent.get("code")), None)
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        verifier = hashlib.sha256(str(sent.get("code_verifier")).encode()).digest()
        right = (
            asked is not None
            and request.headers.get("authorization") == f"Basic {basic}"
            and sent.get("redirect_uri") == asked["redirect_uri"]
            and base64.urlsafe_b64encode(verifier).rstrip(b"=").decode() == asked["code_challenge"]
        )
        if not right or asked is None:
            return JSONResponse({"error": "invalid_grant"}, 400)
        access = secrets.token_urlsafe(16)
        half = base64.urlsafe_b64encode(hashlib.sha256(access.encode()).digest()[:16])
        now = int(time())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300,
            "nonce": asked["nonce"], "at_hash": half.rstrip(b"=").decode(),
        }  # fmt: skip
        answer = {"access_token": access, "token_type": "Bearer", "expires_in": 300}
        if (id_token := self.sign(claims | self.claims)) is not None:
            answer["id_token"] = id_token
        self.answered += 1
        return JSONResponse(answer)


@contextmanager
def identity_provider() -> Iterator[IdentityProvider]:
    """A provider on a free loopback port, stopped at the end."""
    provider = IdentityProvider()
    with listen("127.0.0.1", 18_400) as bound:
        provider.issuer = address_of(bound).rstrip("/")
        config = uvicorn.Config(provider.web(), log_config=None, access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        try:
            yield provider
        finally:
            server.should_exit = True
            thread.join(10)
