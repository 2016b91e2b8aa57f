"""Change or withdraw a report after it was sent; every change is a new version."""

import re

from intents.dialogs.report_status import RECEIPT, case_lookup, own_case, read_receipt
from intents.dialogs.shared_slots import CONFIRM_SLOT
from intents.exchange import Effect, Json, Notify, Save, Say, Start, Values
from intents.language import fold_with_origins
from intents.model import Dialog, Filing, Found, Given, Reaction, Slot
from intents.parsers import choice, free_text

_TAKE_BACK = re.compile(
    r"\b(?:(?:ta|dra|tar|drar)(?: \w+){0,3}? tillbaka|angra\w*|aterkalla\w*|makulera\w*"
    r"|withdraw|undo|take back)\b"
)
_AMEND = re.compile(r"\b(?:andra|ratta|komplettera|korrigera|change|correct|amend|edit)\b")


def _seen(case: Json) -> dict[str, Json]:
    """Return the case's values with the version they are of."""
    return {**case["values"], "seen_version": case.get("version", 0)}


def _read(text: str, given: Given) -> dict[str, Found]:
    """Read the number, and whether it is to be changed or taken back."""
    found = dict(read_receipt(text, given))
    own = list(given.lookups.get("own") or ())
    if not found and len(own) == 1:
        found["number"] = Found(own[0]["number"], text.strip()[:60])
    told = fold_with_origins(text[:500])
    for value, pattern in (("withdraw", _TAKE_BACK), ("amend", _AMEND)):
        if match := pattern.search(told.text):
            first, last = told.span(*match.span())
            return {**found, "what": Found(value, text[first:last])}
    return found


def _lookups(values: Values, text: str) -> dict[str, Values]:
    """Name the case, and the person's own reports where no number is said."""
    return case_lookup(values, text) or {"own": {}}


def _case(values: Values, given: Given) -> Json:
    """Return the report, from the look-up by number or among the person's own."""
    own = [
        case for case in given.lookups.get("own") or () if case["number"] == values.get("number")
    ]
    return own_case(values, given) or (own[0] if own else None)


def _react_amend(slots: tuple[str, ...], values: Values, given: Given) -> Reaction:
    case = _case(values, given)
    if "number" in slots and case is None:
        said = Say("report_status.not_found", {"number": values["number"]}, role="answer")
        return Reaction((said,), over=True)
    if case is not None and case.get("withdrawn"):
        return Reaction((Say("amend.gone", {"number": case["number"]}, role="answer"),), over=True)
    if values.get("what") == "amend" and case is not None:
        start = Start(case["kind"], _seen(case), amends=case["number"])
        return Reaction((Say("amend.opening"),), (start,), over=True)
    return Reaction()


def _withdraw(form: Filing, given: Given) -> tuple[Effect, ...]:
    case = _case(form.values, given)
    if case is None:
        return ()
    number = case["number"]
    values = {**_seen(case), "withdrawn_because": form.values.get("reason")}
    return (Save(case["kind"], number, values, "withdraw"),
            Notify("amended", number, {"withdrawn": True}))  # fmt: skip


def _withdrawn(form: Filing, given: Given) -> tuple[Say, ...]:
    found = _case(form.values, given) is not None
    key = "amend.done" if found else "report_status.not_found"
    return (Say(key, {"number": form.values["number"]}, role="answer"),)


AMEND = Dialog(
    "amend",
    slots=(
        Slot("number", RECEIPT, names=("nummer", "number")),
        Slot("what", choice("amend", "withdraw", words={
            "ändra": "amend", "rätta": "amend", "komplettera": "amend", "ta tillbaka": "withdraw",
            "dra tillbaka": "withdraw", "ångra": "withdraw", "change": "amend", "undo": "withdraw",
        })),
        Slot("reason", free_text(), optional=True, names=("skal",)),
        CONFIRM_SLOT,
    ),
    effects=_withdraw,
    done=_withdrawn,
    react=_react_amend,
    read=_read,
    lookups=_lookups,
    intro=False,
)  # fmt: skip
