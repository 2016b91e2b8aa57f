"""A real application per test: SQLite in the test's folder, the shipped guidance, no network."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from talking import NOON, Talk

from bot.app import App, build_app
from bot.logs import set_up_logs
from bot.settings import Settings


@pytest.fixture(scope="session")
def loaded_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the starter guidance; a copy is quicker than loading it again."""
    set_up_logs("text", quiet=True)
    folder = tmp_path_factory.mktemp("data")
    application = build_app(Settings(data=folder))
    application.corpus.retriever()
    application.close()
    return folder


@pytest.fixture
def app(loaded_data: Path, tmp_path: Path) -> Iterator[App]:
    """An application on a copy of the loaded data; the clock stands at ``NOON``."""
    folder = tmp_path / "data"
    shutil.copytree(loaded_data, folder)
    application = build_app(Settings(data=folder), lambda: NOON)
    yield application
    application.close()


@pytest.fixture
def talk(app: App) -> Talk:
    """A conversation with it."""
    return Talk(app)


@pytest.fixture
def reopened(app: App) -> Callable[[], App]:
    """The same data opened by a new process, after the first one is gone."""
    opened: list[App] = []

    def again() -> App:
        (opened[-1] if opened else app).close()
        opened.append(build_app(app.configuration, lambda: NOON))
        return opened[-1]

    return again
