"""What administrators set, as it is stored: with its lines in the log, and in force at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.administration.administered import Administered, LiveAdministered
from bot.working_days import stockholm_day
from storage.records import AuditItem
from storage.store import Store


@dataclass(frozen=True, slots=True)
class LoggedStore:
    """A store that nothing is changed in without a line in its log."""

    store: Store
    administered: LiveAdministered
    now: Callable[[], datetime]

    def look(self) -> Administered:
        """What is set at this very moment."""
        return self.administered.look()

    def today(self) -> date:
        """The day in Stockholm."""
        return stockholm_day(self.now())

    def change(self, work: Callable[[datetime], object], notes: Sequence[AuditItem]) -> None:
        """Do the work, given the moment, and log it; all of it or nothing."""
        at = self.now()

        def logged() -> None:
            work(at)
            self.store.audit.append(notes, at)

        self.store.write(logged)
        self.look()
