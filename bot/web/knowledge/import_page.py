"""Files into the knowledge base: sent, read, shown as what they would become, kept as drafts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from bot.app import App
from bot.background import Progress, Works
from bot.channels.cleaning import clean
from bot.guidance.article_form import FIELDS, Fault
from bot.guidance.import_batch import (
    Upload,
    corrected,
    faults_of,
    fields_of,
    keep,
    look_at,
    read_files,
)
from bot.web.console import Visit
from bot.web.incoming import Refused
from bot.web.knowledge.articles import ARTICLES, LONG
from bot.web.knowledge.reading import parts_of
from bot.web.uploads import LARGEST_UPLOADS, MOST_FILES
from bot.web.working import found, under_way, unfinished
from knowledge.document_gate import FORMATS, LARGEST_FILE
from knowledge.imported import GUESSED

IMPORT = "/stod/kunskap/importera"
MEGABYTE = 1024**2
#: Prefix of the boxes of headings that are kept, and the field that says they were shown.
HEADING, HEADINGS = "rubrik-", "rubriker"
Uploads = list[Upload]


class ImportPages:
    """The handlers of the import pages."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._works: Works[Uploads] = Works()

    async def start(self, visit: Visit) -> Response:
        """Where files are chosen; a post begins to read them."""
        if not visit.posted:
            return visit.page(
                "knowledge_import.html", formats=sorted(FORMATS), works=self._works.latest(),
                limits={"each": LARGEST_FILE // MEGABYTE, "all": LARGEST_UPLOADS // MEGABYTE,
                        "files": MOST_FILES},
            )  # fmt: skip
        files, actor = visit.sent["files"], visit.actor

        def job(progress: Progress) -> Uploads:
            return read_files(self._app, actor, files, progress)

        return RedirectResponse(f"{IMPORT}/{self._works.begin(job).id}", 303)

    async def batch(self, visit: Visit) -> Response:
        """What became of each file; a post keeps all of them as drafts."""
        work = await found(self._works, visit)
        if unfinished(visit, work):
            return under_way(visit, work, "knowledge_working.html", kind="import")
        uploads = _result(work.result)
        if visit.posted:
            work.result = await run_in_threadpool(self._keep_all, visit, uploads)
            return RedirectResponse(f"{IMPORT}/{work.id}?gjort=kept#gjort", 303)
        if len(uploads) == 1 and uploads[0].preview and not uploads[0].saved:
            return RedirectResponse(f"{IMPORT}/{work.id}/1", 303)
        return visit.page(
            "knowledge_batch.html", work=work, uploads=uploads, limit=LARGEST_FILE // MEGABYTE,
            done=visit.request.query_params.get("gjort", ""),
            waiting=[each for each in uploads if _waits(each)],
        )  # fmt: skip

    async def file(self, visit: Visit) -> Response:
        """What one file would become; a post corrects it, or keeps it as a draft."""
        work = await found(self._works, visit)
        uploads, place = _result(work.result), visit.request.path_params["place"] - 1
        if not 0 <= place < len(uploads) or uploads[place].preview is None:
            raise Refused(404, "missing")
        if not visit.posted:
            return self._show(visit, uploads, place, fields_of(uploads[place]))
        fields = {name: clean(visit.sent.get(name, "")) for name in FIELDS}
        changed = corrected(uploads[place], fields, _rejected(uploads[place], visit.sent))
        uploads = [*uploads[:place], changed, *uploads[place + 1 :]]
        if faults := await run_in_threadpool(faults_of, self._app, changed, fields):
            return self._show(visit, uploads, place, fields, faults)
        work.result = uploads = await run_in_threadpool(look_at, self._app, uploads)
        if visit.sent.get("act") == "keep" and uploads[place].beside == changed.beside:
            uploads[place] = await run_in_threadpool(keep, self._app, visit.actor, uploads[place])
            if not _waits(uploads[place]):
                return _kept(work.id, uploads, place)
        # Also where a colleague has kept another text since this one was looked at.
        return RedirectResponse(f"{IMPORT}/{work.id}/{place + 1}?gjort=seen#gjort", 303)

    def _keep_all(self, visit: Visit, uploads: Uploads) -> Uploads:
        return [keep(self._app, visit.actor, each) if _waits(each) else each for each in uploads]

    def _show(
        self, visit: Visit, uploads: Uploads, place: int, fields: Mapping[str, str],
        faults: tuple[Fault, ...] = (),
    ) -> Response:  # fmt: skip
        upload = uploads[place]
        body = upload.preview.document.body if upload.preview else ""
        values: dict[str, Any] = {
            "upload": upload, "made": upload.preview, "fields": fields, "faults": faults,
            "guessed": GUESSED, "alone": len(uploads) == 1,
            "reading": parts_of(body), "long": len(body) > LONG,
            "twins": [each.name for at, each in enumerate(uploads) if at != place
                      and each.preview and _id(each) == _id(upload)],
            "done": visit.request.query_params.get("gjort", ""),
        }  # fmt: skip
        return visit.page("knowledge_preview.html", 400 if faults else 200, **values)


def _kept(work: str, uploads: Uploads, place: int) -> Response:
    if len(uploads) > 1:
        return RedirectResponse(f"{IMPORT}/{work}?gjort=kept#gjort", 303)
    return RedirectResponse(f"{ARTICLES}/{_id(uploads[place])}?gjort=draft#gjort", 303)


def _result(uploads: Uploads | None) -> Uploads:
    if uploads is None:
        raise Refused(500, "fault")
    return uploads


def _waits(upload: Upload) -> bool:
    """Is it a text that has yet to be kept?"""
    made = upload.preview
    return made is not None and made.state != "unchanged" and not upload.saved


def _id(upload: Upload) -> str:
    return upload.preview.document.id if upload.preview else ""


def _rejected(upload: Upload, sent: Mapping[str, Any]) -> list[int]:
    """Places of the headings whose box was shown and is empty."""
    if upload.imported is None or HEADINGS not in sent:
        return list(upload.rejected)
    return [at for at in range(len(upload.imported.headings)) if f"{HEADING}{at}" not in sent]
