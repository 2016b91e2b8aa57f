"""Characters nobody sees, ligatures and line ends of imported text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from knowledge.imported import Dropped, Raw

# Zero-width and joining characters, marks that reorder what is read (Unicode TR 36, section 2.4),
# variation selectors and the block of tags: the ways known to hide words in a text.
HIDDEN = re.compile(
    "[\u200b-\u200f\u202a-\u202e\u2060-\u206f\u180e\ufeff\ufe00-\ufe0f\u034f\u115f\u3164]"
    "|[\U000e0000-\U000e01ef]"
)
#: Hyphens that show only at a line's end; no sign of an attempt to hide.
SOFT = re.compile("\u00ad")
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd\ud800-\udfff]|\(cid:\d+\)")
SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
LIGATURES = str.maketrans({"ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl"})


def cleaned(text: str) -> tuple[str, int]:
    """The text as it reads, in NFC, and how many hidden characters it held."""
    hidden = len(HIDDEN.findall(text))
    visible = CONTROLS.sub("", SOFT.sub("", HIDDEN.sub("", text))).translate(LIGATURES)
    lines = (SPACES.sub(" ", line).strip() for line in visible.split("\n"))
    return unicodedata.normalize("NFC", "\n".join(filter(None, lines))), hidden


def clean_raw(raw: Raw) -> Raw:
    """Cleans every piece of what a reader found; hidden characters are counted."""
    hidden = 0

    def clean(text: str) -> str:
        nonlocal hidden
        plain, count = cleaned(text)
        hidden += count
        return plain

    blocks = [replace(block, text=clean(block.text)) for block in raw.blocks]
    kept = [block for block in blocks if block.text.strip("- |\n")]
    dropped = [Dropped(clean(each.text), each.reason, each.page) for each in raw.dropped]
    cleared = Raw(kept, " ".join(clean(raw.title).split()), raw.date, dropped, raw.warnings.copy())
    if hidden:
        cleared.warnings["hidden_characters"] += hidden
    return cleared
