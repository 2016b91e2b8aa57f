"""How the gross-list rule is read: what is decided, deciding, and the verdicts that change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from bot.administration.faults import Unsuitable
from bot.administration.rule_desk import Reading, Rescreened
from bot.app import App
from bot.background import Progress, Work, Works
from bot.channels.cleaning import clean
from bot.web.console import Visit
from bot.web.incoming import Refused
from bot.web.settings_pages.lists import done_in
from bot.web.view import read_day
from bot.web.working import found, under_way, unfinished
from intents.picklists import by_code
from storage.model import PolicyValue

RULES = "/stod/installningar/regler"
RESCREENED = "/stod/installningar/omprovning"
FIELDS = ("value", "decided_by", "source", "since")
DONE = ("decided", "told", "nobody")
#: Verdicts shown of a long list; those told of leave it.
MOST_SHOWN = 200
#: Prefix of the boxes that say whose askers are told.
TELL = "till-"


@dataclass(frozen=True, slots=True)
class Look:
    """What was looked for, and what it would change."""

    #: The form as it was sent.
    written: Mapping[str, str]
    shown: Rescreened | None = None


class RulePages:
    """The handlers of the rule's pages."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._looks: Works[Look] = Works()

    async def overview(self, visit: Visit) -> Response:
        """Everything the rule leaves open, and how it is read."""
        desk = self._app.settings_desks.rule
        readings = await run_in_threadpool(desk.readings, visit.actor)
        return visit.page("settings_rules.html", readings=readings, done=done_in(visit))

    async def decide(self, visit: Visit) -> Response:
        """A decision: first what it would change, then, at the second press, it is taken."""
        reading = await self._reading(visit)
        written = {name: clean(str(visit.sent.get(name, ""))).strip() for name in FIELDS}
        fault = ""
        if visit.posted:
            try:
                decision = _decision(reading, written)
                self._app.settings_desks.rule.check(decision)
            except Unsuitable as unsuitable:
                fault = unsuitable.code
            else:
                if visit.sent.get("seen") != written["value"]:
                    return self._look(visit, reading, written)
                desk = self._app.settings_desks.rule
                await run_in_threadpool(desk.decide, visit.actor, decision)
                return RedirectResponse(f"{RESCREENED}?gjort=decided", 303)
        else:
            written |= {"value": reading.value, "since": self._app.today().isoformat()}
        return self._form(visit, reading, Look(written), fault)

    async def preview(self, visit: Visit) -> Response:
        """What a decision would change, as soon as every stored verdict has been judged again."""
        reading = await self._reading(visit)
        work = await found(self._looks, visit)
        if unfinished(visit, work):
            return under_way(visit, work, "settings_working.html")
        return self._form(visit, reading, _result(work))

    def _form(self, visit: Visit, reading: Reading, look: Look, fault: str = "") -> Response:
        return visit.page(
            "settings_rule.html", 400 if fault else 200, reading=reading, written=look.written,
            fault=fault, shown=look.shown, called=self._called(look.shown), most=MOST_SHOWN,
            action=f"{RULES}/{reading.choice.name}",
        )  # fmt: skip

    def _look(self, visit: Visit, reading: Reading, written: Mapping[str, str]) -> Response:
        desk, actor, key = self._app.settings_desks.rule, visit.actor, reading.choice.name

        def job(progress: Progress) -> Look:
            return Look(written, desk.preview(actor, key, written["value"], progress))

        work = self._looks.begin(job)
        return RedirectResponse(f"{RULES}/{quote(key)}/{work.id}#andras", 303)

    async def rescreened(self, visit: Visit) -> Response:
        """Stored verdicts that are other ones today; a post tells those who asked."""
        desk = self._app.settings_desks.rule
        if visit.posted:
            chosen = [n.removeprefix(TELL) for n in visit.sent if n.startswith(TELL)]
            count = await run_in_threadpool(desk.tell, visit.actor, chosen)
            told = "told" if count else "nobody"
            return RedirectResponse(f"{RESCREENED}?gjort={told}", 303)
        actor = visit.actor
        work = self._looks.begin(lambda progress: Look({}, desk.rescreened(actor, progress)))
        done = done_in(visit)
        told = f"?gjort={done}#gjort" if done in DONE else ""
        return RedirectResponse(f"{RESCREENED}/{work.id}{told}", 303)

    async def changed(self, visit: Visit) -> Response:
        """Those verdicts, as soon as every stored one has been judged again."""
        work = await found(self._looks, visit)
        if unfinished(visit, work):
            return under_way(visit, work, "settings_working.html")
        shown = _result(work).shown
        return visit.page(
            "settings_rescreened.html", shown=shown, called=self._called(shown),
            done=done_in(visit), most=MOST_SHOWN,
        )  # fmt: skip

    async def _reading(self, visit: Visit) -> Reading:
        readings = await run_in_threadpool(self._app.settings_desks.rule.readings, visit.actor)
        wanted = visit.request.path_params["key"]
        found = next((each for each in readings if each.choice.name == wanted), None)
        if found is None:
            raise Refused(404, "missing")
        return found

    def _called(self, shown: Rescreened | None) -> dict[str, str]:
        """The organisations of the verdicts, by code."""
        terms = self._app.lists()["organisations"]
        codes = {flip.organisation for flip in shown.flips} if shown else set()
        return {code: term.name if (term := by_code(terms, code)) else code for code in codes}


def _decision(reading: Reading, written: Mapping[str, str]) -> PolicyValue:
    since = read_day(written["since"])
    if since is None:
        raise Unsuitable("no_date")
    told = (written["value"], written["decided_by"], written["source"], since)
    return PolicyValue(reading.choice.name, *told)


def _result(work: Work[Look]) -> Look:
    if work.result is None:
        raise Refused(500, "fault")
    return work.result
