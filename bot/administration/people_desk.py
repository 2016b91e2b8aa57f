"""Where colleagues say which organisation somebody belongs to; nobody is shown by name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.administration.administered import LiveAdministered
from bot.administration.faults import Missing, Unsuitable
from bot.policy import Actor
from bot.working_days import stockholm_day
from intents.picklists import by_code
from storage.people import Person
from storage.records import AuditItem
from storage.store import Store

#: Persons shown at a time.
MOST_SHOWN = 50


class PeopleDesk:
    """Organises the persons of one store, for whoever is allowed to."""

    def __init__(
        self, store: Store, administered: LiveAdministered, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._administered = administered
        self._now = now

    def people(self, actor: Actor, wanted: str = "", after: str = "") -> tuple[Person, ...]:
        """Persons whose id begins so, in the order of their ids, from ``after`` on."""
        actor.require("people.read")
        return self._store.people.known(wanted, after, MOST_SHOWN)

    def organise(self, actor: Actor, person: str, organisation: str) -> None:
        """Say which organisation a person belongs to; empty for none.

        Raises:
            Missing: there is no such person.
            Unsuitable: there is no such organisation.
        """
        # Whoever works with one organisation alone could otherwise move to another.
        actor.require("people.organise", "")
        if [found.id for found in self._store.people.known(person, limit=1)] != [person]:
            raise Missing
        now = self._now()
        lists = self._administered.look().lists(stockholm_day(now))
        if organisation and by_code(lists["organisations"], organisation) is None:
            raise Unsuitable("no_organisation")
        facts: dict[str, object] = {"organisation": organisation}
        note = AuditItem(actor.id, "people.organise", f"person:{person}", facts)

        def work() -> None:
            self._store.people.set_organisation(person, organisation)
            self._store.audit.append([note], now)

        self._store.write(work)
