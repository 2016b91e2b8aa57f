"""The words of the field: what a synonym, an abbreviation or a slip stands for.

The data lies in ``glossary.toml``. Words are compared by stem, so inflected forms need no entry;
abbreviations of two or three letters must be written as such ("SH", "sh"), never inflected.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.resources import files

from intents.folding import fold, tokenize
from intents.words import correct, stem


@dataclass(frozen=True, slots=True)
class Term:
    """One concept of the field and everything it is called."""

    #: Canonical Swedish name.
    name: str
    #: What an English question calls it.
    english: tuple[str, ...]
    #: Synonyms and abbreviations that mean the same.
    forms: tuple[str, ...]
    #: Spellings people really type.
    slips: tuple[str, ...]
    #: Words that are close but not the same: a reason to ask, never to equate.
    near: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a text where a term of the field is named."""

    #: Canonical Swedish name of the term.
    name: str
    #: Half-open span in the text.
    start: int
    end: int


@dataclass(frozen=True)
class Glossary:
    """All terms, and a look-up from what people write to what they mean."""

    terms: tuple[Term, ...]

    @cached_property
    def _names(self) -> Mapping[tuple[str, ...], str]:
        names: dict[tuple[str, ...], str] = {}
        for term in self.terms:
            for phrase in (term.name, *term.forms, *term.slips, *term.english):
                names.setdefault(_key(phrase), term.name)
        return names

    @cached_property
    def _single_words(self) -> frozenset[str]:
        phrases = (key[0] for key in self._names if len(key) == 1)
        return frozenset(phrase for phrase in phrases if len(phrase) >= 7)

    @cached_property
    def _longest_from(self) -> Mapping[str, int]:
        """For each stem that begins a phrase: how many words the longest such phrase has."""
        longest: dict[str, int] = {}
        for key in self._names:
            if key:
                longest[key[0]] = max(longest.get(key[0], 1), len(key))
        return longest

    @cached_property
    def _corrected(self) -> dict[str, str | None]:
        return {}

    @cached_property
    def near(self) -> Mapping[str, tuple[str, ...]]:
        """For each stem or abbreviation that is only close to a term: the terms it is close to."""
        found: dict[str, tuple[str, ...]] = {}
        for term in self.terms:
            for phrase in term.near:
                key = " ".join(_key(phrase))
                found[key] = (*found.get(key, ()), term.name)
        return found

    def canonical(self, phrase: str) -> str | None:
        """Return the name of the term a word or phrase stands for, slips forgiven, or None."""
        key = _key(phrase)
        exact = self._names.get(key) or self._names.get(("".join(key),))
        if exact or len(key) != 1:
            return exact
        return self._likely(key[0])

    def _likely(self, stemmed: str) -> str | None:
        """Return the term a single word stands for when it is a slip of a long one."""
        if len(stemmed) < 7:
            return None
        if stemmed not in self._corrected:
            # A bound keeps hostile input from growing the memory without end.
            if len(self._corrected) > 20_000:
                self._corrected.clear()
            nearest = correct(stemmed, self._single_words)
            self._corrected[stemmed] = self._names.get((nearest,))
        return self._corrected[stemmed]

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Return the terms named in ``text``, longest phrase first at each place, no overlaps."""
        tokens = tokenize(text)
        stems = [_stem_word(token.folded) for token in tokens]
        found = []
        index = 0
        while index < len(tokens):
            longest = self._longest_from.get(stems[index], 1)
            for length in range(min(longest, len(tokens) - index), 0, -1):
                name = self._names.get(tuple(stems[index : index + length]))
                if name is None and length == 1:
                    name = self._likely(stems[index])
                if name is not None:
                    last = tokens[index + length - 1]
                    found.append(Mention(name, tokens[index].start, last.end))
                    index += length - 1
                    break
            index += 1
        return tuple(found)

    def expand(self, text: str) -> tuple[str, ...]:
        """Return the canonical names of the terms ``text`` mentions in other words, no repeats.

        They are added to a search, so names that already stand in the text are left out.
        """
        written = f" {' '.join(_key(text))} "
        names = dict.fromkeys(mention.name for mention in self.mentions(text))
        return tuple(name for name in names if f" {' '.join(_key(name))} " not in written)


@lru_cache(maxsize=20_000)
def _key(phrase: str) -> tuple[str, ...]:
    """Return the stems of a phrase; words of up to three letters stay as they are."""
    return tuple(_stem_word(token.folded) for token in tokenize(phrase))


def _stem_word(folded: str) -> str:
    """Return the stem of a folded word; one of up to three letters stays as it is."""
    return folded if len(folded) <= 3 else stem(folded)


@cache
def load_glossary() -> Glossary:
    """Return the glossary shipped with the package."""
    raw = tomllib.loads(files("intents").joinpath("glossary.toml").read_text(encoding="utf-8"))
    return Glossary(tuple(_to_term(entry) for entry in raw["term"]))


def _to_term(entry: Mapping[str, object]) -> Term:
    def words(key: str) -> tuple[str, ...]:
        value = entry.get(key, ())
        return tuple(str(word) for word in value) if isinstance(value, list) else ()

    return Term(str(entry["name"]), words("en"), words("forms"), words("slips"), words("near"))


def canonical(phrase: str) -> str | None:
    """Return the canonical term of ``phrase`` in the shipped glossary, or None."""
    return load_glossary().canonical(phrase)


def expand(text: str) -> tuple[str, ...]:
    """Return the canonical terms ``text`` mentions in other words (shipped glossary)."""
    return load_glossary().expand(text)


def is_near(word: str) -> tuple[str, ...]:
    """Return the terms a word is close to but not the same as ("avvikelse" -> ("avsteg",))."""
    return load_glossary().near.get(" ".join(_key(fold(word))), ())
