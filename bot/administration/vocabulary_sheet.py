"""Lists as a table in a file: read as Excel or anybody else writes it, written so Excel reads it.

A column that a file lacks says nothing: what is stored there stays. Several values in one cell
are kept apart by ``|``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from storage.model import Term

#: Heading of each column, by what it holds.
COLUMNS: Mapping[str, str] = {
    "list": "lista", "code": "kod", "name": "namn", "english": "engelska",
    "synonyms": "synonymer", "valid_from": "från", "valid_to": "till",
    "successor": "efterföljare", "year_round": "året_runt", "order": "ordning",
    "slips": "felstavningar", "near": "närliggande",
}  # fmt: skip
MUST_HAVE = ("code", "name")
#: Words for yes and no in a cell.
YES_NO = {"ja": True, "nej": False, "x": True, "1": True, "0": False, "": False}
#: A cell that begins so would be run as a formula by a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
LARGEST = 200_000
MOST_ROWS = 5_000
LONGEST_CELL = 2_000


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that keeps a file from being taken in."""

    #: Line of the file, from 1; 0 for the file as a whole.
    line: int
    #: The sentence is ``console_settings.fault.<code>``.
    code: str
    values: Mapping[str, str | int] = field(default_factory=dict)


class BadSheet(Exception):
    """A file that cannot be taken in; ``faults`` say why, line by line."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a file: what is written in the columns it has."""

    line: int
    cells: Mapping[str, str]


def read_sheet(content: bytes) -> tuple[Row, ...]:
    """The rows of a file; empty lines are left out.

    Raises:
        BadSheet: it is too large, no table, or lacks a column.
    """
    if len(content) > LARGEST:
        raise BadSheet([Fault(0, "too_large")])
    text = decoded(content)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        headings = _headings(next(lines, []))
        rows = tuple(_rows(lines, headings))
    except csv.Error as error:
        raise BadSheet([Fault(lines.line_num, "no_table")]) from error
    if not rows:
        raise BadSheet([Fault(0, "no_rows")])
    return rows


def decoded(content: bytes) -> str:
    """Excel writes UTF-8 with a mark, UTF-16 ("Unicode-text") or the old Western code page."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252", "latin-1"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise BadSheet([Fault(0, "no_text")])


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max(";,\t", key=first.count)


def _headings(cells: Sequence[str]) -> list[str]:
    known = {name: column for column, name in COLUMNS.items()}
    named = [cell.strip().casefold().replace(" ", "_") for cell in cells]
    faults = [Fault(1, "unknown_column", {"name": name[:40], "known": ", ".join(known)})
              for name in named if name and name not in known]  # fmt: skip
    faults += [Fault(1, "twice", {"name": name})
               for name in dict.fromkeys(named) if name and named.count(name) > 1]  # fmt: skip
    faults += [Fault(1, "lacks_column", {"name": COLUMNS[column]})
               for column in MUST_HAVE if COLUMNS[column] not in named]  # fmt: skip
    if faults:
        raise BadSheet(faults)
    return [known.get(name, "") for name in named]


def _rows(lines: Iterator[list[str]], headings: Sequence[str]) -> Iterator[Row]:
    faults: list[Fault] = []
    # "csv" counts to the end of a record, whose cells may hold line breaks.
    begins = 2
    for count, cells in enumerate(lines):
        line, begins = begins, lines.line_num + 1  # type: ignore[attr-defined]
        if count >= MOST_ROWS:
            raise BadSheet([Fault(line, "too_many", {"most": MOST_ROWS})])
        if not any(cell.strip() for cell in cells):
            continue
        fault = _misshapen(line, cells, headings)
        if fault:
            faults.append(fault)
        elif not faults:
            named = {name: _bare(cell) for name, cell in zip(headings, cells, strict=False) if name}
            yield Row(line, named)
    if faults:
        raise BadSheet(faults)


def _misshapen(line: int, cells: Sequence[str], headings: Sequence[str]) -> Fault | None:
    if len(cells) != len(headings) and any(cell.strip() for cell in cells[len(headings) :]):
        return Fault(line, "cells", {"count": len(cells), "wanted": len(headings)})
    if any(len(cell) > LONGEST_CELL for cell in cells):
        return Fault(line, "long_cell", {"most": LONGEST_CELL})
    return None


def _bare(cell: str) -> str:
    text = cell.strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


def write_sheet(lists: Mapping[str, Iterable[Term]]) -> bytes:
    """Every row of the lists, in UTF-8 with the mark by which Excel knows it."""
    text = io.StringIO(newline="")
    out = csv.writer(text, delimiter=";", lineterminator="\r\n")
    out.writerow(COLUMNS.values())
    for name, rows in lists.items():
        for term in rows:
            out.writerow(_safe(cell) for cell in to_cells(name, term).values())
    return text.getvalue().encode("utf-8-sig")


def to_cells(name: str, term: Term) -> dict[str, str]:
    """A row as it stands in a file, by column."""
    meta = term.meta
    return {
        "list": name,
        "code": term.code,
        "name": term.name,
        "english": str(meta.get("english") or ""),
        "synonyms": joined(term.synonyms),
        "valid_from": _day(term.valid_from),
        "valid_to": _day(term.valid_to),
        "successor": joined(term.successor.split()),
        "year_round": "ja" if meta.get("year_round") else "",
        "order": str(meta.get("order", "")),
        "slips": joined(words_of(term, "slips")),
        "near": joined(words_of(term, "near")),
    }


def words_of(term: Term, name: str) -> tuple[str, ...]:
    """A list of words in a row's ``meta``."""
    words = term.meta.get(name)
    return tuple(map(str, words)) if isinstance(words, list | tuple) else ()


def joined(items: Iterable[object]) -> str:
    """Several values in one cell."""
    return " | ".join(map(str, items))


def parted(cell: str) -> tuple[str, ...]:
    """The values of one cell, without repeats."""
    parts = (" ".join(part.split()) for part in cell.split("|"))
    return tuple(dict.fromkeys(part for part in parts if part))


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
