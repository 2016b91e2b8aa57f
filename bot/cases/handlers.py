"""Who handles cases: known on a platform by the identity it vouches for, shown by signature."""

from __future__ import annotations

from collections.abc import Callable

from bot.identity import actor_of
from bot.login.admission import GROUP
from bot.login.colleagues import ISSUER as SIGNATURES
from bot.messages import Envelope
from bot.policy import TABLE, Actor
from bot.settings import Settings
from bot.texts import Texts
from storage.people import first_id
from storage.store import Store

NOBODY = Actor("")
#: How the ids of those begin who came by a link, as the function and not as a person.
STAND_IN = "stod"
#: Characters that tell colleagues without a signature apart.
MARK = 4


class Handlers:
    """Finds the roles of whoever presses, and the colleagues a case can be given to."""

    def __init__(self, store: Store, settings: Callable[[], Settings], texts: Texts) -> None:
        self._store = store
        self._settings = settings
        self._texts = texts

    def actor_of(self, envelope: Envelope) -> Actor:
        """Whoever sent the envelope; a guest may do nothing."""
        key = envelope.key
        if envelope.outsider:
            return NOBODY
        return actor_of(self._store, self._settings(), key.issuer, key.person)

    def colleagues(self) -> tuple[str, ...]:
        """Ids of everybody who may have a case, by login or by setting."""
        may = TABLE["case.take"]
        known = [grant.person for grant in self._store.grants.list() if may & set(grant.roles)]
        named = [name for name, roles in self._settings().roles.items()
                 if may & set(roles) and ":" in name and not name.startswith(GROUP)]  # fmt: skip
        return tuple(dict.fromkeys((*known, *map(self._person, named))))

    def may_read_in(self, channel: str) -> bool:
        """Is what people have reported shown in the channel, to a handler who asks for it?"""
        return channel in self._settings().cases_read_in

    def name(self, person: str) -> str:
        """How colleagues call somebody: by signature or a mark, never by name."""
        if not person or person.startswith(STAND_IN):
            return person.partition(":")[2] or self._say("function")
        signature = self._store.people.subjects(SIGNATURES).get(person)
        return signature or self._say("somebody", mark=person[:MARK])

    def _person(self, name: str) -> str:
        """The person behind an identity as the settings write it, such as "slack:T1:U1"."""
        issuer, _, subject = name.rpartition(":")
        found = self._store.people.find(issuer, subject)
        return found.id if found else first_id(issuer, subject)

    def _say(self, key: str, **values: str) -> str:
        return self._texts.render(f"card.{key}", "sv", **values)
