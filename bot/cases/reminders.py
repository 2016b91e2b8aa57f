"""What the support function is told on working days: what is due, and what is new since yesterday.

A reminder names case, reason and deadline, once a day while the case waits for an answer. The
digest comes every working day, also with nothing in it, so that its absence shows a dead channel.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.cases.alerts import AT_ONCE, Alerts
from bot.cases.letters import EVENTS
from bot.texts import Texts
from bot.working_days import after_working_days, is_working_day
from storage.model import Case, CaseFilter
from storage.records import OutboxItem
from storage.store import Store

STOCKHOLM = ZoneInfo("Europe/Stockholm")
OPENS, CLOSES = time(8), time(17)
ANSWERED = set(EVENTS.values())


def reminder_key(number: str) -> str:
    """How the keys of a case's reminders begin."""
    return f"case_due:{number}:"


def in_working_hours(now: datetime) -> bool:
    """Is somebody at work in Sweden?"""
    local = now.astimezone(STOCKHOLM)
    return is_working_day(local.date()) and OPENS <= local.time() < CLOSES


def is_due(case: Case, today: date) -> bool:
    """Is it open, and to be answered by the next working day at the latest?"""
    waits = case.state != "closed" and not case.withdrawn and case.due_on is not None
    return waits and case.due_on is not None and case.due_on <= after_working_days(today, 1)


def since_last_morning(now: datetime) -> datetime:
    """When the working day before began."""
    day = now.astimezone(STOCKHOLM).date() - timedelta(days=1)
    while not is_working_day(day):
        day -= timedelta(days=1)
    return datetime.combine(day, OPENS, STOCKHOLM)


class Reminders:
    """Queues the day's reminders and digest; doing it again the same day adds nothing."""

    def __init__(self, store: Store, alerts: Alerts, texts: Texts) -> None:
        self._store = store
        self._alerts = alerts
        self._texts = texts

    def run(self, now: datetime) -> None:
        """What is to be told now; nothing outside working hours."""
        if in_working_hours(now):
            today = now.astimezone(STOCKHOLM).date()
            open_cases = self._store.cases.list(CaseFilter(states=("new", "taken")))
            items = [*self._reminders(open_cases, today), *self._digest(open_cases, now)]
            self._store.outbox.add(items, now)

    def _reminders(self, cases: Sequence[Case], today: date) -> Iterator[OutboxItem]:
        for case in cases:
            if is_due(case, today) and not self._is_answered(case):
                reason = "late" if case.due_on and case.due_on < today else "soon"
                line = self._say(f"alert.due_{reason}", kind=self._kind(case.kind))
                payload = self._alerts.payload("case_due", case.number, line, case.due_on)
                yield from self._alerts.items(f"{reminder_key(case.number)}{today}", payload)

    def _is_answered(self, case: Case) -> bool:
        return any(event.kind in ANSWERED for event in self._store.cases.events(case.number))

    def _digest(self, cases: Sequence[Case], now: datetime) -> Iterator[OutboxItem]:
        """To the places outside alone, and the new cases' cards: the page shows them anyway."""
        # Midnight to morning belongs to the digest after it: the day's first run makes the row.
        this_morning = datetime.combine(now.astimezone(STOCKHOLM).date(), OPENS, STOCKHOLM)
        fresh = [c for c in cases if since_last_morning(now) <= c.created_at < this_morning]
        untold = [case for case in fresh if case.kind not in AT_ONCE]
        told = Counter(case.kind for case in untold)
        words = [f"{count} {self._kind(kind)}" for kind, count in sorted(told.items())]
        line = " · ".join(words) or self._say("alert.nothing_new")
        due = min((case.due_on for case in cases if case.due_on), default=None)
        title = self._say("alert.digest_title")
        payload = {**self._alerts.payload("digest", title, line, due), "link": self._link()}
        for place in self._alerts.places():
            name = f"digest:{this_morning.date()}:{place}"
            yield OutboxItem(name, place, "digest", payload)
        for case in untold:
            yield from self._alerts.cards(case.number)

    def _link(self) -> str:
        return self._alerts.link("/stod")

    def _kind(self, kind: str) -> str:
        return self._say(f"alert.kind.{kind}")

    def _say(self, key: str, **values: str) -> str:
        return self._texts.render(key, "sv", **values)
