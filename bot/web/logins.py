"""Who is logged in at the support page: a link that works once, then a cookie of its own."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic

from starlette.requests import Request

from bot.policy import ROLES, Actor
from bot.web.incoming import Refused
from bot.web.sessions import Session

COOKIE = "hansyn_stod"
#: No time-out within a working day and a night (WCAG 2.2.1 counts 20 hours as no limit).
SESSION_SECONDS = 20 * 3600
#: Whoever gives no signature stands for the function.
PERSON = "stodfunktionen"
_SIGNATURE = re.compile(r"[\w-]{1,20}")


@dataclass(frozen=True, slots=True)
class Handler:
    """Somebody at the support page."""

    #: For the proofs of forms.
    session: Session
    actor: Actor

    def prove(self, action: str, sent: Mapping[str, str]) -> None:
        """Raises ``Refused`` (403) for a form this login was not given."""
        if not self.session.proves(action, sent.get("form_id", ""), sent.get("proof", "")):
            raise Refused(403, "stale_page")


@dataclass(slots=True)
class Logins:
    """Who is logged in, by the hash of the cookie; a restart logs everybody out."""

    clock: Callable[[], float] = monotonic
    _known: dict[bytes, tuple[float, str]] = field(default_factory=dict)

    def begin(self, signature: str = "") -> str:
        """A cookie for somebody who has shown the token."""
        token = secrets.token_urlsafe(32)
        now = self.clock()
        self._known = {key: known for key, known in self._known.items() if known[0] > now}
        self._known[_digest(token)] = (now + SESSION_SECONDS, person_of(signature))
        return token

    def who(self, token: str) -> str:
        """The person logged in with this cookie; empty for nobody."""
        until, person = self._known.get(_digest(token), (0.0, ""))
        return person if until > self.clock() else ""

    def handler(self, request: Request) -> Handler:
        """Whoever sent the request; ``Refused`` (403) without a login."""
        token = request.cookies.get(COOKIE, "")
        person = self.who(token)
        if not person:
            raise Refused(403, "support_login")
        return Handler(Session(token), Actor(person, frozenset(ROLES)))

    def colleagues(self) -> tuple[str, ...]:
        """Everybody logged in now, by id."""
        now = self.clock()
        return tuple(sorted({person for until, person in self._known.values() if until > now}))


def person_of(signature: str) -> str:
    """The id of whoever signs so; what is no signature stands for the function."""
    signature = signature.strip().casefold()
    return f"stod:{signature}" if _SIGNATURE.fullmatch(signature) else PERSON


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
