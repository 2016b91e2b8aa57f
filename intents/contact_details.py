"""Find private mail addresses, phone numbers and candidates' names.

Functional mailboxes ("upphandling@...") pass: they belong to an office, not to a person.
"""

import re
from collections.abc import Collection, Iterator

from intents.folding import fold

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
      | 0\d{8,9}
      | \(0\d{1,3}\)[ ]?\d(?:[ -]?\d){4,7}
    )
    (?![\w]|[-/]\d)
    """,
    re.VERBOSE,
)
_FULL_DATE = re.compile(r"0?\d[-/ ]\d{1,2}[-/ ](?:19|20)\d\d")

_NAME = r"(?:[^\W\d_][\w'’-]*)"
_ROLE = (
    r"(?:kandidat|praktikant|lärling|trainee|deltagar|arbetssökande|sökande|arbetstränande|klient"
    r"|person|brukar|nyanländ|långtidsarbetslös|ungdom|sommarjobbar|candidate|trainee|apprentice"
    r"|intern|participant|applicant)(?:en|n|e|a|are|aren|erna|er)?"
)
_SOMEBODY = r"(?:han|hon|hen|kille|tjej|kvinna|man|någon|nån|person|en|ett|ungdom|she|he|they)"
_CALLED = re.compile(
    rf"(?i:\b(?:{_ROLE}|{_SOMEBODY})(?:\s+som|\s+who)?\s+(?:heter|hette|kallas|vid\s+namn"
    rf"|is\s+called|is\s+named|was\s+called|named)|\b{_ROLE}(?:s|'s)?\s+(?:namn|name)(?:\s+är|\s+is|:)"
    rf"|\bmed\s+namnet)\s+(?P<name>{_NAME}(?:[ -]{_NAME}){{0,2}})"
)
_TITLED = re.compile(
    rf"\b(?i:{_ROLE})(?:\s*[:,]|\s+(?i:är|is|var))?\s+(?P<name>{_NAME}(?:[ -]{_NAME}){{0,2}})"
)
#: Words after "heter" that begin no name.
_NO_NAME = frozenset((
    "det", "den", "de", "vad", "hur", "som", "något", "någon", "nagot", "nagon", "inte", "så",
    "sa", "detta", "och", "eller", "men", "i", "på", "pa", "hos", "för", "for", "till", "från",
    "fran", "med", "är", "ar", "ska", "kan", "har", "började", "borjade", "what", "it", "that",
    "this", "och", "the", "and", "samma", "olika", "ju", "då", "da", "nu", "annat", "annan",
))  # fmt: skip


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
        shortest = 8 if digits.startswith("08") else 9
        if len(digits) >= shortest and not _FULL_DATE.fullmatch(match.group()):
            yield "phone", match.start(), match.end()


def find_names(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield ("name", start, end) where a candidate is called by name."""
    for match in _CALLED.finditer(text):
        yield from _leading(match, capital=False)
    for match in _TITLED.finditer(text):
        yield from _leading(match, capital=True)


def _leading(match: re.Match[str], *, capital: bool) -> Iterator[tuple[str, int, int]]:
    """Keep the words of a match that make a name; small letters only after "heter"."""
    start = match.start("name")
    end = start
    parts = list(re.finditer(_NAME, match["name"]))
    capitals = any(part.group()[0].isupper() for part in parts)
    for position, part in enumerate(parts):
        word = part.group()
        if word.casefold() in _NO_NAME or ((capital or capitals) and not word[0].isupper()):
            break
        if capital and position == 0 and word.isupper() and len(word) > 1:
            break
        end = start + part.end()
    if end > start:
        yield "name", start, end
