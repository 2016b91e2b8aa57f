"""How the service is doing, for those who run it: figures and versions, nobody's words."""

from __future__ import annotations

import platform
import shutil
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version

from bot import __version__
from bot.app import App
from bot.channels.connections import CHANNELS
from bot.policy import Actor
from storage.model import Backlog, Traffic

#: Bytes under which the disk is called full, and how long jobs that run hourly may be silent.
DISK_FLOOR = 200 * 1024 * 1024
JOBS_HOURS = 2
#: Libraries whose version explains most faults.
LIBRARIES = ("starlette", "uvicorn", "sqlalchemy", "faiss-cpu", "tokenizers")


@dataclass(frozen=True, slots=True)
class Sending:
    """A way out and how it goes."""

    #: Its name is ``web.support.channels.<name>``.
    name: str
    #: Are its settings given?
    configured: bool
    traffic: Traffic


@dataclass(frozen=True, slots=True)
class Operations:
    """The state of one running service."""

    #: File or address, without a password.
    database: str
    #: Revision of its tables.
    schema: str
    #: Of the corpus that answers now, and of the latest published one.
    corpus_in_use: int
    corpus_version: int
    #: Did building the latest one fail, so that the former serves on?
    corpus_behind: bool
    backlog: Backlog
    sendings: tuple[Sending, ...]
    #: When the hourly jobs last ran to their end here; None before the first time.
    jobs_at: datetime | None
    jobs_late: bool
    #: Bytes on the disk of the data folder.
    free: int
    full: bool
    #: (name, version).
    versions: tuple[tuple[str, str], ...]


def operations(app: App, actor: Actor) -> Operations:
    """The state now. Needs ``health.read``; raises ``Forbidden`` and ``StorageError``."""
    actor.require("health.read")
    app.corpus.retriever()
    free = shutil.disk_usage(app.configuration.data).free
    ran, now = app.jobs.ran_at, app.now()
    late = ran is not None and (now - ran).total_seconds() > JOBS_HOURS * 3600
    return Operations(
        database=app.store.address,
        schema=app.store.revision(),
        corpus_in_use=app.corpus.version,
        corpus_version=app.store.guidance.corpus_version(),
        corpus_behind=app.corpus.state == "behind",
        backlog=app.store.outbox.backlog(now),
        sendings=tuple(_sendings(app)),
        jobs_at=ran,
        jobs_late=late,
        free=free,
        full=free < DISK_FLOOR,
        versions=_versions(app),
    )


def _sendings(app: App) -> list[Sending]:
    connected = {connection.name for connection in app.connections}
    ways = {"mail": bool(app.configuration.smtp_host)}
    ways |= {name: name in connected for name in CHANNELS}
    ways["conversation"] = True
    traffic = app.store.outbox.traffic
    return [Sending(name, given, traffic(name)) for name, given in ways.items()]


def _versions(app: App) -> tuple[tuple[str, str], ...]:
    ours = (
        ("Hänsyn", __version__),
        ("Python", platform.python_version()),
        (platform.system(), platform.release()),
        ("embedding", app.corpus.embedder().fingerprint),
    )
    return (*ours, *((name, _version_of(name)) for name in LIBRARIES))


def _version_of(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""
