"""Rows of a yearly report as people paste them: from a sheet, a csv file, or written by hand."""

import csv
import re
from collections.abc import Sequence

from intents.exchange import Json
from intents.language import fold
from intents.model import Given, Problem
from intents.outcomes import RESULTS, counts_in, form_named
from intents.picklists import find

#: More lines than any organisation has avsteg in a year.
MOST_ROWS = 200
_HEADS = {
    "procurement": ("upphandling", "namn", "projekt", "avtal", "procurement", "name", "project"),
    "procurement_type": ("typ", "slag", "type", "kind"),
    "results": ("resultat", "antal", "utfall", "result", "results", "outcome"),
}
_SUMS = frozenset({"summa", "totalt", "total", "sum", "totals"})
_BULLET = re.compile(r"^\s*(?:[-*•]|\d{1,3}[.)])\s+")


def parse_rows(text: str, given: Given) -> Json | Problem:
    """Read "Målning Ugglan; entreprenad; 2 lärlingsplatser" per line, or a table with a head."""
    lines = [_BULLET.sub("", line) for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_ROWS:
        return Problem("rows_many", {"limit": MOST_ROWS})
    table = _cells(lines)
    heads = _heads(table[0], given) if table else []
    rows = []
    for number, cells in enumerate(table[1:] if heads else table, 2 if heads else 1):
        if len(table) > 1 and fold(cells[0]).strip(" :") in _SUMS:
            continue
        row = _columns(cells, heads, given) if heads else _written(cells, given)
        if isinstance(row, Problem):
            return Problem("row", {"line": number, "text": " ".join(cells)[:80]})
        rows.append(row)
    return rows or Problem("empty", understood=False)


def _cells(lines: Sequence[str]) -> list[list[str]]:
    """Cut lines into cells at the sign that parts them; a comma does so only in a table."""
    comma = "," if lines and lines[0].count(",") >= 2 else ""
    table = []
    for line in lines:
        sign = next((sign for sign in "\t;|" if sign in line), comma)
        cut = csv.reader([line], delimiter=sign, skipinitialspace=True) if sign else [[line]]
        table += [[cell.strip() for cell in row] for row in cut]
    return [row for row in table if any(row)]


def _heads(cells: Sequence[str], given: Given) -> list[str]:
    """Return what each column holds, if this line names them: a field, a form's code, or ""."""
    names = [_head(cell, given) for cell in cells]
    named = [name for name in names if name]
    digits = any(character.isdigit() for cell in cells for character in cell)
    return names if len(named) >= 2 and "procurement" in named and not digits else []


def _head(cell: str, given: Given) -> str:
    words = fold(cell).split()
    first = words[0].strip(":") if words else ""
    return next((field for field, heads in _HEADS.items() if first in heads),
                form_named(cell, given) or "")  # fmt: skip


def _columns(cells: Sequence[str], heads: Sequence[str], given: Given) -> Json | Problem:
    """Read a row of a table with one column per form, or with the results in words."""
    said = dict.fromkeys(heads, "") | {
        head: cell for head, cell in zip(heads, cells, strict=False) if head
    }
    fields = {name: said.pop(name, "") for name in _HEADS}
    said.pop("", None)
    numbers = {form: cell or "0" for form, cell in said.items()}
    if not all(cell.isdecimal() and len(cell) < 5 for cell in numbers.values()):
        return Problem("row")
    results: Json = {form: int(cell) for form, cell in numbers.items() if int(cell)}
    if fields["results"]:
        results = RESULTS.parse(fields["results"], given)
    if isinstance(results, Problem):
        return results
    return _row(fields["procurement"], _type((fields["procurement_type"],), given), results)


def _written(cells: Sequence[str], given: Given) -> Json | Problem:
    """Read a row in words: a name, maybe a type, the results; or only a sum."""
    rest = [cell for cell in cells[1:] if cell]
    # "Inget" in the last cell says all of it; counts may stand in several cells.
    for said in (" ".join(rest or cells), (rest or cells)[-1]):
        results = RESULTS.parse(said, given)
        if not isinstance(results, Problem):
            break
    else:
        return Problem("row")
    named = rest or not counts_in(cells[0], given)
    return _row(cells[0] if named else "", _type(rest, given), results)


def _type(cells: Sequence[str], given: Given) -> str | None:
    terms = given.vocabularies.get("procurement_types", ())
    kinds = [hit[0].code for cell in cells if len(hit := find(cell, terms)) == 1]
    return kinds[0] if kinds else None


def _row(name: str, kind: str | None, results: Json) -> Json:
    return {"procurement": name, "procurement_type": kind, "results": results}
