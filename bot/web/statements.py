"""Pages that say what the service is bound to: accessibility, personal data, terms."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.messages import Language
from bot.web.chat import Handler
from bot.web.site import Site

#: Name of the page's texts -> address and language, the page's own language first.
STATEMENTS: dict[str, dict[Language, str]] = {
    "privacy": {"sv": "/integritet", "en": "/privacy"},
    "terms": {"sv": "/villkor", "en": "/terms"},
}
#: The headings of each page, in order.
PARTS = {
    "privacy": ("what", "why", "who", "where", "how_long", "rights"),
    "terms": ("answers", "care", "records", "outsiders", "faults"),
}


def statement_routes(site: Site) -> list[Route]:
    """The addresses of all of them, in both languages where there are two."""
    found = [Route("/tillganglighet", _accessibility(site))]
    for name, addresses in STATEMENTS.items():
        found += [Route(path, _page(site, name, language)) for language, path in addresses.items()]
    return found


def _accessibility(site: Site) -> Handler:
    async def show(request: Request) -> Response:
        return site.respond(request, "accessibility.html")

    return show


def _page(site: Site, name: str, language: Language) -> Handler:
    other: Language = "en" if language == "sv" else "sv"

    async def show(request: Request) -> Response:
        return site.respond(
            request, "statement.html", language=language, name=name, parts=PARTS[name],
            other=other, elsewhere=STATEMENTS[name][other],
        )  # fmt: skip

    return show
