"""Addresses for machines: is the process alive, can it answer, how is it doing."""

from __future__ import annotations

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.web.incoming import Refused, from_loopback
from bot.web.site import Site


def probe_routes(site: Site) -> list[Route]:
    """``/healthz``, ``/readyz`` and ``/metrics``."""

    async def alive(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(_: Request) -> Response:
        health = await run_in_threadpool(site.app.health)
        state = bool(health.get("ready"))
        return JSONResponse({"status": "ready" if state else "not ready"}, 200 if state else 503)

    async def metrics(request: Request) -> Response:
        if not from_loopback(request):
            raise Refused(404, "missing")
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return [Route("/healthz", alive), Route("/readyz", ready), Route("/metrics", metrics)]
