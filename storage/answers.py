"""Answers given, the votes on them, and the anonymous survey."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from storage.engine import Database
from storage.model import Answer, AskedBefore, Ending, Feedback
from storage.records import NewAnswer, NewFeedback, NewSurvey
from storage.schema import answers, feedback, surveys

#: Rows read for each different question wanted.
REPEATED = 10
_INSERT = insert(answers)
_INSERT_FEEDBACK = insert(feedback)
_INSERT_SURVEY = insert(surveys)
_VOTE = (
    feedback.c.at.label("voted_at"),
    feedback.c.vote,
    feedback.c.comment,
)


class Answers:
    """Finds stored answers; turns add them and the votes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, number: str) -> Answer | None:
        """One answer with its feedback; None for an unknown number."""
        found = self._answers(_query().where(answers.c.number == number))
        return found[0] if found else None

    def list(
        self, since: datetime, before: datetime, outcomes: tuple[str, ...] = ()
    ) -> tuple[Answer, ...]:
        """Answers from ``since`` until just before ``before``, oldest first."""
        query = _query().where(answers.c.at >= since, answers.c.at < before)
        if outcomes:
            query = query.where(answers.c.outcome.in_(outcomes))
        return self._answers(query)

    def endings(self, since: datetime, before: datetime) -> tuple[Ending, ...]:
        """How each question of the time ended, oldest first; reads nobody's words."""
        columns = (answers.c.number, answers.c.at, answers.c.outcome, answers.c.documents)
        query = select(*columns).where(answers.c.at >= since, answers.c.at < before)
        ordered = query.order_by(answers.c.at, answers.c.number)
        rows = self._database.read(lambda connection: connection.execute(ordered).all())
        return tuple(Ending(r.number, r.at, r.outcome, tuple(r.documents)) for r in rows)

    def voted(self, since: datetime, before: datetime) -> tuple[Answer, ...]:
        """The answers voted on in the time, the latest vote first."""
        query = _query().where(feedback.c.at >= since, feedback.c.at < before)
        latest = query.order_by(feedback.c.at.desc(), feedback.c.number)
        rows = self._database.read(lambda connection: connection.execute(latest).all())
        return tuple(map(_to_answer, rows))

    def latest_questions(self, limit: int) -> tuple[AskedBefore, ...]:
        """The newest different questions, the latest first; letter case makes no difference."""
        columns = (answers.c.number, answers.c.question, answers.c.language)
        latest = select(*columns).where(answers.c.question != "")
        # Enough rows for as many different ones, however often some are asked.
        newest = latest.order_by(answers.c.at.desc(), answers.c.number).limit(REPEATED * limit)
        rows = self._database.read(lambda connection: connection.execute(newest).all())
        found: dict[str, AskedBefore] = {}
        for row in rows:
            found.setdefault(row.question.casefold(), AskedBefore(*row))
        return tuple(found.values())[:limit]

    def of_conversation(self, key: str) -> tuple[Answer, ...]:
        """Answers given in one conversation, oldest first."""
        return self._answers(_query().where(answers.c.conversation_key == key))

    def _answers(self, query: Select[Any]) -> tuple[Answer, ...]:
        ordered = query.order_by(answers.c.at, answers.c.number)
        rows = self._database.read(lambda connection: connection.execute(ordered).all())
        return tuple(map(_to_answer, rows))


class Surveys:
    """Reads the anonymous survey; turns add to it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self, period: str) -> tuple[NewSurvey, ...]:
        """Every answer of a period, in no order that says anything."""
        columns = [column for column in surveys.c if column.name != "id"]
        query = select(*columns).where(surveys.c.period == period).order_by(surveys.c.id)
        rows = self._database.read(lambda connection: connection.execute(query).all())
        return tuple(NewSurvey(**row._mapping) for row in rows)


def save_answer(
    connection: Connection, answer: NewAnswer, conversation_key: str, at: datetime
) -> None:
    """Store an answer."""
    row = {
        "number": answer.number,
        "at": at,
        "conversation_key": conversation_key,
        "language": answer.language,
        "question": answer.question,
        "answer": answer.answer,
        "quotes": answer.quotes,
        "documents": answer.documents,
        "outcome": answer.outcome,
        "corpus_version": answer.corpus_version,
    }
    connection.execute(_INSERT, row)


def save_feedback(connection: Connection, vote: NewFeedback, at: datetime) -> None:
    """Store the vote in place of an earlier one; nothing happens if the answer is gone."""
    row = {"at": at, "vote": vote.vote, "comment": vote.comment}
    # The lock makes two first votes on one answer wait for each other.
    known = select(answers.c.number).where(answers.c.number == vote.number).with_for_update()
    if connection.scalar(known) is None:
        return
    changed = connection.execute(
        update(feedback).where(feedback.c.number == vote.number).values(row)
    )
    if not changed.rowcount:
        connection.execute(_INSERT_FEEDBACK, {"number": vote.number, **row})


def save_survey(connection: Connection, survey: NewSurvey) -> None:
    """Store an anonymous answer under a random id."""
    row = {
        "id": secrets.token_hex(8),
        "period": survey.period,
        "role": survey.role,
        "understanding": survey.understanding,
        "trust": survey.trust,
        "engagement": survey.engagement,
        "comment": survey.comment,
    }
    connection.execute(_INSERT_SURVEY, row)


def _query() -> Select[Any]:
    return select(answers, *_VOTE).join_from(answers, feedback, isouter=True)


def _to_answer(row: Row[Any]) -> Answer:
    fields = {column.name: row._mapping[column.name] for column in answers.c}
    fields["quotes"] = tuple(row.quotes)
    vote = None
    if row.voted_at is not None:
        vote = Feedback(row.number, row.voted_at, row.vote, row.comment)
    return Answer(**fields, feedback=vote)
