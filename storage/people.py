"""Who writes from where: a person has one identity per channel, joined by one-time codes.

An identity is (issuer, subject): a channel with its tenant, and the platform's stable id there.
Names and addresses of people are never stored.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from storage.engine import Database, insert_new
from storage.errors import StaleConversation
from storage.records import Facts, LinkIdentity, NewLinkCode, UnlinkIdentity
from storage.schema import addresses, identities, link_codes, people

_MINE = (identities.c.issuer == bindparam("in_issuer"),
         identities.c.subject == bindparam("in_subject"))  # fmt: skip
_FIND = select(people.c.id, people.c.organisation).join_from(identities, people).where(*_MINE)
_LINKED = (
    select(identities.c.issuer, identities.c.subject)
    .where(identities.c.person == bindparam("in_person"))
    .order_by(identities.c.linked_at, identities.c.issuer)
)
_ADDRESS = bindparam("new_address", type_=addresses.c.address.type)
# A row that says the same is not written again: most messages come from the same place.
_MOVE = (
    update(addresses)
    .where(addresses.c.conversation_key == bindparam("in_key"), addresses.c.address != _ADDRESS)
    .values(address=_ADDRESS, updated_at=bindparam("new_at", type_=addresses.c.updated_at.type))
)
_NEW_ADDRESS = insert_new(addresses)
# Who unlinked once and comes back is the same person again.
_NEW_PERSON = insert_new(people)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is known in at least one channel."""

    #: From ``first_id``; says nothing about who it is.
    id: str
    #: Code of the organisation the person belongs to; empty where nobody has said.
    organisation: str
    #: (issuer, subject) of every channel linked, in the order linked.
    identities: tuple[tuple[str, str], ...] = ()


def digest(code: str) -> str:
    """What is stored of a one-time code."""
    return hashlib.sha256(code.encode()).hexdigest()


def first_id(issuer: str, subject: str) -> str:
    """The id of the person an identity makes when it is the first of its person."""
    return hashlib.sha256(f"{issuer}|{subject}".encode()).hexdigest()[:16]


class People:
    """Finds persons and the addresses of conversations; turns add the rows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, issuer: str, subject: str) -> Person | None:
        """The person behind an identity; None when it is linked to nobody."""
        return self._database.read(lambda c: _person(c, issuer, subject))

    def code_is_good(self, code_digest: str, now: datetime) -> bool:
        """Is the code known, unused and in time?"""
        usable = select(link_codes.c.digest).where(*_usable(code_digest, now))
        return self._database.read(lambda c: c.scalar(usable)) is not None

    def admit(self, issuer: str, subject: str, at: datetime) -> str:
        """The id of the person behind an identity, who is made when there is none."""
        return self._database.write(lambda c: _person_id(c, issuer, subject, at))

    def join(self, issuer: str, subject: str, person: str, at: datetime) -> None:
        """Let an identity be the person's, whosever it was."""

        def work(connection: Connection) -> None:
            _forget(connection, issuer, subject)
            _identify(connection, (issuer, subject), person, at)

        self._database.write(work)

    def part(self, issuer: str, subject: str) -> None:
        """Let an identity belong to nobody."""
        self._database.write(lambda c: _forget(c, issuer, subject))

    def sign(self, person: str, issuer: str, subject: str, at: datetime) -> None:
        """Let this be the person's one identity of the issuer."""

        def work(connection: Connection) -> None:
            mine = (identities.c.issuer == issuer, identities.c.person == person)
            connection.execute(delete(identities).where(*mine))
            _identify(connection, (issuer, subject), person, at)

        self._database.write(work)

    def subjects(self, issuer: str) -> dict[str, str]:
        """Person -> subject, of everybody with an identity of this issuer."""
        query = select(identities.c.person, identities.c.subject).where(
            identities.c.issuer == issuer
        )
        rows = self._database.read(lambda c: c.execute(query).all())
        return {row.person: row.subject for row in rows}

    def add_code(self, code_digest: str, person: str, expires_at: datetime) -> None:
        """Store a one-time code of a known person outside a turn."""
        row = {"digest": code_digest, "person": person, "expires_at": expires_at}
        self._database.write(lambda c: c.execute(insert(link_codes), row))

    def use_code(self, code_digest: str, now: datetime) -> bool:
        """Use up a code; False when it is unknown, used or too old."""
        used = update(link_codes).where(*_usable(code_digest, now)).values(used_at=now)
        return self._database.write(lambda c: c.execute(used).rowcount) == 1

    def set_organisation(self, person: str, organisation: str) -> None:
        """Note which organisation a person belongs to, as a directory or a colleague says."""
        change = update(people).where(people.c.id == person).values(organisation=organisation)
        self._database.write(lambda c: c.execute(change))

    def known(self, start: str = "", after: str = "", limit: int = 50) -> tuple[Person, ...]:
        """Persons whose id begins so, in the order of their ids, from ``after`` on."""
        query = select(people.c.id, people.c.organisation).where(people.c.id > after)
        query = query.where(people.c.id.startswith(start, autoescape=True))
        query = query.order_by(people.c.id).limit(limit)

        def work(connection: Connection) -> tuple[Person, ...]:
            rows = connection.execute(query).all()
            return tuple(_with_identities(connection, row.id, row.organisation) for row in rows)

        return self._database.read(work)

    def address(self, conversation_key: str) -> Facts | None:
        """Where the conversation was last reached, as its channel wrote it; None if unknown."""
        query = select(addresses.c.address).where(addresses.c.conversation_key == conversation_key)
        found: Facts | None = self._database.read(lambda c: c.scalar(query))
        return found

    def address_like(self, key_start: str) -> Facts | None:
        """The latest address of a conversation whose key begins so; None if there is none."""
        begins = addresses.c.conversation_key.startswith(key_start, autoescape=True)
        latest = select(addresses.c.address).where(begins).order_by(addresses.c.updated_at.desc())
        found: Facts | None = self._database.read(lambda c: c.scalar(latest.limit(1)))
        return found

    def purge_codes(self, before: datetime) -> int:
        """Delete codes that ran out earlier."""
        old = delete(link_codes).where(link_codes.c.expires_at < before)
        return self._database.write(lambda c: c.execute(old).rowcount)


