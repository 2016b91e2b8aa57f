"""Several files on their way into the knowledge base at once: read, looked at, corrected, kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.app import App
from bot.guidance.article_form import Fault, asked_elsewhere, find_faults, is_day
from bot.guidance.drafting import keep_draft, newest
from bot.guidance.importing import Preview, Reading, previews
from bot.guidance.publishing import NothingToDo
from bot.policy import Actor
from knowledge.documents import Facts, read_document
from knowledge.imported import Fault as FileFault
from knowledge.imported import Imported, Refused
from knowledge.markdown_headings import without_headings

OWNER = "stödfunktionen"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of the batch; one that was refused stays in view with its reason."""

    #: Of the file.
    name: str
    #: As it was read; None for a refused file.
    imported: Imported | None = None
    refused: FileFault | None = None
    #: Empty for the file's own.
    title: str = ""
    facts: Facts = field(default_factory=lambda: Facts(OWNER, ""))
    #: Places of the headings that somebody says are none.
    rejected: frozenset[int] = frozenset()
    preview: Preview | None = None
    #: Version of the text it was looked at beside; 0 where there was none.
    beside: int = 0
    #: Version of the draft it was kept as; 0 before that.
    saved: int = 0


def read_files(
    app: App,
    actor: Actor,
    files: Sequence[tuple[str, bytes]],
    progress: Callable[[int, int], None] = lambda *_: None,
) -> list[Upload]:
    """Reads every file, (name, content), in the limited process. Needs ``kb.draft``."""
    actor.require("kb.draft")
    uploads = []
    for place, (name, content) in enumerate(files):
        progress(place, len(files))
        uploads.append(_read(name, content))
    progress(len(files), len(files))
    return look_at(app, uploads)


def look_at(app: App, uploads: Sequence[Upload]) -> list[Upload]:
    """The batch with what each file would become; takes seconds where texts changed."""
    read = [each for each in uploads if each.imported]
    made = iter(previews(app, [_reading(each) for each in read]) if read else ())
    return [_beside(app, each, next(made)) if each.imported else each for each in uploads]


def _beside(app: App, upload: Upload, preview: Preview) -> Upload:
    found = newest(app.store.guidance.versions(preview.document.id))
    return replace(upload, preview=preview, beside=found.version if found else 0)


def corrected(upload: Upload, fields: Mapping[str, str], rejected: Collection[int]) -> Upload:
    """The file with what the form says of it."""
    given = {name: " ".join(fields[name].split()) for name in fields if name != "questions"}
    asked = (line.strip() for line in fields["questions"].splitlines())
    given["owner_role"] = given["owner_role"] or OWNER
    facts = Facts.from_fields(given, tuple(line for line in asked if line))
    return replace(upload, title=given["title"], facts=facts, rejected=frozenset(rejected))


def faults_of(app: App, upload: Upload, fields: Mapping[str, str]) -> tuple[Fault, ...]:
    """What is wrong with the form about a file; its text is not judged here."""
    own = upload.preview.document.id if upload.preview else ""
    live = [each.document for each in app.store.guidance.published_documents()]
    told = {**fields, "body": "-", "owner_role": fields["owner_role"] or OWNER}
    return find_faults(told, {}, asked_elsewhere(live, own))


def keep(app: App, actor: Actor, upload: Upload) -> Upload:
    """Keeps the file's text as a draft, unless the same text is there. Needs ``kb.draft``.

    Where a colleague has kept another meanwhile, it is looked at anew and not kept yet.
    """
    if upload.preview is None or upload.preview.state == "unchanged":
        return upload
    try:
        saved = keep_draft(app, actor, upload.preview.document, upload.beside)
    except NothingToDo:
        return look_at(app, [upload])[0]
    return replace(upload, saved=saved)


def fields_of(upload: Upload) -> dict[str, str]:
    """What the form about the file shows."""
    assert upload.preview is not None
    document, facts = upload.preview.document, upload.facts
    day = document.source_date
    return {
        "title": document.title,
        "questions": "\n".join(facts.questions),
        "source": document.source,
        "source_date": day if is_day(day) or day.isdecimal() else "",
        "basis": facts.basis,
        "url": facts.url,
        "owner_role": facts.owner_role,
        "review_by": document.review_by,
        "valid_from": facts.valid_from,
        "valid_to": facts.valid_to,
    }


def _read(name: str, content: bytes) -> Upload:
    try:
        return Upload(name, read_document(name, content))
    except Refused as refused:
        return Upload(name, refused=refused.fault)


def _reading(upload: Upload) -> Reading:
    assert upload.imported is not None
    text = without_headings(upload.imported, upload.rejected)
    return Reading(upload.name, replace(text, title=upload.title or text.title), upload.facts)
