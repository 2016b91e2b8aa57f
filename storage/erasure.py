"""What is kept of one person: erased on request, but for the cases that are public records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    literal,
    not_,
    or_,
    select,
    type_coerce,
)

from storage.columns import Words
from storage.engine import Database
from storage.retention import Rule, count_rows
from storage.schema import (
    addresses,
    answers,
    attachments,
    case_versions,
    cases,
    conversations,
    grants,
    identities,
    inbox,
    link_codes,
    logins,
    outbox,
    people,
    screenings,
)


@dataclass(frozen=True, slots=True)
class Traces:
    """Where a person is found."""

    #: (issuer, subject) of each channel.
    identities: tuple[tuple[str, str], ...]
    #: (start, end) of the keys of their conversations, one per identity.
    ends: tuple[tuple[str, str], ...]
    #: Ids they have, or would have, among the people.
    people: tuple[str, ...]
    #: Keys of the drafts they have in common in all channels.
    common: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeptCase:
    """A case that stays, since it is a public record."""

    number: str
    kind: str
    state: str
    created_at: datetime


class Erasure:
    """Finds and erases what is kept of a person."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def cases(self, traces: Traces) -> tuple[KeptCase, ...]:
        """The cases they have filed or are the asker of, oldest first."""
        filed = select(case_versions.c.number).where(_theirs(case_versions.c.submitted_by, traces))
        own = or_(_theirs(cases.c.conversation_key, traces), cases.c.number.in_(filed))
        columns = (cases.c.number, cases.c.kind, cases.c.state, cases.c.created_at)
        query = select(*columns).where(own).order_by(cases.c.created_at, cases.c.number)
        rows = self._database.read(lambda connection: connection.execute(query).all())
        return tuple(KeptCase(**row._mapping) for row in rows)

    def count(self, traces: Traces) -> dict[str, int]:
        """Rows that would be erased, by kind."""
        found = _rules(traces)
        return self._database.read(lambda c: {rule.name: count_rows(c, rule) for rule in found})

    def run(self, traces: Traces) -> dict[str, int]:
        """Erases them, all or none; returns rows by kind."""
        found = _rules(traces)
        erased = self._database.write(lambda c: {rule.name: _erase(c, rule) for rule in found})
        self._database.truncate_log()
        return erased


def _rules(traces: Traces) -> Sequence[Rule]:
    """In an order that foreign keys allow."""
    return tuple(_spoken(traces)) + tuple(_known(traces))


def _spoken(traces: Traces) -> Iterator[Rule]:
    nobodys = {"conversation_key": ""}
    loose = and_(_theirs(attachments.c.conversation_key, traces), attachments.c.number == "")
    drafts = conversations.c.key.in_(traces.common)
    bound = or_(_theirs(outbox.c.conversation_key, traces), _bound_for(traces))
    yield Rule("messages", inbox, _theirs(inbox.c.conversation_key, traces))
    yield Rule("conversations", conversations, or_(_theirs(conversations.c.key, traces), drafts))
    yield Rule("files", attachments, loose)
    yield Rule("waiting", outbox, bound)
    yield Rule("answers", answers, _theirs(answers.c.conversation_key, traces), nobodys)
    yield Rule("screenings", screenings, _theirs(screenings.c.conversation_key, traces), nobodys)
    yield Rule("addresses", addresses, _theirs(addresses.c.conversation_key, traces))


def _known(traces: Traces) -> Iterator[Rule]:
    same = or_(
        *(
            and_(identities.c.issuer == issuer, identities.c.subject == subject)
            for issuer, subject in traces.identities
        )
    )
    yield Rule("codes", link_codes, link_codes.c.person.in_(traces.people))
    yield Rule("logins", logins, logins.c.person.in_(traces.people))
    yield Rule("roles", grants, grants.c.person.in_(traces.people))
    yield Rule("identities", identities, same)
    # Somebody who has unlinked a channel may go on in another under the same id.
    alone = people.c.id.not_in(select(identities.c.person).where(not_(same)))
    yield Rule("people", people, and_(people.c.id.in_(traces.people), alone))


def _theirs(key: ColumnElement[str], traces: Traces) -> ColumnElement[bool]:
    return or_(
        *(
            and_(key.startswith(start, autoescape=True), key.endswith(end, autoescape=True))
            for start, end in traces.ends
        )
    )


def _bound_for(traces: Traces) -> ColumnElement[bool]:
    """Letters and reminders carry the conversation they go to in their payload."""
    payload = type_coerce(outbox.c.payload, Words)
    return or_(
        *(
            and_(
                payload.contains(f'"key":"{start}', autoescape=True),
                payload.contains(f'{end}"', autoescape=True),
            )
            for start, end in traces.ends
        ),
        literal(False),
    )


def _erase(connection: Connection, rule: Rule) -> int:
    return connection.execute(rule.change.where(rule.condition)).rowcount
