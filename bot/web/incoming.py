"""Requests made safe before anything looks at them: size, kind, encoding, origin."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request

#: Bytes of a request's body (reliability goals, limits).
LARGEST_BODY = 256 * 1024
MOST_FIELDS = 100
FORM_TYPE = "application/x-www-form-urlencoded"
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
LOOPBACK = ("127.0.0.1", "::1")


class Refused(Exception):
    """A request that is not served; ``web.refused.<reason>`` tells the person why."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        #: HTTP status.
        self.status = status
        #: Key of the page's texts.
        self.reason = reason


async def read_form(request: Request, most_fields: int = MOST_FIELDS) -> dict[str, str]:
    """The fields of a posted form, as sent; of repeated names the last.

    Raises:
        Refused: 400 for text that is no UTF-8, 413 past 256 kB, 415 for another kind of body.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != FORM_TYPE:
        raise Refused(415, "kind")
    body = await _read_body(request)
    try:
        text = body.decode("ascii")
        pairs = parse_qsl(text, True, errors="strict", max_num_fields=most_fields)
    except ValueError as error:
        raise Refused(400, "unreadable") from error
    return dict(pairs)


async def _read_body(request: Request) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > LARGEST_BODY:
            raise Refused(413, "too_long")
        chunks.append(chunk)
    return b"".join(chunks)


def check_origin(request: Request) -> None:
    """Raises ``Refused`` (403) when another site made the browser send a changing request.

    ``Origin`` counts only where ``Sec-Fetch-Site`` is missing: under ``no-referrer`` a browser
    sends "null" as the origin of its own forms. Senders that are no browsers have neither header
    and meet the form's proof or the channel's signature instead.
    """
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        allowed = site in ("same-origin", "none")
    else:
        origin = request.headers.get("origin", "null")
        allowed = origin == "null" or _host(origin) == request.headers.get("host", "").lower()
    if not allowed:
        raise Refused(403, "foreign")


def _host(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def is_fragment(request: Request) -> bool:
    """Does the page's script ask, for a part of the page only?"""
    return request.headers.get("hx-request") == "true"


def from_loopback(request: Request) -> bool:
    """Does the request come from this machine, by an address that says so?

    The host is checked as well, so that a page on a rebound name cannot read through a browser.
    """
    client: Any = request.client
    passed_on = {"forwarded", "x-forwarded-for"} & set(request.headers.keys())
    near = client is not None and client.host in LOOPBACK and not passed_on
    return near and request.url.hostname in ("127.0.0.1", "::1", "localhost")
