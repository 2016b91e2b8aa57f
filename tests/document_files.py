"""Files for import tests, honest and hostile; every one is made here, from nothing."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Mapping

from docx import Document
from docx.shared import Pt, RGBColor

PARAGRAPH = "Avsteg rapporteras så nära händelsen som möjligt, och alltid till stödfunktionen."
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def word(change: Callable[[object], None] = lambda document: None) -> bytes:
    """A Word file as an office writes it, with whatever ``change`` does to it."""
    document = Document()
    document.add_heading("Rutin för avsteg", level=1)
    document.add_heading("Vad är ett avsteg?", level=2)
    document.add_paragraph(PARAGRAPH)
    fake = document.add_paragraph()
    fake.add_run("Så gör du").bold = True
    document.add_paragraph("Fyll i mallen.", style="List Bullet")
    document.add_paragraph("Skicka den.", style="List Bullet")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Nivå 2", "fyra månader"
    change(document)
    return saved(document)


def saved(document: object) -> bytes:
    """The document's bytes."""
    held = io.BytesIO()
    document.save(held)  # type: ignore[attr-defined]
    return held.getvalue()


def hide_words(document: object) -> None:
    """Adds words that nobody sees on paper, in the three usual ways."""
    paragraph = document.add_paragraph(PARAGRAPH)  # type: ignore[attr-defined]
    paragraph.add_run("Osynlig vit text.").font.color.rgb = RGBColor(255, 255, 255)
    paragraph.add_run("Dold text.").font.hidden = True
    paragraph.add_run("Pytteliten text.").font.size = Pt(1)


def repacked(content: bytes, parts: Mapping[str, bytes]) -> bytes:
    """A Word file with parts added or put in place of others."""
    held = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, part in parts.items():
            new.writestr(name, part)
    return held.getvalue()


def with_body(xml: str, prologue: str = "", encoding: str = "utf-8") -> bytes:
    """A Word file whose text is this XML."""
    whole = f'<?xml version="1.0" encoding="{encoding}"?>{prologue}<w:document xmlns:w="{W}">'
    part = f"{whole}<w:body>{xml}</w:body></w:document>".encode(encoding)
    return repacked(word(), {"word/document.xml": part})


def with_entry(name: str, part: bytes = b"x", mode: int = 0) -> bytes:
    """A Word file with one more entry in its archive."""
    held = io.BytesIO(word())
    entry = zipfile.ZipInfo(name)
    entry.external_attr = mode << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(held, "a") as archive:
        archive.writestr(entry, part)
    return held.getvalue()


def lying_about_sizes() -> bytes:
    """A Word file whose directory says that a long part is short."""
    content = bytearray(with_entry("word/lie.xml", b"<a/>" * 500_000))
    at = content.rfind(b"word/lie.xml") - 46
    assert content[at : at + 4] == b"PK\x01\x02"
    content[at + 24 : at + 28] = (100).to_bytes(4, "little")
    return bytes(content)


def protected_word() -> bytes:
    """How Word stores a file with a password: a container of the old format."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le")


def pdf(*pages: bytes, filters: str = "", catalog: str = "") -> bytes:
    """A PDF with Helvetica as /F1 and bold as /F2; each page is a content stream."""
    fonts = "/F1 <</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
    fonts += "/F2 <</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>"
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        f"<</Type/Catalog/Pages 2 0 R{catalog}>>".encode(),
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>".encode(),
        b"<<>>",
    ]
    for number, stream in enumerate(pages):
        page = f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {5 + 2 * number} 0 R"
        objects.append(f"{page}/Resources<</Font<<{fonts}>>>>>>".encode())
        length = f"<</Length {len(stream)}{filters}>>\nstream\n".encode()
        objects.append(length + stream + b"\nendstream")
    return _numbered(objects)


def _numbered(objects: list[bytes]) -> bytes:
    held = io.BytesIO(b"%PDF-1.7\n")
    held.seek(0, io.SEEK_END)
    places = []
    for number, item in enumerate(objects, 1):
        places.append(held.tell())
        held.write(f"{number} 0 obj\n".encode() + item + b"\nendobj\n")
    start = held.tell()
    held.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    for place in places:
        held.write(f"{place:010} 00000 n \n".encode())
    trailer = f"trailer<</Size {len(objects) + 1}/Root 1 0 R/Info 3 0 R>>\nstartxref\n{start}\n"
    held.write(trailer.encode() + b"%%EOF")
    return held.getvalue()


def printed(*lines: tuple[str, str, int]) -> bytes:
    """A page's content: (text, font and size as "/F1 11", height on the page)."""
    drawn = [f"BT {font} Tf 72 {y} Td ({text}) Tj ET" for text, font, y in lines]
    return "\n".join(drawn).encode("cp1252")


def report(pages: int = 3) -> bytes:
    """An untagged report: page headers, large headings, a paragraph over two lines."""
    return pdf(*(
        printed(
            ("Göteborgs Stad", "/F1 8", 820),
            (f"Rubrik nummer {number}", "/F2 18", 760),
            ("Avsteg rapporteras så nära händel-", "/F1 11", 730),
            ("sen som möjligt till stödfunktionen.", "/F1 11", 716),
            (f"Ett annat stycke på sidan {number} med text.", "/F1 11", 680),
            (f"Sida {number} av {pages}", "/F1 8", 30),
        )
        for number in range(1, pages + 1)
    ))  # fmt: skip


def nested_flate() -> bytes:
    """A page of a few hundred bytes that unpacks, twice, to more than a hundred megabytes."""
    stream = zlib.compress(zlib.compress(b" " * 120_000_000, 9), 9)
    return pdf(stream, filters="/Filter[/FlateDecode/FlateDecode]")


def protected_pdf() -> bytes:
    """A PDF that wants a password."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(PdfReader(io.BytesIO(report(1))))
    writer.encrypt("hemligt", algorithm="RC4-128")
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()


def laughs() -> str:
    """Ten entities, each ten of the one before."""
    lines = ['<!ENTITY a0 "ha">']
    lines += [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    return f"<!DOCTYPE x [{''.join(lines)}]>"
