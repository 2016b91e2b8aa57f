"""What a request tells before it is asked: who, about what, when and for which procurement.

"Vi i Partille vill ha råd om IOP till hösten" leaves only the roles and the address to ask for.
"""

import re
from collections.abc import Mapping

from intents.model import Found, Given
from intents.picklists import mention

_MONTHS = (
    r"januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december"
    r"|january|february|march|may|june|july|august|october"
)
#: "I vår" is a season unless what is ours follows: "i vår kommun".
_SPRING = r"vår(?=\s*(?:[.,?!;]|$)|\s+(?:om|med|för|och|eller|till|på|kring|hos)\b)"
_PERIOD = re.compile(
    rf"\b(?:i|till|under|framåt|nästa|in|next|this)\s+(?:(?:början|slutet|mitten)\s+av\s+|early\s+)?"
    rf"(?:{_SPRING}|våren|höst(?:en)?|sommar(?:en)?|vinter(?:n)?|spring|autumn|fall|summer|winter"
    rf"|{_MONTHS}|vecka|week|månad|month|kvartal|år|year)\b(?:\s+\d{{1,4}}\b)?"
    rf"|\b(?:vecka|week)\s+\d{{1,2}}\b|\b(?:våren|hösten|sommaren|vintern)\s+20\d\d\b",
    re.IGNORECASE,
)
_TOPICS = {
    "iop": re.compile(r"\biop\b|id[ée]bur\w*|partnerskap\w*|civic partnership", re.IGNORECASE),
    "social": re.compile(
        r"\bsocial\w*\s+(?:hänsyn|krav|villkor|consideration|clause|procurement|value)\w*"
        r"|sysselsättningskrav\w*", re.IGNORECASE,
    ),
}  # fmt: skip
#: A municipality the list lacks: "Trollhättans kommun".
_MUNICIPALITY = re.compile(r"\b([A-ZÅÄÖ][a-zåäö]{2,})s?\s+(?:kommun|municipality)\b")
_PROCUREMENT = re.compile(
    r"\b(?:upphandl\w+|procurement|tender)\s+(?:av|of|for)\s+"
    r"(?P<what>\w[\w-]*(?:\s+(?:och|and)\s+\w[\w-]*)?)",
    re.IGNORECASE,
)


def read_request(text: str, given: Given) -> Mapping[str, Found]:
    """Return slot -> what the text tells of it."""
    found = {
        "municipality": _municipality(text, given),
        "organisation": _named(text, "organisations", given),
        "topic": _topic(text),
        "period": _said(_PERIOD.search(text)),
        "planned_start": _said(_PERIOD.search(text)),
        "object": _said(_PROCUREMENT.search(text), "what"),
        "procurement": _said(_PROCUREMENT.search(text), "what"),
        "procurement_type": _named(text, "procurement_types", given),
    }
    return {slot: hit for slot, hit in found.items() if hit is not None}


def _named(text: str, vocabulary: str, given: Given) -> Found | None:
    hit = mention(text, given.vocabularies.get(vocabulary, ()))
    return Found(hit[0].code, hit[1]) if hit and hit[0].holds(given.today) else None


def _municipality(text: str, given: Given) -> Found | None:
    known = _named(text, "municipalities", given) or _short(text, given)
    match = _MUNICIPALITY.search(text)
    if known or match is None:
        return known
    return Found({"other": match[1].removesuffix("s")}, match[0])


def _short(text: str, given: Given) -> Found | None:
    """Ale: too short to be found in running text by its letters alone, but not by its capital."""
    for term in given.vocabularies.get("municipalities", ()):
        if re.search(rf"\b{term.name}s?\b", text):
            return Found(term.code, term.name)
    return None


def _topic(text: str) -> Found | None:
    hits = {code: match[0] for code, each in _TOPICS.items() if (match := each.search(text))}
    if not hits:
        return None
    return Found("both" if len(hits) > 1 else next(iter(hits)), ", ".join(hits.values()))


def _said(match: re.Match[str] | None, group: str | int = 0) -> Found | None:
    return Found(match[group], match[0]) if match else None
