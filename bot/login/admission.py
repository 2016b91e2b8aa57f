"""From who somebody has shown to be, to a person with roles; refused without any."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.errors import HansynError
from bot.identity import actor_of
from bot.policy import Actor, granted
from bot.settings import Settings
from storage.grants import Grant
from storage.records import AuditItem
from storage.store import Store

#: In the settings' table of roles: before the name of a group, and whoever can log in.
GROUP, EVERYBODY = "group:", "*"


class NoRoles(HansynError):
    """The settings give whoever logged in no role."""


@dataclass(frozen=True, slots=True)
class Told:
    """What an identity provider or proxy says of somebody."""

    #: "oidc" or "proxy".
    origin: str
    #: (issuer, subject) as in ``storage.people``; never a name or an e-mail address.
    identity: tuple[str, str]
    #: Groups or app roles.
    groups: tuple[str, ...] = ()
    #: Code of the organisation; None where nothing is said about it.
    organisation: str | None = None


class Admission:
    """Makes persons of those who come, and remembers what they may do."""

    def __init__(self, store: Store, settings: Settings, now: Callable[[], datetime]) -> None:
        self._store = store
        self._settings = settings
        self._now = now

    def admit(self, told: Told) -> Actor:
        """The person with the roles of today; a lost role is lost in every channel.

        Raises:
            NoRoles: there is no role, so nobody gets in.
        """
        person = self._store.people.admit(*told.identity, self._now())
        if told.organisation is not None:
            self._store.people.set_organisation(person, told.organisation)
        self._remember(person, told)
        actor = actor_of(self._store, self._settings, *told.identity)
        if not actor.roles:
            raise NoRoles
        return actor

    def is_of(self, person: str, identity: tuple[str, str]) -> bool:
        """Is this the person behind the identity?"""
        found = self._store.people.find(*identity)
        return found is not None and found.id == person

    def _remember(self, person: str, told: Told) -> None:
        table = self._settings.roles
        groups = (EVERYBODY, *(f"{GROUP}{name}" for name in told.groups))
        names = {name for group in groups for name in table.get(group, ())}
        roles, units = granted(names, told.organisation or "")
        if not roles and self._store.grants.find(person) is None:
            return
        grant = Grant(person, tuple(sorted(roles)), units, told.origin, self._now())
        if self._store.grants.save(grant):
            facts: dict[str, object] = {
                "roles": list(grant.roles),
                "units": None if units is None else sorted(units),
            }
            note = AuditItem(told.origin, "roles", f"person:{person}", facts)
            self._store.audit.append([note], self._now())
