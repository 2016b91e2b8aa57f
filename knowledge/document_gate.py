"""The gate: what a file is, judged by name, first bytes and an archive's directory alone.

Nothing is unpacked and no parser runs here; the limits are those measured to stop archives that
make a 70 kB file fill gigabytes.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
from pathlib import PurePosixPath

from knowledge.imported import Fault, Refused

#: In bytes; the longest handbook with pictures fits.
LARGEST_FILE = 20 * 1024 * 1024
LARGEST_UNPACKED = 60 * 1024 * 1024
#: All XML parts together: parsers hold a tree of twenty times the size.
LARGEST_XML = 20 * 1024 * 1024
MOST_ENTRIES = 500
STEEPEST_RATIO = 100
# Small files of white space pack well and harm nobody.
RATIO_FROM = 1024 * 1024
FORMATS = {".docx": "docx", ".pdf": "pdf", ".html": "html", ".htm": "html", ".md": "md",
           ".markdown": "md", ".txt": "txt"}  # fmt: skip
MACROS = frozenset((".docm", ".dotm", ".xlsm", ".pptm"))
ZIP, PDF, OLE = b"PK\x03\x04", b"%PDF-", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: How files begin that are none of ours, whatever they are called.
BINARY = (
    ZIP,
    PDF,
    OLE,
    b"\x7fELF",
    b"MZ",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"{\\rtf",
    b"Rar!",
)
UTF16 = (b"\xff\xfe", b"\xfe\xff")


def check(name: str, content: bytes) -> str:
    """The format of the file: docx, pdf, html, md or txt.

    Raises:
        Refused: it is too large, not what its name says, or made to do harm.
    """
    suffix = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    if suffix in MACROS:
        raise Refused("macros")
    if suffix not in FORMATS:
        raise Refused("old_word" if suffix in {".doc", ".dot", ".rtf"} else "kind")
    if not content.strip():
        raise Refused("empty")
    if len(content) > LARGEST_FILE:
        raise Refused("size")
    _check_beginning(FORMATS[suffix], content)
    return FORMATS[suffix]


def _check_beginning(kind: str, content: bytes) -> None:
    if kind == "docx":
        if content.startswith(OLE):
            # Word keeps a protected file in the container of its old format.
            encrypted = "EncryptedPackage".encode("utf-16-le") in content
            raise Refused("encrypted" if encrypted else "old_word")
        _require(content.startswith(ZIP), "mismatch")
        check_archive(content)
    elif kind == "pdf":
        _require(content.startswith(PDF), "mismatch")
    else:
        _require(not content.startswith(BINARY), "mismatch")
        _require(b"\x00" not in content or content.startswith(UTF16), "mismatch")


def check_archive(content: bytes) -> None:
    """Judges a Word file by its archive's directory. Raises ``Refused``."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError):
        raise Refused("damaged") from None
    names = [entry.filename for entry in entries]
    _require(not any("vbaproject" in name.lower() for name in names), "macros")
    _require(not any(entry.flag_bits & 1 for entry in entries), "encrypted")
    _require(len(entries) <= MOST_ENTRIES and len(set(names)) == len(names), "archive")
    _require(not any(map(_is_unsafe, entries)), "archive")
    _require(sum(entry.file_size for entry in entries) <= LARGEST_UNPACKED, "archive")
    xml = sum(entry.file_size for entry in entries if is_xml(entry.filename))
    _require(xml <= LARGEST_XML, "archive")
    _require("word/document.xml" in names and "[Content_Types].xml" in names, "mismatch")


def is_xml(name: str) -> bool:
    """Is the part of a Word file one that a parser reads?"""
    return name.lower().endswith((".xml", ".rels"))


def _is_unsafe(entry: zipfile.ZipInfo) -> bool:
    name = entry.filename
    leaves = name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name
    linked = stat.S_ISLNK(entry.external_attr >> 16)
    steep = entry.file_size > RATIO_FROM and (
        entry.file_size > STEEPEST_RATIO * max(1, entry.compress_size)
    )
    return leaves or linked or steep


def _require(holds: bool, fault: Fault) -> None:
    if not holds:
        raise Refused(fault)
