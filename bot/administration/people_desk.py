"""Where colleagues say which organisation somebody belongs to; nobody is shown by name."""

from __future__ import annotations

from bot.administration.faults import Missing, Unsuitable
from bot.administration.logged_store import LoggedStore
from bot.policy import Actor
from intents.picklists import by_code
from storage.people import Person
from storage.records import AuditItem

#: Persons shown at a time.
MOST_SHOWN = 50


class PeopleDesk:
    """Organises the persons of one store, for whoever is allowed to."""

    def __init__(self, kept: LoggedStore) -> None:
        self._kept = kept

    def people(self, actor: Actor, wanted: str = "", after: str = "") -> tuple[Person, ...]:
        """Persons whose id begins so, in the order of their ids, from ``after`` on."""
        actor.require("people.read")
        return self._kept.store.people.known(wanted, after, MOST_SHOWN)

    def organise(self, actor: Actor, person: str, organisation: str) -> None:
        """Say which organisation a person belongs to; empty for none.

        Raises:
            Missing: there is no such person.
            Unsuitable: there is no such organisation.
        """
        # Whoever works with one organisation alone could otherwise move to another.
        actor.require("people.organise", "")
        people = self._kept.store.people
        if [found.id for found in people.known(person, limit=1)] != [person]:
            raise Missing
        lists = self._kept.look().lists(self._kept.today())
        if organisation and by_code(lists["organisations"], organisation) is None:
            raise Unsuitable("no_organisation")
        facts: dict[str, object] = {"organisation": organisation}
        note = AuditItem(actor.id, "people.organise", f"person:{person}", facts)
        self._kept.change(lambda _: people.set_organisation(person, organisation), [note])
