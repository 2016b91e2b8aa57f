"""The one later question on results that were not known when the report was sent."""

from datetime import timedelta

from intents.dialogs.shared_slots import CONFIRM_SLOT
from intents.exchange import Effect, Json, Notify, Save, Say, Schedule, Values
from intents.model import Dialog, Filing, Given, Slot
from intents.outcomes import LATER, RESULTS

#: "Fråga senare" asks again after a quarter.
AGAIN = timedelta(days=91)


def _update(form: Filing, given: Given) -> tuple[Effect, ...]:
    """Store the results as a new version, or ask once more later."""
    case, results = _case(given), form.values["results"]
    if case is None:
        return ()
    if results == LATER:
        asked = {"number": form.number, "record": case["values"]}
        return (Schedule("follow_up", given.today + AGAIN, form.number, asked),)
    # The report as it stands today: it may have been changed since the question was promised.
    values = {**case["values"], "results": results, "seen_version": case["version"]}
    fields = {"organisation": values.get("organisation"), "results": results}
    return (Save("deviation", form.number, values, "amend"),
            Notify("amended", form.number, fields))  # fmt: skip


def _case(given: Given) -> Json:
    """Return the report asked about, unless it was taken back."""
    case = given.lookups.get("case")
    return case if case and not case.get("withdrawn") else None


def _thank(form: Filing, given: Given) -> tuple[Say, ...]:
    key = "follow_up.later" if form.values["results"] == LATER else "follow_up.done"
    key = key if _case(given) else "report_status.not_found"
    return (Say(key, {"number": form.number}, role="answer"),)


def _lookups(values: Values, _text: str) -> dict[str, Values]:
    return {"case": {"number": values["number"]}} if values.get("number") else {}


def _what_it_was(values: Values, given: Given) -> Values:
    case = given.lookups.get("case") or {}
    record = case.get("values") or values.get("record") or {}
    return {"procurement": str(record.get("procurement") or "")}


#: Begun by the application with the record as value and its number as ``amends``.
FOLLOW_UP = Dialog(
    "follow_up",
    slots=(Slot("results", RESULTS, names=("resultat", "antal")), CONFIRM_SLOT),
    effects=_update,
    done=_thank,
    derive=_what_it_was,
    lookups=_lookups,
    carried=("record", "number"),
    intro=False,
)
