"""Where administrators write help for the questions of a form and hide those they do not need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.administration.faults import Missing, Unsuitable
from bot.administration.form_fields import PREFIX, FieldSetting, numbered
from bot.administration.logged_store import LoggedStore
from bot.messages import Language
from bot.policy import Actor
from intents.dialogs import load_dialogs
from intents.model import Slot
from intents.personal_data import mask
from storage.model import PolicyValue
from storage.records import AuditItem

#: The forms whose questions can be seen to, in the order they are shown.
FORMS = (
    "deviation", "deviation_annual", "handover", "procurement_help", "consultation", "example",
)  # fmt: skip
LONGEST_HELP = 400


@dataclass(frozen=True, slots=True)
class FormField:
    """A question of a form and what is set for it."""

    dialog: str
    name: str
    #: Can the form do without it?
    optional: bool
    setting: FieldSetting


class FormDesk:
    """Edits the forms of one store, for whoever is allowed to."""

    def __init__(self, kept: LoggedStore) -> None:
        self._kept = kept

    def fields(self, actor: Actor, dialog: str) -> tuple[FormField, ...]:
        """The questions of a form; none for a name that is no form."""
        actor.require("settings.read")
        if dialog not in FORMS:
            return ()
        settings = self._kept.look().fields
        return tuple(_field(dialog, slot, settings)
                     for slot in load_dialogs()[dialog].slots if slot.listed)  # fmt: skip

    def version(self, dialog: str) -> str:
        """The number a record filed now keeps."""
        shipped = load_dialogs()[dialog].version
        return numbered(shipped, self._kept.look().form_revisions.get(dialog, 0))

    def save(self, actor: Actor, dialog: str, name: str, setting: FieldSetting) -> None:
        """Set help and visibility of a question.

        Raises:
            Missing: the form has no such question.
            Unsuitable: the help is too long or holds personal data, or the form needs the answer.
        """
        field = next((f for f in self.fields(actor, dialog) if f.name == name), None)
        if field is None:
            raise Missing
        actor.require("settings.decide" if setting.hidden != field.setting.hidden
                      else "settings.words")  # fmt: skip
        if setting.hidden and not field.optional:
            raise Unsuitable("needed_field")
        _check(setting.help)
        if setting.to_json() == field.setting.to_json():
            return
        key = f"{PREFIX}{field.dialog}.{field.name}"
        decision = PolicyValue(key, setting.to_json(), actor.id, "", self._kept.today())
        note = AuditItem(actor.id, "field.save", key, {"hidden": setting.hidden})
        self._kept.change(lambda at: self._kept.store.policies.decide(decision, at), [note])


def _field(dialog: str, slot: Slot, settings: Mapping[str, FieldSetting]) -> FormField:
    setting = settings.get(f"{dialog}.{slot.name}", FieldSetting({}))
    return FormField(dialog, slot.name, slot.optional, setting)


def _check(texts: Mapping[Language, str]) -> None:
    for text in texts.values():
        if len(text) > LONGEST_HELP:
            raise Unsuitable("long_words")
        if mask(text).text != text:
            raise Unsuitable("personal_data")
