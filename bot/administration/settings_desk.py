"""Where the settings that change while the server runs are seen to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.administration.faults import Unsuitable
from bot.administration.logged_store import LoggedStore
from bot.administration.stored_settings import PREFIX, SETTABLE
from bot.policy import Actor
from bot.settings import Settings
from intents.personal_data import mask
from storage.model import PolicyValue
from storage.records import AuditItem


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: what holds, and what the machine says."""

    name: str
    value: object
    #: Of the environment or the release; holds where nothing is stored.
    machine: object
    stored: bool


class SettingsDesk:
    """Changes the settings of one store, for whoever is allowed to."""

    def __init__(self, kept: LoggedStore, machine: Settings) -> None:
        self._kept = kept
        self._machine = machine

    def settings(self, actor: Actor) -> tuple[Setting, ...]:
        """Every setting that can be changed here."""
        actor.require("settings.read")
        current = self._kept.look()
        configured = current.configured(self._machine)
        return tuple(
            Setting(name, getattr(configured, name), getattr(self._machine, name),
                    PREFIX + name in current.latest)
            for name in SETTABLE
        )  # fmt: skip

    def save(self, actor: Actor, written: Mapping[str, str]) -> tuple[str, ...]:
        """Store what differs, all of it or nothing; an empty field goes back to the machine's.

        Returns the names of the settings that were changed.

        Raises:
            Unsuitable: a field holds what the setting cannot be; its code is the setting's name.
        """
        actor.require("settings.decide")
        day = self._kept.today()
        decisions = []
        for setting in self.settings(actor):
            value = _read(setting, " ".join(written.get(setting.name, "").split()))
            if value != (setting.value if setting.stored else None):
                key = PREFIX + setting.name
                decisions.append(PolicyValue(key, value, actor.id, "", day))
        if decisions:
            notes = [AuditItem(actor.id, "setting.save", d.key, {}) for d in decisions]
            self._kept.change(lambda at: self._kept.store.policies.decide_all(decisions, at), notes)
        return tuple(decision.key.removeprefix(PREFIX) for decision in decisions)


def _read(setting: Setting, text: str) -> object | None:
    """What a field says; None where the machine's value is to hold."""
    if not text or (not setting.stored and text == str(setting.machine)):
        return None
    value = SETTABLE[setting.name](text)
    if value is None or mask(text, (text,)).text != text:
        raise Unsuitable(setting.name)
    return value
