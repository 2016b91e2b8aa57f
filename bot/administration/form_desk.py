"""Where administrators write help for the questions of a form and hide those they do not need."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.administration.administered import LiveAdministered
from bot.administration.faults import Missing, Unsuitable
from bot.administration.form_fields import PREFIX, FieldSetting, numbered
from bot.messages import Language
from bot.policy import Actor
from bot.working_days import stockholm_day
from intents.dialogs import load_dialogs
from intents.model import Slot
from intents.personal_data import mask
from storage.model import PolicyValue
from storage.records import AuditItem
from storage.store import Store

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

    def __init__(
        self, store: Store, administered: LiveAdministered, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._administered = administered
        self._now = now

    def fields(self, actor: Actor, dialog: str) -> tuple[FormField, ...]:
        """The questions of a form; none for a name that is no form."""
        actor.require("settings.read")
        if dialog not in FORMS:
            return ()
        settings = self._administered.look().fields
        return tuple(_field(dialog, slot, settings)
                     for slot in load_dialogs()[dialog].slots if slot.listed)  # fmt: skip

    def version(self, dialog: str) -> str:
        """The number a record filed now keeps."""
        shipped = load_dialogs()[dialog].version
        return numbered(shipped, self._administered.look().form_revisions.get(dialog, 0))

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
        now = self._now()
        key = f"{PREFIX}{field.dialog}.{field.name}"
        day = stockholm_day(now)
        decision = PolicyValue(key, setting.to_json(), actor.id, "", day)
        note = AuditItem(actor.id, "field.save", key, {"hidden": setting.hidden})

        def work() -> None:
            self._store.policies.decide(decision, now)
            self._store.audit.append([note], now)

        self._store.write(work)
        self._administered.look()


def _field(dialog: str, slot: Slot, settings: Mapping[str, FieldSetting]) -> FormField:
    setting = settings.get(f"{dialog}.{slot.name}", FieldSetting({}))
    return FormField(dialog, slot.name, slot.optional, setting)


def _check(texts: Mapping[Language, str]) -> None:
    for text in texts.values():
        if len(text) > LONGEST_HELP:
            raise Unsuitable("long_words")
        if mask(text).text != text:
            raise Unsuitable("personal_data")
