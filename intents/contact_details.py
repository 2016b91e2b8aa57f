"""Find private mail addresses and phone numbers.

Functional mailboxes ("upphandling@...") pass: they belong to an office, not to a person.
"""

import re
from collections.abc import Collection, Iterator

from intents.folding import fold
from intents.personal_numbers import is_reference

_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}(?<![-.])")
#: How the name of a functional mailbox begins, folded.
_FUNCTIONS = (
    "info", "kontakt", "contact", "upphandl", "inkop", "procure", "registrator", "registratur",
    "socialhansyn", "social", "support", "stod", "stad", "kommun", "forvaltning", "namnd", "diari",
    "arkiv", "kund", "medborgar", "service", "ekonomi", "faktur", "noreply", "post", "mail",
    "helpdesk", "avtal", "anbud", "arbetsmarknad", "vuxenutbildning", "kansli", "dataskydd", "dso",
    "vaxel", "press", "skola", "bygg", "miljo", "personal", "hr", "it", "gr", "administration",
    "reception", "redaktion", "webb", "hansyn", "funktion", "bolag", "styrelse", "order",
    "leverantor", "naringsliv", "myndighet", "office", "team",
)  # fmt: skip
#: Short ones must stand alone: "hr" is an office, "hrafn" is a person.
_SHORT = 3
_PRIVATE_DOMAINS = frozenset((
    "gmail.com", "hotmail.com", "hotmail.se", "outlook.com", "live.se", "live.com", "icloud.com",
    "yahoo.com", "yahoo.se", "me.com", "telia.com", "comhem.se", "bredband.net", "spray.se",
    "proton.me", "protonmail.com", "googlemail.com", "msn.com", "passagen.se", "tele2.se",
    "bahnhof.se",
))  # fmt: skip

_PHONE = re.compile(
    r"""
    (?<![\w])(?<![\w][-./,])
    (?:
        (?:\+|00)\d{1,3}[ ]?(?:\(0\))?[ -]?\d(?:[ -]{0,2}\d){6,10}
      | 0\d{1,3}[ ]?[-/][ ]?\d(?:[ -]?\d){4,7}
      | 0\d{1,3}(?:[ ]\d{2,3}){2,4}
      | 0(?:7[02369]|31|8)\d{6,7}
      | (?<=tel\ )0\d{8,9} | (?<=ring\ )0\d{8,9} | (?<=telefon\ )0\d{8,9} | (?<=pa\ )0\d{8,9}
      | \(0\d{1,3}\)[ ]?\d(?:[ -]?\d){4,7}
    )
    (?![\w]|[-/]\d)
    """,
    re.VERBOSE,
)
_FULL_DATE = re.compile(r"0?\d[-/ ]\d{1,2}[-/ ](?:19|20)\d\d")


def find_mail(text: str, allowed: Collection[str]) -> Iterator[tuple[str, int, int]]:
    """Yield ("email", start, end) for each address that is no functional mailbox."""
    passing = {fold(address) for address in allowed}
    for match in _MAIL.finditer(text):
        address = fold(match.group())
        if address not in passing and not is_functional(address):
            yield "email", match.start(), match.end()


def is_functional(address: str) -> bool:
    """Return whether a folded address belongs to an office and not to a person."""
    local, _, domain = address.partition("@")
    if domain in _PRIVATE_DOMAINS:
        return False
    if local == domain.split(".", 1)[0]:
        return True
    pieces = [piece for piece in re.split(r"[._+-]", local) if piece]
    return any(
        piece == function or (len(function) > _SHORT and piece.startswith(function))
        for piece in pieces
        for function in _FUNCTIONS
    )


def find_phones(folded: str) -> Iterator[tuple[str, int, int]]:
    """Yield ("phone", start, end) for each phone number in a folded text."""
    for match in _PHONE.finditer(folded):
        digits = re.sub(r"\D", "", match.group())
        if is_reference(folded, match.start()):
            continue
        shortest = 8 if digits.startswith("08") else 9
        if len(digits) >= shortest and not _FULL_DATE.fullmatch(match.group()):
            yield "phone", match.start(), match.end()
