"""Read a deviation out of a story told in one go.

Every rule is narrow: what is not plainly said is asked for later, and every slot that is filled is
shown with the words it came from.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from intents import story_words as words
from intents.language import Folded, Token, fold, fold_with_origins
from intents.model import Found, Given
from intents.outcomes import TAKING_ON, counts_in, forms_in
from intents.picklists import find, mention
from intents.quantities import read_date
from intents.settled import settled_text

#: Longer stories are read from their beginning.
LONGEST = 4_000
#: Said of anything under the sun; a form only where it is asked for.
_LOOSE = frozenset({"annat"})
#: A day, but seldom the day something happened: "vi har nu kommit överens".
_NO_DAYS = frozenset({"nu"})


def read_story(text: str, given: Given) -> Mapping[str, Found]:
    """Return the slots of a deviation that a story fills."""
    text = settled_text(text[:LONGEST])
    told = fold_with_origins(text)
    return {
        **_organisation(text, given),
        **_outcome(text, told, given),
        **_date(text, told, given),
        **_support(text, told),
        **_talked(text, told, given),
        **_contract(text, told),
        **_procurement(text, told),
        **_teller(text, told, given),
        **_model(text, given),
    }


def tells_deviation(text: str) -> bool:
    """Does a statement tell of jobs discussed with a supplier, or of going past the support?"""
    text = text[:LONGEST]
    told = fold_with_origins(text)
    if words.SUPPOSED.search(told.text) or "?" in text:
        return False
    via = _support(text, told).get("via_support")
    supplier, form, happened = (
        pattern.search(told.text) for pattern in (words.SUPPLIER, words.FORM, words.HAPPENED)
    )
    if via is not None:
        # Two of the three are enough where the support function was left out.
        return via.value == "no" and [supplier, form, happened].count(None) <= 1
    sentences = _parts(text, told, words.SENTENCE_END)
    needed = (words.SUPPLIER, words.FORM, words.HAPPENED)
    return any(all(pattern.search(said) for pattern in needed) for said, _, _ in sentences)


def _parts(text: str, told: Folded, ends: re.Pattern[str]) -> Iterator[tuple[str, int, str]]:
    """Return each sentence or clause: folded, where it begins in the folded text, as written."""
    borders = [(match.start(), match.end()) for match in ends.finditer(told.text)]
    starts = [0, *(end for _, end in borders)]
    stops = [*(start for start, _ in borders), len(told.text)]
    for start, stop in zip(starts, stops, strict=True):
        if told.text[start:stop].strip():
            first, last = told.span(start, stop)
            yield told.text[start:stop], start, text[first:last]


def _words(text: str, told: Folded, start: int, match: re.Match[str]) -> str:
    """Return the words of a match as they were written."""
    first, last = told.span(start + match.start(), start + match.end())
    return text[first:last].strip(" ,.")


def _organisation(text: str, given: Given) -> Mapping[str, Found]:
    terms = tuple(t for t in given.vocabularies.get("organisations", ()) if t.holds(given.today))
    hit = mention(text, terms)
    return {"organisation": Found(hit[0].code, hit[1])} if hit else {}


def _outcome(text: str, told: Folded, given: Given) -> Mapping[str, Found]:
    named = [(code, token) for code, token in forms_in(text, given) if code not in _LOOSE]
    if not named:
        return {}
    forms = list(dict.fromkeys(code for code, _ in named))
    spoken = " … ".join(dict.fromkeys(token.text for _, token in named))
    found = {"discussed": Found(forms, spoken)}
    counts = counts_in(text, given)
    plain = set(counts) == set(forms) and all(0 < n < 100 for n in counts.values())
    if plain and _is_settled(text, told, given):
        found["results"] = Found(counts, _around(text, named[0][1], named[-1][1]))
    return found


def _is_settled(text: str, told: Folded, given: Given) -> bool:
    """Did something come of it? Talk, wishes and maybes alone give no results."""
    if words.AGREED.search(told.text) is None and words.TALK.search(told.text):
        return False
    clauses = _parts(text, told, words.CLAUSE_END)
    return not any(_is_open(clause) and forms_in(written, given) for clause, _, written in clauses)


def _is_open(clause: str) -> bool:
    doubtful = words.DOUBTFUL.search(clause) is not None
    wished = words.OPEN.search(clause) is not None and not words.AGREED.search(clause)
    return doubtful or wished


def _around(text: str, first: Token, last: Token) -> str:
    """Return the words from the number of the first form to the last form, or to its number."""
    before = text[: first.start].rstrip().rsplit(None, 1)
    after = text[last.end :].split(None, 2)[:2] if last.folded in TAKING_ON else []
    start = [] if first.folded in TAKING_ON else before[-1:]
    return " ".join([*start, text[first.start : last.end], *after]).strip(" .,")


def _date(text: str, told: Folded, given: Given) -> Mapping[str, Found]:
    """Return the one day the story names; a contract's day is not the day it happened."""
    days: dict[str, str] = {}
    for _, _, written in _parts(text, told, words.SENTENCE_END):
        moment = read_date(_without_contract(written), given.today, past=True)
        if moment is None or moment.first is None or moment.precision != "day" or not moment.sure:
            continue
        day, last = moment.first
        if _is_this_week(moment.words.text, day, given.today):
            continue
        if day == last and day <= given.today and moment.words.text.lower() not in _NO_DAYS:
            days[day.isoformat()] = moment.words.text
    return {"event_date": Found(*days.popitem())} if len(days) == 1 else {}


