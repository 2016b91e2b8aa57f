"""The command line: ``hansyn COMMAND --help``. Data goes to stdout, talk to stderr, exit 0/1/2.

Nothing heavy is imported here; each command imports what it needs when it runs.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from bot import __version__
from bot.commands.admin import admin
from bot.commands.administration import policy, vocabulary
from bot.commands.audit import audit
from bot.commands.knowledge_base import knowledge_base
from bot.commands.retention import retention

app = typer.Typer(
    name="hansyn",
    help="Hänsyn: svar med källa, bruttolistan och avsteg i upphandling.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
database = typer.Typer(help="Databasen.", no_args_is_help=True)
app.add_typer(database, name="db")
app.add_typer(audit, name="audit")
app.add_typer(admin, name="admin")
app.add_typer(knowledge_base, name="kb")
app.add_typer(vocabulary, name="vocabulary")
app.add_typer(policy, name="policy")
app.add_typer(retention, name="retention")
manifests = typer.Typer(help="Appens manifest för Teams och Slack.", no_args_is_help=True)
app.add_typer(manifests, name="manifest")

Json = Annotated[bool, typer.Option("--json", help="Skriv JSON till stdout.")]


@app.command()
def version(as_json: Json = False) -> None:
    """Visa versionen."""
    typer.echo(f'{{"version": "{__version__}"}}' if as_json else __version__)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Adress att lyssna på i stället för HANSYN_HOST.")] = "",
    port: Annotated[
        int,
        typer.Option(help="Första port att pröva i stället för HANSYN_PORT.", show_default=False),
    ] = 0,
) -> None:
    """Starta webbchatten."""
    from bot.commands.serve import run

    raise typer.Exit(run(host, port))


@app.command()
def chat() -> None:
    """Prata i terminalen."""
    from bot.commands.chat import run

    raise typer.Exit(run())


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="Frågan, eller - för en fråga per rad.")],
    as_json: Json = False,
) -> None:
    """Svara på en fråga utan att spara något."""
    from bot.commands.ask import run

    raise typer.Exit(run(question, as_json=as_json))


@app.command()
def screen(
    case: Annotated[str, typer.Argument(help="Upphandlingen i ord, eller - för en per rad.")],
    as_json: Json = False,
) -> None:
    """Pröva en upphandling mot bruttolistan utan att spara något."""
    from bot.commands.screen import run

    raise typer.Exit(run(case, as_json=as_json))


@app.command()
def rescreen(
    policy: Annotated[
        list[str] | None,
        typer.Option(help="Värde att pröva, till exempel option=räknas. Kan upprepas."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Lista sparade bedömningar som får ett annat svar med dagens regel."""
    from bot.commands.rescreen import run

    raise typer.Exit(run(policy or [], as_json=as_json))


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Filer eller mappar.")],
    publish: Annotated[bool, typer.Option("--publish", help="Publicera direkt.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Läs men spara inte.")] = False,
    as_of: Annotated[str, typer.Option(help="Kopians datum, ÅÅÅÅ-MM-DD.")] = "",
    flagged: Annotated[
        bool, typer.Option("--flagged", help="Publicera även texter som ser misstänkta ut.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Läs in författningar och artiklar."""
    from bot.commands.ingest import run

    how = {"publish": publish, "dry_run": dry_run, "as_json": as_json, "flagged": flagged}
    raise typer.Exit(run(paths, as_of=as_of, **how))


@app.command("eval")
def evaluate(
    file: Annotated[
        Path | None, typer.Argument(help="Frågefil i JSONL; utan fil projektets egna guldfrågor.")
    ] = None,
    curve: Annotated[
        Path | None, typer.Option(help="Rita hur många svar och hur många fel olika trösklar ger.")
    ] = None,
    compare: Annotated[
        tuple[Path, Path] | None,
        typer.Option(help="Två körningar sparade med --json: vilka frågor har ändrats?"),
    ] = None,
    sections: Annotated[
        Path | None,
        typer.Option(
            help="En lag i Markdown. Varje rubrik är en fråga och paragrafernas text det som "
            "genomsöks, utan rubriker: först texten ensam, sedan med det redaktionella lagrets "
            "namn och exempelfrågor."
        ),
    ] = None,
    faq: Annotated[
        Path | None,
        typer.Option(
            help="Frågor i SweFAQ:s format: rätt svar bland kategorins, och bland alla svar."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Mät svaren: varje sökben, hela assistenten eller två yttre mått."""
    from bot.commands.evaluate import Wanted, run

    raise typer.Exit(run(Wanted(file, curve, compare, sections, faq, as_json)))


@app.command()
def calibrate(as_json: Json = False) -> None:
    """Räkna om vikter och trösklar när kunskapsbasen eller modellen är en annan."""
    from bot.commands.calibrate import run

    raise typer.Exit(run(as_json=as_json))


@app.command()
def train(
    data: Annotated[
        Path | None,
        typer.Option(
            help="Mapp med träningsmaterial. Egna par ligger i *.jsonl med query och passage; med "
            "bara sådana, eller utan mapp, anpassas den modell som används nu."
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Mapp för modellen. Förval: datamappen.")] = None,
    seed: Annotated[int, typer.Option(help="Samma frö ger samma modell.")] = 0,
    as_json: Json = False,
) -> None:
    """Träna sökmodellen på eget material; den byts bara om den hittar mer."""
    from bot.commands.train import Task, run

    raise typer.Exit(run(Task(data, out, seed, as_json)))


@app.command()
def doctor(
    send_test: Annotated[
        bool, typer.Option("--send-test", help="Skicka ett testlarm till varje rum för larm.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Kontrollera installationen och de kanaler som är påslagna."""
    from bot.commands.doctor import run

    raise typer.Exit(run(send_test=send_test, as_json=as_json))


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Arkivet som skrivs.")], as_json: Json = False
) -> None:
    """Säkerhetskopiera databasen medan den används."""
    from bot.commands.backups import run_backup

    raise typer.Exit(run_backup(file, as_json=as_json))


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="Arkivet som läses.")],
    verify: Annotated[bool, typer.Option("--verify", help="Räkna och jämför efteråt.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Skriv över en databas.")] = False,
    as_json: Json = False,
) -> None:
    """Återställ databasen ur ett arkiv."""
    from bot.commands.backups import run_restore

    raise typer.Exit(run_restore(file, verify=verify, force=force, as_json=as_json))


@manifests.command("teams")
def manifest_teams(
    out: Annotated[Path, typer.Option(help="Zipfilen som skrivs.")] = Path("hansyn-teams.zip"),
) -> None:
    """Skriv appaketet som laddas upp i Teams."""
    from bot.commands.manifest import run_teams

    raise typer.Exit(run_teams(out))


@manifests.command("slack")
def manifest_slack(
    webhook: Annotated[
        bool, typer.Option("--webhook", help="Med HANSYN_PUBLIC_URL i stället för Socket Mode.")
    ] = False,
) -> None:
    """Skriv manifestet som Slack skapar appen av."""
    from bot.commands.manifest import run_slack

    raise typer.Exit(run_slack(webhook=webhook))


@database.command("upgrade")
def db_upgrade(as_json: Json = False) -> None:
    """För databasen till den här versionens schema."""
    from bot.commands.backups import run_upgrade

    raise typer.Exit(run_upgrade(as_json=as_json))


@database.command("copy")
def db_copy(
    address: Annotated[str, typer.Argument(help="postgresql://… eller sqlite:///FIL, tom.")],
    as_json: Json = False,
) -> None:
    """Kopiera allt till en tom databas och jämför."""
    from bot.commands.backups import run_copy

    raise typer.Exit(run_copy(address, as_json=as_json))


def main(arguments: list[str] | None = None) -> Any:
    """Entry point of the command ``hansyn``: answers errors in a sentence, never a trace."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        return app(arguments)
    except KeyboardInterrupt:
        return sys.exit(130)
    except BrokenPipeError:
        # The reader has gone, as `head` does; closing stdout would complain once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return sys.exit(0)
    except Exception as error:
        if not _is_told(error):
            raise
        typer.echo(f"hansyn: {_told(error)}", err=True)
        return sys.exit(1)


def _told(error: Exception) -> str:
    said = _in_swedish(error)
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {said or error.strerror}"
    return said or str(error)


def _in_swedish(error: Exception) -> str:
    """What the catalogue says of the error's kind; "" where its own message tells more."""
    from bot.texts import load_texts

    key = f"trouble.{type(error).__name__}"
    texts = load_texts()
    if isinstance(error, ModuleNotFoundError):
        return texts.render(key, "sv", module=str(error.name))
    usual = " ".join(str(type(error).__doc__).split())
    plain = isinstance(error, OSError) or str(error) == usual
    known = plain and key in texts.sentences["sv"]
    return texts.render(key, "sv") if known else ""


def _is_told(error: Exception) -> bool:
    """Does its message tell the operator what is wrong: ours, or a file that cannot be used?"""
    return any(kind.__name__ in _TOLD for kind in type(error).__mro__)


_TOLD = {"HansynError", "StorageError", "KnowledgeError", "OSError", "ModuleNotFoundError"}

if __name__ == "__main__":
    main()
