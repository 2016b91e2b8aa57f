"""Text from outside made harmless: what no person means to send or to be shown."""

from __future__ import annotations

import re
import unicodedata

# Control characters but tab and newline: PostgreSQL refuses NUL, and a terminal obeys ESC.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# Marks that reorder or hide what is read (Unicode TR 36, section 2.4), and the tags block. The
# joiner U+200D stays: emoji are made with it.
_HIDDEN = re.compile(
    "[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]|[\U000e0000-\U000e007f]"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_LINE_ENDS = re.compile("\r\n?|\u2028|\u2029|\x85|\x0b|\x0c")


def clean(text: str) -> str:
    """``text`` in NFC with plain line ends and without control, hidden or half characters."""
    lines = _LINE_ENDS.sub("\n", text)
    visible = _SURROGATES.sub("", _HIDDEN.sub("", _CONTROLS.sub("", lines)))
    return unicodedata.normalize("NFC", visible).strip()


def printable(text: str) -> str:
    """``text`` as it may go to a terminal: the same without anything a terminal would obey."""
    return _SURROGATES.sub("\ufffd", _CONTROLS.sub("", _LINE_ENDS.sub("\n", text)))
