"""The chat page: a form posts, the answer is stored, the page shows the stored conversation."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.channels.cleaning import clean
from bot.errors import Busy
from bot.messages import Chose, Content, Envelope, Language, Opened, Said, Submitted, Uploaded
from bot.web.incoming import Refused, is_fragment, read_form
from bot.web.logins import token_of
from bot.web.sessions import Session, read_session, write_session
from bot.web.site import Site, download, mark_problem, refusal_of
from bot.web.uploads import read_upload
from bot.web.view import Conversation, view_conversation
from storage.errors import StorageError

log = structlog.get_logger()
#: Turns on a page; older ones stay stored.
SHOWN_TURNS = 50
#: Prefix of a form's own fields, so that none can be taken for ours.
FIELD = "field-"
SAY, CHOOSE, SUBMIT, SWITCH = "/meddelande", "/val", "/formular", "/samtal"
ATTACH = "/bifoga"
Sent = dict[str, str]
Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A conversation as it stands on the page."""

    talk: Conversation
    revision: int
    #: Language of the latest reply, and of the page around it.
    language: Language


class Chat:
    """The handlers of the chat page."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def routes(self) -> list[Route]:
        """Every address of the chat."""
        return [
            Route("/", self.page),
            Route(SAY, self._turn(SAY, said), methods=["POST"]),
            Route(CHOOSE, self._turn(CHOOSE, chosen), methods=["POST"]),
            Route(SUBMIT, self._turn(SUBMIT, submitted), methods=["POST"]),
            Route(ATTACH, self.attach, methods=["POST"]),
            Route(SWITCH, self.switch, methods=["POST"]),
            Route("/logg", self.log),
            Route("/handelser", self.events),
            Route("/fil/{reference:path}", self.file),
        ]

    async def page(self, request: Request) -> Response:
        """The whole page; a new conversation is opened first, so that the greeting is stored."""
        session = read_session(request) or Session.begin()
        opens = request.method == "GET"
        shown = await run_in_threadpool(self._conversation, session, opens=opens)
        return self._show(request, "chat.html", session, shown)

    async def log(self, request: Request) -> Response:
        """The conversation alone, for the page's script after an event."""
        session = _session(request)
        if request.query_params.get("samtal") != str(session.current):
            return Response(headers={"HX-Refresh": "true"})
        shown = await run_in_threadpool(self._conversation, session)
        return self._show(request, "log.html", session, shown)

    async def events(self, request: Request) -> Response:
        """The stream of revisions of the browser's conversation."""
        session, streams = _session(request), self._site.streams
        with streams.place(session.person):
            key = session.key
        events = streams.revisions(session.person, lambda: self._site.app.revision(key))
        headers = {"X-Accel-Buffering": "no"}
        return StreamingResponse(events, media_type="text/event-stream", headers=headers)

    async def file(self, request: Request) -> Response:
        """A file of the conversation, always as a download."""
        session, reference = _session(request), request.path_params["reference"]
        opened = await run_in_threadpool(self._site.app.open_file, reference, session.key)
        if opened is None:
            raise Refused(404, "missing")
        return download(opened)

    async def switch(self, request: Request) -> Response:
        """Begins a new conversation, or goes back to the one before; nothing is deleted."""
        sent, session = await read_form(request), _session(request)
        self._check(session, SWITCH, sent)
        back = sent.get("to") == "previous"
        response = RedirectResponse("/", 303)
        turned = session.stepped_back() if back else session.started_anew()
        write_session(response, request, turned)
        return response

    async def attach(self, request: Request) -> Response:
        """Takes a file as a message of its own."""
        session = _session(request)
        sent, name, content = await read_upload(request)
        self._check(session, ATTACH, sent)
        identity = session.message_id(sent["form_id"], name, sha256(content).hexdigest())
        uploaded = Uploaded(clean(name), content)
        envelope = Envelope(session.key, identity, self._site.now(), uploaded)
        await run_in_threadpool(self._site.app.receive, envelope)
        shown = await run_in_threadpool(self._conversation, session)
        return self._answer(request, session, shown)

    def _turn(self, action: str, content_of: Callable[[Sent], Content]) -> Handler:
        async def handle(request: Request) -> Response:
            sent, session = await read_form(request), _session(request)
            try:
                self._check(session, action, sent)
                envelope = self._envelope(session, sent, content_of(sent))
                await run_in_threadpool(self._site.app.receive, envelope)
                shown = await run_in_threadpool(self._conversation, session)
            except (Refused, Busy, StorageError) as error:
                if isinstance(error, StorageError):
                    log.error("web", path=action, error=type(error).__name__)
                return self._offer_again(request, session, action, sent, refusal_of(error))
            return self._answer(request, session, shown)

        return handle

    def _check(self, session: Session, action: str, sent: Sent) -> None:
        if not session.proves(action, sent.get("form_id", ""), sent.get("proof", "")):
            raise Refused(403, "stale_page")
        if sent.get("conversation") != str(session.current):
            raise Refused(409, "moved")
        if not self._site.buckets.take(session.person):
            raise Refused(429, "too_many")

    def _envelope(self, session: Session, sent: Sent, content: Content) -> Envelope:
        identity = session.message_id(sent["form_id"], repr(content))
        return Envelope(session.key, identity, self._site.now(), content)

    def _answer(self, request: Request, session: Session, shown: Shown) -> Response:
        if is_fragment(request):
            return self._show(request, "answer.html", session, shown)
        turns = shown.talk.turns
        response = RedirectResponse(f"/#turn-{turns[-1].number}" if turns else "/", 303)
        write_session(response, request, session)
        return response

    def _show(self, request: Request, template: str, session: Session, shown: Shown) -> Response:
        return self._site.respond(
            request,
            template,
            session,
            language=shown.language,
            shown=shown,
            active=session,
            login=self._site.app.door.knows_people and not token_of(request),
        )

    def _offer_again(
        self, request: Request, session: Session, action: str, sent: Sent, refusal: Refused
    ) -> Response:
        """Says why and keeps what was written in a form that sends it once more."""
        template = "problem.html" if is_fragment(request) else "error.html"
        response = self._site.respond(
            request, template, session, status=refusal.status,
            reason=refusal.reason, action=action, again=sent,
        )  # fmt: skip
        return mark_problem(request, response)

    def _conversation(self, session: Session, *, opens: bool = False) -> Shown:
        app = self._site.app
        # Read first: a turn stored in between is then fetched once more, never missed.
        revision = app.revision(session.key)
        turns = app.turns(session.key, SHOWN_TURNS)
        if opens and not turns:
            identity = session.message_id("opened")
            app.receive(Envelope(session.key, identity, self._site.now(), Opened()))
            return self._conversation(session)
        language: Language = turns[-1].reply.language if turns else "sv"
        return Shown(view_conversation(turns), revision, language)


def _session(request: Request) -> Session:
    session = read_session(request)
    if session is None:
        raise Refused(403, "no_cookie")
    return session


def said(sent: Sent) -> Content:
    """The words of the message field; ``Refused`` (400) when there are none."""
    text = clean(sent.get("message", ""))
    if not text:
        raise Refused(400, "empty")
    return Said(text)


def chosen(sent: Sent) -> Content:
    """The button pressed."""
    if "interaction" not in sent or "choice" not in sent:
        raise Refused(400, "incomplete")
    return Chose(clean(sent["interaction"]), clean(sent["choice"]))


def submitted(sent: Sent) -> Content:
    """The form filled in."""
    if "interaction" not in sent:
        raise Refused(400, "incomplete")
    values = {
        clean(name.removeprefix(FIELD)): clean(value)
        for name, value in sent.items()
        if name.startswith(FIELD)
    }
    return Submitted(clean(sent["interaction"]), values)
