"""A learning example: taken with consent, published after review."""

from intents.dialogs.shared_slots import (
    CONFIRM_SLOT,
    CONTACT_SLOT,
    ORGANISATION,
    ORGANISATION_NAMES,
    filed,
    saved,
)
from intents.model import Dialog, Slot
from intents.parsers import LINE, YES_NO, free_text, one_of
from intents.request_story import read_request

EXAMPLE = Dialog(
    "example",
    slots=(
        Slot("organisation", ORGANISATION, names=ORGANISATION_NAMES),
        Slot("object", LINE, names=("upphandling", "foremal")),
        Slot("level", one_of("levels"), unknown=True, names=("niva",)),
        Slot("outcome", free_text(), names=("resultat",)),
        Slot("lessons", free_text(), names=("lardomar",)),
        Slot("consent", YES_NO, names=("samtycke", "publicera")),
        CONTACT_SLOT,
        CONFIRM_SLOT,
    ),
    effects=saved("example", "organisation", "level", "consent"),
    done=filed("example"),
    read=read_request,
    record="example",
)
