"""One case on one page: everything about it, and everything a handler can do with it.

Every shown case is an audited read.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.channels.cleaning import clean
from bot.guarding import guard_letter
from bot.policy import Actor
from bot.port import CaseView, Letter
from bot.web.console import Console, Sent, Visit
from bot.web.incoming import Refused
from bot.web.logins import Logins
from bot.web.site import Site, download
from bot.web.view import STOCKHOLM

ACT = "/stod/arende"
#: Prefix of the boxes that say which fields are missing.
MISSING = "saknas-"


class CasePage:
    """The pages of a case."""

    def __init__(self, site: Site, logins: Logins) -> None:
        self._site = site
        self._logins = logins

    def routes(self, console: Console) -> list[Route]:
        """The page of a case, and the files sent along with cases."""
        return [
            console.route("/stod/bilaga/{identity}", self.file, "case.read"),
            console.route(ACT + "/{number}", self.case, "case.read", "case.take"),
        ]

    async def case(self, visit: Visit) -> Response:
        """Shows the whole case; a post does what its button says first."""
        number, actor = visit.request.path_params["number"], visit.actor
        refused = ""
        if visit.posted:
            refused = await run_in_threadpool(self._act, number, actor, visit.sent)
            if not refused:
                # Whoever hands out cases without reading them goes back to the queue.
                seen = f"{ACT}/{number}#senast" if actor.may("case.read") else "/stod"
                return RedirectResponse(seen, 303)
            actor.require("case.read")
        view = await run_in_threadpool(self._site.app.support.case, actor, number)
        if view is None:
            raise Refused(404, "missing")
        others = await run_in_threadpool(self._logins.colleagues)
        return visit.page(
            "support_case.html", 409 if refused else 200, view=view, action=f"{ACT}/{number}",
            refused=refused, written=visit.sent,
            today=self._site.now().astimezone(STOCKHOLM).date(),
            colleagues=[each for each in others if each != view.row.owner],
        )  # fmt: skip

    async def file(self, visit: Visit) -> Response:
        """A file sent along with a case, always as a download."""
        identity = visit.request.path_params["identity"]
        opened = await run_in_threadpool(self._site.app.support.file, visit.actor, identity)
        if opened is None:
            raise Refused(404, "missing")
        return download(opened)

    def _act(self, number: str, actor: Actor, sent: Sent) -> str:
        """Does what the pressed button says; returns the key of a refusal, or nothing."""
        desk, act = self._site.app.support, sent.get("act", "")
        simple = {"take": desk.take, "release": desk.release, "close": desk.close,
                  "publish": desk.publish, "reopen": desk.reopen,
                  "take_over": desk.take_over}  # fmt: skip
        if act in simple:
            return _said(done=simple[act](actor, number))
        if act == "assign":
            to = self._logins.person_of(clean(sent.get("to", "")).removeprefix("stod:"))
            return _said(done=desk.assign(actor, number, to)) if to else "no_colleague"
        if act not in {"note", "answer", "completion"}:
            raise Refused(400, "incomplete")
        return self._write(number, actor, act, sent)

    def _write(self, number: str, actor: Actor, act: str, sent: Sent) -> str:
        desk, text = self._site.app.support, guarded(sent.get(act, ""))
        if act == "completion":
            view = desk.case(actor, number)
            text = self._completion(view, sent, text) if view else ""
        if not text:
            return "empty"
        if act == "note":
            return _said(done=desk.note(actor, number, text))
        letter = Letter("answer" if act == "answer" else "completion", text, sent["form_id"])
        return _said(done=desk.send(actor, number, letter))

    def _completion(self, view: CaseView, sent: Sent, more: str) -> str:
        """The ready texts of the ticked fields, and what the handler adds."""
        ticked = [f"- {field.text}" for field in view.missing if f"{MISSING}{field.slot}" in sent]
        if ticked:
            intro = self._site.app.texts.render("web.support.completion_intro", "sv")
            return "\n".join(filter(None, (intro, *ticked, f"\n{more}" if more else "")))
        return more


def guarded(text: str) -> str:
    """What a handler wrote, without other people's data."""
    return guard_letter(clean(text))


def _said(*, done: bool) -> str:
    return "" if done else "not_yours"
