"""Pages that say what the service is bound to: accessibility, personal data, terms."""

from __future__ import annotations

from datetime import date

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.messages import Language
from bot.web.chat import Handler
from bot.web.site import Site

#: Name of the page's texts -> address and language, the page's own language first.
STATEMENTS: dict[str, dict[Language, str]] = {
    "accessibility": {"sv": "/tillganglighet", "en": "/accessibility"},
    "privacy": {"sv": "/integritet", "en": "/privacy"},
    "terms": {"sv": "/villkor", "en": "/terms"},
}
#: The headings of each page, in order.
PARTS = {
    # What Digg asks of such a statement (lag 2018:1937 and its regulation).
    "accessibility": (
        "status",
        "lacking",
        "burden",
        "outside",
        "report",
        "other_form",
        "authority",
        "tested",
    ),
    "privacy": ("what", "why", "who", "where", "how_long", "rights"),
    "terms": ("answers", "care", "records", "outsiders", "faults"),
}
#: Page and heading -> where whoever is not content can go.
LINKS = {
    ("privacy", "rights"): "https://www.imy.se",
    ("accessibility", "authority"): "https://www.digg.se/tdosanmalan",
}
#: When the accessibility of all pages was last gone through.
ASSESSED = date(2026, 11, 21)


def statement_routes(site: Site) -> list[Route]:
    """The addresses of all of them, in both languages where there are two."""
    return [
        Route(path, _page(site, name, language))
        for name, addresses in STATEMENTS.items()
        for language, path in addresses.items()
    ]


def _page(site: Site, name: str, language: Language) -> Handler:
    other: Language = "en" if language == "sv" else "sv"

    async def show(request: Request) -> Response:
        return site.respond(
            request, "statement.html", language=language, name=name, parts=PARTS[name],
            other=other, elsewhere=STATEMENTS[name][other], assessed=ASSESSED,
            links={part: link for (page, part), link in LINKS.items() if page == name},
        )  # fmt: skip

    return show
