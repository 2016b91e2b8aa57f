"""Read a deviation out of a story told in one go.

Every rule is narrow: what is not plainly said is asked for later, and every slot that is filled is
shown with the words it came from.
"""

import re
from collections.abc import Mapping

from intents.language import fold_with_origins
from intents.model import Found, Given
from intents.outcomes import counts_in, forms_in
from intents.picklists import mention
from intents.quantities import read_date

#: Longer stories are read from their beginning.
LONGEST = 4_000


def _any_of(*lines: str) -> re.Pattern[str]:
    """Compile alternatives, one or more per line, that begin and end at word borders."""
    return re.compile(rf"\b(?:{'|'.join(lines)})\b")


def _one_of(words: str) -> str:
    """Return a pattern for any of the words, parted by spaces."""
    return f"(?:{'|'.join(words.split())})"


_US = r"(?:er|stodfunktionen|stodet|you|the support function)"
_SUPPLIER = _one_of(
    r"""leverantor\w* entreprenor\w* malar\w* bygg\w* snickar\w* foretag\w* firma\w* vaktbolag\w*
    stad(?:bolag|firma|foretag)\w* konsult\w* anbudsgivar\w* utforar\w* vvs\w* elektriker\w*
    supplier\w* contractor\w* painter\w* compan(?:y|ies) cleaner\w* builder\w*"""
)
_TALK = _one_of(
    r"""kom(?:mit)?\soverens overenskom\w* pratade?s? pratat diskuterade?s? diskuterat snackade?
    avtalade? avtalat bestamde? bestamt gjorde\supp lovade? lovat enades forhandlade? talade? talat
    agreed talked discussed spoke arranged promised negotiated"""
)
_GAVE = r"(?:lovade?|erbjod|tog emot|tog in|anstallde|agreed|promised|offered|hired)"

_WITHOUT = _any_of(
    rf"utan (?:att )?(?:\w+ ){{0,3}}{_US}",
    rf"(?:inte|ej|aldrig) (?:via|genom|med|kontaktat?|fragat|involverat|kopplat in) {_US}",
    rf"(?:vid sidan av|forbi|runt) (?:{_US}|modellen)",
    rf"hoppa(?:t|de) over {_US}",
    rf"without (?:asking |contacting |involving )?{_US}",
    rf"not (?:via|through|with) {_US}",
)
_THROUGH = _any_of(
    rf"(?<!inte )(?<!ej )(?<!not )(?:via|genom|tillsammans med|i samrad med|together with) {_US}",
    rf"(?<!not )through {_US}",
)
_TALKED = _any_of(
    rf"{_TALK}(?:\W+\w+){{0,5}}?\W+{_SUPPLIER}",
    rf"{_SUPPLIER}(?:\W+\w+){{0,4}}?\W+{_GAVE}",
)
#: Something came of it; mere talk gives no results.
_AGREED = _any_of(
    r"kom(?:mit)? overens|overenskom\w*|avtala\w*|bestam\w*|gjorde upp|lova\w*|enades|fick|ordnade",
    rf"{_GAVE}|arranged|gave|got",
)
_DOUBT = _any_of("kanske|eventuellt|inga|inget|maybe|perhaps|no")
_SIGNED = _any_of(
    "avtalet (?:ar|var) (?:tecknat|klart|skrivet|pa plats|underskrivet)|har (?:tecknat |ett )avtal",
    r"skrev avtal\w*|tecknade avtal\w*|contract (?:is|was) signed|signed the contract",
)
_UNSIGNED = _any_of(
    "avtalet ar inte (?:tecknat|klart|skrivet)|inte tecknat avtal|inget avtal an|innan avtalet",
    "contract is not signed|not signed|before the contract",
)
_TYPES = (
    ("ramavtal_avrop", _any_of(r"ramavtal\w*|avrop\w*|framework|call-?off")),
    ("entreprenad", _any_of(r"\w*entreprenad\w*|byggprojekt\w*|nybygge\w*|works contract")),
    ("koncession", _any_of(r"koncession\w*")),
    ("tjanst", _any_of(r"tjansteupphandling\w*|stad(?:avtal|upphandling|tjanst)\w*")),
    ("vara", _any_of(r"varuupphandling\w*|varuavtal\w*")),
)


def read_story(text: str, given: Given) -> Mapping[str, Found]:
    """Return the slots of a deviation that a story fills."""
    text = text[:LONGEST]
    found: dict[str, Found] = {}
    found.update(_organisation(text, given))
    found.update(_outcome(text, given))
    found.update(_date(text, given))
    found.update(_facts(text))
    return found


def _organisation(text: str, given: Given) -> Mapping[str, Found]:
    terms = tuple(t for t in given.vocabularies.get("organisations", ()) if t.holds(given.today))
    hit = mention(text, terms)
    return {"organisation": Found(hit[0].code, hit[1])} if hit else {}


def _outcome(text: str, given: Given) -> Mapping[str, Found]:
    named = forms_in(text, given)
    folded = fold_with_origins(text)
    if not named or _DOUBT.search(folded.text):
        return {}
    forms = list(dict.fromkeys(code for code, _ in named))
    words = " … ".join(dict.fromkeys(token.text for _, token in named))
    found = {"discussed": Found(forms, words)}
    counts = counts_in(text, given)
    plain = set(counts) == set(forms) and all(0 < n < 100 for n in counts.values())
    if plain and _AGREED.search(folded.text):
        found["results"] = Found(counts, _around(text, named[0][1].start, named[-1][1].end))
    return found


def _around(text: str, start: int, end: int) -> str:
    """Return the words from the number before the first form to the last form."""
    before = text[:start].rstrip().rsplit(" ", 1)
    return f"{before[-1]} {text[start:end]}"


def _date(text: str, given: Given) -> Mapping[str, Found]:
    moment = read_date(text, given.today, past=True)
    if moment is None or moment.first is None or moment.precision != "day" or not moment.sure:
        return {}
    day, last = moment.first
    if day != last or day > given.today:
        return {}
    return {"event_date": Found(day.isoformat(), moment.words.text)}


def _facts(text: str) -> Mapping[str, Found]:
    folded = fold_with_origins(text)
    found: dict[str, Found] = {}

    def note(slot: str, value: str, match: re.Match[str] | None) -> None:
        if match and slot not in found:
            start, end = folded.span(*match.span())
            found[slot] = Found(value, text[start:end])

    without = _WITHOUT.search(folded.text)
    note("via_support", "no", without)
    note("support_contacted", "no", without)
    note("via_support", "yes", _THROUGH.search(folded.text))
    note("talked", "yes", _TALKED.search(folded.text))
    note("contract_signed", "no", _UNSIGNED.search(folded.text))
    note("contract_signed", "yes", _SIGNED.search(folded.text))
    for code, pattern in _TYPES:
        note("procurement_type", code, pattern.search(folded.text))
    return found
