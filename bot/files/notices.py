"""The notice of a registered screening: one page with the verdict and all it rests on."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.messages import Language
from bot.texts import Texts
from intents.screening import from_record
from intents.verdict_says import verdict_says
from storage.model import Case

STOCKHOLM = ZoneInfo("Europe/Stockholm")


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice in words, most important first."""

    heading: str
    #: The verdict in one sentence.
    verdict: str
    #: Conditions, reasons, assumptions and the next step.
    grounds: tuple[str, ...]
    #: (label, value): the procurement, and the rule it was judged by.
    rows: tuple[tuple[str, str], ...]
    closing: str


def write_notice(
    case: Case, fields: Sequence[tuple[str, str]], texts: Texts, language: Language
) -> Notice:
    """The notice of a registered screening as it was judged, whatever the rule says today."""
    said = [
        texts.render(say.key, language, **say.values)
        for say in verdict_says(from_record(case.values))
    ]
    at = case.submitted_at.astimezone(STOCKHOLM).strftime("%Y-%m-%d %H:%M")
    rule = texts.render("notice.rule_version", language, version=str(case.values["rule_version"]))
    rows = (
        *fields,
        (texts.render("notice.at", language), at),
        (texts.render("notice.rule", language), rule),
        (texts.render("notice.policy", language), _policy(case, texts, language)),
    )
    return Notice(
        texts.render("notice.heading", language, number=case.number),
        said[0],
        tuple(said[1:]),
        rows,
        texts.render("notice.closing", language),
    )


def _policy(case: Case, texts: Texts, language: Language) -> str:
    """The values the support function had set, in the order the rule names them."""
    names = ("framework", "option", "limit", "unit")
    values = str(case.values.get("policy_version") or "").split("/")
    labels = [texts.render(f"notice.policy_value.{name}", language) for name in names]
    return ", ".join(f"{label}: {value}" for label, value in zip(labels, values, strict=False))


def notice_text(notice: Notice) -> str:
    """The notice as plain text."""
    rows = [f"{label}: {value}" for label, value in notice.rows]
    parts = (notice.heading, notice.verdict, *notice.grounds, "\n".join(rows), notice.closing)
    return "\n\n".join(parts) + "\n"


def notice_docx(notice: Notice, language: Language) -> bytes:
    """The notice as a Word document of one page with real headings and a table."""
    from docx import Document

    document = Document()
    document.core_properties.title = notice.heading
    document.core_properties.author = "Hänsyn"
    document.core_properties.comments = ""
    document.core_properties.language = "sv-SE" if language == "sv" else "en-GB"
    document.add_heading(notice.heading, level=1)
    document.add_heading(notice.verdict, level=2)
    for paragraph in notice.grounds:
        document.add_paragraph(paragraph)
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    for label, value in notice.rows:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, value
    document.add_paragraph(notice.closing)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()
