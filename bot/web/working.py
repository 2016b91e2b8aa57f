"""The page of work under way: it looks again by itself, with or without a script."""

from __future__ import annotations

from typing import TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from bot.background import Work, Works
from bot.web.console import Visit
from bot.web.incoming import Refused, is_fragment

T = TypeVar("T")
#: Seconds a request waits for work that may be short.
PATIENCE = 1.5


async def found(works: Works[T], visit: Visit) -> Work[T]:
    """The work the address names, after a short wait. Raises ``Refused`` (410) if forgotten."""
    work = works.find(visit.request.path_params["work"])
    if work is None:
        raise Refused(410, "forgotten")
    await run_in_threadpool(work.wait, 0 if is_fragment(visit.request) else PATIENCE)
    return work


def unfinished(visit: Visit, work: Work[T]) -> bool:
    """Is there only progress to show? The page's script asks for nothing else."""
    return not work.ended or is_fragment(visit.request)


def under_way(visit: Visit, work: Work[T], template: str, kind: str = "") -> Response:
    """How far it has come; the page's script is told to load the page anew at the end.

    ``kind`` tells a template that serves several kinds of work which one this is.
    """
    page = visit.page(template, work=work, kind=kind)
    if work.ended:
        page.headers["HX-Refresh"] = "true"
    return page
