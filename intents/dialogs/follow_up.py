"""The one later question on results that were not known when the report was sent."""

from datetime import timedelta

from intents.dialogs.shared_slots import CONFIRM_SLOT
from intents.exchange import Effect, Notify, Save, Say, Schedule, Values
from intents.model import Dialog, Filing, Given, Slot
from intents.outcomes import LATER, RESULTS

#: "Fråga senare" asks again after a quarter.
AGAIN = timedelta(days=91)


def _update(form: Filing, given: Given) -> tuple[Effect, ...]:
    """Store the results as a new version, or ask once more later."""
    record, results = form.values.get("record") or {}, form.values["results"]
    if results == LATER:
        return (Schedule("follow_up", given.today + AGAIN, form.number, {"record": record}),)
    fields = {"organisation": record.get("organisation"), "results": results}
    seen = {"seen_version": form.values.get("seen_version", 0)}
    return (Save("deviation", form.number, {**record, "results": results, **seen}, "amend"),
            Notify("amended", form.number, fields))  # fmt: skip


def _thank(form: Filing, _given: Given) -> tuple[Say, ...]:
    key = "follow_up.later" if form.values["results"] == LATER else "follow_up.done"
    return (Say(key, {"number": form.number}, role="answer"),)


def _what_it_was(values: Values, _given: Given) -> Values:
    record = values.get("record") or {}
    return {"procurement": str(record.get("procurement") or "")}


#: Begun by the application with the record as value and its number as ``amends``.
FOLLOW_UP = Dialog(
    "follow_up",
    slots=(Slot("results", RESULTS, names=("resultat", "antal")), CONFIRM_SLOT),
    effects=_update,
    done=_thank,
    derive=_what_it_was,
    carried=("record", "seen_version"),
    intro=False,
)
