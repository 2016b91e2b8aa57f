"""Files people send: checked by what they hold, never by what they are called alone."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from intents.personal_data import mask

#: In bytes; a scanned agreement fits, a film does not.
LARGEST_FILE = 5 * 1024 * 1024
#: Unpacked, and entries: a Word file of 5 MB holds less.
_LARGEST_UNPACKED = 50 * 1024 * 1024
_MOST_ENTRIES = 2_000
_LONGEST_NAME = 80
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: Suffix -> media type and how such a file begins.
_KINDS = {
    ".pdf": ("application/pdf", b"%PDF-"),
    ".docx": (_WORD, b"PK\x03\x04"),
    ".png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    ".jpg": ("image/jpeg", b"\xff\xd8\xff"),
    ".jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    ".csv": ("text/csv", b""),
    ".txt": ("text/plain", b""),
}
_RUN = re.compile(rb"<w:t(?:\s[^>]*)?>([^<]*)</w:t>")

Reason = Literal["kind", "size", "empty", "damaged", "macros"]


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a file is not taken; ``files.problem.<reason>`` tells it."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be kept."""

    #: Without folders, personal data masked.
    name: str
    #: ".docx" and the like.
    suffix: str
    media_type: str
    content: bytes
    #: What can be read of it; empty for pictures and pdf.
    text: str

    @property
    def shows_personal_data(self) -> bool:
        """Does its name or what can be read of it look like personal data?"""
        return mask(self.text).text != self.text or "[" in self.name


def check_file(name: str, content: bytes) -> Checked | Fault:
    """The file if its kind and size are taken and its content is what its name says."""
    tidy = PurePosixPath(name.replace("\\", "/")).name.strip()
    suffix = PurePosixPath(tidy).suffix.lower()
    if suffix not in _KINDS:
        return Fault("macros" if suffix in {".docm", ".xlsm", ".dotm"} else "kind")
    if not content:
        return Fault("empty")
    if len(content) > LARGEST_FILE:
        return Fault("size")
    media_type, beginning = _KINDS[suffix]
    if not content.startswith(beginning):
        return Fault("damaged")
    text = _text_of(suffix, content)
    if isinstance(text, Fault):
        return text
    return Checked(_shortened(mask(tidy).text, suffix), suffix, media_type, content, text)


def _shortened(name: str, suffix: str) -> str:
    stem = name[: -len(suffix)] if name.lower().endswith(suffix) else name
    return stem[: _LONGEST_NAME - len(suffix)] + suffix


def _text_of(suffix: str, content: bytes) -> str | Fault:
    if suffix == ".docx":
        return _word_text(content)
    if suffix not in {".csv", ".txt"}:
        return ""
    if b"\x00" in content:
        return Fault("damaged")
    # Swedish Excel still writes csv in Windows' old alphabet.
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return Fault("damaged")


def _word_text(content: bytes) -> str | Fault:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                return Fault("macros")
            unpacked = sum(entry.file_size for entry in entries)
            if len(entries) > _MOST_ENTRIES or unpacked > _LARGEST_UNPACKED:
                return Fault("size")
            document = archive.read("word/document.xml")
    except (KeyError, OSError, RuntimeError, NotImplementedError, ValueError, zipfile.BadZipFile):
        return Fault("damaged")
    return "\n".join(run.decode("utf-8", "replace") for run in _RUN.findall(document))
