"""``hansyn vocabulary`` and ``hansyn policy``. Nothing heavy is imported here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

vocabulary = typer.Typer(help="Listorna som folk väljer ur.", no_args_is_help=True)
policy = typer.Typer(help="Hur bruttolistans regel läses.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Skriv JSON till stdout.")]
Name = Annotated[str, typer.Argument(help="Listans namn, se hansyn vocabulary list.")]


@vocabulary.command("list")
def list_vocabularies(as_json: Json = False) -> None:
    """Visa listorna och hur många rader som gäller."""
    from bot.commands.vocabulary_files import run_list

    raise typer.Exit(run_list(as_json=as_json))


@vocabulary.command("show")
def show_vocabulary(name: Name, as_json: Json = False) -> None:
    """Visa raderna i en lista, också de som har slutat gälla."""
    from bot.commands.vocabulary_files import run_show

    raise typer.Exit(run_show(name, as_json=as_json))


@vocabulary.command("import")
def import_vocabulary(
    file: Annotated[Path, typer.Argument(help="CSV-fil, till exempel ur ett kalkylprogram.")],
    name: Annotated[
        str, typer.Option("--list", help="Listan, om filen inte har kolumnen ”lista”.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Visa bara, spara inget.")] = False,
    as_json: Json = False,
) -> None:
    """Läs in en fil: allt eller, om något är fel, ingenting."""
    from bot.commands.vocabulary_files import run_import

    raise typer.Exit(run_import(file, name, dry_run=dry_run, as_json=as_json))


@vocabulary.command("export")
def export_vocabulary(
    names: Annotated[list[str] | None, typer.Argument(help="Listor. Förval: alla.")] = None,
    out: Annotated[Path | None, typer.Option(help="Fil att skriva. Förval: stdout.")] = None,
) -> None:
    """Skriv listor som CSV, som kan läsas in igen."""
    from bot.commands.vocabulary_files import run_export

    raise typer.Exit(run_export(names or [], out))


@policy.command("list")
def list_policies(as_json: Json = False) -> None:
    """Visa hur regeln läses, vem som har beslutat det och sedan när."""
    from bot.commands.rule_values import run_list

    raise typer.Exit(run_list(as_json=as_json))


@policy.command("set")
def set_policy(
    key: Annotated[str, typer.Argument(help="Det regeln lämnar öppet, till exempel option.")],
    value: Annotated[str, typer.Argument(help="Så ska det läsas, till exempel räknas.")],
    decided_by: Annotated[
        str, typer.Option("--decided-by", help="Rollen eller organet som har beslutat.")
    ],
    source: Annotated[str, typer.Option(help="Var beslutet går att läsa.")],
    since: Annotated[str, typer.Option("--from", help="ÅÅÅÅ-MM-DD. Förval: i dag.")] = "",
    as_json: Json = False,
) -> None:
    """Spara ett beslut och visa vilka sparade svar som blir andra."""
    from bot.commands.rule_values import Wanted, run_set

    raise typer.Exit(run_set(Wanted(key, value, decided_by, source, since), as_json=as_json))
