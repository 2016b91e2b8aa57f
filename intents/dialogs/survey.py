"""The pulse survey: understanding, trust and engagement, stored so that nobody can be found."""

from intents.dialogs.shared_slots import CONFIRM_SLOT
from intents.exchange import Effect, Forget, Save, Say
from intents.model import Dialog, Filing, Given, Slot
from intents.parsers import SCALE, choice, free_text


def _half_year(given: Given) -> str:
    return f"{given.today.year}-H{1 if given.today.month <= 6 else 2}"


def _store_unlinked(form: Filing, given: Given) -> tuple[Effect, ...]:
    """Store the scores without a person and forget every message that held them."""
    values = {**form.values, "period": _half_year(given)}
    return (Save("survey", "", values, anonymous=True), Forget("dialog"))


def _thank(_form: Filing, _given: Given) -> tuple[Say, ...]:
    return (Say("survey.done", role="answer"),)


SURVEY = Dialog(
    "survey",
    slots=(
        Slot("role", choice("buyer", "supplier", "matching", "other", words={
            "upphandlare": "buyer", "leverantör": "supplier", "matchning": "matching",
            "annan": "other",
        }), names=("roll",)),
        Slot("understanding", SCALE, names=("forstaelse",)),
        Slot("trust", SCALE, names=("fortroende",)),
        Slot("engagement", SCALE, names=("engagemang",)),
        Slot("comment", free_text(500), optional=True, names=("kommentar",)),
        CONFIRM_SLOT,
    ),
    effects=_store_unlinked,
    done=_thank,
)  # fmt: skip
