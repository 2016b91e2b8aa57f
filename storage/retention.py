"""What is forgotten when: one rule a table, run in short transactions or only counted.

Cases, their versions, history and files are in no rule: they are public records. Nor is anything
that an open case, a draft or a message on its way still needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    delete,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    tuple_,
    type_coerce,
    update,
)

from storage.columns import Words
from storage.engine import Database
from storage.schema import addresses, answers, cases, conversations, inbox, outbox, screenings

#: Rows of one transaction: so few that a turn hardly waits for it.
BATCH = 500


@dataclass(frozen=True, slots=True)
class Limits:
    """What is older than these moments is forgotten."""

    messages: datetime
    sent: datetime
    given_up: datetime
    #: Answers and screenings stay, without whose they were.
    answers: datetime
    #: Keys of the conversations somebody has a draft in.
    drafts: frozenset[str] = frozenset()
    #: Rooms that get alerts, as the platform names them.
    rooms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows of a table that go, or lose what is named in ``blank``."""

    name: str
    table: Table
    condition: ColumnElement[bool]
    blank: Mapping[str, str] | None = None

    @property
    def change(self) -> Any:
        """What is done to the rows, still without saying to which."""
        return update(self.table).values(self.blank) if self.blank else delete(self.table)


def count_rows(connection: Connection, rule: Rule) -> int:
    """How many rows the rule is about."""
    query = select(func.count()).select_from(rule.table).where(rule.condition)
    return connection.scalar(query) or 0


class Retention:
    """Forgets what nobody needs any longer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def count(self, limits: Limits) -> dict[str, int]:
        """Rows each rule would forget, by its name."""
        return self._database.read(
            lambda connection: {r.name: count_rows(connection, r) for r in rules(limits)}
        )

    def run(self, limits: Limits) -> dict[str, int]:
        """Forgets; returns how many rows, by rule. Twice does no more than once."""
        return {rule.name: self._forget(rule) for rule in rules(limits)}

    def _forget(self, rule: Rule) -> int:
        forgotten = 0
        while some := self._database.write(partial(_forget_some, rule=rule)):
            forgotten += some
        return forgotten


def rules(limits: Limits) -> tuple[Rule, ...]:
    """Every rule, in the order they are to run."""
    old = _free(inbox.c.conversation_key, limits) & (inbox.c.received_at < limits.messages)
    idle = _free(conversations.c.key, limits) & (conversations.c.last_at < limits.messages)
    settled = not_(_about_an_open_case())
    sent = and_(outbox.c.status == "sent", outbox.c.sent_at < limits.sent, settled)
    dead = and_(outbox.c.status == "dead", outbox.c.created_at < limits.given_up, settled)
    nobodys = {"conversation_key": ""}
    named = and_(answers.c.conversation_key != "", answers.c.at < limits.answers)
    # What became a case stays tied to it, so that a changed rule can be told to whoever asked.
    tried = and_(
        screenings.c.conversation_key != "",
        screenings.c.case_number == "",
        screenings.c.at < limits.answers,
    )
    return (
        Rule("messages", inbox, old),
        Rule("conversations", conversations, idle),
        Rule("sent", outbox, sent),
        Rule("given_up", outbox, dead),
        Rule("answers", answers, named, nobodys),
        Rule("screenings", screenings, tried, nobodys),
        Rule("addresses", addresses, _unused(limits, (old, idle, named, tried))),
    )


def _free(key: ColumnElement[str], limits: Limits) -> ColumnElement[bool]:
    """Is a conversation without open case, draft and message on its way?"""
    open_cases = select(cases.c.conversation_key).where(cases.c.state != "closed")
    waiting = select(outbox.c.conversation_key).where(outbox.c.status != "sent")
    return and_(key.not_in(limits.drafts), key.not_in(open_cases), key.not_in(waiting))


def _about_an_open_case() -> ColumnElement[bool]:
    """Is a message about a case somebody works on? Its delivery is shown there."""
    payload = type_coerce(outbox.c.payload, Words)
    number = literal('"number":"') + cases.c.number + '"'
    return exists().where(cases.c.state != "closed", payload.contains(number))


def _unused(limits: Limits, gone: tuple[ColumnElement[bool], ...]) -> ColumnElement[bool]:
    """An address no row that stays leads to, of a room that gets no alerts.

    A case that is closed can be reopened, and its asker must then be reached.
    """
    key = addresses.c.conversation_key
    old, idle, named, tried = gone
    kept = (
        select(cases.c.conversation_key),
        select(inbox.c.conversation_key).where(not_(old)),
        select(conversations.c.key).where(not_(idle)),
        select(answers.c.conversation_key).where(not_(named)),
        select(screenings.c.conversation_key).where(not_(tried)),
    )
    rooms = (key.contains(f"|{room}|", autoescape=True) for room in limits.rooms)
    return and_(
        addresses.c.updated_at < limits.messages,
        _free(key, limits),
        *(key.not_in(query) for query in kept),
        not_(or_(literal(False), *rooms)),
    )


def _forget_some(connection: Connection, rule: Rule) -> int:
    key = tuple(rule.table.primary_key.columns)
    some = select(*key).where(rule.condition).limit(BATCH)
    chosen: ColumnElement[bool] = tuple_(*key).in_(some) if len(key) > 1 else key[0].in_(some)
    return connection.execute(rule.change.where(chosen)).rowcount
