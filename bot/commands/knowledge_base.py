"""``hansyn kb``: import files, publish them, go back. Nothing heavy is imported here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

knowledge_base = typer.Typer(help="Kunskapsbasen.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Skriv JSON till stdout.")]
Paths = Annotated[list[Path], typer.Argument(help="Filer (docx, pdf, html, md, txt) eller mappar.")]
Id = Annotated[str, typer.Argument(help="Textens id, se hansyn kb list.")]
Reason = Annotated[str, typer.Option(help="Varför; sparas i händelseloggen.")]


@knowledge_base.command("import")
def import_files(  # noqa: PLR0913, PLR0917 - one option for each fact of a text
    paths: Paths,
    title: Annotated[str, typer.Option(help="Titel i stället för filens egen.")] = "",
    source: Annotated[str, typer.Option(help="Källan som en läsare skulle kalla den.")] = "",
    date: Annotated[str, typer.Option(help="Källans datum, ÅÅÅÅ-MM-DD, eller år.")] = "",
    basis: Annotated[str, typer.Option(help="Det texten bygger på, till exempel ett beslut.")] = "",
    url: Annotated[str, typer.Option(help="Länk till originalet.")] = "",
    owner: Annotated[str, typer.Option(help="Rollen som ansvarar.")] = "stödfunktionen",
    review_by: Annotated[str, typer.Option(help="Dag för nästa översyn. Förval: om ett år.")] = "",
    valid_from: Annotated[str, typer.Option(help="Gäller från, ÅÅÅÅ-MM-DD.")] = "",
    valid_to: Annotated[str, typer.Option(help="Gäller till, ÅÅÅÅ-MM-DD.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Visa bara, spara inget.")] = False,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Läs in filer som utkast och visa vad de blir."""
    from bot.commands.kb_import import Wanted, run

    facts = {
        "source": source, "source_date": date, "basis": basis, "url": url, "owner_role": owner,
        "review_by": review_by, "valid_from": valid_from, "valid_to": valid_to,
    }  # fmt: skip
    raise typer.Exit(run(paths, Wanted(title, facts, dry_run, as_json)))


@knowledge_base.command("list")
def list_texts(
    words: Annotated[str, typer.Argument(help="Visa bara texter med detta i id eller titel.")] = "",
    drafts: Annotated[bool, typer.Option("--drafts", help="Bara de som har utkast.")] = False,
    retired: Annotated[bool, typer.Option("--retired", help="Bara de som är borttagna.")] = False,
    due: Annotated[bool, typer.Option("--due", help="Bara de som snart ska ses över.")] = False,
    as_json: Json = False,
) -> None:
    """Lista texterna: publicerade, utkast och borttagna."""
    from bot.commands.kb_versions import run_list

    raise typer.Exit(
        run_list(words, {"utkast": drafts, "borttagna": retired, "oversyn": due}, as_json=as_json)
    )


@knowledge_base.command("show")
def show(
    document: Id,
    version: Annotated[int, typer.Option(help="Förval: den publicerade, annars den senaste.")] = 0,
    as_json: Json = False,
) -> None:
    """Visa en text och alla dess versioner."""
    from bot.commands.kb_show import run_show

    raise typer.Exit(run_show(document, version, as_json=as_json))


@knowledge_base.command("test")
def try_out(
    documents: Annotated[list[str], typer.Argument(help="Texternas id, se hansyn kb list.")],
    as_json: Json = False,
) -> None:
    """Visa vilka svar utkasten skulle ändra; inget publiceras."""
    from bot.commands.kb_publish import Wanted, run

    raise typer.Exit(run(Wanted(documents, as_json=as_json, dry_run=True)))


@knowledge_base.command("diff")
def diff(
    document: Id,
    before: Annotated[
        int, typer.Option("--from", help="Version att jämföra med. Förval: den publicerade.")
    ] = 0,
    after: Annotated[int, typer.Option("--to", help="Förval: utkastet.")] = 0,
) -> None:
    """Visa vad ett utkast ändrar."""
    from bot.commands.kb_versions import run_diff

    raise typer.Exit(run_diff(document, before, after))


