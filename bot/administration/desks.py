"""The desks of everything administrators set, together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.administration.administered import LiveAdministered
from bot.administration.form_desk import FormDesk
from bot.administration.list_desk import ListDesk
from bot.administration.people_desk import PeopleDesk
from bot.administration.rule_desk import RuleDesk
from bot.administration.settings_desk import SettingsDesk
from bot.administration.words_desk import WordsDesk
from bot.settings import Settings
from storage.store import Store


@dataclass(frozen=True, slots=True)
class SettingsDesks:
    """One desk per kind of thing that is set."""

    lists: ListDesk
    #: How the gross-list rule is read.
    rule: RuleDesk
    #: The assistant's sentences.
    words: WordsDesk
    #: The questions of forms.
    forms: FormDesk
    settings: SettingsDesk
    people: PeopleDesk


def build_settings_desks(
    store: Store,
    administered: LiveAdministered,
    machine: Settings,
    now: Callable[[], datetime],
    wake: Callable[[], None],
) -> SettingsDesks:
    """The desks of one store; ``machine`` are the settings before anything stored."""
    return SettingsDesks(
        ListDesk(store, administered, now),
        RuleDesk(store, administered, now, wake),
        WordsDesk(store, administered, now),
        FormDesk(store, administered, now),
        SettingsDesk(store, administered, machine, now),
        PeopleDesk(store, administered, now),
    )
