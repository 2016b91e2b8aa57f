"""The lists people pick from: all of them, one of them, one term of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from bot.administration.faults import Missing
from bot.administration.list_desk import ListDesk, Words
from bot.administration.vocabularies import EDITED, row_on
from bot.administration.vocabulary_sheet import BadSheet, Fault, joined, parted, words_of
from bot.app import App
from bot.channels.cleaning import clean
from bot.web.console import Sent, Visit
from bot.web.incoming import Refused
from bot.web.view import read_day
from intents.alphabet import alphabetical
from storage.model import Term

LISTS = "/stod/installningar/listor"
EXPORT = "/stod/installningar/export"
#: The name under which all lists are exported together.
ALL = "alla"
#: Up to so many rows a list has an order of its own.
SHORT = 10
FIELDS = (
    "name", "english", "synonyms", "slips", "near", "year_round", "since", "last", "successor",
)  # fmt: skip


class ListPages:
    """The handlers of the list pages."""

    def __init__(self, app: App) -> None:
        self._app = app

    @property
    def _desk(self) -> ListDesk:
        return self._app.settings_desks.lists

    async def overview(self, visit: Visit) -> Response:
        """Every list with how much is in it."""
        lists = await run_in_threadpool(self._desk.lists, visit.actor, self._app.today())
        return visit.page("settings_lists.html", lists=lists, done=done_in(visit))

    async def list(self, visit: Visit) -> Response:
        """One list; a post adds a term."""
        name = visit.request.path_params["name"]
        written = _written(visit.sent)
        faults: tuple[Fault, ...] = ()
        if visit.posted:
            try:
                await run_in_threadpool(self._add, visit, name, written)
            except BadSheet as bad:
                faults = bad.faults
            else:
                return RedirectResponse(f"{LISTS}/{name}?gjort=added#gjort", 303)
        rows = await self._rows(visit, name)
        return visit.page(
            "settings_list.html", 400 if faults else 200, name=name, faults=faults,
            terms=[_shown(row, rows) for row in _in_order(rows)], written=written,
            done=done_in(visit),
        )  # fmt: skip

    async def term(self, visit: Visit) -> Response:
        """One term with all it has been called; a post renames, corrects or ends it."""
        name, code = visit.request.path_params["name"], visit.request.path_params["code"]
        act = str(visit.sent.get("act", ""))
        faults: tuple[Fault, ...] = ()
        if visit.posted:
            change = self._acts().get(act)
            if change is None:
                raise Refused(400, "incomplete")
            try:
                await run_in_threadpool(change, visit, name, code)
            except BadSheet as bad:
                faults = bad.faults
            except Missing:
                raise Refused(404, "missing") from None
            else:
                address = f"{LISTS}/{name}/{quote(code)}"
                return RedirectResponse(f"{address}?gjort={act}#gjort", 303)
        rows = await self._rows(visit, name)
        own = [row for row in rows if row.code == code]
        if not own:
            raise Refused(404, "missing")
        current = row_on(rows, code, self._app.today()) or own[0]
        written = _written(visit.sent) if visit.posted else _fields(current)
        return visit.page(
            "settings_term.html", 400 if faults else 200, name=name, code=code, act=act,
            faults=faults, terms=[_shown(row, rows) for row in own], current=current,
            others=_others(rows, code), written=written, kept=_fields(current),
            today=self._app.today(), done=done_in(visit),
        )  # fmt: skip

    async def export(self, visit: Visit) -> Response:
        """A list, or all of them, as a file for a spreadsheet."""
        name = visit.request.path_params["name"]
        names = EDITED if name == ALL else (name,)
        try:
            content = await run_in_threadpool(self._desk.export, visit.actor, names)
        except Missing:
            raise Refused(404, "missing") from None
        headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
        return Response(content, media_type="text/csv; charset=utf-8", headers=headers)

    async def _rows(self, visit: Visit, name: str) -> tuple[Term, ...]:
        try:
            return await run_in_threadpool(self._desk.rows, visit.actor, name)
        except Missing:
            raise Refused(404, "missing") from None

    def _acts(self) -> Mapping[str, Callable[[Visit, str, str], None]]:
        return {"rename": self._rename, "correct": self._correct, "end": self._end}

    def _add(self, visit: Visit, name: str, written: Mapping[str, str]) -> None:
        since = _day(written["since"])
        self._desk.add(visit.actor, name, _words(written), since)

    def _rename(self, visit: Visit, name: str, code: str) -> None:
        written = _written(visit.sent)
        since = _day(written["since"])
        if since is None:
            raise BadSheet([Fault(0, "no_date")])
        self._desk.rename(visit.actor, name, code, _words(written), since)

    def _correct(self, visit: Visit, name: str, code: str) -> None:
        words = _words(_written(visit.sent))
        self._desk.correct(visit.actor, name, code, words, self._app.today())

    def _end(self, visit: Visit, name: str, code: str) -> None:
        written = _written(visit.sent)
        heirs = [each for each in (written["successor"],) if each]
        self._desk.end(visit.actor, name, code, _day(written["last"]), heirs)


def done_in(visit: Visit) -> str:
    """What was done just before, as the address tells."""
    return visit.request.query_params.get("gjort", "")


def _written(sent: Sent) -> dict[str, str]:
    return {name: clean(str(sent.get(name, ""))).strip() for name in FIELDS}


def _words(written: Mapping[str, str]) -> Words:
    synonyms, slips, near = (_listed(written[name]) for name in ("synonyms", "slips", "near"))
    flag, english = bool(written["year_round"]), " ".join(written["english"].split())
    return Words(written["name"], english, synonyms, flag, slips, near)


def _listed(text: str) -> tuple[str, ...]:
    return parted(text.replace(",", "|").replace("\n", "|"))


def _day(text: str) -> date | None:
    if not text:
        return None
    if (day := read_day(text)) is None:
        raise BadSheet([Fault(0, "bad_date", {"value": text[:40]})])
    return day


def _fields(row: Term) -> dict[str, str]:
    """What the fields of a term hold before anybody writes in them."""
    return {
        **dict.fromkeys(FIELDS, ""),
        "name": row.name,
        "english": str(row.meta.get("english") or ""),
        "synonyms": joined(row.synonyms),
        "slips": joined(words_of(row, "slips")),
        "near": joined(words_of(row, "near")),
        "year_round": "ja" if row.meta.get("year_round") else "",
        "last": row.valid_to.isoformat() if row.valid_to else "",
        "successor": row.successor.partition(" ")[0],
    }


def _shown(row: Term, rows: tuple[Term, ...]) -> dict[str, object]:
    names = {each.code: each.name for each in rows}
    heirs = [names.get(code, code) for code in row.successor.split()]
    return {"row": row, **_fields(row), "heirs": heirs}


def _in_order(rows: tuple[Term, ...]) -> list[Term]:
    """A long list by name, a short one as people see it."""
    if len(rows) > SHORT:
        return sorted(rows, key=lambda row: alphabetical(row.name))
    return sorted(rows, key=lambda row: str(row.meta.get("order", "")))


def _others(rows: tuple[Term, ...], code: str) -> list[tuple[str, str]]:
    """Codes and latest names of the other terms, to choose a successor from."""
    names = {row.code: row.name for row in rows if row.code != code}
    return sorted(names.items(), key=lambda each: alphabetical(each[1]))
