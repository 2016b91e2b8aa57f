"""From the words of a message to the concepts the intent rules speak of.

A concept ("wants to", "deviation", "status") is a list of words and phrases in both languages. A
message becomes one set of concepts per sentence, so a rule can say what it needs without caring
about word order. The data lies in ``phrases/concepts.toml``:
    "avsteg"      the word in folded form
    "rapporter*"  any word that begins so
    "*rapport"    any word that ends so
    "av steg"     words in a row; each may end in *
    "utan .. er"  up to four other words in between
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files

from intents.folding import fold, tokenize
from intents.words import correct

#: Words of these concepts are recognised although misspelt; small words never are.
_LONG_ENOUGH = 6
#: Stands in a phrase for other words, and for how many of them.
GAP, MOST_BETWEEN = "..", 4
_PARTS = re.compile(r"\.\.|[^\W_*]+\*?|\*[^\W_]+")
#: A pasted page says what it wants in its first lines.
LONGEST = 1_200
_SENTENCE_END = re.compile(r"(?<=[^\W\d_)\"”][.!])\s+|\?+[\s!?]*|\n+|;\s+")
#: Concepts that are not words: the form of a sentence, and what other modules read in a message.
BUILT_IN = (
    "asks", "asks_wh", "asks_yn", "polite", "statement", "commanding", "short", "short_message",
    "brief", "narrates", "wishes", "thanks_first", "quantity", "case_number", "sum",
)  # fmt: skip
#: Words that mean something else without their accents keep them: "ändra" is not "andra".
_ACCENTED = frozenset(("ändra", "ändrar", "ändras", "ändrat", "vår", "vårt", "våra", "här", "når",
                       "läst", "ingå", "än"))  # fmt: skip
_SUM = re.compile(
    r"\d\s*(?:[*x×÷+/]|gånger|plus|minus|delat med|times|divided by)\s*\d|\d\s*%\s*(?:av|of)\s*\d",
    re.IGNORECASE,
)
_CASE_NUMBER = re.compile(r"\b[A-Z]{1,2}-(?:20\d\d-)?\d{3,}\b", re.IGNORECASE)


def comparable(word: str) -> str:
    """Return a word folded, save the few that would become another word without accents."""
    lowered = unicodedata.normalize("NFC", word).casefold()
    return lowered if lowered in _ACCENTED else fold(word)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a message."""

    #: Folded words in order.
    words: tuple[str, ...]
    #: For each word the concepts it takes part in, as bits.
    masks: tuple[int, ...]
    #: All concepts of the sentence, as bits.
    mask: int
    #: Did it end in a question mark?
    mark: bool = False


@dataclass(slots=True)
class Lexicon:
    """All concepts and their words, arranged for look-up."""

    #: Concept -> its bit.
    bits: dict[str, int] = field(default_factory=dict)
    exact: dict[str, int] = field(default_factory=dict)
    starts: dict[str, int] = field(default_factory=dict)
    ends: dict[str, int] = field(default_factory=dict)
    #: First word -> the phrases that begin with it, longest first.
    phrases: dict[str, list[tuple[tuple[str, ...], int]]] = field(default_factory=dict)
    #: Words slips are mended to.
    mendable: set[str] = field(default_factory=set)

    def bit(self, concept: str) -> int:
        """Return the bit of a concept; a new one for a name not seen before."""
        return self.bits.setdefault(concept, 1 << len(self.bits))

    def add(self, concept: str, entries: Iterable[str], mend: bool) -> None:
        """Add the words and phrases of one concept."""
        bit = self.bit(concept)
        for entry in entries:
            words = tuple(_PARTS.findall(_folded(entry)))
            if len(words) > 1:
                self.phrases.setdefault(words[0], []).append((words, bit))
                continue
            self._add_word(words[0], bit)
            plain = words[0].strip("*")
            if mend and len(plain) >= _LONG_ENOUGH and not words[0].startswith("*"):
                self.mendable.add(plain)

    def _add_word(self, word: str, bit: int) -> None:
        if word.endswith("*"):
            table, key = self.starts, word[:-1]
        elif word.startswith("*"):
            table, key = self.ends, word[1:]
        else:
            table, key = self.exact, word
        table[key] = table.get(key, 0) | bit

    def look_up(self, word: str) -> int:
        """Return the concepts of one folded word; a slip counts as the word that was meant."""
        found = self._known(word)
        if found or len(word) < _LONG_ENOUGH:
            return found
        return self._known(correct(word, self.mendable))

    def _known(self, word: str) -> int:
        found = self.exact.get(word, 0)
        for end in range(2, len(word) + 1):
            found |= self.starts.get(word[:end], 0) | self.ends.get(word[-end:], 0)
        return found

    def mask(self, names: Iterable[str]) -> int:
        """Return the bits of several concepts; KeyError for a name no table defines."""
        found = 0
        for name in names:
            found |= self.bits[name]
        return found


