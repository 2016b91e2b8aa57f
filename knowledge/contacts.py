"""Whether a changed text tells nothing new but where to turn."""

from __future__ import annotations

import re
from dataclasses import replace

from intents.contact_details import find_phones
from knowledge.model import Document

ADDRESS = re.compile(r"https?://\S+|\bwww\.\S+")
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
#: Lines that only say whom to reach, and how.
LABEL = re.compile(
    r"^\W*(?:kontakt\w*|e-?post(?:adress)?|mejl|telefon|tfn|tel|brevlåda|funktionsbrevlåda"
    r"|postadress|besöksadress|adress|öppettider|telefontider|mail|e-?mail|phone|contact)\s*:",
    re.IGNORECASE,
)
#: Characters after the label; what is longer says more than where to turn.
LONGEST = 80


def only_contacts_differ(before: Document, after: Document) -> bool:
    """Do the texts differ, and only in addresses, telephone numbers and lines that give them?"""
    return before.body != after.body and _rest(before) == _rest(after)


def _rest(document: Document) -> Document:
    """The document without contacts, and without what follows from changing them."""
    lines = [_masked(line) for line in document.body.splitlines()]
    headings = tuple(replace(section, start=0, end=0) for section in document.sections)
    return replace(
        document, body="\n".join(lines), sections=headings, url="", source_date="", review_by="",
        status="",
    )  # fmt: skip


def _masked(line: str) -> str:
    label = LABEL.match(line)
    if label and len(line) - label.end() <= LONGEST:
        # The label stays: a line that is added or taken away is another text.
        return f"{label[0]}…"
    without = MAIL.sub("…", ADDRESS.sub("…", line))
    for _, start, end in sorted(find_phones(without), key=lambda span: -span[1]):
        without = f"{without[:start]}…{without[end:]}"
    return without
