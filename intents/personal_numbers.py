"""Find Swedish personal identity numbers and co-ordination numbers in every form people write.

A number counts when its date exists (co-ordination numbers add 60 to the day) and its check digit
is right; about 0.7 % of random ten-digit strings pass both by chance. After a word such as
"personnummer" or "född" the date is enough, so that slips and hidden digits are covered too. A
sole trader's organisation number is a personal identity number and is found as one.
"""

import re
from calendar import monthrange
from collections.abc import Iterator

#: Between the date and the last four: signs with spaces around, or a few words of speech.
_OUTER = r"""\ {0,2}(?:[-+/_.:,;=~\\]{0,2}\ ?\(?-?\ {0,2}|(?:,\ )?(?:och|med|sista|de\ sista
    |slutar\ pa|ending|last)\ (?:fyra\ |four\ |siffror(?:na)?\ |ar\ |in\ ){0,3})"""
_WRITTEN = re.compile(
    rf"""
    (?<!\d)(?<!\d[-.])(?<!\+)
    (?:(?P<century>18|19|20)[ -]?)?
    (?P<year>\d\d)(?P<inner>[ ./-]?)(?P<month>\d\d)(?P=inner)(?P<day>\d\d)
    (?P<outer>{_OUTER})
    (?P<last>\d{{4}}|(?<=[-+])\d\d[ -]\d\d|(?<=[-+]\ )\d\d\ \d\d)
    (?!\d)(?!-\d)
    """,
    re.VERBOSE,
)
#: "8 5 0 5 1 2 - 1 2 3 4"
_SPELLED_OUT = re.compile(
    r"(?<!\d)(?<!\d )(?:\d ){9,11}\d(?! ?\d)|(?<!\d)(?:\d ){5,7}[-+] (?:\d ){3}\d"
)
#: What comes after these is a person's, whatever its check digit says.
_LABEL = (
    r"(?:personnummer|person-?nr|pers\.? ?nr|pnr|samordningsnummer|samordningsnr|fodelsenummer"
    r"|fodelsedatum|fodelsedata|fodd|personal (?:identity )?number|date of birth|birth date|born"
    r"|enskild firma,?(?: med)? org\.? ?-?(?:nr|nummer))"
)
_LABELLED = re.compile(
    rf"(?<![a-z]){_LABEL}(?:et)?(?: ar| is| den| on|[:=(.]| )* *"
    r"(?P<number>(?:(?:18|19|20) ?)?(?P<year>\d\d)(?P<inner>[ ./-]?)(?P<month>\d\d)(?P=inner)"
    r"(?P<day>\d\d)(?: ?[-+]? ?[\dx*?•]{2} ?[\dx*?•]{2}(?![\dx]))?)(?!\d)"
)
#: The last four left out: "850512-xxxx".
_HIDDEN = re.compile(
    r"(?<!\d)(?P<number>(?:18|19|20)?(?P<year>\d\d)(?P<month>\d\d)(?P<day>\d\d) ?[-+] ?"
    r"(?:[x*?•]{4}|\d{2}[x*?•]{2}|\d{3}[x*?•]))(?![\dx])"
)
#: A number with such a label is a reference, whatever its digits say.
_REFERENCE = re.compile(
    r"(?:dnr|diarie-?(?:nr|nummer)|(?:avtals?|annons|kontrakts?|faktura|order|arende|referens|ref"
    r"|upphandlings|diarie|artikel|kund|serie)-? ?(?:nr|nummer|id))[.:]? *$"
)

#: From this year on an ISO date with a clock time after a space is taken as a time stamp ...
_ISO_STAMP_YEAR = 2000
#: ... and in any other form from this one: whoever was born then is too young for a placement.
_STAMP_YEAR = 2013
#: "260304 1015": the last short year that is taken so; nobody born in 1929 seeks a placement.
_LAST_SHORT_YEAR = 29

MOBILE = re.compile(r"07[02369]\d{7}")


def is_reference(folded: str, start: int) -> bool:
    """Return whether a label before a number says that it is the city's own, a diary number say."""
    return bool(_REFERENCE.search(folded[max(0, start - 24) : start]))


def luhn_ok(digits: str) -> bool:
    """Return whether the last of ten digits is the right check digit."""
    total = 0
    for place, digit in enumerate(digits):
        product = int(digit) * (2 - place % 2)
        total += product - 9 if product > 9 else product
    return total % 10 == 0


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
    for pattern in (_LABELLED, _HIDDEN):
        for match in pattern.finditer(folded):
            kind = _dated(match["year"] + match["month"] + match["day"], "")
            if kind:
                yield kind, match.start("number"), match.end("number")


def _examine(match: re.Match[str], folded: str) -> str | None:
    if _is_timestamp(match) or is_reference(folded, match.start()):
        return None
    # Unbroken ten digits with a mobile prefix are a phone number; hidden all the same.
    if MOBILE.fullmatch(match.group()):
        return None
    last = re.sub(r"\D", "", match["last"])
    return _kind(match["year"] + match["month"] + match["day"] + last, match["century"] or "")


def _kind(digits: str, century: str) -> str | None:
    return _dated(digits[:6], century) if luhn_ok(digits) else None


def _dated(six: str, century: str) -> str | None:
    """The kind of number a date belongs to; None for a date that does not exist."""
    year, month, day = int(six[:2]), int(six[2:4]), int(six[4:])
    kind = "samordningsnummer" if day > 60 else "personnummer"
    day = day - 60 if day > 60 else day
    if not 1 <= month <= 12 or day < 1:
        return None
    centuries = (int(century),) if century else (18, 19, 20)
    longest = max(monthrange(c * 100 + year, month)[1] for c in centuries)
    return kind if day <= longest else None


def _is_timestamp(match: re.Match[str]) -> bool:
    """Tell "2026-03-04 1015" and "20260304-1015" from a number: a date and a clock time."""
    last = re.sub(r"\D", "", match["last"])
    if int(match["day"]) > 31 or int(last[:2]) > 23 or int(last[2:]) > 59:
        return False
    spaced = match["outer"].isspace()
    if not match["century"]:
        return (
            spaced
            and not match["inner"]
            and _STAMP_YEAR % 100 <= int(match["year"]) <= _LAST_SHORT_YEAR
        )
    iso = spaced and match["inner"] == "-"
    return int(match["century"] + match["year"]) >= (_ISO_STAMP_YEAR if iso else _STAMP_YEAR)
