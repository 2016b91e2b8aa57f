"""Change or withdraw a report after it was sent; every change is a new version."""

from intents.dialogs.report_status import RECEIPT, case_lookup, own_case, read_receipt
from intents.dialogs.shared_slots import CONFIRM_SLOT
from intents.exchange import Effect, Json, Notify, Save, Say, Start, Values
from intents.language import tokenize
from intents.model import Dialog, Filing, Found, Given, Reaction, Slot
from intents.parsers import choice, free_text

_TAKE_BACK = frozenset({"angra", "tillbaka", "dra", "ta", "withdraw", "undo", "aterkalla"})


def _seen(case: Json) -> dict[str, Json]:
    """Return the case's values with the version they are of."""
    return {**case["values"], "seen_version": case.get("version", 0)}


def _read(text: str, given: Given) -> dict[str, Found]:
    """Read the number, and whether it is to be changed or taken back."""
    found = dict(read_receipt(text, given))
    words = {token.folded: token.text for token in tokenize(text[:500])}
    for word in words.keys() & _TAKE_BACK:
        found["what"] = Found("withdraw", words[word])
    return found


def _react_amend(slots: tuple[str, ...], values: Values, given: Given) -> Reaction:
    case = own_case(values, given)
    if "number" in slots and case is None:
        said = Say("report_status.not_found", {"number": values["number"]}, role="answer")
        return Reaction((said,), over=True)
    if "what" in slots and values["what"] == "amend" and case is not None:
        start = Start(case["kind"], _seen(case), amends=case["number"])
        return Reaction((Say("amend.opening"),), (start,), over=True)
    return Reaction()


def _withdraw(form: Filing, given: Given) -> tuple[Effect, ...]:
    case = own_case(form.values, given)
    if case is None:
        return ()
    number = case["number"]
    values = {**_seen(case), "withdrawn_because": form.values.get("reason")}
    return (Save(case["kind"], number, values, "withdraw"),
            Notify("amended", number, {"withdrawn": True}))  # fmt: skip


def _withdrawn(form: Filing, given: Given) -> tuple[Say, ...]:
    found = own_case(form.values, given) is not None
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
    lookups=case_lookup,
    intro=False,
)  # fmt: skip
