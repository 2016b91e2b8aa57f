"""Questions several dialogs ask alike, and how a form is usually filed."""

from collections.abc import Callable

from intents.exchange import Effect, Json, Notify, OfferFile, Say
from intents.model import Filing, Given, Slot
from intents.parsers import CONFIRM, CONTACT, one_of

ORGANISATION = one_of("organisations", open_list=True)
ORGANISATION_NAMES = ("organisation", "forvaltning", "bolag", "organization", "company")

CONTACT_SLOT = Slot("contact", CONTACT, optional=True, names=("kontakt", "telefon", "contact"))
CONFIRM_SLOT = Slot("confirm", CONFIRM, listed=False, filed=False)


def filed(dialog: str) -> Callable[[Filing, Given], tuple[Say, ...]]:
    """Return the receipt at <dialog>.done, or <dialog>.amended for a new version."""

    def done(form: Filing, given: Given) -> tuple[Say, ...]:
        key = f"{dialog}.amended" if form.amends else f"{dialog}.done"
        return (Say(key, {**given.settings, "number": form.number}, role="answer"),)

    return done


def picked(form: Filing, *names: str) -> dict[str, Json]:
    """Return the fields an alert may show: codes, numbers and dates, never free text.

    A name typed outside the pick list is free text too and becomes "annan".
    """
    values = {name: form.values[name] for name in names if form.values.get(name) is not None}
    return {n: "annan" if isinstance(v, dict) and "other" in v else v for n, v in values.items()}


def saved(kind: str, *fields: str, priority: str = "normal", file: bool = False) -> Callable[
    [Filing, Given], tuple[Effect, ...]
]:  # fmt: skip
    """Return the usual effects: store the form, tell the support function, offer a file."""

    def effects(form: Filing, _given: Given) -> tuple[Effect, ...]:
        notice = Notify("amended" if form.amends else kind, form.number, picked(form, *fields),
                        "high" if priority == "high" else "normal")  # fmt: skip
        offer = (OfferFile(kind, form.number),) if file else ()
        return (form.save(kind), notice, *offer)

    return effects
