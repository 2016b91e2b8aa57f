"""The browser's session: one random secret, from which everything else is derived.

Nothing is stored on the server, so a restart logs nobody out and loses no conversation.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, replace
from typing import Self

from starlette.requests import Request
from starlette.responses import Response

from bot.messages import ConversationKey

COOKIE = "hansyn"
#: Chat transcripts are kept as long (reliability goals, privacy), so an older cookie finds nothing.
COOKIE_SECONDS = 30 * 24 * 3600
MOST_CONVERSATIONS = 9_999
_FORMAT = re.compile(r"([\w-]{43})\.(\d{1,4})\.(\d{1,4})")


@dataclass(frozen=True, slots=True)
class Session:
    """One browser; its conversations are numbered from 0."""

    #: 256 random bits; known to the browser's cookie alone.
    token: str
    #: The conversation shown now.
    current: int = 0
    #: The newest conversation begun.
    highest: int = 0

    @classmethod
    def begin(cls) -> Self:
        """A session for a browser that has none."""
        return cls(secrets.token_urlsafe(32))

    @property
    def key(self) -> ConversationKey:
        """Where the current conversation is stored."""
        conversation = self._derive("conversation", str(self.current))
        return ConversationKey("web", "", conversation, "", self.person)

    @property
    def person(self) -> str:
        """The same in all conversations of the browser; tells nothing about who it is."""
        return self._derive("person")

    def proof(self, action: str, form_id: str) -> str:
        """What a form for ``action`` must carry to show that this session was given it."""
        return self._derive("form", action, form_id)

    def proves(self, action: str, form_id: str, proof: str) -> bool:
        """Was this form given to this session?"""
        return hmac.compare_digest(self.proof(action, form_id).encode(), proof.encode())

    def message_id(self, form_id: str, *content: str) -> str:
        """The same for the same form with the same content, however often it is sent.

        An edited text sent from the same form is a new message, and no other session can make
        the same id.
        """
        return self._derive("message", str(self.current), form_id, *content)

    def started_anew(self) -> Session:
        """The session with a fresh conversation; the former one can be gone back to."""
        newest = min(self.highest + 1, MOST_CONVERSATIONS)
        return replace(self, current=newest, highest=newest)

    def stepped_back(self) -> Session:
        """The session with the conversation before this one."""
        return replace(self, current=max(self.current - 1, 0))

    def _derive(self, *purpose: str) -> str:
        message = "\0".join(part.replace("\0", "") for part in purpose).encode()
        return hmac.digest(self.token.encode(), message, hashlib.sha256).hex()[:32]


def read_session(request: Request) -> Session | None:
    """The session of the request's cookie; None when there is none or it is garbled."""
    match = _FORMAT.fullmatch(request.cookies.get(host_cookie(request, COOKIE), ""))
    if match is None:
        return None
    current, highest = int(match[2]), int(match[3])
    return Session(match[1], min(current, highest), highest)


def write_session(response: Response, request: Request, session: Session) -> None:
    """Puts the session in the browser."""
    value = f"{session.token}.{session.current}.{session.highest}"
    set_cookie(response, request, COOKIE, value, COOKIE_SECONDS)


def host_cookie(request: Request, name: str) -> str:
    """The cookie's name; over https no other host and no part of the site can set it."""
    return f"__Host-{name}" if request.url.scheme == "https" else name


def set_cookie(
    response: Response, request: Request, name: str, value: str, seconds: int | None = None
) -> None:
    """A cookie out of scripts' reach, until the browser is closed unless ``seconds`` says."""
    response.set_cookie(
        host_cookie(request, name), value, max_age=seconds, path="/", httponly=True,
        samesite="lax", secure=request.url.scheme == "https",
    )  # fmt: skip


def drop_cookie(response: Response, request: Request, name: str) -> None:
    """Takes the cookie out of the browser."""
    secure = request.url.scheme == "https"
    response.delete_cookie(host_cookie(request, name), path="/", httponly=True, secure=secure)
