"""How old the texts are that answers rest on: the riskiest first, and the same as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from bot.app import App
from bot.guidance.insight import Ageing, falls_due
from bot.guidance.insight_desk import DAYS, Insight
from bot.port import OpenedFile
from bot.web.console import Visit
from bot.web.paging import paged
from bot.web.site import download
from bot.web.view import STOCKHOLM

AGEING, FILE = "/stod/kunskap/alder", "/stod/kunskap/alder.csv"
#: "granska" shows what is to be looked through soon or should have been.
SHOWN = ("", "granska", "article", "statute", "document")
ROWS = 40
COLUMNS = ("text", "kind", "dated", "days", "answers", "risk", "review_by", "valid_to", "owner")


class AgeingPage:
    """Shows the table and hands out the file."""

    def __init__(self, app: App, desk: Insight) -> None:
        self._app = app
        self._desk = desk

    async def show(self, visit: Visit) -> Response:
        """The texts that pass the filter."""
        wanted = visit.request.query_params.get("visa", "")
        wanted = wanted if wanted in SHOWN else ""
        rows, today = await run_in_threadpool(self._desk.ageing, visit.actor), self._today()
        return visit.page(
            "insight_ageing.html", wanted=wanted, shown=SHOWN, file=FILE, today=today.isoformat(),
            page_of=paged(passing(rows, wanted, today), visit.request, ROWS),
        )  # fmt: skip

    async def file(self, visit: Visit) -> Response:
        """The whole table as CSV that a Swedish Excel opens as it is."""
        rows = await run_in_threadpool(self._desk.ageing, visit.actor)
        name = f"alder-{self._today()}.csv"
        return download(OpenedFile(name, "text/csv; charset=utf-8", self._csv(rows)))

    def _today(self) -> date:
        return self._app.now().astimezone(STOCKHOLM).date()

    def _csv(self, rows: Iterable[Ageing]) -> bytes:
        def say(key: str) -> str:
            return self._app.texts.render(f"console_insight.ageing.{key}", "sv")

        written = io.StringIO()
        writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
        writer.writerow([say(f"column.{name}") for name in COLUMNS])
        for row in rows:
            text = row.text
            kind = say(f"kind.{text.kind}")
            days = "" if row.days is None else row.days
            risk = str(row.risk).replace(".", ",")
            cells = (text.title, kind, text.dated, days, row.answers, risk, text.review_by,
                     text.valid_to, text.owner)  # fmt: skip
            writer.writerow([harmless(cell) for cell in cells])
        return written.getvalue().encode("utf-8-sig")


def passing(rows: Sequence[Ageing], wanted: str, today: date) -> tuple[Ageing, ...]:
    """The rows of a kind of text, or those to be looked through within ``DAYS``."""
    if wanted == "granska":
        return tuple(row for row in rows if falls_due(row.text, today, timedelta(days=DAYS)))
    return tuple(row for row in rows if wanted in ("", row.text.kind))


def harmless(cell: object) -> object:
    """The cell as a spreadsheet shows it; a text it would run as a formula gets an apostrophe."""
    formula = isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{cell}" if formula else cell
