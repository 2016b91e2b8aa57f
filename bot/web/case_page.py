"""One case on one page: everything about it, and everything a handler can do with it.

Every shown case is an audited read.
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.channels.cleaning import clean
from bot.port import CaseView, Letter
from bot.web.incoming import Refused, read_form
from bot.web.logins import Handler, Logins, person_of
from bot.web.site import Site, download
from intents.personal_data import ALL_KINDS, mask

ACT = "/stod/arende"
#: A mailbox or a phone of a unit may be named.
OTHERS = ALL_KINDS - {"phone", "email"}
LONGEST = 4000
#: Prefix of the boxes that say which fields are missing.
MISSING = "saknas-"
Sent = Mapping[str, str]


class CasePage:
    """The handlers of the case page."""

    def __init__(self, site: Site, logins: Logins) -> None:
        self._site = site
        self._logins = logins

    def routes(self) -> list[Route]:
        """The page of a case, and the files sent along with cases."""
        return [
            Route("/stod/bilaga/{identity}", self.file),
            Route(ACT + "/{number}", self.case, methods=["GET", "POST"]),
        ]

    async def case(self, request: Request) -> Response:
        """Shows the whole case; a post does what its button says first."""
        handler, number = self._logins.handler(request), request.path_params["number"]
        sent: Sent = {}
        refused = ""
        if request.method == "POST":
            sent = await read_form(request)
            handler.prove(f"{ACT}/{number}", sent)
            refused = await run_in_threadpool(self._act, number, handler, sent)
            if not refused:
                return RedirectResponse(f"{ACT}/{number}#history-title", 303)
        view = await run_in_threadpool(self._site.app.support.case, number, handler.person)
        if view is None:
            raise Refused(404, "missing")
        colleagues = [each for each in self._logins.colleagues() if each != view.row.owner]
        html = self._site.pages.render(
            "support_case.html", session=handler.session, view=view, person=handler.person,
            action=f"{ACT}/{number}", refused=refused, written=sent, colleagues=colleagues,
        )  # fmt: skip
        return Response(html, 409 if refused else 200, media_type="text/html")

    async def file(self, request: Request) -> Response:
        """A file sent along with a case, always as a download."""
        handler = self._logins.handler(request)
        identity = request.path_params["identity"]
        opened = await run_in_threadpool(self._site.app.support.file, identity, handler.person)
        if opened is None:
            raise Refused(404, "missing")
        return download(opened)

    def _act(self, number: str, handler: Handler, sent: Sent) -> str:
        """Does what the pressed button says; returns the key of a refusal, or nothing."""
        desk, act = self._site.app.support, sent.get("act", "")
        simple = {"take": desk.take, "release": desk.release, "close": desk.close,
                  "publish": desk.publish, "reopen": desk.reopen}  # fmt: skip
        if act in simple:
            return _said(done=simple[act](number, handler.person))
        if act == "assign":
            to = person_of(clean(sent.get("to", "")).removeprefix("stod:"))
            return _said(done=desk.assign(number, handler.person, to))
        if act not in {"note", "answer", "completion"}:
            raise Refused(400, "incomplete")
        return self._write(number, handler, act, sent)

    def _write(self, number: str, handler: Handler, act: str, sent: Sent) -> str:
        desk, text = self._site.app.support, guarded(sent.get(act, ""))
        if act == "completion":
            view = desk.case(number, handler.person)
            text = self._completion(view, sent, text) if view else ""
        if not text:
            return "empty"
        if act == "note":
            return _said(done=desk.note(number, handler.person, text))
        letter = Letter("answer" if act == "answer" else "completion", text, sent["form_id"])
        return _said(done=desk.send(number, handler.person, letter))

    def _completion(self, view: CaseView, sent: Sent, more: str) -> str:
        """The ready texts of the ticked fields, and what the handler adds."""
        ticked = [f"- {field.text}" for field in view.missing if f"{MISSING}{field.slot}" in sent]
        if ticked:
            intro = self._site.app.texts.render("web.support.completion_intro", "sv")
            return "\n".join(filter(None, (intro, *ticked, f"\n{more}" if more else "")))
        return more


def guarded(text: str) -> str:
    """What a handler wrote, without other people's data."""
    return mask(clean(text).strip()[:LONGEST], kinds=OTHERS).text


def _said(*, done: bool) -> str:
    return "" if done else "not_yours"
