"""Asking the support function: a question, or one of three requests with fields of their own.

None of them promises a time. The person reads and may change everything before it is sent.
"""

from intents.dialogs.shared_slots import (
    CONFIRM_SLOT,
    CONTACT_SLOT,
    ORGANISATION,
    ORGANISATION_NAMES,
    filed,
    saved,
)
from intents.exchange import Say, Values
from intents.model import Dialog, Given, Reaction, Slot
from intents.parsers import LINE, choice, free_text, one_of, some_of
from intents.request_story import read_request

QUESTION = Slot("question", free_text(), names=("fraga", "arende", "text", "sammanfattning"))

HANDOVER = Dialog(
    "handover",
    slots=(
        QUESTION,
        Slot("organisation", ORGANISATION, optional=True, names=ORGANISATION_NAMES),
        CONTACT_SLOT,
        CONFIRM_SLOT,
    ),
    effects=saved("handover", "organisation", priority="high"),
    done=filed("handover"),
    record="handover",
    # The answer the question was about, and why it came here ("no_answer", "legal" ...).
    carried=("about", "reason"),
)


def _tell_outsiders(slots: tuple[str, ...], values: Values, _given: Given) -> Reaction:
    """A municipality outside the region is taken down, with a word about it."""
    outside = "municipality" in slots and isinstance(values.get("municipality"), dict)
    return Reaction((Say("consultation.outside", role="note"),) if outside else ())


CONSULTATION = Dialog(
    "consultation",
    slots=(
        Slot("municipality", one_of("municipalities", open_list=True), names=("kommun",)),
        Slot("topic", choice("social", "iop", "both", words={
            "social hänsyn": "social", "sociala hänsyn": "social", "båda": "both",
            "både och": "both", "both": "both", "partnerskap": "iop",
        }), names=("amne",)),
        Slot("roles", some_of("consultation_roles"), unknown=True, names=("roller",)),
        Slot("period", LINE, unknown=True, names=("tid", "period")),
        Slot("question", free_text(), optional=True, names=("fraga",)),
        Slot("contact", CONTACT_SLOT.kind, names=("brevlada", "kontakt", "mailbox")),
        CONFIRM_SLOT,
    ),
    effects=saved("consultation", "municipality", "topic", "roles"),
    done=filed("consultation"),
    read=read_request,
    react=_tell_outsiders,
    record="consultation",
)  # fmt: skip

VISIT = Dialog(
    "visit",
    slots=(
        Slot("organisation", ORGANISATION, names=ORGANISATION_NAMES),
        Slot("subject", free_text(), names=("amne",)),
        Slot("period", LINE, unknown=True, names=("tid",)),
        CONTACT_SLOT,
        CONFIRM_SLOT,
    ),
    effects=saved("visit", "organisation"),
    done=filed("visit"),
    read=read_request,
    record="visit",
)

PROCUREMENT_HELP = Dialog(
    "procurement_help",
    slots=(
        Slot("organisation", ORGANISATION, names=ORGANISATION_NAMES),
        Slot("procurement", LINE, names=("upphandling", "namn")),
        Slot("procurement_type", one_of("procurement_types"), unknown=True, names=("typ",)),
        Slot("planned_start", LINE, unknown=True, names=("start", "tid")),
        Slot("question", free_text(), names=("fraga",)),
        CONTACT_SLOT,
        CONFIRM_SLOT,
    ),
    effects=saved("procurement_help", "organisation", "procurement_type"),
    done=filed("procurement_help"),
    read=read_request,
    record="procurement_help",
)
