"""How the gross-list rule is read: what is decided, deciding, and the verdicts that change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from bot.app import App
from bot.channels.cleaning import clean
from bot.rule_desk import Reading, Rescreened
from bot.settings_faults import Unsuitable
from bot.web.console import Visit
from bot.web.incoming import Refused
from bot.web.settings_pages.lists import done_in
from intents.picklists import by_code
from storage.model import PolicyValue

RULES = "/stod/installningar/regler"
RESCREENED = "/stod/installningar/omprovning"
FIELDS = ("value", "decided_by", "source", "since")
#: Prefix of the boxes that say whose askers are told.
TELL = "till-"


class RulePages:
    """The handlers of the rule's pages."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def overview(self, visit: Visit) -> Response:
        """Everything the rule leaves open, and how it is read."""
        desk = self._app.settings_desks.rule
        readings = await run_in_threadpool(desk.readings, visit.actor)
        return visit.page("settings_rules.html", readings=readings, done=done_in(visit))

    async def decide(self, visit: Visit) -> Response:
        """A decision: first what it would change, then, at the second press, it is taken."""
        reading = await self._reading(visit)
        written = {name: clean(str(visit.sent.get(name, ""))).strip() for name in FIELDS}
        fault, shown = "", None
        if visit.posted:
            try:
                shown = await run_in_threadpool(self._preview, visit, reading, written)
                if visit.sent.get("seen") == written["value"]:
                    await run_in_threadpool(self._decide, visit, reading, written)
                    return RedirectResponse(f"{RESCREENED}?gjort=decided#gjort", 303)
            except Unsuitable as unsuitable:
                fault = unsuitable.code
        else:
            written |= {"value": reading.value, "since": self._app.today().isoformat()}
        return visit.page(
            "settings_rule.html", 400 if fault else 200, reading=reading, written=written,
            fault=fault, shown=shown, called=self._called(shown),
            action=f"{RULES}/{reading.choice.name}",
        )  # fmt: skip

    async def rescreened(self, visit: Visit) -> Response:
        """Stored verdicts that are other ones today; a post tells those who asked."""
        desk = self._app.settings_desks.rule
        if visit.posted:
            chosen = [n.removeprefix(TELL) for n in visit.sent if n.startswith(TELL)]
            count = await run_in_threadpool(desk.tell, visit.actor, chosen)
            told = "told" if count else "nobody"
            return RedirectResponse(f"{RESCREENED}?gjort={told}#gjort", 303)
        shown = await run_in_threadpool(desk.rescreened, visit.actor)
        return visit.page(
            "settings_rescreened.html", shown=shown, called=self._called(shown), done=done_in(visit)
        )

    async def _reading(self, visit: Visit) -> Reading:
        readings = await run_in_threadpool(self._app.settings_desks.rule.readings, visit.actor)
        wanted = visit.request.path_params["key"]
        found = next((each for each in readings if each.choice.name == wanted), None)
        if found is None:
            raise Refused(404, "missing")
        return found

    def _preview(self, visit: Visit, reading: Reading, written: Mapping[str, str]) -> Rescreened:
        desk = self._app.settings_desks.rule
        desk.check(_decision(reading, written))
        return desk.preview(visit.actor, reading.choice.name, written["value"])

    def _decide(self, visit: Visit, reading: Reading, written: Mapping[str, str]) -> None:
        self._app.settings_desks.rule.decide(visit.actor, _decision(reading, written))

    def _called(self, shown: Rescreened | None) -> dict[str, str]:
        """The organisations of the verdicts, by code."""
        terms = self._app.lists()["organisations"]
        codes = {flip.organisation for flip in shown.flips} if shown else set()
        return {code: term.name if (term := by_code(terms, code)) else code for code in codes}


def _decision(reading: Reading, written: Mapping[str, str]) -> PolicyValue:
    try:
        since = date.fromisoformat(written["since"])
    except ValueError:
        raise Unsuitable("no_date") from None
    told = (written["value"], written["decided_by"], written["source"], since)
    return PolicyValue(reading.choice.name, *told)
