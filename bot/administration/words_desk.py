"""Where administrators put the assistant's sentences in their own words, and take them back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.administration.faults import Missing, Unsuitable
from bot.administration.logged_store import LoggedStore
from bot.administration.wording import PLACEHOLDER, decision_key, fault_of
from bot.messages import Language
from bot.policy import Actor
from bot.texts import LANGUAGES, load_texts
from intents.language import fold
from storage.model import PolicyValue
from storage.records import AuditItem

#: Parts of the catalogue that people in the chat read; the rest are pages and commands.
GROUPS = (
    "common", "answer", "deviation", "deviation_annual", "amend", "screening", "handover",
    "consultation", "procurement_help", "report_status", "follow_up", "survey", "example",
    "linking", "letter", "policy", "receipt", "notice", "template", "files", "alert",
)  # fmt: skip
#: What stands in a placeholder when a sentence is previewed.
EXAMPLES: Mapping[str, str] = {
    "number": "A-2026-0007", "count": "2", "date": "14 mars 2026", "day": "14 mars 2026",
    "answer_days": "3", "draft_days": "30", "support_mailbox": "upphandling@example.se",
    "name": "Egnahemsbolaget", "organisation": "Egnahemsbolaget", "year": "2026",
    "controller": "Nämnden för inköp och upphandling", "limit": "300", "step": "2", "steps": "9",
    "verdict": "ja", "months": "4", "workers": "2", "old": "det gamla namnet",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence in one language."""

    key: str
    language: Language
    shipped: str
    #: In own words; empty where nobody has changed it.
    own: str

    @property
    def words(self) -> str:
        """As it is said now."""
        return self.own or self.shipped

    @property
    def filled_in(self) -> tuple[str, ...]:
        """Names of what is filled in, in the order of the shipped sentence."""
        return tuple(dict.fromkeys(PLACEHOLDER.findall(self.shipped)))


class WordsDesk:
    """Edits the sentences of one store, for whoever is allowed to."""

    def __init__(self, kept: LoggedStore) -> None:
        self._kept = kept

    def find(self, actor: Actor, wanted: str, group: str = "") -> tuple[Sentence, ...]:
        """Sentences with these words in them, or in their key; without any, the changed ones."""
        actor.require("settings.read")
        words = fold(wanted).split()
        found = []
        for sentence in self._all():
            told = fold(f"{sentence.key} {sentence.shipped} {sentence.own}")
            asked = all(word in told for word in words) if words or group else bool(sentence.own)
            if asked and group in {"", sentence.key.partition(".")[0]}:
                found.append(sentence)
        return tuple(found)

    def sentence(self, actor: Actor, key: str, language: str) -> Sentence:
        """One sentence.

        Raises:
            Missing: there is none of that key.
        """
        actor.require("settings.read")
        for sentence in self._all():
            if (sentence.key, sentence.language) == (key, language):
                return sentence
        raise Missing

    def save(self, actor: Actor, key: str, language: str, words: str) -> None:
        """Say it in these words from now on; the shipped words take own ones back.

        Raises:
            Missing: there is no such sentence.
            Unsuitable: they leave out or add what is filled in, or hold personal data.
        """
        actor.require("settings.words")
        sentence = self.sentence(actor, key, language)
        words = "\n".join(line.rstrip() for line in words.strip().splitlines())
        self.check(sentence, words)
        value = None if words == sentence.shipped else words
        stored_as = decision_key(sentence.key, sentence.language)
        decision = PolicyValue(stored_as, value, actor.id, "", self._kept.today())
        act = "words.reset" if value is None else "words.save"
        note = AuditItem(actor.id, act, stored_as, {})
        self._kept.change(lambda at: self._kept.store.policies.decide(decision, at), [note])

    def check(self, sentence: Sentence, words: str) -> None:
        """Raises ``Unsuitable`` for words that cannot stand for the sentence."""
        if words != sentence.shipped and (code := fault_of(words.strip(), sentence.shipped)):
            raise Unsuitable(code)

    def _all(self) -> list[Sentence]:
        own = self._kept.look().own_words
        return [
            Sentence(key, language, shipped, own[language].get(key, ""))
            for language in LANGUAGES
            for key, shipped in load_texts().sentences[language].items()
            if key.partition(".")[0] in GROUPS
        ]


def example(words: str) -> str:
    """The words with example values filled in."""
    return PLACEHOLDER.sub(lambda match: EXAMPLES.get(match[1], f"[{match[1]}]"), words)