@knowledge_base.command("publish")
def publish(
    documents: Annotated[list[str], typer.Argument(help="Texternas id, se hansyn kb list.")],
    reason: Reason = "",
    accept: Annotated[
        list[str] | None,
        typer.Option(help="Id för ett ändrat svar som är rätt, eller all. Kan upprepas."),
    ] = None,
    reviewed: Annotated[
        bool, typer.Option("--reviewed", help="Stödfunktionen har granskat och står för texten.")
    ] = False,
    flagged: Annotated[
        bool, typer.Option("--flagged", help="Publicera även en text som ser misstänkt ut.")
    ] = False,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Visa vilka svar utkasten ändrar och publicera dem, eller godkänn en publicerad text."""
    from bot.commands.kb_publish import Wanted, run

    wanted = Wanted(documents, accept or (), reason, reviewed, flagged, as_json=as_json)
    raise typer.Exit(run(wanted))


@knowledge_base.command("retire")
def retire(document: Id, reason: Reason = "") -> None:
    """Ta bort en text ur svaren; gamla svar kan fortfarande visas."""
    from bot.commands.kb_versions import run_retire

    raise typer.Exit(run_retire(document, reason))


@knowledge_base.command("answer")
def show_answer(
    number: Annotated[str, typer.Argument(help="Svarets nummer, till exempel S-1042.")] = "",
    since: Annotated[str, typer.Option(help="Från och med, ÅÅÅÅ-MM-DD. Förval: i dag.")] = "",
    until: Annotated[str, typer.Option(help="Till och med. Förval: samma dag.")] = "",
    words: Annotated[str, typer.Option(help="Bara frågor med dessa ord.")] = "",
    text: Annotated[
        bool, typer.Option("--text", help="Visa hela texten som den stod då.")
    ] = False,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Visa ett gammalt svar med den text det byggde på, eller lista svaren från en dag."""
    from bot.commands.kb_answers import list_days, show_one

    if number:
        raise typer.Exit(show_one(number, whole=text, as_json=as_json))
    raise typer.Exit(list_days(since, until, words, as_json=as_json))


@knowledge_base.command("rollback")
def roll_back(
    document: Id,
    reason: Reason = "",
    to: Annotated[int, typer.Option(help="Version. Förval: den som gällde före.")] = 0,
) -> None:
    """Låt en tidigare version gälla igen."""
    from bot.commands.kb_versions import run_rollback

    raise typer.Exit(run_rollback(document, reason, to))


@knowledge_base.command("overview")
def overview(as_json: Json = False) -> None:
    """Visa vad som väntar, och hur frågorna har gått."""
    from bot.commands.kb_insight import run_overview

    raise typer.Exit(run_overview(as_json=as_json))


@knowledge_base.command("unanswered")
def unanswered(
    words: Annotated[str, typer.Argument(help="Visa bara frågor med dessa ord.")] = "",
    days: Annotated[int, typer.Option(help="Hur många dagar bakåt, högst 90.")] = 30,
    as_json: Json = False,
) -> None:
    """Visa obesvarade frågor efter ämne."""
    from bot.commands.kb_insight import run_unanswered

    raise typer.Exit(run_unanswered(days, words, as_json=as_json))


@knowledge_base.command("feedback")
def feedback(
    days: Annotated[int, typer.Option(help="Hur många dagar bakåt; 0 är hela tiden.")] = 90,
    as_json: Json = False,
) -> None:
    """Visa omdömen per text, den med flest klagomål först."""
    from bot.commands.kb_insight import run_feedback

    raise typer.Exit(run_feedback(days, as_json=as_json))


@knowledge_base.command("ageing")
def ageing(as_json: Json = False) -> None:
    """Visa texterna efter risk: årets svar gånger textens ålder."""
    from bot.commands.kb_insight import run_ageing

    raise typer.Exit(run_ageing(as_json=as_json))


@knowledge_base.command("questions")
def questions(
    drafts: Annotated[bool, typer.Option("--drafts", help="Räkna med alla utkast.")] = False,
    add: Annotated[str, typer.Option(help="Lägg till en testfråga.")] = "",
    source: Annotated[
        str, typer.Option(help="Titel, id eller paragraf som är rätt svar på den.")
    ] = "",
    end: Annotated[str, typer.Option(help="Id för en egen testfråga som tas bort.")] = "",
    as_json: Json = False,
) -> None:
    """Ställ alla testfrågor och visa vilka svar som är fel, eller lägg till eller ta bort en."""
    from bot.commands.kb_questions import run_add, run_ask, run_end

    if add:
        raise typer.Exit(run_add(add, source))
    raise typer.Exit(run_end(end) if end else run_ask(drafts=drafts, as_json=as_json))
