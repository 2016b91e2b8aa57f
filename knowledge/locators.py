"""Statute sections as people cite them: "17 kap. 2 § LOU", "LOU 17:2", "4 kap 18 §"."""

from __future__ import annotations

import re

ACTS = r"LOU|LUF|LUK|FL|DOS-lagen|förvaltningslagen|upphandlingslagen"
NAMES = {"förvaltningslagen": "FL", "upphandlingslagen": "LOU", "dos-lagen": "DOS-lagen"}
# Chapters of LOU and LUF that apply whatever the value (1 kap. 4 §, 19 kap. 1 §, 19 a kap. 1 §).
APPLIES_ALWAYS = frozenset({"1", "2", "3", "5", "20", "21"})
NUMBER = r"(\d{1,2}(?: ?a)?)"
CHAPTER_SECTION = re.compile(
    rf"(?:\b({ACTS})\s+)?\b{NUMBER}\s*(?:kap\.?|kapitlet)\s*,?\s*(\d{{1,2}}(?: ?[a-z]\b)?)\s*§+"
    rf"(?:\s*(?:i\s+)?({ACTS})\b)?",
    re.IGNORECASE,
)
COLON = re.compile(rf"\b({ACTS})\s+{NUMBER}:(\d{{1,2}}(?: ?[a-z]\b)?)", re.IGNORECASE)
BARE = re.compile(
    r"\b(FL|DOS-lagen|förvaltningslagen)\s+(\d{1,2}(?: ?[a-z]\b)?)\s*§", re.IGNORECASE
)
BARE_AFTER = re.compile(
    r"\b(\d{1,2}(?: ?[a-z]\b)?)\s*§§?\s*(?:i\s+)?(FL|DOS-lagen|förvaltningslagen)\b", re.IGNORECASE
)
# "31 kap. 16 § OSL": a section of an act that is not here must not be read as one of LOU.
ELSEWHERE = re.compile(
    r"^\s*(?:i\s+)?(?:[A-ZÅÄÖ]{2,5}\b|(?:\w+-\s+(?:och|eller)\s+)?\w+(?:lagen|balken|ordningen)\b)"
)


def cited_locators(question: str) -> tuple[str, ...]:
    """The sections a question names, in order, as locators; LOU when no act is named."""
    found: list[tuple[int, str]] = []
    for match in CHAPTER_SECTION.finditer(question):
        act = match[1] or match[4] or "LOU"
        if not (match[1] or match[4]) and ELSEWHERE.match(question[match.end() :]):
            continue
        found.append((match.start(), _locator(act, match[2], match[3])))
    found += [(m.start(), _locator(m[1], m[2], m[3])) for m in COLON.finditer(question)]
    found += [(m.start(), f"{_act(m[1])} {_spaced(m[2])} §") for m in BARE.finditer(question)]
    found += [(m.start(), f"{_act(m[2])} {_spaced(m[1])} §") for m in BARE_AFTER.finditer(question)]
    return tuple(dict.fromkeys(locator for _, locator in sorted(found)))


def act_of(locator: str) -> str:
    """ "LUF" of "LUF 16 kap. 1 §"; "DOS" of the accessibility act; a long name as it is."""
    return locator.split(" ", 1)[0].removesuffix("-lagen")


def regime_of(locator: str) -> str:
    """ "over", "under", "direct" or, where a section applies always or is none of LOU, ""."""
    match = re.match(r"LO?UF? (\d+(?: a)?) kap\.", locator)
    if match is None or match[1] in APPLIES_ALWAYS:
        return ""
    return {"19": "under", "19 a": "direct"}.get(match[1], "over")


def _locator(act: str, chapter: str, section: str) -> str:
    return f"{_act(act)} {_spaced(chapter)} kap. {_spaced(section)} §"


def _act(name: str) -> str:
    return NAMES.get(name.casefold(), name.upper())


def _spaced(number: str) -> str:
    """ "19a" as the acts write it: "19 a"."""
    return re.sub(r"(\d)\s*([a-z])$", r"\1 \2", number.casefold())
