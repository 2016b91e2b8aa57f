"""What a person meant in the end: "två lärlingsplatser, nej vänta, tre" is three of them."""

import re

from intents.dotted_days import with_dotted_days
from intents.lexemes import Lexeme
from intents.lexing import lex
from intents.retractions import without_slips

#: Longer texts are pasted documents; nobody corrects a slip in one.
LONGEST = 1_000
_SLIP = re.compile(
    r"\b(?:nej|nä|no|oj|oops)\b[\s,.!]*(?:vänta|förlåt|fel|wait|sorry|i mean|jag menar)\b[\s,.!]*"
    r"|[\s,.!]+(?:jag menar|i mean|rättare sagt|or rather)\b[\s,.!]*",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"\b(?:i ?dag|i ?går|i ?förrgår|today|yesterday|i (?:mån|tis|ons|tors|fre|lör|sön)dags)\b",
    re.IGNORECASE,
)


def after_slip(text: str) -> str:
    """Return what stands after the last "nej vänta"; empty where nothing is taken back."""
    slips = list(_SLIP.finditer(text[:LONGEST]))
    return text[slips[-1].end() :].strip() if slips and slips[-1].start() else ""


def settled_text(text: str) -> str:
    """Return the text with every corrected number or date replaced by its correction."""
    after = after_slip(text)
    if not after:
        return text
    if _DAY.match(after):
        return _with_day(text, after)
    written = with_dotted_days(lex(text))
    kept = without_slips(written)
    if kept == tuple(written):
        return _with_number(text, after)
    return " ".join(_words(lexeme, written, text) for lexeme in kept)


def _with_day(text: str, after: str) -> str:
    """Return the text with the day said before the slip replaced by the one after it."""
    before = text[: text.rindex(after)]
    days = list(_DAY.finditer(before))
    slip = list(_SLIP.finditer(before))[-1].start()
    if not days:
        return text
    return f"{before[: days[-1].start()]}{before[days[-1].end() : slip]} {after}"


def _with_number(text: str, after: str) -> str:
    """Return the text with the last number before the slip replaced by the one after it."""
    before = text[: text.rindex(after)]
    new = lex(after)[:1]
    numbers = [each for each in lex(before) if each.kind == "number"]
    if not numbers or not new or new[0].kind != "number":
        return text
    slip, old = list(_SLIP.finditer(before))[-1].start(), numbers[-1]
    number, rest = after[: new[0].end], after[new[0].end :]
    return f"{before[: old.start]}{number}{before[old.end : slip]}{rest}"


def _words(lexeme: Lexeme, written: tuple[Lexeme, ...], text: str) -> str:
    """Return a piece as it was written; a noun that was carried over from the slip, too."""
    if lexeme.start < lexeme.end:
        return text[lexeme.start : lexeme.end]
    same = (each for each in written if (each.kind, each.name) == (lexeme.kind, lexeme.name))
    return next((text[each.start : each.end] for each in same), "")
