"""Find the names of candidates: people who are placed, never those who buy, sell or report.

There is no dictionary of names. A word is a name where somebody is called by it, or where it stands
with a capital beside what the person is ("praktikanten Kim"); the city's own names are none.
"""

import re
from collections.abc import Iterator
from functools import cache

from intents.folding import fold
from intents.picklists import load_picklists

_NAME = r"(?:[^\W\d_][\w'’-]*)"
_NAMES = rf"{_NAME}(?:[ -]{_NAME}){{0,2}}"
#: With capitals, first and last name.
_FULL = rf"(?-i:[^\W\d_a-zåäöéü]{_NAME}\ [^\W\d_a-zåäöéü]{_NAME})"
_ONE = (
    r"(?:kandidat|praktikant|lärling|trainee|deltagar|arbetssökande|sökande|arbetstränande|klient"
    r"|person|brukar|nyanländ|långtidsarbetslös|ungdom|sommarjobbar|candidate|apprentice|intern"
    r"|participant|applicant)"
)
_ROLE = rf"{_ONE}(?:en|n|e|a|are|aren|erna|er)?"
#: One person: "lärlingar, Higab" is a number of people and an organisation.
_ROLE_OF_ONE = rf"{_ONE}(?:en|n|e|a|aren)?"
_SOMEBODY = r"(?:han|hon|hen|kille|tjej|kvinna|man|någon|nån|person|en|ett|ungdom|she|he|they)"
_CALLED = re.compile(
    rf"(?i:\b(?:{_ROLE}|{_SOMEBODY})(?:\s+som|\s+who)?\s+(?:heter|hette|kallas|vid\s+namn"
    rf"|is\s+called|is\s+named|was\s+called|named)"
    rf"|\b(?:{_ROLE}(?:s|'s)?\s*(?:namn|name)|(?:namn|name)(?:et)?\s+(?:på|of)\s+(?:the\s+)?{_ROLE})"
    rf"(?:\s+är|\s+is|\s*[:=])|\bmed\s+namnet)\s+(?P<name>{_NAMES})"
)
_TITLED = re.compile(
    rf"\b(?i:{_ROLE_OF_ONE})(?:\s+\d)?(?:\s*[:,]|\s+(?i:är|is|var))?\s+(?P<name>{_NAMES})"
    rf"|\b(?i:{_ROLE})\s+(?:är|are|is)\s+(?P<several>{_NAMES})"
)
_HIRED = re.compile(
    rf"(?i:\b(?:anställde|anställt|anställa|placerade|placerat|rekryterade|hired|employed|recruited"
    rf"|(?:plats|jobb|tjänst|anställning)\w*\s+(?:gick\s+till|fick|för|åt)"
    rf"|(?:kvinna|man|kille|tjej|ungdom|flicka|pojke)n?,?)\s+(?P<name>{_FULL}))"
    rf"|(?P<before>{_FULL})\s*\((?i:{_ROLE_OF_ONE})\)"
)
#: "Kim och Robin": a name after a name.
_NEXT = re.compile(rf"\s*(?:,|och|and|&)\s+(?P<name>{_FULL}|[^\W\d_a-zåäöéü]{_NAME})(?!\w)")
#: Words after "heter" that begin no name.
_NO_NAME = frozenset((
    "det", "den", "de", "vad", "hur", "som", "något", "någon", "nagot", "nagon", "inte", "så",
    "sa", "detta", "och", "eller", "men", "i", "på", "pa", "hos", "för", "for", "till", "från",
    "fran", "med", "är", "ar", "ska", "kan", "har", "började", "borjade", "what", "it", "that",
    "this", "the", "and", "samma", "olika", "ju", "då", "da", "nu", "annat", "annan", "vi", "jag",
    "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september",
    "oktober", "november", "december", "arbetsförmedlingen", "ja", "nej",
))  # fmt: skip


def find_names(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield ("name", start, end) where a candidate is called by name."""
    for pattern, capital in ((_CALLED, False), (_TITLED, True), (_HIRED, True)):
        for match in pattern.finditer(text):
            group = match.lastgroup or "name"
            yield from _leading(text, *match.span(group), capital=capital)


def _leading(text: str, start: int, stop: int, *, capital: bool) -> Iterator[tuple[str, int, int]]:
    """Keep the words that make a name; small letters only after "heter"."""
    parts = list(re.finditer(_NAME, text[start:stop]))
    capital = capital or any(part.group()[0].isupper() for part in parts)
    end = start
    for part in parts:
        if not _is_name(part.group(), capital=capital):
            break
        end = start + part.end()
    if end == start:
        return
    yield "name", start, end
    following = _NEXT.match(text, end)
    if following:
        yield from _leading(text, *following.span("name"), capital=True)


def _is_name(word: str, *, capital: bool) -> bool:
    if word.casefold() in _NO_NAME or fold(word) in _own_names():
        return False
    return not capital or (word[0].isupper() and not (word.isupper() and len(word) > 1))


@cache
def _own_names() -> frozenset[str]:
    """The words of the city's organisations, districts and neighbours, folded."""
    lists = load_picklists()
    terms = [
        term for name in ("organisations", "districts", "municipalities") for term in lists[name]
    ]
    said = [name for term in terms for name in (term.name, term.english, *term.synonyms)]
    words = {word for name in said for word in re.findall(r"\w+", fold(name))}
    return frozenset(words | {word + "s" for word in words})
