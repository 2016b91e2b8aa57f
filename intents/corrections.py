"""Corrections in plain words: "ändra 3", "ändra datumet till 14 mars", "nej, tre inte två"."""

import re
from dataclasses import dataclass

from intents.exchange import Change, Json
from intents.language import fold, parse_number, stem, tokenize
from intents.model import Dialog, Given, Problem, Slot, State
from intents.progress import listed
from intents.questions import looks_like_question

#: Words of a value that puts another right.
LONGEST_VALUE = 6
_CHANGE = re.compile(
    r"^(?:nej|no|vänta|wait|oj|oops)?[\s,.!]*"
    r"(?:ändra|andra|byt(?:a)?|rätta|ratta|korrigera|justera|change|edit|correct|fix)\b"
    r"\s*(?:på|the|punkt|nummer|nr|number|svar|no\.)?\s*(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_TO = re.compile(
    r"^(?P<slot>.+?)(?:\s+(?:till|to|som|into)\s+|\s*[:=]\s*|\s*,\s*(?:det (?:var|är|ska vara)|"
    r"it (?:was|is|should be)|till|to)?\s*)(?P<text>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_NUMBERED = re.compile(r"^(?P<slot>\d{1,2})\s*[:.)=]\s*(?P<text>\S.*)$", re.DOTALL)
_NOT = re.compile(
    r"^(?P<no>nej|no|fel|wrong|nä|nää)?[\s,.!]*"
    r"(?:det (?:var|är|ska vara)|it (?:was|is|should be))?\s*"
    r"(?P<new>[^,]{1,80}?)[,\s]+(?:och\s+|and\s+)?(?:inte|ej|not)\s+(?P<old>[^,]{1,80}?)[.!\s]*$",
    re.IGNORECASE,
)
_IS = r"(?:det (?:var|är|ska vara)|it (?:was|is|should be)|jag är|vi är|i am|i'm|we are)"
_TAKEN_BACK = re.compile(
    r"^(?:(?:nej|nä|no|oj|oops|förlåt|ursäkta|sorry|vänta|wait)[\s,.!]+"
    r"(?:(?:vänta|förlåt|fel|wait|sorry|i mean|jag menar|jag menade|jag skrev fel)[\s,.!]+)+"
    # "Nej, det var …" may be a plain no; "vänta, det var …" is not.
    rf"{_IS}?|(?:oj|oops|förlåt|sorry|vänta|wait)[\s,.!]+{_IS})"
    r"\s*(?P<new>.{1,80}?)[.!\s]*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Mended:
    """A correction that names the wrong value and the right one."""

    slot: Slot
    value: Json


def read_change(text: str) -> Change | None:
    """Return the change a text asks for by number or name, or None."""
    if len(text) > 400:
        return None
    numbered = _NUMBERED.match(text.strip())
    if numbered:
        return Change(numbered["slot"], numbered["text"].strip())
    match = _CHANGE.match(text.strip())
    if not match:
        return None
    rest = match["rest"].strip(" .!")
    parts = _TO.match(rest)
    return Change(parts["slot"].strip(), parts["text"].strip()) if parts else Change(rest)


def find_slot(dialog: Dialog, state: State, wanted: str, given: Given) -> Slot | None:
    """Return the filled slot a number or an everyday name stands for."""
    lines = listed(dialog, state.values, given)
    number = _number(wanted)
    if number is not None:
        return lines[number - 1] if 1 <= number <= len(lines) else None
    # The stem of "resultatet" is "resultat", whose own stem is "result": both forms count.
    words = {form for token in tokenize(wanted)[:12] for form in _forms(token.folded)}
    for slot in lines:
        names = {form for name in (slot.name, *slot.names) for form in _forms(fold(name))}
        if names & words or slot.name == wanted:
            return slot
    return None


def _forms(word: str) -> tuple[str, str]:
    return word, stem(word)


def _number(wanted: str) -> int | None:
    plain = fold(wanted).strip(" .#")
    if plain.isascii() and plain.isdigit():
        return int(plain[:4])
    value = parse_number(plain) if 0 < len(plain) < 30 else None
    return int(value) if isinstance(value, int) else None


def mend(
    dialog: Dialog, state: State, text: str, given: Given, *, firm: bool = False
) -> Mended | None:
    """Return what "tre, inte två" puts right: the newest answer that reads as the old words.

    "Nej vänta, tre" puts right what was answered last. ``firm`` asks for a "nej" before "tre, inte
    två", where the text might be an answer of its own.
    """
    if taken_back := _take_back(dialog, state, text, given):
        return taken_back
    match = _NOT.match(text.strip()) if len(text) <= 200 else None
    if not match or (firm and not match["no"]):
        return None
    for slot in reversed(listed(dialog, state.values, given)):
        value = mended(slot, state.values[slot.name], (match["new"], match["old"]), given)
        if value is not None:
            return Mended(slot, value)
    return None


def _take_back(dialog: Dialog, state: State, text: str, given: Given) -> Mended | None:
    """Put right what was answered last, or else the newest answer that takes the new words."""
    match = _TAKEN_BACK.match(text.strip()) if len(text) <= 200 else None
    if not match or not state.history:
        return None
    last = state.history[-1]["values"]["drop"]
    lines = listed(dialog, state.values, given)
    known = [slot for slot in reversed(lines) if state.values[slot.name] is not None]
    answered = [slot for slot in known if slot.name in last]
    others = [slot for slot in known if slot.kind.echo]
    closed = [slot for slot in answered if slot.kind.closed]
    for slot in (*closed, *others, *answered):
        value = _put_right(slot, state.values[slot.name], match["new"], given)
        if value is not None and not isinstance(value, Problem):
            return Mended(slot, value)
    return None


def _put_right(slot: Slot, value: Json, new: str, given: Given) -> Json | Problem:
    if slot.kind.swap is not None:
        return mended(slot, value, (new, ""), given)
    return slot.kind.parse(new, given) if _is_plain(new) else None


def _is_plain(text: str) -> bool:
    """Is it short enough to be a value, and no question?"""
    return len(tokenize(text)) <= LONGEST_VALUE and looks_like_question(text) == "no"


def mended(slot: Slot, value: Json, words: tuple[str, str], given: Given) -> Json:
    """Return ``value`` with the old words replaced by the new, or None if they are not in it."""
    new, old = words
    if slot.kind.swap is not None and value is not None:
        return slot.kind.swap(value, new, old, given)
    if not slot.kind.closed or not old:
        return None
    was, becomes = (slot.kind.parse(part, given) for part in (old, new))
    right = not isinstance(becomes, Problem) and becomes != value
    return becomes if right and not isinstance(was, Problem) and was == value else None
