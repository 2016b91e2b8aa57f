"""The overview of all settings, the ones that change while the server runs, and people."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from bot.administration.faults import Missing, Unsuitable
from bot.administration.people_desk import MOST_SHOWN
from bot.administration.stored_settings import SETTABLE
from bot.app import App
from bot.channels.cleaning import clean
from bot.policy import Actor
from bot.web.console import Sent, Visit
from bot.web.incoming import Refused
from bot.web.settings_pages.lists import done_in

SETTINGS = "/stod/installningar"
GENERAL = "/stod/installningar/allmant"
PEOPLE = "/stod/installningar/personer"
#: Prefix of what a field held when it was shown.
SHOWN = "var-"


class GeneralPages:
    """The handlers of the pages."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def overview(self, visit: Visit) -> Response:
        """What there is to set, and how much of it was set."""
        return visit.page(
            "settings_overview.html", counts=await run_in_threadpool(self._counts, visit.actor)
        )

    def _counts(self, actor: Actor) -> dict[str, int]:
        desks = self._app.settings_desks
        set_fields = self._app.administered.look().fields.values()
        return {
            "lists": len(desks.lists.lists(actor, self._app.today())),
            "rules": sum(each.decision is None for each in desks.rule.readings(actor)),
            "forms": sum(each.to_json() is not None for each in set_fields),
            "words": len(desks.words.find(actor, "")),
            "general": sum(each.stored for each in desks.settings.settings(actor)),
        }

    async def settings(self, visit: Visit) -> Response:
        """The settings; a post stores what differs."""
        desk = self._app.settings_desks.settings
        settings = await run_in_threadpool(desk.settings, visit.actor)
        written = {each.name: _text(each.value) if each.stored else "" for each in settings}
        fault = ""
        if visit.posted:
            written = _chosen(visit.sent, written)
            try:
                changed = await run_in_threadpool(self._app.change_settings, visit.actor, written)
            except Unsuitable as unsuitable:
                fault = unsuitable.code
            else:
                told = "settings" if changed else "nothing"
                return RedirectResponse(f"{GENERAL}?gjort={told}#gjort", 303)
        return visit.page(
            "settings_general.html", 400 if fault else 200, shown=settings, written=written,
            fault=fault, done=done_in(visit), sent=visit.sent,
        )  # fmt: skip

    async def people(self, visit: Visit) -> Response:
        """Who writes, by id and channel; a post says which organisation somebody belongs to."""
        desk, asked = self._app.settings_desks.people, visit.request.query_params
        wanted, after = asked.get("sok", "").strip().lower(), asked.get("efter", "")
        fault = ""
        if visit.posted:
            person, chosen = str(visit.sent.get("person", "")), visit.sent.get("organisation", "")
            try:
                await run_in_threadpool(desk.organise, visit.actor, person, str(chosen))
            except Unsuitable as unsuitable:
                fault = unsuitable.code
            except Missing:
                raise Refused(404, "missing") from None
            else:
                return RedirectResponse(f"{PEOPLE}?sok={person}&gjort=person#gjort", 303)
        people = await run_in_threadpool(desk.people, visit.actor, wanted, after)
        organisations = self._app.lists()["organisations"]
        return visit.page(
            "settings_people.html", 400 if fault else 200, people=people, wanted=wanted,
            organisations=[o for o in organisations if o.holds(self._app.today())],
            called={o.code: o.name for o in organisations}, fault=fault, done=done_in(visit),
            after=people[-1].id if len(people) == MOST_SHOWN else "",
        )  # fmt: skip


def _chosen(sent: Sent, stored: Mapping[str, str]) -> dict[str, str]:
    """What the fields hold; one left as it was shown keeps what a colleague has set since."""
    told = {name: clean(str(sent.get(name, ""))).strip() for name in SETTABLE}
    return {
        name: stored[name] if text == sent.get(f"{SHOWN}{name}") else text
        for name, text in told.items()
    }


def _text(value: object) -> str:
    """A value as it stands in its field."""
    return {True: "ja", False: "nej"}[value] if isinstance(value, bool) else str(value)
