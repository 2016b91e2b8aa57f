"""Find Swedish personal identity numbers and co-ordination numbers in every form people write.

A number counts when its date exists (co-ordination numbers add 60 to the day) and its check digit
is right; about 0.7 % of random ten-digit strings pass both by chance. A sole trader's organisation
number is a personal identity number and is found as one.
"""

import re
from calendar import monthrange
from collections.abc import Iterator

#: Spaces, one kind of separator throughout the date, and any dash or plus before the last four.
_WRITTEN = re.compile(
    r"""
    (?<!\d)(?<!\d[-.])(?<!\+)
    (?:(?P<century>18|19|20)\ ?)?
    (?P<year>\d\d)(?P<inner>[ ./-]?)(?P<month>\d\d)(?P=inner)(?P<day>\d\d)
    (?P<outer>\ ?[-+]?\ ?)
    (?P<last>\d{4}|(?<=[-+])\d\d\ \d\d|(?<=[-+]\ )\d\d\ \d\d)
    (?!\d)(?!-\d)
    """,
    re.VERBOSE,
)
#: "8 5 0 5 1 2 - 1 2 3 4"
_SPELLED_OUT = re.compile(
    r"(?<!\d)(?<!\d )(?:\d ){9,11}\d(?! ?\d)|(?<!\d)(?:\d ){5,7}[-+] (?:\d ){3}\d"
)

#: A number with such a label is a reference, whatever its digits say.
_REFERENCE = re.compile(
    r"(?:dnr|diarie-?(?:nr|nummer)|(?:avtals?|annons|kontrakts?|faktura|order|arende|referens|ref"
    r"|upphandlings|diarie|artikel|kund|serie)-? ?(?:nr|nummer|id))[.:]? *$"
)

#: Born in or after this year and followed by a clock time an ISO date is taken as a time stamp.
_TIMESTAMP_YEAR = 2000

MOBILE = re.compile(r"07[02369]\d{7}")


def luhn_ok(digits: str) -> bool:
    """Return whether the last of ten digits is the right check digit."""
    total = 0
    for place, digit in enumerate(digits):
        product = int(digit) * (2 - place % 2)
        total += product - 9 if product > 9 else product
    return total % 10 == 0


def _kind(digits: str, century: str) -> str | None:
    year, month, day = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    kind = "samordningsnummer" if day > 60 else "personnummer"
    day = day - 60 if day > 60 else day
    if not 1 <= month <= 12 or day < 1 or not luhn_ok(digits):
        return None
    centuries = (int(century),) if century else (18, 19, 20)
    longest = max(monthrange(c * 100 + year, month)[1] for c in centuries)
    return kind if day <= longest else None


def _is_timestamp(match: re.Match[str]) -> bool:
    """Tell "2026-03-04 1015" from a number: an ISO date, a space and a clock time."""
    if not match["century"] or match["inner"] != "-" or match["outer"].strip():
        return False
    last = match["last"].replace(" ", "")
    clock = int(last[:2]) < 24 and int(last[2:]) < 60
    return clock and int(match["century"] + match["year"]) >= _TIMESTAMP_YEAR


def find_numbers(folded: str) -> Iterator[tuple[str, int, int]]:
    """Yield (kind, start, end) for each number in a folded text."""
    at = 0
    while match := _WRITTEN.search(folded, at):
        found = _examine(match, folded)
        yield from ((found, match.start(), match.end()),) if found else ()
        at = match.end() if found else match.start() + 1
    for match in _SPELLED_OUT.finditer(folded):
        digits = re.sub(r"\D", "", match.group())
        kind = _kind(digits[-10:], digits[:-10]) if digits[:-10] in {"", "18", "19", "20"} else None
        if kind:
            yield kind, match.start(), match.end()


def _examine(match: re.Match[str], folded: str) -> str | None:
    if _is_timestamp(match) or _REFERENCE.search(
        folded[max(0, match.start() - 24) : match.start()]
    ):
        return None
    # Unbroken ten digits with a mobile prefix are a phone number; hidden all the same.
    if MOBILE.fullmatch(match.group()):
        return None
    last = match["last"].replace(" ", "")
    return _kind(match["year"] + match["month"] + match["day"] + last, match["century"] or "")