def _is_this_week(said: str, day: date, today: date) -> bool:
    """Is it "last Tuesday" of a day in this week? Some mean the week before: better to ask."""
    return fold(said).startswith(("forra ", "last ")) and (today - day).days <= today.weekday()


def _without_contract(written: str) -> str:
    """Return a sentence without what it tells of contract and model, whose days are others."""
    written = words.AGREED_WITH.sub("", written) if words.MODEL.search(written) else written
    told = fold_with_origins(written)
    clauses = _parts(written, told, words.CLAUSE_END)
    if not words.SIGNED.search(told.text):
        return written
    return ", ".join(part for clause, _, part in clauses if not words.SIGNED.search(clause))


def _support(text: str, told: Folded) -> Mapping[str, Found]:
    """Return whether it went via the support function, and whether that was contacted."""
    via: dict[str, str] = {}
    contacted: dict[str, str] = {}
    for clause, start, _ in _parts(text, told, words.CLAUSE_END):
        if match := words.WITHOUT.search(clause):
            via["no"] = contacted["no"] = _words(text, told, start, match)
        elif words.BESIDE.search(clause):
            continue
        elif match := words.AFTERWARDS.search(clause):
            via["no"] = contacted["yes"] = _words(text, told, start, match)
        elif match := words.NOT_WITH.search(clause):
            via["no"] = contacted["no"] = _words(text, told, start, match)
        elif match := words.THROUGH.search(clause):
            via["yes"] = contacted["yes"] = _words(text, told, start, match)
        elif match := words.CONTACTED.search(clause):
            contacted["yes"] = _words(text, told, start, match)
    slots = {"via_support": via, "support_contacted": contacted}
    return {slot: Found(*said.popitem()) for slot, said in slots.items() if len(said) == 1}


def _talked(text: str, told: Folded, given: Given) -> Mapping[str, Found]:
    if match := words.NO_TALK.search(told.text):
        return {"talked": Found("no", _words(text, told, 0, match))}
    for sentence, start, written in _parts(text, told, words.SENTENCE_END):
        supplier = words.SUPPLIER.search(sentence)
        spoken = words.AGREED.search(sentence) or words.TALK.search(sentence)
        if supplier and spoken and not _is_question(written):
            first = min(spoken.start(), supplier.start())
            last = max(spoken.end(), supplier.end())
            words_from, words_to = told.span(start + first, start + last)
            return {"talked": Found("yes", text[words_from:words_to])}
        if supplier and forms_in(written, given) and not _is_question(written):
            return {"talked": Found("yes", _words(text, told, start, supplier))}
    return {}


def _is_question(written: str) -> bool:
    return re.match(r"\s*(?:hur|vad|när|måste|får|kan|ska|how|what|when|must|may|can)\b", written,
                    re.IGNORECASE) is not None  # fmt: skip


def _contract(text: str, told: Folded) -> Mapping[str, Found]:
    for value, pattern in (("no", words.UNSIGNED), ("yes", words.SIGNED)):
        if match := pattern.search(told.text):
            found = {"contract_signed": Found(value, _words(text, told, 0, match))}
            company = words.COMPANY.search(text) if value == "yes" else None
            if company:
                found["supplier"] = Found(company["name"], company["name"])
            return found
    return {}


def _procurement(text: str, told: Folded) -> Mapping[str, Found]:
    found = {}
    for code, pattern in words.TYPES:
        if match := pattern.search(told.text):
            found["procurement_type"] = Found(code, _words(text, told, 0, match))
            break
    for pattern, group in ((words.REFERENCE, "number"), (words.QUOTED, "name")):
        if match := pattern.search(told.text):
            first, last = told.span(*match.span(group))
            found["procurement"] = Found(text[first:last], text[first:last])
            break
    return found


def _model(text: str, given: Given) -> Mapping[str, Found]:
    """Return the model used instead, with whom it was agreed, and on which day."""
    model = words.MODEL.search(text)
    if model is None:
        return {}
    found = {"other_model": Found(model["model"], model["model"])}
    if agreed := words.AGREED_WITH.search(text):
        found["agreed_with"] = Found(agreed["who"], agreed["who"])
        moment = read_date(agreed["when"], given.today, past=True)
        if moment and moment.first and moment.precision == "day" and moment.sure:
            found["agreed_on"] = Found(moment.first[0].isoformat(), moment.words.text)
    return found


def _teller(text: str, told: Folded, given: Given) -> Mapping[str, Found]:
    """Return the teller's role, and the reason where one is given with "eftersom"."""
    found = {}
    if match := words.ROLE.search(told.text):
        terms = find(match["role"], given.vocabularies.get("roles", ()))
        if len(terms) == 1:
            first, last = told.span(*match.span("role"))
            found["role"] = Found(terms[0].code, text[first:last])
    if match := words.REASON.search(told.text):
        first, last = told.span(*match.span("why"))
        found["reason"] = Found(text[first:last].strip(), _words(text, told, 0, match))
    return found
