"""``hansyn ingest``: reads acts and articles from files into the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from bot.app import App
from bot.commands.opening import opened, print_json, tell
from bot.policy import OPERATOR
from bot.texts import load_texts
from knowledge.errors import BadDocument
from knowledge.guidance import read_article
from knowledge.hubs import Flag, find_suspects
from knowledge.model import Document
from knowledge.passages import split
from knowledge.statutes import is_statute, read_statute
from storage.guidance_model import Published
from storage.records import AuditItem


def run(
    paths: list[Path], *, publish: bool, dry_run: bool, as_of: str, as_json: bool,
    flagged: bool = False,
) -> int:  # fmt: skip
    """Reads every file; publishes them or keeps them as drafts.

    A text that hides something or would win searches it has no part in stays a draft, unless
    ``flagged`` says that somebody has looked at it.
    """
    files = [file for path in paths for file in _files(path)]
    if not files:
        tell("Inga .md-filer hittades. Ange en fil eller en mapp med .md-filer.")
        return 2
    with opened() as app:
        read, faults = _read_all(files, as_of, app, show=not as_json)
        documents = [document for document, _ in read]
        flags = () if flagged else _suspects(app, documents)
        held = {flag.passage.document_id for flag in flags}
        done: dict[str, list[str]] = {"published": [], "unchanged": [], "drafted": []}
        if not dry_run:
            done = _store(app, [each for each in documents if each.id not in held], publish=publish)
            drafts = _store(app, [each for each in documents if each.id in held], publish=False)
            done["drafted"] += drafts["drafted"]
    report = {
        "files": len(files),
        "documents": len(documents),
        "passages": sum(len(split(document)) for document in documents),
        "repairs": _sum(repairs for _, repairs in read),
        "faults": faults,
        "flags": [_to_flag(flag) for flag in flags],
        "held": sorted(held),
        **done,
    }
    if as_json:
        print_json(report)
    else:
        _tell(report)
        _tell_flags(flags, sorted(held))
    return 1 if faults or held else 0


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(path.rglob("*.md"))
    return [path]


def _read_all(
    files: list[Path], as_of: str, app: App, *, show: bool
) -> tuple[list[tuple[Document, dict[str, int]]], list[str]]:
    read: list[tuple[Document, dict[str, int]]] = []
    faults: list[str] = []
    with Progress(console=Console(stderr=True), disable=not show) as progress:
        task = progress.add_task("Läser", total=len(files))
        for file in files:
            try:
                read.append(_read(file, as_of, app))
            except BadDocument as error:
                faults.append(str(error))
            except FileNotFoundError:
                faults.append(f"{file.name}: filen finns inte")
            except (OSError, UnicodeDecodeError) as error:
                faults.append(f"{file.name}: kan inte läsas ({type(error).__name__})")
            progress.advance(task)
    return read, faults


def _read(file: Path, as_of: str, app: App) -> tuple[Document, dict[str, int]]:
    text = file.read_text(encoding="utf-8")
    if is_statute(text):
        document, repairs = read_statute(text, file.name, as_of)
        return document, repairs.counts
    return read_article(text, file.name, app.configuration.article_values()), {}


def _suspects(app: App, documents: list[Document]) -> tuple[Flag, ...]:
    """What looks made to win searches, among the texts that are new or changed."""
    new = [document for document in documents if not _is_live(app, document)]
    passages = [passage for document in new for passage in split(document)]
    return find_suspects(app.corpus.retriever(), passages) if passages else ()


def _is_live(app: App, document: Document) -> bool:
    live = app.store.guidance.document(document.id)
    return live is not None and live.document == document


def _to_flag(flag: Flag) -> dict[str, object]:
    passage = flag.passage
    facts = {"document": passage.document_id, "passage": passage.id, "reason": flag.reason}
    return {**facts, "share": round(flag.share, 3)}


def _store(app: App, documents: list[Document], *, publish: bool) -> dict[str, list[str]]:
    now = app.now()
    if publish:
        done = app.store.write(lambda: _publish(app, documents, now))
        return {
            "published": list(done.published),
            "unchanged": list(done.unchanged),
            "drafted": [],
        }
    drafted = []
    for document in documents:
        app.store.guidance.save_draft(document, now, "ingest")
        drafted.append(document.id)
    return {"published": [], "unchanged": [], "drafted": drafted}


def _publish(app: App, documents: list[Document], now: datetime) -> Published:
    """In one transaction with its lines in the log."""
    done = app.store.guidance.publish_documents(documents, now, "ingest")
    app.store.audit.append(
        [AuditItem(OPERATOR.id, "publish", f"document:{name}") for name in done.published], now
    )
    return done


def _sum(counts: object) -> dict[str, int]:
    total: dict[str, int] = {}
    for each in counts:  # type: ignore[attr-defined]
        for kind, number in each.items():
            total[kind] = total.get(kind, 0) + number
    return total


def _tell_flags(flags: Sequence[Flag], held: list[str]) -> None:
    texts = load_texts()
    for flag in flags:
        share = round(100 * flag.share)
        tell(texts.render(f"ingest.flag.{flag.reason}", "sv", passage=flag.passage.id, share=share))
    if held:
        tell(texts.render("ingest.held", "sv", documents=", ".join(held)))


def _tell(report: dict[str, object]) -> None:
    tell(f"{report['documents']} dokument, {report['passages']} passager.")
    for kind in ("published", "unchanged", "drafted", "faults"):
        values = report[kind]
        assert isinstance(values, list)
        if values:
            names = {
                "published": "Publicerade",
                "unchanged": "Oförändrade",
                "drafted": "Utkast",
                "faults": "Fel",
            }
            tell(f"{names[kind]}: " + "; ".join(map(str, values)))
    repairs = report["repairs"]
    assert isinstance(repairs, dict)
    for kind, number in repairs.items():
        what = load_texts().render(f"ingest.repair.{kind.replace(' ', '_')}", "sv")
        tell(f"  lagat: {number} × {what}")
