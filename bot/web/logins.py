"""Who sent a request: the login's cookie, and the header of a reverse proxy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic

from starlette.requests import Request
from starlette.responses import Response

from bot.login.admission import NoRoles
from bot.login.colleagues import is_stand_in, tidy
from bot.login.door import Door
from bot.login.proxy_way import ORIGIN
from bot.login.sessions import actor_at
from bot.policy import Actor
from bot.web.sessions import Session, host_cookie, read_session, set_cookie
from storage.logins import Login

COOKIE = "hansyn_stod"
#: Whoever gives no signature stands for the function.
PERSON = "stodfunktionen"


@dataclass(frozen=True, slots=True)
class Handler:
    """Somebody who is logged in."""

    #: For the proofs of forms.
    session: Session
    actor: Actor

    def proves(self, action: str, sent: Mapping[str, str]) -> bool:
        """Was this login given this form?"""
        return self.session.proves(action, sent.get("form_id", ""), sent.get("proof", ""))


@dataclass(frozen=True, slots=True)
class Logins:
    """Finds out who sent a request; its methods block."""

    door: Door

    def handler(self, request: Request) -> Handler | None:
        """Whoever sent the request; None without a login."""
        token = token_of(request)
        login = self.door.sessions.who(token)
        if login is None or not self._is_still(login, request):
            return None
        return Handler(Session(token), actor_at(login))

    def begin(self, request: Request, actor: Actor, origin: str, chat: Session) -> str:
        """A token for a new login, in place of the browser's old one; the chat is theirs too."""
        self.door.sessions.end(token_of(request))
        self.door.colleagues.join(actor, chat.key.issuer, chat.person)
        return self.door.sessions.begin(actor, origin)

    def end(self, request: Request) -> None:
        """Log the browser out."""
        self.door.sessions.end(token_of(request))
        if chat := read_session(request):
            self.door.colleagues.part(chat.key.issuer, chat.person)

    def proxied(self, request: Request) -> str:
        """The user a listed proxy names; empty for none."""
        proxy = self.door.proxy
        return _only(request, proxy.user_header) if proxy else ""

    def begin_proxied(self, request: Request, chat: Session) -> str:
        """A token for the user a listed proxy names. Raises ``NoRoles``."""
        proxy = self.door.proxy
        if proxy is None:
            raise NoRoles
        user, groups = self.proxied(request), _only(request, proxy.groups_header)
        if not user:
            raise NoRoles
        actor = proxy.admit(user, groups)
        return self.begin(request, actor, ORIGIN, chat)

    def colleagues(self) -> tuple[str, ...]:
        """Everybody logged in now, by id."""
        return tuple(sorted({login.person for login in self.door.sessions.present()}))

    def names(self) -> Mapping[str, str]:
        """Person -> signature."""
        return self.door.colleagues.signatures()

    def person_of(self, signature: str) -> str:
        """The id of whoever signs so, or is shown so; empty for nobody.

        Where people come by a link alone, whoever is not here now is taken at their word.
        """
        present, stand_in = self.colleagues(), person_of(signature)
        shown = {person[:4]: person for person in present if not is_stand_in(person)}
        signed = {name: person for person, name in self.names().items()}
        known = stand_in if stand_in in present or not self.door.knows_people else ""
        return (shown | signed).get(tidy(signature), known)

    def _is_still(self, login: Login, request: Request) -> bool:
        """Is the proxy's user still whoever logged in by it?"""
        if login.origin != ORIGIN:
            return True
        proxy, user = self.door.proxy, self.proxied(request)
        return proxy is not None and bool(user) and proxy.is_of(login, user)


@dataclass(slots=True)
class Failures:
    """How often a login has failed from an address lately, and how long the next answer waits."""

    clock: Callable[[], float] = monotonic
    #: Seconds a failure is remembered.
    memory: float = 3600.0
    _times: dict[str, list[float]] = field(default_factory=dict)

    def note(self, peer: str) -> float:
        """Count one; returns the seconds to wait, twice as long each time and at most eight.

        Nobody is shut out: a whole city shares an address (reliability goals, C5).
        """
        now = self.clock()
        lately = {
            who: [at for at in times if at > now - self.memory]
            for who, times in self._times.items()
        }
        self._times = {who: times for who, times in lately.items() if times}
        times = self._times.setdefault(peer, [])
        times.append(now)
        return float(min(2 ** (len(times) - 1), 16)) / 2


def person_of(signature: str) -> str:
    """The id of whoever came by a link and signs so; no signature stands for the function."""
    signature = tidy(signature)
    return f"stod:{signature}" if signature else PERSON


def _only(request: Request, header: str) -> str:
    """The header's value; empty where it is given twice, as one may be the visitor's own."""
    values = request.headers.getlist(header)
    return values[0].strip() if len(values) == 1 else ""


def token_of(request: Request) -> str:
    """What the browser shows of its login; empty for nothing."""
    return request.cookies.get(host_cookie(request, COOKIE), "")


def write_login(response: Response, request: Request, token: str) -> None:
    """Puts a login in the browser, until it is closed."""
    set_cookie(response, request, COOKIE, token)
