"""The desks of everything administrators set, together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.administration.form_desk import FormDesk
from bot.administration.list_desk import ListDesk
from bot.administration.logged_store import LoggedStore
from bot.administration.people_desk import PeopleDesk
from bot.administration.rule_desk import RuleDesk
from bot.administration.settings_desk import SettingsDesk
from bot.administration.words_desk import WordsDesk
from bot.settings import Settings


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
    kept: LoggedStore, machine: Settings, wake: Callable[[], None]
) -> SettingsDesks:
    """The desks of one store; ``machine`` are the settings before anything stored."""
    return SettingsDesks(
        ListDesk(kept),
        RuleDesk(kept, wake),
        WordsDesk(kept),
        FormDesk(kept),
        SettingsDesk(kept, machine),
        PeopleDesk(kept),
    )
