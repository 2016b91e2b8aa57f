"""``hansyn doctor``: is everything in place? Exit 1 when something is red."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict
from importlib import import_module
from importlib.metadata import packages_distributions
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.app import App
from bot.commands.checks import Check, State, check_channels, send_tests
from bot.commands.opening import opened, print_json
from bot.login.oidc import NotShown

PACKAGES = ("bot", "knowledge", "intents", "storage")
DISK_FLOOR = 200 * 1024 * 1024
PROBES = ("Vad är bruttolistan?", "Vad är ett avsteg?", "Vad gör stödfunktionen?")


def run(*, send_test: bool, as_json: bool) -> int:
    """Runs every check, sends test alerts if asked to, and shows the table."""
    with opened() as app:
        checks = [*(check(app) for check in CHECKS), *check_channels(app)]
        if send_test:
            checks += send_tests(app)
    if as_json:
        print_json([asdict(check) for check in checks])
    else:
        table = Table("", "Kontroll", "Läge")
        marks = {"green": "[green]ok[/]", "yellow": "[yellow]obs[/]", "red": "[red]fel[/]"}
        for check in checks:
            table.add_row(marks[check.state], check.name, check.told)
        Console().print(table)
    return int(any(check.state == "red" for check in checks))


def check_python(_app: App) -> Check:
    """Python is new enough."""
    version = ".".join(map(str, sys.version_info[:3]))
    return Check("Python", "green" if sys.version_info >= (3, 11) else "red", version)


def check_names(_app: App) -> Check:
    """Nobody else's package owns our import names, and all four come from one place."""
    owners = packages_distributions()
    foreign = [
        f"{name} ({other})" for name in PACKAGES for other in owners.get(name, ())
        if other != "hansyn"
    ]  # fmt: skip
    roots = {Path(str(import_module(name).__file__)).parent.parent for name in PACKAGES}
    if foreign or len(roots) > 1:
        return Check("Paketnamn", "red", "ägs även av " + ", ".join(foreign or map(str, roots)))
    return Check("Paketnamn", "green", "bara Hänsyns egna")


def check_database(app: App) -> Check:
    """The database answers and has the right schema."""
    return Check("Databas", "green", f"{app.store.address}, schema {app.store.revision()}")


def check_data(app: App) -> Check:
    """The data folder can be written and has room."""
    free = shutil.disk_usage(app.configuration.data).free
    state: State = "green" if free > DISK_FLOOR else "red"
    return Check("Datamapp", state, f"{app.configuration.data}, {free // 2**20} MB ledigt")


def check_corpus(app: App) -> Check:
    """Guidance is published, and known questions find it."""
    documents = app.store.guidance.published_documents()
    if not documents:
        return Check("Vägledning", "red", "inget publicerat")
    retriever = app.corpus.retriever()
    missed = [question for question in PROBES if not retriever.search(question).hits]
    told = f"{len(documents)} dokument, version {app.corpus.version}"
    return Check("Vägledning", "red" if missed else "green", told)


def check_model(app: App) -> Check:
    """Which embedding model is in use."""
    return Check("Språkmodell", "green", app.corpus.embedder().fingerprint)


def check_outbox(app: App) -> Check:
    """Nothing was given up."""
    backlog = app.store.outbox.backlog(app.now())
    told = f"{backlog.due} väntar, {backlog.dead} uppgivna"
    return Check("Utskick", "red" if backlog.dead else "green", told)


def check_mail(app: App) -> Check:
    """Are alerts mailed?"""
    if not app.configuration.smtp_host:
        return Check("E-post", "yellow", "HANSYN_SMTP_HOST är inte satt: larm visas bara på sidan")
    return Check("E-post", "green", app.configuration.smtp_host)


def check_login(app: App) -> Check:
    """People can log in, and get roles when they do."""
    settings, oidc = app.configuration, app.door.oidc
    if oidc is None and app.door.proxy is None:
        return Check("Inloggning", "yellow", "bara engångslänk, se deploy/login.md")
    if not settings.roles:
        return Check("Inloggning", "red", "HANSYN_ROLES är inte satt: ingen får någon roll")
    try:
        if oidc is not None:
            oidc.provider.reach()
    except NotShown as error:
        return Check("Inloggning", "red", f"{settings.oidc_issuer} svarar inte rätt ({error})")
    return Check("Inloggning", "green", settings.oidc_issuer or ", ".join(settings.proxy_peers))


def check_log(app: App) -> Check:
    """Nobody has changed the audit log."""
    chain = app.store.audit.inspect()
    if chain.broken is not None:
        return Check("Logg", "red", f"post {chain.broken} är ändrad")
    signed = "undertecknad" if chain.signed_from else "HANSYN_AUDIT_KEY är inte satt"
    return Check(
        "Logg", "green" if chain.signed_from else "yellow", f"{chain.count} poster, {signed}"
    )


CHECKS: tuple[Callable[[App], Check], ...] = (
    check_python,
    check_names,
    check_database,
    check_data,
    check_corpus,
    check_model,
    check_outbox,
    check_mail,
    check_login,
    check_log,
)
