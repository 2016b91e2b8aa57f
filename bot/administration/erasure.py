"""A person asks to be forgotten: what goes, and what stays because the law keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.ownership import ends_of
from bot.turn import person_key
from storage.erasure import KeptCase, Traces
from storage.people import first_id
from storage.records import AuditItem
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Erased:
    """What came, or would come, of a request."""

    #: Rows by kind.
    rows: dict[str, int]
    kept: tuple[KeptCase, ...]
    #: How many channels of the person were found, the one asked for included.
    channels: int


def traces_of(store: Store, issuer: str, subject: str) -> Traces:
    """Everywhere somebody is found, from one of their channels: all that are linked to it."""
    person = store.people.find(issuer, subject)
    linked = person.identities if person else ((issuer, subject),)
    ids = {first_id(*each) for each in linked} | ({person.id} if person else set())
    return Traces(
        identities=linked,
        ends=tuple(ends_of(*each) for each in linked),
        people=tuple(sorted(ids)),
        common=tuple(person_key(each) for each in sorted(ids)),
    )


def find_traces(store: Store, issuer: str, subject: str) -> Erased:
    """What would go and what would stay."""
    traces = traces_of(store, issuer, subject)
    rows, kept = store.erasure.count(traces), store.erasure.cases(traces)
    return Erased(rows, kept, len(traces.identities))


def erase(store: Store, identity: tuple[str, str], actor: str, now: datetime) -> Erased:
    """Erases it; the audit log notes that it was done, under an id that names nobody."""
    traces = traces_of(store, *identity)
    kept = store.erasure.cases(traces)
    rows = store.erasure.run(traces)
    noted: dict[str, object] = {**rows, "kept_cases": len(kept)}
    store.audit.append([AuditItem(actor, "erase", f"person:{first_id(*identity)}", noted)], now)
    return Erased(rows, kept, len(traces.identities))