def save_address(connection: Connection, key: str, address: Facts, at: datetime) -> None:
    """Remember where a conversation is reached; the latest address counts."""
    moved = {"in_key": key, "new_address": address, "new_at": at}
    if not connection.execute(_MOVE, moved).rowcount:
        row = {"conversation_key": key, "address": address, "updated_at": at}
        connection.execute(_NEW_ADDRESS[connection.dialect.name], row)


def save_code(connection: Connection, code: NewLinkCode, at: datetime) -> None:
    """Store a one-time code for the identity's person, who is made when there is none."""
    person = _person_id(connection, code.issuer, code.subject, at)
    row = {"digest": code.digest, "person": person, "expires_at": code.expires_at}
    connection.execute(insert(link_codes), row)


def save_link(connection: Connection, link: LinkIdentity, at: datetime) -> None:
    """Join the identity to the person who made the code.

    Raises ``StaleConversation`` when the code was used or ran out meanwhile, so that the turn is
    decided again and the person is told.
    """
    used = update(link_codes).where(*_usable(link.digest, at)).values(used_at=at)
    person = connection.scalar(used.returning(link_codes.c.person))
    if person is None:
        raise StaleConversation
    _forget(connection, link.issuer, link.subject)
    _identify(connection, (link.issuer, link.subject), person, at)


def forget_link(connection: Connection, link: UnlinkIdentity) -> None:
    """Let an identity belong to nobody."""
    _forget(connection, link.issuer, link.subject)


def _forget(connection: Connection, issuer: str, subject: str) -> None:
    mine = (identities.c.issuer == issuer, identities.c.subject == subject)
    connection.execute(delete(identities).where(*mine))


def _usable(code_digest: str, now: datetime) -> tuple[Any, ...]:
    return (
        link_codes.c.digest == code_digest,
        link_codes.c.used_at.is_(None),
        link_codes.c.expires_at > now,
    )


def _person(connection: Connection, issuer: str, subject: str) -> Person | None:
    row = connection.execute(_FIND, {"in_issuer": issuer, "in_subject": subject}).first()
    if row is None:
        return None
    return _with_identities(connection, row.id, row.organisation)


def _with_identities(connection: Connection, person: str, organisation: str) -> Person:
    known = connection.execute(_LINKED, {"in_person": person}).all()
    return Person(person, organisation, tuple((each[0], each[1]) for each in known))


def _person_id(connection: Connection, issuer: str, subject: str, at: datetime) -> str:
    known = _person(connection, issuer, subject)
    if known is not None:
        return known.id
    person = first_id(issuer, subject)
    connection.execute(
        _NEW_PERSON[connection.dialect.name], {"id": person, "organisation": "", "created_at": at}
    )
    _identify(connection, (issuer, subject), person, at)
    return person


def _identify(connection: Connection, identity: tuple[str, str], person: str, at: datetime) -> None:
    issuer, subject = identity
    row = {"issuer": issuer, "subject": subject, "person": person, "linked_at": at}
    connection.execute(insert(identities), row)
