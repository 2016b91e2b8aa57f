"""Yearly reports that have not come: a case per flagged organisation, closed when the report comes.

A year is over on 31 December, and organisations with the year-round flag report all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.administration.administered import Lists
from bot.administration.retention import SYSTEM
from bot.cases.reminders import in_working_hours, reminder_key
from bot.working_days import after_working_days
from storage.errors import CaseTaken
from storage.model import Case, CaseFilter
from storage.records import AuditItem, NewCase
from storage.store import Store

STOCKHOLM = ZoneInfo("Europe/Stockholm")
MISSING, REPORT = "annual_missing", "deviation_annual"


class AlreadyFiled(Exception):
    """Another server was quicker; nothing is stored."""


class AnnualMissing:
    """Compares who is to report with who has; doing it again adds nothing."""

    def __init__(
        self, store: Store, lists: Callable[[date], Lists], answer_days: Callable[[], int]
    ) -> None:
        self._store = store
        self._lists = lists
        self._answer_days = answer_days

    def run(self, now: datetime) -> None:
        """Looks at the year before this one, in working hours."""
        if not in_working_hours(now):
            return
        today = now.astimezone(STOCKHOLM).date()
        year = today.year - 1
        known = self._cases(MISSING, year)
        reported = {c.organisation for c in self._cases(REPORT, year) if not c.withdrawn}
        for code in self._flagged(year):
            if code not in reported and all(case.organisation != code for case in known):
                self._file(code, year, now)
        for case in known:
            if case.organisation in reported and case.state != "closed":
                self._close(case, now)

    def _close(self, case: Case, now: datetime) -> None:
        try:
            self._store.cases.close(case.number, SYSTEM, now, owner=case.owner_person)
        except CaseTaken:  # somebody did something with it just now: next time, if it is open
            return
        self._store.outbox.cancel_all(reminder_key(case.number))

    def _flagged(self, year: int) -> Iterator[str]:
        for term in self._lists(date(year, 12, 31)).get("organisations", ()):
            if term.year_round:
                yield term.code

    def _cases(self, kind: str, year: int) -> tuple[Case, ...]:
        return self._store.cases.list(CaseFilter(kinds=(kind,), year=year))

    def _file(self, code: str, year: int, now: datetime) -> None:
        today = now.astimezone(STOCKHOLM).date()

        def work() -> None:
            # The log lets one server in at a time, so that two cannot both find nothing.
            entry = AuditItem(SYSTEM, "file", f"organisation:{code}", {"missing": year})
            self._store.audit.append([entry], now)
            if any(case.organisation == code for case in self._cases(MISSING, year)):
                raise AlreadyFiled
            self._store.cases.file(
                NewCase(
                    self._store.reserve_number(MISSING, today.year),
                    MISSING,
                    {"organisation": code, "year": year},
                    year,
                    organisation=code,
                    period_from=date(year, 1, 1),
                    period_to=date(year, 12, 31),
                    # Shown as the form it is about.
                    form_version=f"{REPORT}-1",
                    submitted_by=SYSTEM,
                    owner_role="stödfunktionen",
                    due_on=after_working_days(today, self._answer_days()),
                ),
                now,
            )

        try:
            self._store.write(work)
        except AlreadyFiled:
            return
