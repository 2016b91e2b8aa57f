"""Readable running numbers: A-2026-0007, S-1042.

The dialog names the receipt number in its reply, so a number is taken before the turn commits,
in a transaction of its own. A number is therefore never given twice but may stay unused: a gap
means a turn that was not stored, never a record that is gone.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, insert, update
from sqlalchemy.exc import IntegrityError

from storage.engine import Database
from storage.schema import numbers


@dataclass(frozen=True, slots=True)
class Series:
    """How one kind of record is numbered."""

    prefix: str
    #: Does counting begin again each year?
    yearly: bool = True
    first: int = 1


SERIES = {
    "answer": Series("S", yearly=False, first=1001),
    "deviation": Series("A"),
    "screening": Series("B"),
    "grosslist": Series("BL"),
}
#: Every other kind of case shares one series.
OTHER = Series("H")

_COUNT = (
    update(numbers)
    .where(numbers.c.series == bindparam("in_series"), numbers.c.year == bindparam("in_year"))
    .values(last=numbers.c.last + 1)
    .returning(numbers.c.last)
)
_BEGIN = insert(numbers)


class Numbers:
    """Gives out numbers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def reserve(self, kind: str, year: int) -> str:
        """The next number for a record of ``kind`` in ``year``."""
        series = SERIES.get(kind, OTHER)
        counted = year if series.yearly else 0
        number = self._database.write(lambda connection: _next(connection, series, counted))
        return (
            f"{series.prefix}-{year}-{number:04}" if series.yearly else f"{series.prefix}-{number}"
        )


def _next(connection: Connection, series: Series, year: int) -> int:
    place = {"in_series": series.prefix, "in_year": year}
    number = connection.scalar(_COUNT, place)
    if number is None:
        try:
            with connection.begin_nested():
                first = {"series": series.prefix, "year": year, "last": series.first}
                connection.execute(_BEGIN, first)
            return series.first
        except IntegrityError:  # another server began the series meanwhile
            number = connection.scalar(_COUNT, place)
    assert isinstance(number, int)
    return number
