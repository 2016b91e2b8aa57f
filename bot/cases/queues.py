"""The support function's queues: which cases stand in which, and in what order; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.port import CaseQuery, CaseRow, CaseState

OPEN: tuple[CaseState, ...] = ("new", "taken")
#: Queue -> the states of its cases.
STATES: Mapping[str, tuple[CaseState, ...]] = {
    "oppna": OPEN,
    "sena": OPEN,
    "vantar": OPEN,
    "nya": ("new",),
    "mina": ("taken",),
    "stangda": ("closed",),
    "alla": (),
}
QUEUES = tuple(STATES)
#: Queues whose size is shown: a number that only grows says nothing.
COUNTED = tuple(name for name, states in STATES.items() if states and "closed" not in states)
#: Time limit -> days from today within which an answer is due; "utan" is no limit at all.
WITHIN = {"idag": 0, "vecka": 7}
LIMITS = ("", *WITHIN, "utan")
ORDERS = ("bradska", "nyast", "aldst")
#: Who has a case, where nobody does.
NOBODY = "ingen"
_STATE_ORDER = {"new": 0, "taken": 1, "closed": 2}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a handler asked to see; an empty value does not filter."""

    queue: str = QUEUES[0]
    kind: str = ""
    #: Id of a handler, or ``NOBODY``.
    owner: str = ""
    #: Name of an organisation.
    organisation: str = ""
    limit: str = ""
    words: str = ""
    order: str = ORDERS[0]

    @property
    def query(self) -> CaseQuery:
        """What to ask the desk for; ``passes`` sees to the rest."""
        return CaseQuery(STATES[self.queue], self.kind, words=self.words)

    @property
    def narrowed(self) -> bool:
        """Does more than the queue filter?"""
        return any((self.kind, self.owner, self.organisation, self.limit, self.words))


def in_queue(row: CaseRow, queue: str, person: str, today: date) -> bool:
    """Does the case stand in this queue of the person's?"""
    if STATES[queue] and row.state not in STATES[queue]:
        return False
    match queue:
        case "sena":
            return is_late(row, today)
        case "vantar":
            return row.waiting
        case "mina":
            return row.owner == person
    return True


def is_late(row: CaseRow, today: date) -> bool:
    """Was it to be answered before today, and still is?"""
    done = row.answered or row.state == "closed"
    return not done and row.due is not None and row.due < today


def passes(row: CaseRow, wanted: Wanted, person: str, today: date) -> bool:
    """Does the case stand in the wanted queue and pass the filters?"""
    return (
        in_queue(row, wanted.queue, person, today)
        and wanted.owner in ("", row.owner or NOBODY)
        and wanted.organisation in ("", row.organisation)
        and _within(row, wanted.limit, today)
    )


def _within(row: CaseRow, limit: str, today: date) -> bool:
    if limit not in WITHIN:
        return limit != "utan" or row.due is None
    return row.due is not None and row.due <= today + timedelta(days=WITHIN[limit])


def tallies(rows: Iterable[CaseRow], person: str, today: date) -> dict[str, int]:
    """How many open cases stand in each of the counted queues."""
    counts = dict.fromkeys(COUNTED, 0)
    for row in rows:
        for name in COUNTED:
            counts[name] += in_queue(row, name, person, today)
    return counts


def ordered(rows: Iterable[CaseRow], order: str) -> Sequence[CaseRow]:
    """By urgency unless a time is asked for: those whose asker waits, then by day and age."""
    if order in ("nyast", "aldst"):
        return sorted(rows, key=lambda row: row.created, reverse=order == "nyast")
    return sorted(rows, key=_urgency)


def _urgency(row: CaseRow) -> tuple[object, ...]:
    return (
        _STATE_ORDER[row.state] == 2,
        row.answered,
        not row.waiting,
        row.due is None,
        row.due or row.created.date(),
        _STATE_ORDER[row.state],
        row.created,
    )


def holds(words: str, *texts: str) -> bool:
    """Does every one of the words stand in one of the texts? Case does not count."""
    whole = "\n".join(texts).casefold()
    return all(word in whole for word in words.casefold().split())
