"""Files people take away: the record of an answer, the receipt of a report."""

from __future__ import annotations

import io
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.messages import Language
from bot.texts import Texts
from storage.model import Answer, Case

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def answer_record(answer: Answer, texts: Texts, language: Language) -> str:
    """Question, answer, quotes, versions and time as plain text for the procurement file."""

    def say(key: str, **values: str) -> str:
        return texts.render(f"answer.record.{key}", language, **values)

    at = answer.at.astimezone(STOCKHOLM).strftime("%Y-%m-%d %H:%M")
    lines = [
        say("heading", number=answer.number),
        "",
        f"{say('at')}: {at}",
        f"{say('asked')}: {answer.question}",
        f"{say('outcome')}: {texts.render(f'answer.outcome.{answer.outcome}', language)}",
    ]
    if answer.answer:
        lines.append(f"{say('answer')}: {answer.answer}")
    lines += ["", f"{say('quotes')}:"]
    for number, quote in enumerate(answer.quotes, 1):
        place = say("characters", start=str(quote["start"]), end=str(quote["end"]))
        version = say("version", version=str(quote["version"]))
        lines += [
            "",
            f"{number}. {quote['locator']}, {quote['title']} ({quote['date']})",
            f"   {quote['document']}, {version}, {place}",
            *(f"   | {line}" for line in str(quote["text"]).splitlines()),
        ]
    return "\n".join([*lines, "", say("footer"), ""])


def receipt_lines(
    case: Case, fields: Sequence[tuple[str, str]], texts: Texts, language: Language
) -> tuple[str, list[tuple[str, str]], list[str]]:
    """Heading, rows and closing lines of a receipt."""
    at = case.submitted_at.astimezone(STOCKHOLM).strftime("%Y-%m-%d %H:%M")
    heading = texts.render("receipt.heading", language, number=case.number)
    rows = [
        (texts.render("receipt.kind", language), texts.render(f"alert.kind.{case.kind}", language)),
        (texts.render("receipt.at", language), at),
        (texts.render("receipt.version", language), str(case.version)),
        *fields,
    ]
    closing = [texts.render("receipt.own_diary", language)] if case.report_status else []
    return heading, rows, closing


def receipt_text(
    case: Case, fields: Sequence[tuple[str, str]], texts: Texts, language: Language
) -> str:
    """The receipt as plain text."""
    heading, rows, closing = receipt_lines(case, fields, texts, language)
    return "\n".join([heading, "", *(f"{name}: {value}" for name, value in rows), "", *closing, ""])


def receipt_docx(
    case: Case, fields: Sequence[tuple[str, str]], texts: Texts, language: Language
) -> bytes:
    """The receipt as a Word document with a real heading and a table with a header row."""
    from docx import Document

    heading, rows, closing = receipt_lines(case, fields, texts, language)
    document = Document()
    document.core_properties.title = heading
    document.core_properties.author = "Hänsyn"
    document.core_properties.comments = ""
    document.core_properties.language = "sv-SE" if language == "sv" else "en-GB"
    document.add_heading(heading, level=1)
    table = document.add_table(rows=1, cols=2, style="Table Grid")
    table.rows[0].cells[0].text = texts.render("receipt.field", language)
    table.rows[0].cells[1].text = texts.render("receipt.value", language)
    for name, value in rows:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = name, value
    for line in closing:
        document.add_paragraph(line)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()
