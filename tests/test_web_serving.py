"""Serving: a free port, this machine alone, a stop that does not wait for open pages."""

from __future__ import annotations

import http.client
import socket
import time

import pytest

from bot.errors import SettingsError
from bot.web.application import build_web
from bot.web.serving import PORTS_TRIED, address_of, is_loopback, listen, serve
from tests.fakes import ScriptedApp
from tests.web_server import served


def test_a_busy_port_gives_the_next_free_one() -> None:
    with listen("127.0.0.1", 18_400) as first:
        port = first.getsockname()[1]
        with listen("127.0.0.1", port) as second:
            assert second.getsockname()[1] > port
            assert address_of(second) == f"http://127.0.0.1:{second.getsockname()[1]}/"


def test_no_free_port_is_told_with_the_range(monkeypatch: pytest.MonkeyPatch) -> None:
    def taken(*_: object, **__: object) -> socket.socket:
        raise OSError(98, "Address already in use")

    monkeypatch.setattr(socket, "create_server", taken)
    with pytest.raises(SettingsError, match=f"9000 to {9000 + PORTS_TRIED - 1}"):
        listen("127.0.0.1", 9000)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "example.org"])
def test_an_address_others_can_reach_is_refused_unless_allowed(host: str) -> None:
    assert not is_loopback(host)
    with pytest.raises(SettingsError, match="reachable"):
        serve(build_web(ScriptedApp()), host)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.8.8.8"])
def test_loopback_has_many_names(host: str) -> None:
    assert is_loopback(host)


def test_a_stop_does_not_wait_for_open_pages() -> None:
    with served() as site:
        host = site.address.removeprefix("http://")
        connection = http.client.HTTPConnection(host, timeout=10)
        connection.request("GET", "/")
        cookie = connection.getresponse().headers["set-cookie"].partition(";")[0]
        stream = http.client.HTTPConnection(host, timeout=10)
        stream.request("GET", "/handelser", headers={"cookie": cookie})
        assert stream.getresponse().status == 200
        start = time.monotonic()
    assert time.monotonic() - start < 3
    stream.close()
    connection.close()
