"""How far a report has come, by its receipt number; other people's look like missing ones.

Whoever is not known as the reporter is asked for the secret word on the receipt.
"""

import re
from collections.abc import Mapping

from intents.exchange import Effect, Json, Phrase, Say, Values
from intents.model import Dialog, Filing, Found, Given, Kind, Problem, Slot
from intents.parsers import show_text
from intents.receipt_words import find_word

_RECEIPT = re.compile(r"\b([A-Za-zÅÄÖåäö]{1,3})[\s-]*(\d{4})[\s-]+(\d{1,6})\b")


def find_receipt(text: str) -> Found | None:
    """Return the receipt number in a text, in the form it was given out."""
    match = _RECEIPT.search(text[:500])
    if match is None:
        return None
    return Found(f"{match[1].upper()}-{match[2]}-{match[3].zfill(4)}", match[0])


def _parse_receipt(text: str, _given: Given) -> Json | Problem:
    hit = find_receipt(text)
    return hit.value if hit else Problem("receipt", understood=False)


RECEIPT = Kind("receipt", _parse_receipt, show_text, problems=("receipt", "empty", "must_know"))


def read_receipt(text: str, _given: Given) -> Mapping[str, Found]:
    """Fill the number from running text."""
    hit = find_receipt(text)
    return {"number": hit} if hit else {}


def case_lookup(values: Values, text: str) -> dict[str, Values]:
    """Name the case a receipt number stands for, in the values or in the text to come."""
    hit = find_receipt(text)
    number = values.get("number") or (hit.value if hit else None)
    return {"case": {"number": number}} if number else {}


def own_case(values: Values, given: Given) -> Json:
    """Return the case, only if it is the one asked for; the look-up leaves out other people's."""
    case = given.lookups.get("case")
    return case if case and case.get("number") == values.get("number") else None


def _no_effects(_form: Filing, _given: Given) -> tuple[Effect, ...]:
    return ()


def _parse_word(text: str, _given: Given) -> Json | Problem:
    return find_word(text, asked=True) or Problem("receipt_word", understood=False)


WORD = Kind("receipt_word", _parse_word, show_text, problems=("receipt_word", "empty"))


def _read(text: str, given: Given) -> Mapping[str, Found]:
    """Fill the number, and the word where it stands beside it."""
    word = find_word(text)
    return {**read_receipt(text, given), **({"word": Found(word, word)} if word else {})}


def _lookups(values: Values, text: str) -> dict[str, Values]:
    """Name the report with the word that may open it, in the values or in the text to come."""
    named = case_lookup(values, text).get("case")
    word = values.get("word") or find_word(text, asked=True)
    return {"receipt": {**named, "word": word}} if named else {}


def _opened(values: Values, given: Given) -> Json:
    case = given.lookups.get("receipt")
    return case if case and case.get("number") == values.get("number") else None


def _tell_status(form: Filing, given: Given) -> tuple[Say, ...]:
    case = _opened(form.values, given)
    number = form.values["number"]
    if case is None:
        return (Say("report_status.not_found", {"number": number}, role="answer"),)
    code = "tillbakadragen" if case.get("withdrawn") else case["status"] or case["state"]
    status = Phrase(f"report_status.status.{code}")
    return (Say("report_status.found", {"number": number, "status": status}, role="answer"),)


REPORT_STATUS = Dialog(
    "report_status",
    slots=(
        Slot("number", RECEIPT),
        Slot("word", WORD, optional=True, asked_if=lambda values: not values["opened"]),
    ),
    effects=_no_effects,
    done=_tell_status,
    read=_read,
    derive=lambda values, given: {"opened": _opened(values, given) is not None},
    lookups=_lookups,
    intro=False,
)
