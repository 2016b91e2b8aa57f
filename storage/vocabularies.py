"""Vocabularies and policy values: rows valid between two days, edited by administrators.

Renaming closes a row and begins another under the same code, so an old record still shows the
name of its time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, func, insert, or_, select, update

from storage.columns import storable
from storage.counters import SETTINGS, counter, lock_counter, raise_counter
from storage.engine import Database, T, Work
from storage.model import PolicyValue, Term
from storage.schema import policy_values, terms

#: Stands for "since always", as a key column cannot be empty.
ALWAYS = date(1, 1, 1)


class Vocabularies:
    """Reads and edits vocabularies."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def settings_version(self) -> int:
        """Rises with every change of a vocabulary or policy value; cheap to poll."""
        return self._database.read(lambda connection: counter(connection, SETTINGS))

    def names(self) -> tuple[str, ...]:
        """The vocabularies there are."""
        query = select(terms.c.vocabulary).distinct().order_by(terms.c.vocabulary)
        return self._database.read(lambda connection: tuple(connection.scalars(query)))

    def terms(self, vocabulary: str, at: date | None = None) -> tuple[Term, ...]:
        """The rows valid on a day, or of all times, by name."""
        query = select(terms).where(terms.c.vocabulary == vocabulary)
        if at is not None:
            valid = or_(terms.c.valid_to.is_(None), terms.c.valid_to >= at)
            query = query.where(terms.c.valid_from <= at, valid)
        query = query.order_by(terms.c.name, terms.c.code, terms.c.valid_from)
        rows = self._database.read(lambda connection: connection.execute(query).all())
        return tuple(map(_to_term, rows))

    def all_terms(self) -> dict[str, tuple[Term, ...]]:
        """Every row of every vocabulary, those of one code in the order of their days."""
        query = select(terms).order_by(terms.c.vocabulary, terms.c.code, terms.c.valid_from)
        found: dict[str, tuple[Term, ...]] = {}
        for row in self._database.read(lambda connection: connection.execute(query).all()):
            found[row.vocabulary] = (*found.get(row.vocabulary, ()), _to_term(row))
        return found

    def sync_vocabulary(self, vocabulary: str, rows: Iterable[Term]) -> int:
        """Take in the rows this release ships and return how many changed something.

        A code an administrator has touched is left alone, and no row is deleted.
        """
        shipped = tuple(rows)
        # Most starts change nothing, and must not wait for whoever is writing.
        if not self._database.read(lambda connection: _news(connection, vocabulary, shipped)):
            return 0

        def work(connection: Connection) -> int:
            news = _news(connection, vocabulary, shipped)
            for term in news:
                marks = {"origin": "shipped", "shipped_hash": _hash(term)}
                _save(connection, vocabulary, term, marks)
            if news:
                raise_counter(connection, SETTINGS)
            return len(news)

        return self._locked(work)

    def save_terms(self, changed: Mapping[str, Iterable[Term]]) -> int:
        """Add rows, or replace those with the same code and first day, in one transaction.

        Returns the new version.
        """

        def work(connection: Connection) -> int:
            for vocabulary, rows in changed.items():
                for term in rows:
                    _save(connection, vocabulary, term, {"origin": "local"})
            return raise_counter(connection, SETTINGS)

        return self._locked(work)

    def _locked(self, work: Work[T]) -> T:
        def locked(connection: Connection) -> T:
            lock_counter(connection, SETTINGS)
            return work(connection)

        return self._database.write(locked)


_IN_FORCE = (
    select(policy_values)
    .where(policy_values.c.valid_from <= bindparam("in_day"))
    # Of two decisions for one day the later stored one counts.
    .order_by(policy_values.c.valid_from, policy_values.c.id)
)


class Policies:
    """How the support function reads what the rule leaves open, with each decision's source."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def values(self, at: date) -> dict[str, PolicyValue]:
        """The value of each key in force on a day."""
        rows = self._database.read(lambda c: c.execute(_IN_FORCE, {"in_day": at}).all())
        return {row.key: _to_policy(row) for row in rows}

    def decisions(self) -> tuple[PolicyValue, ...]:
        """Every decision on every key; of two on one key and day the later stored one is last."""
        query = select(policy_values).order_by(policy_values.c.valid_from, policy_values.c.id)
        rows = self._database.read(lambda connection: connection.execute(query).all())
        return tuple(map(_to_policy, rows))

    def history(self, key: str) -> tuple[PolicyValue, ...]:
        """Every decision on a key, in the order they were stored."""
        query = select(policy_values).where(policy_values.c.key == key)
        query = query.order_by(policy_values.c.id)
        rows = self._database.read(lambda connection: connection.execute(query).all())
        return tuple(map(_to_policy, rows))

    def version(self, at: date) -> str:
        """Names the set of values in force on a day; a screening keeps it."""
        query = select(func.max(policy_values.c.id)).where(policy_values.c.valid_from <= at)
        return str(self._database.read(lambda connection: connection.scalar(query)) or 0)

    def decide(self, value: PolicyValue, at: datetime) -> None:
        """Store a decision; it never replaces an earlier one, only follows it."""
        self.decide_all((value,), at)

    def decide_all(self, values: Iterable[PolicyValue], at: datetime) -> None:
        """Store several decisions in one transaction."""
        rows = [asdict(value) | {"stored_at": at} for value in values]

        def work(connection: Connection) -> None:
            lock_counter(connection, SETTINGS)
            connection.execute(insert(policy_values), rows)
            raise_counter(connection, SETTINGS)

        self._database.write(work)


def _news(connection: Connection, vocabulary: str, shipped: tuple[Term, ...]) -> list[Term]:
    """The shipped rows that are not stored as they are shipped now."""
    query = select(terms.c.code, terms.c.valid_from, terms.c.origin, terms.c.shipped_hash)
    stored = connection.execute(query.where(terms.c.vocabulary == vocabulary)).all()
    touched = {row.code for row in stored if row.origin == "local"}
    known = {(row.code, row.valid_from): row.shipped_hash for row in stored}
    return [
        term
        for term in shipped
        if term.code not in touched
        and known.get((term.code, term.valid_from or ALWAYS)) != _hash(term)
    ]


def _save(connection: Connection, vocabulary: str, term: Term, marks: dict[str, str]) -> None:
    row = asdict(term) | marks
    row["valid_from"] = term.valid_from or ALWAYS
    if not connection.execute(update(terms).where(_is(vocabulary, term)).values(row)).rowcount:
        row = {"shipped_hash": "", **row, "vocabulary": vocabulary}
        connection.execute(insert(terms), row)


def _is(vocabulary: str, term: Term) -> Any:
    return and_(
        terms.c.vocabulary == vocabulary,
        terms.c.code == term.code,
        terms.c.valid_from == (term.valid_from or ALWAYS),
    )


def _hash(term: Term) -> str:
    text = json.dumps(asdict(term), ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(storable(text).encode()).hexdigest()


def _to_term(row: Row[Any]) -> Term:
    valid_from = None if row.valid_from == ALWAYS else row.valid_from
    synonyms = tuple(row.synonyms)
    return Term(row.code, row.name, synonyms, valid_from, row.valid_to, row.successor, row.meta)


def _to_policy(row: Row[Any]) -> PolicyValue:
    return PolicyValue(row.key, row.value, row.decided_by, row.source, row.valid_from)
