"""A file of lists: sent or pasted in, shown as what it would change, taken in whole."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.administration.vocabularies import EDITED
from bot.administration.vocabulary_plan import Plan
from bot.administration.vocabulary_sheet import COLUMNS, BadSheet, Fault, decoded
from bot.app import App
from bot.web.console import Sent, Visit
from bot.web.incoming import FORM_TYPE, Refused, read_form
from bot.web.settings_pages.lists import LISTS
from bot.web.uploads import read_uploads

IMPORT = "/stod/installningar/importera"
#: Characters of a file that the page can send back; a longer one is for the command line.
LONGEST = 60_000
#: What every page of a list shows of a long diff.
MOST_CHANGES = 200


async def read_sheet_form(request: Request) -> Sent:
    """The fields of the form, with a file or with its text."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return await (read_form(request) if kind == FORM_TYPE else read_uploads(request))


class ImportPage:
    """The handler of the page."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def take_in(self, visit: Visit) -> Response:
        """Chooses a file; a post shows what it changes, and then takes it in."""
        name = str(visit.sent.get("name", visit.request.query_params.get("lista", "")))
        name = name if name in EDITED else ""
        if not visit.posted:
            return self._page(visit, name)
        desk = self._app.settings_desks.lists
        text, plan = "", None
        try:
            text = _text(visit.sent)
            plan = await run_in_threadpool(desk.preview, visit.actor, text.encode(), name)
            seen = str(visit.sent.get("version", "")) == str(desk.version())
            if visit.sent.get("act") == "save" and seen:
                await run_in_threadpool(desk.take_in, visit.actor, text.encode(), name)
                return RedirectResponse(f"{LISTS}?gjort=imported#gjort", 303)
        except BadSheet as bad:
            return self._page(visit, name, text, faults=bad.faults)
        return self._page(visit, name, text, plan, outdated=visit.sent.get("act") == "save")

    def _page(
        self, visit: Visit, name: str, text: str = "", plan: Plan | None = None, **told: Any
    ) -> Response:
        faults: tuple[Fault, ...] = told.get("faults", ())
        return visit.page(
            "settings_import.html", 400 if faults else 200, name=name, lists=EDITED,
            columns=COLUMNS, text=text, plan=plan, faults=faults[:MOST_CHANGES],
            most=MOST_CHANGES, version=self._app.settings_desks.lists.version(),
            outdated=told.get("outdated", False),
        )  # fmt: skip


def _text(sent: Sent) -> str:
    files = sent.get("files")
    text = (
        decoded(files[0][1])
        if isinstance(files, list)
        else str(sent.get("text", "")).lstrip("\r\n")
    )
    if len(text) > LONGEST:
        raise BadSheet([Fault(0, "too_large")])
    if "text" in sent and not text.strip():
        raise Refused(400, "no_file")
    return text
