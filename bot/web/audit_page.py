"""The log of who has done what: filtered, in pages, checked on demand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import Route

from bot.administration.audit_log import AuditLog, ids_of
from bot.channels.cleaning import clean
from bot.errors import HansynError
from bot.policy import ROLES
from bot.port import App
from bot.web.console import Console, Section, Visit
from bot.web.view import STOCKHOLM, read_day
from storage.audit import AuditFilter
from storage.model import AuditEntry

LOG = "/stod/logg"
SIZE = 50
#: Names of a list that are written out.
MOST_TOLD = 10
#: Events one can filter by; ``audit.did.<event>`` names them.
EVENTS = (
    "login", "logout", "logout_all", "roles", "read", "take", "release", "assign", "take_over",
    "note", "answer", "completion", "close", "reopen", "publish", "send_again", "draft",
    "discard draft", "approve", "retire", "roll back", "login.invite", "setting.save",
    "words.save", "rule.decide", "people.organise", "erase", "forget",
)  # fmt: skip


class AuditPage:
    """The page of the log."""

    def __init__(self, app: App, log: AuditLog) -> None:
        self._app = app
        self._log = log

    async def show(self, visit: Visit) -> Response:
        """The newest entries that pass, of those before the position asked for."""
        asked = {name: clean(value) for name, value in visit.request.query_params.items()}
        wanted, place = self._filter(visit, asked), asked.get("fore", "")
        before = int(place) if place.isdecimal() and len(place) < 16 else None
        entries = await run_in_threadpool(self._log.entries, visit.actor, wanted, before, SIZE + 1)
        chain = None
        if asked.get("kontroll"):
            chain = await run_in_threadpool(self._log.inspect, visit.actor)
        shown, older = entries[:SIZE], ""
        if len(entries) > SIZE:
            kept = visit.request.url.remove_query_params("kontroll")
            older = "?" + kept.include_query_params(fore=shown[-1].position).query
        return visit.page(
            "audit.html", entries=shown, older=older, asked=asked, events=EVENTS, chain=chain,
            did=self._did, facts_of=self._facts, paged=before is not None,
        )  # fmt: skip

    def _filter(self, visit: Visit, asked: dict[str, str]) -> AuditFilter:
        who = asked.get("vem", "").strip()
        signed = tuple(person for person, name in visit.names.items() if name == who.casefold())
        since, until = _day(asked.get("fran", "")), _day(asked.get("till", ""), days=1)
        target, action = asked.get("vad", "").strip(), asked.get("slag", "")
        return AuditFilter(target, (*ids_of(who), *signed), action, since, until)

    def _did(self, action: str) -> str:
        return self._named("did", action)

    def _facts(self, entry: AuditEntry) -> list[tuple[str, str]]:
        """(name, value) of what is worth telling."""
        return [
            (self._named("fact", name), self._told(name, value))
            for name, value in entry.facts.items()
            if value not in (None, "", 0, [])
        ]

    def _told(self, name: str, value: object) -> str:
        if not isinstance(value, list):
            return str(value)
        if name == "roles" and len(value) == len(ROLES):
            return self._say("console_login.roles.all", "")
        if name == "roles":
            return ", ".join(self._say(f"console_login.roles.{role}", role) for role in value)
        return ", ".join(map(str, value)) if len(value) <= MOST_TOLD else str(len(value))

    def _named(self, kind: str, name: str) -> str:
        key = name.replace(".", "_").replace(" ", "_")
        return self._say(f"audit.{kind}.{key}", name)

    def _say(self, key: str, otherwise: str) -> str:
        """The words for a name; the name itself where there are none yet."""
        try:
            return self._app.texts.render(key, "sv")
        except HansynError:
            return otherwise


def audit_section(app: App, log: AuditLog) -> Section:
    """The page of the log."""
    page = AuditPage(app, log)

    def routes(console: Console) -> Iterable[Route]:
        yield console.route(LOG, page.show, "audit.read")

    return routes


def _day(text: str, days: int = 0) -> datetime | None:
    day = read_day(text)
    return datetime.combine(day + timedelta(days=days), time(), STOCKHOLM) if day else None
