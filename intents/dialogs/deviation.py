"""A report of one avsteg: the story first, then only what it left open.

Fields and rules: domain handbook section 6. Whether it is an avsteg at all is settled with at most
two questions; a plain "via the support function" ends the report, everything unclear goes on.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from intents.attachments import attachment_slot
from intents.calendar_rules import add_months
from intents.dialogs.shared_slots import (
    CONFIRM_SLOT,
    CONTACT_SLOT,
    ORGANISATION,
    ORGANISATION_NAMES,
    picked,
)
from intents.exchange import (
    Choice,
    Effect,
    Json,
    Notify,
    OfferFile,
    Phrase,
    Say,
    Schedule,
    Start,
    Values,
)
from intents.model import Dialog, Filing, Given, Kind, Problem, Reaction, Slot
from intents.outcomes import LATER, RESULTS
from intents.parsers import (
    FUTURE_DATE,
    LINE,
    PAST_DATE,
    REFERENCE,
    STORY,
    YES_NO,
    choice,
    free_text,
    one_of,
    some_of,
)
from intents.states import AMENDING
from intents.story import read_story

#: Proposal of the handbook for asking about results again.
FOLLOW_UP_MONTHS = 6


def _parse_follow_up(text: str, given: Given) -> Json | Problem:
    if text == "half_year":
        return add_months(given.today, FOLLOW_UP_MONTHS).isoformat()
    return FUTURE_DATE.parse(text, given)


FOLLOW_UP_DATE = Kind("date", _parse_follow_up, FUTURE_DATE.show, codes=("half_year",),
                      problems=FUTURE_DATE.problems, echo=True, control="date")  # fmt: skip


def _parse_company(text: str, given: Given) -> Json | Problem:
    """Take a company's number; a sole trader's is a personal number and was masked before."""
    if "[" in text:
        return Problem("sole_trader")
    value = REFERENCE.parse(text, given)
    digits = "".join(c for c in text if c.isdigit())
    return value if len(digits) == 10 and digits[2] >= "2" else Problem("company_number")


COMPANY_NUMBER = Kind("reference", _parse_company, REFERENCE.show,
                      problems=("sole_trader", "company_number", "empty"))  # fmt: skip


def is_uncertain(values: Values) -> bool:
    """Was there no talk with a supplier, or does the person not know?"""
    return "talked" in values and values["talked"] != "yes"


def similar(values: Values, given: Given) -> Values:
    """Return the number of a report that this one may double; amendments double nothing."""
    hits = given.lookups.get("similar") or ()
    return {"similar": hits[0]["number"]} if hits and not values.get(AMENDING) else {}


def _lookups(values: Values, _text: str) -> dict[str, Values]:
    if values.get("procurement") is None or values.get("organisation") is None:
        return {}
    return {"similar": {"organisation": values["organisation"], **_named(values)}}


def _named(values: Values) -> dict[str, Json]:
    """Return the procurement as a number or as a name, whichever the person gave."""
    given_as = values["procurement"]
    is_number = any(character.isdigit() for character in given_as) and len(given_as.split()) <= 2
    return {"procurement_ref" if is_number else "procurement_name": given_as}


def _react(slots: tuple[str, ...], values: Values, given: Given) -> Reaction:
    if not slots and not values.get("story"):
        return Reaction(effects=(OfferFile("template", ""),))
    if "via_support" in slots and values.get("via_support") == "yes":
        return Reaction((_no_deviation(),), over=True)
    if "report_anyway" in slots and values["report_anyway"] != "report":
        return _leave(values)
    if "duplicate" in slots and values["duplicate"] == "amend":
        return _amend(values, given)
    return Reaction(tuple(_notes(slots, values, given)))


def _no_deviation() -> Say:
    codes = ("handover", "screening")
    offers = tuple(Choice(code, Phrase(f"common.button.{code}")) for code in codes)
    return Say("deviation.no_deviation", choices=offers, role="answer", offers=True)


def _leave(values: Values) -> Reaction:
    said = Say("deviation.left")
    if values["report_anyway"] == "stop":
        return Reaction((said,), over=True)
    return Reaction((said,), (Start("handover", {"reason": "unclear_deviation"}),), over=True)


def _amend(values: Values, given: Given) -> Reaction:
    """Go over to the earlier report, with what is new laid over it."""
    earlier = given.lookups["similar"][0]
    said = {k: v for k, v in values.items() if k not in {"duplicate", "similar"}}
    known = {k: v for k, v in said.items() if v is not None}
    together = {**said, **earlier.get("values", {}), **known}
    seen = {"seen_version": earlier.get("version", 0)}
    start = Start("deviation", {**together, **seen}, amends=earlier["number"])
    told = Say("deviation.amending", {"number": earlier["number"]})
    return Reaction((told,), (start,), over=True)


def _notes(slots: tuple[str, ...], values: Values, given: Given) -> list[Say]:
    """Return what an answer calls for: both readings of the rule, or a warning about tenders."""
    said = []
    if "registered_for" in slots and not values.get(AMENDING):
        reporter = {"reporter": values["registered_for"]}
        said.append(Say("deviation.registered_for", reporter, role="note"))
    if "talked" in slots and is_uncertain(values):
        said.append(Say("deviation.two_readings", role="answer"))
    if "via_support" in slots and values.get("via_support") is None:
        said.append(Say("deviation.support_decides", role="note"))
    if "contract_signed" in slots and values.get("contract_signed") == "no":
        said.append(Say("deviation.no_tender", role="note"))
    return said


def _effects(form: Filing, _given: Given) -> tuple[Effect, ...]:
    fields = picked(form, "organisation", "procurement_type", "discussed", "results", "event_date")
    notice = Notify("amended" if form.amends else "deviation", form.number, fields)
    form = replace(form, values={**form.values, **_named(form.values)})
    later = form.values.get("results") == LATER and form.values.get("follow_up_on")
    again = (_ask_again(form),) if later else ()
    return (form.save("deviation"), notice, *again, OfferFile("deviation", form.number),
            OfferFile("template", form.number))  # fmt: skip


def _ask_again(form: Filing) -> Schedule:
    return Schedule("follow_up", date.fromisoformat(form.values["follow_up_on"]), form.number,
                    {"number": form.number, "record": dict(form.values)})  # fmt: skip


def _done(form: Filing, given: Given) -> tuple[Say, ...]:
    key = "deviation.amended" if form.amends else "deviation.done"
    receipt = Say(key, {**given.settings, "number": form.number}, role="answer")
    open_points = (Say("deviation.incomplete", role="note"),) if form.incomplete else ()
    return (receipt, *open_points, Say("deviation.own_diary", role="note"))


def _voluntary(name: str) -> Callable[[Values], bool]:
    """Asked for where the person wants to add more, and kept where it was said before."""
    return lambda values: values.get("more") == "yes" or values.get(name) is not None


DEVIATION = Dialog(
    "deviation",
    slots=(
        Slot("story", STORY, optional=True, listed=False, filed=False,
             asked_if=lambda values: not values.get(AMENDING)),
        Slot("talked", YES_NO, unknown=True, names=("samtal", "pratat")),
        Slot("via_support", YES_NO, unknown=True, names=("via",),
             asked_if=lambda values: values.get("talked") == "yes"),
        Slot("report_anyway", choice("report", "handover", "stop", words={
            "rapportera": "report", "ja": "report", "stödfunktionen": "handover", "nej": "stop",
            "yes": "report", "no": "stop",
        }), listed=False, filed=False, asked_if=is_uncertain),
        Slot("organisation", ORGANISATION, names=ORGANISATION_NAMES),
        Slot("unit", LINE, names=("enhet", "avdelning")),
        Slot("role", one_of("roles"), names=("roll",)),
        Slot("event_date", PAST_DATE, names=("datum", "dag", "date", "day")),
        Slot("procurement", LINE, names=("upphandling", "diarienummer", "annons")),
        Slot("procurement_type", one_of("procurement_types"), names=("typ", "type")),
        Slot("contract_signed", YES_NO, names=("avtal", "contract")),
        Slot("supplier", LINE, optional=True, names=("leverantor",),
             asked_if=lambda values: values.get("contract_signed") == "yes"),
        Slot("discussed", some_of("outcomes"), names=("form", "insats")),
        Slot("results", RESULTS, names=("resultat", "antal", "result", "number")),
        Slot("follow_up_on", FOLLOW_UP_DATE, names=("uppfoljning",),
             asked_if=lambda values: values.get("results") == LATER),
        Slot("support_contacted", YES_NO, unknown=True, names=("stodfunktion", "kontakt")),
        Slot("other_model", LINE, unknown=True, names=("modell", "model")),
        Slot("agreed_with", LINE, unknown=True, names=("avstamd",),
             asked_if=lambda values: values.get("other_model") is not None),
        Slot("agreed_on", PAST_DATE, unknown=True, names=("avstamning",),
             asked_if=lambda values: values.get("agreed_with") is not None),
        Slot("duplicate", choice("amend", "new", words={"ny": "new", "ändra": "amend"}),
             listed=False, filed=False, asked_if=lambda values: "similar" in values),
        Slot("more", YES_NO, listed=False, filed=False,
             asked_if=lambda values: not values.get(AMENDING)),
        Slot("target_groups", some_of("target_groups"), optional=True, names=("malgrupp",),
             asked_if=_voluntary("target_groups")),
        Slot("company_number", COMPANY_NUMBER, optional=True, names=("organisationsnummer",),
             asked_if=lambda values: (_voluntary("company_number")(values)
                                      and values.get("supplier") is not None)),
        Slot("own_reference", REFERENCE, optional=True, names=("diarie",),
             asked_if=_voluntary("own_reference")),
        attachment_slot(asked=True),
        Slot("contact", CONTACT_SLOT.kind, optional=True, names=("telefon",),
             asked_if=_voluntary("contact")),
        Slot("reason", free_text(), unknown=True, names=("skal", "orsak", "why")),
        CONFIRM_SLOT,
    ),
    effects=_effects,
    done=_done,
    read=read_story,
    derive=similar,
    react=_react,
    lookups=_lookups,
    record="deviation",
    # Who it is registered for when the support function does it; the version amended.
    carried=("registered_for", "seen_version"),
)  # fmt: skip
