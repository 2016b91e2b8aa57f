"""Runs the web front with uvicorn on a port that is free."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from ipaddress import ip_address

import uvicorn
from starlette.applications import Starlette

from bot.errors import SettingsError

#: How many ports above the wished one are tried.
PORTS_TRIED = 20
#: Seconds open answers get to finish when the server stops.
GRACE = 5


def is_loopback(host: str) -> bool:
    """Can only this machine reach the address?"""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def listen(host: str, port: int) -> socket.socket:
    """A socket on ``port`` or the next free one after it, bound so that nobody else can take it.

    Raises:
        SettingsError: none of ``PORTS_TRIED`` ports is free, or the address is not this machine's.
    """
    last = min(port + PORTS_TRIED, 65536)
    for candidate in range(port, last):
        try:
            return socket.create_server((host, candidate), family=_family(host), backlog=128)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise SettingsError(f"{host}:{candidate}: {error.strerror}") from error
    raise SettingsError(f"No free port from {port} to {last - 1} on {host}")


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def serve(
    web: Starlette,
    host: str = "127.0.0.1",
    port: int = 8000,
    *,
    public: bool = False,
    announce: Callable[[str], None] = lambda address: None,
) -> None:
    """Serves until the process is told to stop; ``announce`` gets the address once it listens.

    Raises:
        SettingsError: the port is taken and the next ones too, or the address is reachable from
            other machines though ``public`` does not allow it.
    """
    if not public and not is_loopback(host):
        raise SettingsError(
            f"{host} is reachable from other machines; HANSYN_HOST must be 127.0.0.1"
        )
    with listen(host, port) as bound:
        config = uvicorn.Config(
            web, log_config=None, access_log=False, server_header=False,
            timeout_graceful_shutdown=GRACE,
            # Who the nearest sender is decides whose headers count, so nobody may rewrite it.
            proxy_headers=False,
        )  # fmt: skip
        # Else it is done after the address is told, and the first visitor waits for it.
        config.load()
        server = _Server(config, lambda: announce(address_of(bound)))
        web.state.site.streams.stopping = lambda: server.should_exit
        server.run(sockets=[bound])


class _Server(uvicorn.Server):
    """Tells when it accepts, not when it is about to begin."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts to accept and says so."""
        await super().startup(sockets)
        if not self.should_exit:
            self._ready()


def address_of(bound: socket.socket) -> str:
    """The address to open in a browser."""
    host, port = bound.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}/"
