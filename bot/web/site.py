"""What all pages share: the application, the templates, the clock and the limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.errors import Busy
from bot.messages import Language
from bot.policy import Forbidden
from bot.port import App, OpenedFile
from bot.web.events import Streams
from bot.web.incoming import Refused, is_fragment
from bot.web.limits import Buckets
from bot.web.pages import Pages
from bot.web.sessions import Session, write_session
from storage.errors import StorageError

RETRY_SECONDS = "5"


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Site:
    """One web front of one application."""

    app: App
    pages: Pages
    now: Callable[[], datetime] = _utc_now
    buckets: Buckets = field(default_factory=Buckets)
    streams: Streams = field(default_factory=Streams)

    def respond(
        self,
        request: Request,
        template: str,
        session: Session | None = None,
        *,
        status: int = 200,
        language: Language = "sv",
        **values: object,
    ) -> HTMLResponse:
        """A page; with a session it also refreshes the browser's cookie."""
        html = self.pages.render(template, language, session=session, **values)
        response = HTMLResponse(html, status)
        if session:
            write_session(response, request, session)
        return response

    def refuse(self, request: Request, refusal: Refused) -> HTMLResponse:
        """The page, or the part of a page, that says why a request was not served."""
        template = "problem.html" if is_fragment(request) else "error.html"
        response = self.respond(request, template, status=refusal.status, reason=refusal.reason)
        return mark_problem(request, response)


def download(opened: OpenedFile) -> Response:
    """A file that the browser saves and never shows or runs."""
    headers = {
        "Content-Disposition": f"attachment; filename*=utf-8''{quote(opened.name, safe='')}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(opened.content, media_type=opened.media_type, headers=headers)


def refusal_of(error: Exception) -> Refused:
    """What a person is told about an error of the application."""
    match error:
        case Refused():
            return error
        case Forbidden():
            return Refused(403, "forbidden")
        case Busy():
            return Refused(503, "busy")
        case StorageError():
            return Refused(503, "storage")
        case _:
            return Refused(500, "fault")


def mark_problem(request: Request, response: HTMLResponse) -> HTMLResponse:
    """Adds when to try again, and where the page's script shows the problem."""
    if response.status_code == 503:
        response.headers["Retry-After"] = RETRY_SECONDS
    if is_fragment(request):
        response.headers["HX-Retarget"] = "#problem"
        response.headers["HX-Reswap"] = "innerHTML"
    return response