@cache
def load_lexicon() -> Lexicon:
    """Return the concepts shipped with the package."""
    text = files("intents").joinpath("phrases/concepts.toml").read_text(encoding="utf-8")
    raw = tomllib.loads(text)
    lexicon = Lexicon()
    for name in BUILT_IN:
        lexicon.bit(name)
    for kind in ("domain", "words"):
        table: Mapping[str, list[str]] = raw[kind]
        for concept, entries in table.items():
            lexicon.add(concept, entries, mend=kind == "domain")
    for starting in lexicon.phrases.values():
        starting.sort(key=lambda phrase: -len(phrase[0]))
    return lexicon


@lru_cache(maxsize=20_000)
def concepts_of(word: str) -> int:
    """Return the concepts of one folded word (shipped lexicon)."""
    return load_lexicon().look_up(word)


def read_sentences(text: str) -> tuple[Sentence, ...]:
    """Return the sentences of a message with their concepts; none for a message without words."""
    text = text[:LONGEST]
    sentences = []
    start = 0
    ends = [end.span() for end in _SENTENCE_END.finditer(text)]
    for stop, after in [*ends, (len(text), len(text))]:
        words = tuple(comparable(token.text) for token in tokenize(text[start:stop]))
        if words:
            sentences.append(_sentence(words, mark="?" in text[stop:after]))
        start = after
    return tuple(sentences)


def _folded(entry: str) -> str:
    if entry.isascii() and entry == entry.lower():
        return entry
    return " ".join(map(comparable, entry.split()))


def names_sum(text: str) -> bool:
    """Does the message hold a sum to work out, such as 17 × 23?"""
    return bool(_SUM.search(text[:LONGEST]))


def names_case(text: str) -> bool:
    """Does the message hold a receipt or case number such as A-2026-0007?"""
    return bool(_CASE_NUMBER.search(text[:LONGEST]))


def _sentence(words: tuple[str, ...], mark: bool) -> Sentence:
    masks = [concepts_of(word) for word in words]
    phrases = load_lexicon().phrases
    for start, word in enumerate(words):
        for phrase, bit in phrases.get(word, ()):
            for place in _places(phrase, words, start):
                masks[place] |= bit
    mask = 0
    for found in masks:
        mask |= found
    return Sentence(words, tuple(masks), mask, mark)


def _places(phrase: Sequence[str], words: Sequence[str], start: int) -> list[int]:
    """Return where a phrase's words stand when it begins at ``start``; empty if it does not."""
    places, after, between = [start], start + 1, 0
    for part in phrase[1:]:
        if part == GAP:
            between = MOST_BETWEEN
            continue
        reach = range(after, min(after + between + 1, len(words)))
        found = next((place for place in reach if _fits(part, words[place])), None)
        if found is None:
            return []
        places.append(found)
        after, between = found + 1, 0
    return places


def _fits(part: str, word: str) -> bool:
    return part == word or (part.endswith("*") and word.startswith(part[:-1]))
