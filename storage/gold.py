"""Gold questions born in operation; the shipped ones lie in files."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select, update

from storage.engine import Database
from storage.errors import NotFound
from storage.guidance_model import GoldQuestion
from storage.records import Facts
from storage.schema import gold_questions


class Gold:
    """Questions whose right answer somebody has stated."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self) -> tuple[GoldQuestion, ...]:
        """The questions in use, oldest first."""
        columns = [column for column in gold_questions.c if column.name != "ended_at"]
        query = select(*columns).where(gold_questions.c.ended_at.is_(None))
        query = query.order_by(gold_questions.c.id)
        rows = self._database.read(lambda connection: connection.execute(query).all())
        return tuple(GoldQuestion(**row._mapping) for row in rows)

    def add(self, question: str, language: str, expected: Facts, by: str, at: datetime) -> None:
        """Store a question with what a right answer cites."""
        row = {
            "question": question,
            "language": language,
            "expected": expected,
            "created_by": by,
            "created_at": at,
        }
        self._database.write(lambda connection: connection.execute(insert(gold_questions), row))

    def end(self, question_id: int, at: datetime) -> None:
        """Use the question no longer. Raises ``NotFound``."""
        change = update(gold_questions).where(
            gold_questions.c.id == question_id, gold_questions.c.ended_at.is_(None)
        )
        ended = change.values(ended_at=at)
        if not self._database.write(lambda connection: connection.execute(ended).rowcount):
            raise NotFound
