"""``hansyn retention``: forget what is no longer kept, and a person who asks to be forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.administration.erasure import Erased
    from bot.texts import Texts

retention = typer.Typer(help="Gallring och begäran om radering.", no_args_is_help=True)

DryRun = Annotated[bool, typer.Option("--dry-run", help="Räkna, men radera inget.")]
Json = Annotated[bool, typer.Option("--json", help="Skriv JSON till stdout.")]


@retention.command("run")
def run_retention(dry_run: DryRun = False, as_json: Json = False) -> None:
    """Glöm det som är äldre än inställningarna säger. Servern gör det själv varje dag."""
    from bot.administration.retention import Forgetting
    from bot.commands.opening import opened, print_json
    from bot.policy import OPERATOR

    with opened() as app:
        forgetting = Forgetting(app.store, app.configuration)
        now = app.now()
        found = forgetting.count(now) if dry_run else forgetting.run(now, OPERATOR.id)
        if as_json:
            print_json({"dry_run": dry_run, "rows": found})
            return
        _show(app.texts, "rows", found, dry_run=dry_run)
        typer.echo(app.texts.render("retention.cases_stay", "sv"))


@retention.command("erase")
def erase_person(
    issuer: Annotated[str, typer.Argument(help="Kanal och organisation, som teams:TENANT.")],
    subject: Annotated[str, typer.Argument(help="Personens id där.")],
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Radera vad som finns om en person, i alla kanaler hen har kopplat; ärenden finns kvar."""
    from bot.administration.erasure import erase, find_traces
    from bot.commands.opening import opened, print_json, tell
    from bot.policy import OPERATOR

    with opened() as app:
        if dry_run:
            found = find_traces(app.store, issuer, subject)
        else:
            found = erase(app.store, (issuer, subject), OPERATOR.id, app.now())
        if as_json:
            print_json({"dry_run": dry_run, **asdict(found)})
        elif not found.kept and not any(found.rows.values()):
            tell(app.texts.render("retention.unknown_person", "sv"))
            raise typer.Exit(1)
        else:
            _show(app.texts, "erased", found.rows, dry_run=dry_run)
            _show_kept(app.texts, found)


def _show(texts: Texts, group: str, found: Mapping[str, int], *, dry_run: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    head = texts.render("retention.would_go" if dry_run else "retention.gone", "sv")
    table = Table(texts.render("retention.what", "sv"), head)
    for name, count in found.items():
        table.add_row(texts.render(f"retention.{group}.{name}", "sv"), str(count))
    Console().print(table)


def _show_kept(texts: Texts, found: Erased) -> None:
    key = "kept" if found.kept else "nothing_kept"
    typer.echo(texts.render(f"retention.{key}", "sv"))
    for case in found.kept:
        kind = texts.render(f"alert.kind.{case.kind}", "sv")
        state = "closed" if case.state == "closed" else "open"
        key, day = f"retention.case.{state}", case.created_at.date()
        typer.echo(texts.render(key, "sv", number=case.number, kind=kind, day=day))
