"""What administrators have set: lists, values of the rule, settings, own words; followed live.

A running server looks for changes in a thread of its own, so that no message waits for them; a
command that has no such thread looks when it asks.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from time import monotonic

import structlog

from bot.administration.form_fields import FieldSetting, field_settings, revisions
from bot.administration.stored_settings import with_stored
from bot.administration.vocabularies import GLOSSARY, LISTED, glossary_on, shipped_rows, terms_on
from bot.administration.wording import decision_key
from bot.messages import Language
from bot.settings import Settings
from bot.texts import LANGUAGES
from intents.language import Glossary
from intents.picklists import ListTerm
from storage.errors import StorageError
from storage.model import PolicyValue, Term
from storage.store import Store

log = structlog.get_logger()

#: A change is seen within 5 s, the reading included.
FOLLOW_SECONDS = 2.0
#: Lists of so many days are kept ready: today's, and those of late messages.
MOST_DAYS = 8

Lists = Mapping[str, tuple[ListTerm, ...]]


@dataclass(frozen=True)
class Administered:
    """Everything that was set at one version."""

    version: int
    #: Rows by list, in the order of code and first day.
    terms: Mapping[str, tuple[Term, ...]]
    #: In the order they count: of two on one key the later one.
    decisions: tuple[PolicyValue, ...]
    _days: dict[date, Lists] = field(default_factory=dict, repr=False)
    _glossaries: dict[date, Glossary] = field(default_factory=dict, repr=False)
    _settings: tuple[Settings, Settings] | None = field(default=None, repr=False)

    def lists(self, day: date) -> Lists:
        """The pick lists as they are on a day."""
        found = self._days.get(day)
        if found is None:
            if len(self._days) >= MOST_DAYS:
                self._days.clear()
            found = {name: terms_on(self.terms.get(name, ()), day) for name in LISTED}
            self._days[day] = found
        return found

    def glossary(self, day: date) -> Glossary:
        """What the field's words stand for on a day."""
        found = self._glossaries.get(day)
        if found is None:
            self._glossaries.clear()
            found = self._glossaries[day] = glossary_on(self.terms.get(GLOSSARY, ()), day)
        return found

    def decided(self, day: date) -> Mapping[str, PolicyValue]:
        """The decision on each key that is in force on a day; one taken back is left out."""
        found = {value.key: value for value in self.decisions if value.valid_from <= day}
        return {key: value for key, value in found.items() if value.value is not None}

    @cached_property
    def latest(self) -> Mapping[str, PolicyValue]:
        """The last decision on each key, for what takes effect as soon as it is decided."""
        return self.decided(date.max)

    @cached_property
    def own_words(self) -> Mapping[Language, Mapping[str, str]]:
        """The sentences in own words, by key of the text."""
        found: dict[Language, dict[str, str]] = {}
        for language in LANGUAGES:
            start = decision_key("", language)
            own = {key: value for key, value in self.latest.items() if key.startswith(start)}
            found[language] = {key.removeprefix(start): str(v.value) for key, v in own.items()}
        return found

    @cached_property
    def fields(self) -> Mapping[str, FieldSetting]:
        """What is set for the questions of forms, by "dialog.slot"."""
        return field_settings(self.latest)

    @cached_property
    def form_revisions(self) -> Mapping[str, int]:
        """How many changes each form has seen, by dialog."""
        return revisions(self.decisions)

    def configured(self, base: Settings) -> Settings:
        """The settings of the machine with those that are stored."""
        if self._settings is None or self._settings[0] is not base:
            # Only a cache: whoever comes second finds the same.
            object.__setattr__(self, "_settings", (base, with_stored(base, self.latest)))
        assert self._settings is not None
        return self._settings[1]


class LiveAdministered:
    """Holds what is set now; safe to ask from any thread."""

    def __init__(self, store: Store, clock: Callable[[], float] = monotonic) -> None:
        self._store = store
        self._clock = clock
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._looked_at = 0.0
        self._current: Administered | None = None

    def sync_shipped(self) -> None:
        """Takes in the lists of this release; what an administrator has changed stays."""
        for name, rows in shipped_rows().items():
            self._store.vocabularies.sync_vocabulary(name, rows)

    def now(self) -> Administered:
        """What is set, at most ``FOLLOW_SECONDS`` old."""
        current = self._current
        if current is None:
            return self.look()
        if self._thread is None and self._clock() - self._looked_at >= FOLLOW_SECONDS:
            return self.look()
        return current

    def look(self) -> Administered:
        """What is set at this very moment; whoever has changed something calls it."""
        with self._lock:
            version = self._store.vocabularies.settings_version()
            current = self._current
            if current is None or current.version != version:
                # A change in between is seen at the next look, as the version was read first.
                terms = self._store.vocabularies.all_terms()
                current = Administered(version, terms, self._store.policies.decisions())
                self._current = current
            self._looked_at = self._clock()
            return current

    def follow(self) -> None:
        """Looks for changes in a thread of its own until stopped."""
        self.look()
        self._thread = threading.Thread(target=self._keep_looking, name="settings", daemon=True)
        self._thread.start()

    def stop(self, timeout: float = 2.0) -> None:
        """Ends the thread."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout)

    def _keep_looking(self) -> None:
        while not self._stopping.wait(FOLLOW_SECONDS):
            try:
                self.look()
            except StorageError as error:
                log.error("settings not followed", error=type(error).__name__)
