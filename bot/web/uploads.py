"""One file from the page's form, made safe before anything looks at it."""

from __future__ import annotations

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.attachments import LARGEST_FILE
from bot.web.incoming import Refused

FORM_TYPE = "multipart/form-data"
#: The file and the form's own few fields.
LARGEST_UPLOAD = LARGEST_FILE + 64 * 1024
MOST_FIELDS = 10


async def read_upload(request: Request) -> tuple[dict[str, str], str, bytes]:
    """The form's fields, and the name and content of its file.

    Raises:
        Refused: 400 where no file was chosen, 411 without a length, 413 when it is too large,
            415 for another kind of body.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != FORM_TYPE:
        raise Refused(415, "kind")
    length = request.headers.get("content-length", "")
    if not length.isdecimal():
        raise Refused(411, "unreadable")
    # The server reads no more than it was told of, so this holds for what follows.
    if int(length) > LARGEST_UPLOAD:
        raise Refused(413, "file_too_large")
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
