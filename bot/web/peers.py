"""What a reverse proxy says of a request, and what others say in its name."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.login.door import Door
from bot.web.incoming import LOOPBACK


class Peers:
    """ASGI middleware: the login header of anybody but a listed proxy is taken away, and a
    request that reached the proxy over https counts as such.
    """

    def __init__(self, inner: ASGIApp, door: Door) -> None:
        self._inner = inner
        self._proxy = door.proxy
        public = urlsplit(door.public_url)
        #: The host people write; over https only.
        self._secure_host = public.netloc.lower() if public.scheme == "https" else ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on as it is to be understood."""
        if scope["type"] == "http":
            peer = (scope.get("client") or ("",))[0]
            listed = self._proxy is not None and self._proxy.trusts(peer)
            scope = {**scope, "headers": self._kept(scope["headers"], listed=listed)}
            if self._is_secure(Headers(scope=scope), near=listed or peer in LOOPBACK):
                scope["scheme"] = "https"
        await self._inner(scope, receive, send)

    def _kept(
        self, headers: list[tuple[bytes, bytes]], *, listed: bool
    ) -> list[tuple[bytes, bytes]]:
        if self._proxy is None or listed:
            return headers
        names = (self._proxy.user_header, self._proxy.groups_header)
        # A proxy in between may write "_" for "-" or the other way round.
        dropped = {name.lower().replace("_", "-").encode() for name in names}
        return [each for each in headers if each[0].lower().replace(b"_", b"-") not in dropped]

    def _is_secure(self, headers: Headers, *, near: bool) -> bool:
        if near and headers.get("x-forwarded-proto", "").lower() == "https":
            return True
        return bool(self._secure_host) and headers.get("host", "").lower() == self._secure_host
