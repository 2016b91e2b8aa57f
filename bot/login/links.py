"""The one-time link: the first way in, and the way back when no other works."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.policy import ROLES, Actor, Forbidden
from storage.people import digest
from storage.records import AuditItem
from storage.store import Store

#: Time enough to copy it out of a log.
VALID = timedelta(hours=24)
#: Nobody in particular; keeps a link's digest apart from codes that join channels.
ISSUER, SUBJECT, PURPOSE = "link", "stodfunktionen", "login:"
#: Ways in that make the link superfluous once they have worked.
OTHERS = ("oidc", "proxy")


class Links:
    """Makes links that work once, on every server."""

    def __init__(self, store: Store, now: Callable[[], datetime], wanted: bool | None) -> None:
        self._store = store
        self._now = now
        self._wanted = wanted

    @property
    def open(self) -> bool:
        """Is the link a way in: as the settings say, or until another way has worked."""
        if self._wanted is not None:
            return self._wanted
        return not self._store.grants.any_from(*OTHERS)

    def make(self, actor: Actor) -> str:
        """A new token; whoever uses it has every role, so only such may give it out."""
        actor.require("login.invite")
        if not actor.roles >= set(ROLES):
            raise Forbidden
        token, now = secrets.token_urlsafe(32), self._now()
        self._store.audit.append([AuditItem(actor.id, "login.invite", "link")], now)
        person = self._store.people.admit(ISSUER, SUBJECT, now)
        self._store.people.add_code(digest(PURPOSE + token), person, now + VALID)
        return token

    def use(self, token: str) -> bool:
        """Use up a token; False when it is none, or the link is no way in."""
        return self.open and self._store.people.use_code(digest(PURPOSE + token), self._now())


def link_path(token: str) -> str:
    """The page that takes a one-time token."""
    return f"/stod/oppna?nyckel={token}"
