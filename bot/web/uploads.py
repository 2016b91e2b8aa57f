"""Files from a page's form, made safe before anything looks at them."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.channels.cleaning import clean
from bot.files.attachments import LARGEST_FILE
from bot.web.incoming import Refused

FORM_TYPE = "multipart/form-data"
#: The file and the form's own few fields.
LARGEST_UPLOAD = LARGEST_FILE + 64 * 1024
MOST_FIELDS = 10
#: Files sent to the knowledge base at once, and their bytes together.
MOST_FILES = 20
LARGEST_UPLOADS = 60 * 1024 * 1024
LONGEST_NAME = 120


async def read_upload(request: Request) -> tuple[dict[str, str], str, bytes]:
    """The form's fields, and the name and content of its file.

    Raises:
        Refused: 400 where no file was chosen, 411 without a length, 413 when it is too large,
            415 for another kind of body.
    """
    check_form(request, LARGEST_UPLOAD, "file_too_large")
    try:
        async with request.form(max_files=1, max_fields=MOST_FIELDS) as form:
            file = form.get("file")
            if not isinstance(file, UploadFile) or not file.filename:
                raise Refused(400, "no_file")
            content = await file.read()
            fields = {name: value for name, value in form.items() if isinstance(value, str)}
            return fields, file.filename, content
    except HTTPException as error:
        raise Refused(400, "unreadable") from error


async def read_uploads(request: Request) -> dict[str, Any]:
    """The form's fields, and under "files" the (name, content) of each file chosen.

    Raises:
        Refused: 400 where none was chosen, 411 without a length, 413 when they are too many or
            too large together, 415 for another kind of body.
    """
    check_form(request, LARGEST_UPLOADS, "files_too_large")
    try:
        async with request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS) as form:
            sent = [each for each in form.getlist("file") if isinstance(each, UploadFile)]
            files = [(_plain(each.filename), await each.read()) for each in sent if each.filename]
            fields = {name: value for name, value in form.items() if isinstance(value, str)}
    except HTTPException as error:
        raise Refused(413, "files_too_large") from error
    if not files:
        raise Refused(400, "no_file")
    return {**fields, "files": files}


def check_form(request: Request, largest: int, too_large: str) -> None:
    """Raises ``Refused`` for another kind of body, and for one longer than ``largest`` bytes."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != FORM_TYPE:
        raise Refused(415, "kind")
    length = request.headers.get("content-length", "")
    if not length.isdecimal():
        raise Refused(411, "unreadable")
    # The server reads no more than it was told of, so this holds for what follows.
    if int(length) > largest:
        raise Refused(413, too_large)


def _plain(name: str | None) -> str:
    """The file's name without the folders an old browser adds."""
    return clean(PurePosixPath((name or "").replace("\\", "/")).name)[:LONGEST_NAME]
