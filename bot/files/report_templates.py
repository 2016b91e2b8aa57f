"""The deviation report as a Word form: written empty or filled, and read back from an upload."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from bot.messages import Language
from bot.texts import Texts
from intents.dialogs import load_dialogs
from intents.exchange import Json, Values
from intents.filling import read_value
from intents.guard import guarded
from intents.language import fold
from intents.model import Given, Problem, Slot
from intents.progress import buttons, label, show

if TYPE_CHECKING:
    from docx.table import Table

DIALOG = "deviation"
#: With fewer of our questions in it a document is something else.
_FEWEST_LABELS = 5
_MOST_ROWS = 100


def _slots() -> tuple[Slot, ...]:
    slots = load_dialogs()[DIALOG].slots
    return tuple(slot for slot in slots if slot.listed and slot.name not in {"attachments"})


def template_docx(values: Values, number: str, texts: Texts, given: Given) -> bytes:
    """The form with what is known filled in; ``number`` is empty for one that is not filed."""
    from docx import Document

    language = given.language
    document = Document()
    title = texts.render("template.heading", language)
    document.core_properties.title = title
    document.core_properties.author = "Hänsyn"
    document.core_properties.comments = ""
    document.core_properties.language = "sv-SE" if language == "sv" else "en-GB"
    document.add_heading(title, level=1)
    if number:
        document.add_paragraph(texts.render("template.number", language, number=number))
    document.add_paragraph(texts.render("template.intro", language))
    table = document.add_table(rows=1, cols=3, style="Table Grid")
    for cell, key in zip(table.rows[0].cells, ("question", "answer", "help"), strict=True):
        cell.text = texts.render(f"template.{key}", language)
    for row in _rows(values, texts, given):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.add_paragraph(texts.render("template.own_diary", language))
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _rows(values: Values, texts: Texts, given: Given) -> Iterator[tuple[str, str, str]]:
    """Label, answer and help of each question."""
    dialog = load_dialogs()[DIALOG]
    for slot in _slots():
        value = values.get(slot.name)
        known = slot.name in values and (value is not None or slot.unknown)
        answer = texts.show(show(dialog, slot, value, given), given.language) if known else ""
        yield texts.show(label(dialog, slot), given.language), answer, _help(slot, texts, given)


def _help(slot: Slot, texts: Texts, given: Given) -> str:
    """The question as the chat asks it, and its answers where there are a few."""
    dialog = load_dialogs()[DIALOG]
    asked = texts.render(f"{DIALOG}.{slot.name}.ask", given.language)
    answers = (choice for choice in buttons(dialog, slot, {}, given) if choice.value != "skip")
    choices = [texts.show(choice.label, given.language) for choice in answers]
    return f"{asked} ({', '.join(choices)})" if choices else asked


def read_template(content: bytes, texts: Texts) -> Mapping[str, str] | None:
    """The answers in a filled form by slot, in either language; None for another document.

    ``content`` has passed ``check_file``.
    """
    from docx import Document

    try:
        tables = Document(io.BytesIO(content)).tables
    except Exception:  # python-docx raises whatever lxml and zipfile do
        return None
    labels = dict(_labels(texts))
    answers = {slot: text for table in tables for slot, text in _answers(table, labels)}
    return answers if len(answers) >= _FEWEST_LABELS else None


def _labels(texts: Texts) -> Iterator[tuple[str, str]]:
    languages: tuple[Language, ...] = ("sv", "en")
    dialog = load_dialogs()[DIALOG]
    for slot in _slots():
        for language in languages:
            yield fold(texts.show(label(dialog, slot), language)), slot.name


def _answers(table: Table, labels: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for row in table.rows[:_MOST_ROWS]:
        cells = row.cells
        slot = labels.get(fold(cells[0].text).strip(" :?*")) if len(cells) > 1 else None
        if slot:
            yield slot, cells[1].text.strip()


def read_answers(
    answers: Mapping[str, str], given: Given
) -> tuple[dict[str, Json], dict[str, str]]:
    """The values of a form's answers, and the answers that could not be read.

    A voluntary question left empty is one skipped.
    """
    values: dict[str, Json] = {"more": "yes"}
    unread: dict[str, str] = {}
    for slot in _slots():
        text = answers.get(slot.name, "")
        if not slot.asked_if(values) or not (text or slot.optional):
            continue
        text = text or "skip"
        text, _ = guarded(text[: slot.kind.limit + 1], slot.kind)
        value = read_value(slot, text, given)
        if isinstance(value, Problem):
            unread[slot.name] = text
        else:
            values[slot.name] = value
    return values, unread
