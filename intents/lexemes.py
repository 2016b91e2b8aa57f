"""The pieces a message is cut into, each with its place in the message."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from intents.reading import Words


class YearMonthDay(NamedTuple):
    """A date as far as it was written; None where a part is missing."""

    year: int | None
    month: int
    day: int | None


@dataclass(frozen=True, slots=True)
class Lexeme:
    """One piece of a message."""

    #: number, unit, date, month, operator, worker, trainee, share, money, week, word or sign.
    kind: str
    #: Folded text for words and signs; a canonical name for units and operators.
    name: str
    #: Half-open span in the message.
    start: int
    end: int
    #: The value of a number (en and ett are 1), the month of a month name.
    value: float = 0
    #: The written date, for dates.
    date: YearMonthDay | None = None
    #: The word was "en", "ett", "a" or "an": an article as much as a number.
    article: bool = False
    #: The number was written in digits.
    digits: bool = False


def name_at(lexemes: Sequence[Lexeme], index: int) -> str:
    """Return the name of the lexeme at ``index``; empty outside the message."""
    return lexemes[index].name if 0 <= index < len(lexemes) else ""


def kind_at(lexemes: Sequence[Lexeme], index: int) -> str:
    """Return the kind of the lexeme at ``index``; empty outside the message."""
    return lexemes[index].kind if 0 <= index < len(lexemes) else ""


def words_at(lexemes: Sequence[Lexeme], text: str, start: int, stop: int) -> Words:
    """Return the words of the message from lexeme ``start`` up to, not with, ``stop``."""
    begin, end = lexemes[start].start, lexemes[stop - 1].end
    return Words(begin, end, text[begin:end])
