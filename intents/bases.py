"""Where a question comes from, told with its purpose when somebody asks why.

The city's own report form is not among our sources. A question it does not name is our proposal
and says so.
"""

from typing import Literal

#: "deviations" is the guidance's basis S2, "goals" S4, "region" S1, "examples" S3.
Basis = Literal["deviations", "goals", "region", "examples", "secrecy", "proposal", "service"]

#: What most questions of a dialog rest on; those of any other only make the service work.
_DIALOGS: dict[str, Basis] = {"deviation": "proposal", "deviation_annual": "proposal"}
SLOTS: dict[Basis, tuple[str, ...]] = {
    "deviations": (
        "deviation.talked", "deviation.via_support", "deviation.report_anyway",
        "deviation.event_date", "deviation.results", "deviation.other_model",
        "deviation.agreed_with", "deviation.reason", "deviation.own_reference",
        "deviation_annual.year", "deviation_annual.other_model", "deviation_annual.agreed_with",
        "follow_up.results",
    ),
    "goals": (
        "screening.duration", "screening.workers", "screening.start_date", "screening.year",
        "survey.understanding", "survey.trust", "survey.engagement",
    ),
    "region": ("consultation.municipality", "consultation.topic"),
    "examples": ("example.object", "example.outcome", "example.lessons", "example.consent"),
    "secrecy": ("deviation.contract_signed",),
    "service": (
        "deviation.story", "deviation.duplicate", "deviation.more", "deviation.contact",
        "deviation.attachments", "deviation_annual.use_cases", "deviation_annual.attachments",
        "deviation_annual.contact",
    ),
}  # fmt: skip
_BY_SLOT = {slot: basis for basis, slots in SLOTS.items() for slot in slots}


def basis_of(dialog: str, slot: str) -> Basis:
    """Return what a question rests on; its words stand at common.basis.<basis>."""
    if slot == "confirm":
        return "service"
    return _BY_SLOT.get(f"{dialog}.{slot}") or _DIALOGS.get(dialog, "service")
