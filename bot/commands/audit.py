"""``hansyn audit``: read the log of who has done what, and check that nobody has changed it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

audit = typer.Typer(help="Loggen över vem som har gjort vad.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Skriv JSON till stdout.")]
STOCKHOLM = ZoneInfo("Europe/Stockholm")


@audit.command("list")
def list_entries(
    target: Annotated[
        str, typer.Option("--object", help="Bara det här, till exempel A-2026-0007.")
    ] = "",
    actor: Annotated[str, typer.Option(help="Bara vad den här har gjort.")] = "",
    action: Annotated[str, typer.Option(help="Bara det här slaget, till exempel read.")] = "",
    since: Annotated[str, typer.Option(help="Från och med dagen, ÅÅÅÅ-MM-DD.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="Högst så många, de nyaste.")] = 50,
    as_json: Json = False,
) -> None:
    """Visa loggen, det nyaste först."""
    from bot.administration.audit_log import AuditLog, ids_of
    from bot.commands.opening import database, print_json
    from bot.policy import OPERATOR
    from storage.audit import AuditFilter

    wanted = AuditFilter(target, ids_of(actor), action, since=_day(since))
    with database() as store:
        entries = AuditLog(store).entries(OPERATOR, wanted, limit=limit)
    if as_json:
        print_json([asdict(entry) for entry in entries])
        return
    for entry in entries:
        at = entry.at.astimezone(STOCKHOLM)
        line = f"{entry.position:>6}  {at:%Y-%m-%d %H:%M}  {entry.actor}  {entry.action}"
        typer.echo(f"{line}  {entry.object}")


@audit.command("verify")
def verify(
    head: Annotated[
        Path | None,
        typer.Option(
            help="Fil med loggens slut vid förra kontrollen. Den skrivs om när loggen är hel; "
            "spara den där den som sköter databasen inte kommer åt den."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Kontrollera att ingen har ändrat loggen eller tagit bort något ur den."""
    from bot.administration.audit_log import AuditLog, read_head
    from bot.commands.opening import database, print_json
    from bot.policy import OPERATOR
    from bot.texts import load_texts

    with database() as store:
        log = AuditLog(store)
        chain = log.inspect(OPERATOR, read_head(head) if head else (0, ""))
        if head and chain.broken is None:
            log.keep_head(OPERATOR, head)
    if as_json:
        print_json(asdict(chain))
    else:
        key = "whole" if chain.broken is None else "broken"
        texts = load_texts()
        typer.echo(texts.render(f"audit.{key}", "sv", count=chain.count, broken=chain.broken or 0))
        if chain.broken is None and chain.signed_from:
            typer.echo(texts.render("audit.signed", "sv", position=chain.signed_from))
    raise typer.Exit(0 if chain.broken is None else 1)


def _day(text: str) -> datetime | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter("Skriv dagen som ÅÅÅÅ-MM-DD.") from error
    return datetime.combine(day, time(), STOCKHOLM)
