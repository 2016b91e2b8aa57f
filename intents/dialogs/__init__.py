"""The dialogs by name, one table per module; their sentences lie in the texts of the same name."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module

from intents.model import Dialog

#: Module -> dialogs it holds.
_MODULES = {
    "screening": ("SCREENING",),
    "deviation": ("DEVIATION",),
    "deviation_annual": ("DEVIATION_ANNUAL",),
    "report_status": ("REPORT_STATUS",),
    "amend": ("AMEND",),
    "follow_up": ("FOLLOW_UP",),
    "example": ("EXAMPLE",),
    "survey": ("SURVEY",),
    "handover": ("HANDOVER", "CONSULTATION", "VISIT", "PROCUREMENT_HELP"),
}


@cache
def load_dialogs() -> Mapping[str, Dialog]:
    """Return every dialog by name."""
    found = [getattr(import_module(f"intents.dialogs.{module}"), name)
             for module, names in _MODULES.items() for name in names]  # fmt: skip
    return {dialog.name: dialog for dialog in found}
