"""Pick lists: organisations, municipalities, procurement types and the like, and finding in them.

The shipped lists lie in ``vocabulary/*.toml``; the application may hand in newer ones. A term that
has ended stays, because old records name it, and points to its successors.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files

from intents.language import Token, correct, fold, stem, tokenize


@dataclass(frozen=True, slots=True)
class Former:
    """What a term was called before it got another name."""

    name: str
    english: str
    #: The last day of that name.
    until: date


@dataclass(frozen=True, slots=True)
class ListTerm:
    """One entry of a pick list."""

    #: Stable, stored in records.
    code: str
    #: Swedish name.
    name: str
    #: English name; empty where there is none and the Swedish one serves.
    english: str = ""
    #: Other things it is called.
    synonyms: tuple[str, ...] = ()
    #: First and last day; None for no limit known.
    valid_from: date | None = None
    valid_to: date | None = None
    #: Codes of what took over.
    successor: tuple[str, ...] = ()
    #: Earlier names, oldest first; they are found too.
    former: tuple[Former, ...] = ()
    #: Of an organisation: does it report every December, whatever has happened?
    year_round: bool = False

    def holds(self, day: date) -> bool:
        """Does the term exist on that day?"""
        return (self.valid_from or day) <= day <= (self.valid_to or day)

    def label(self, language: str, day: date | None = None) -> str:
        """Return its name in that language; with a day the one it had then."""
        then = next((old for old in self.former if day is not None and day <= old.until), self)
        return then.english if language == "en" and then.english else then.name

    def renamed_from(self, text: str) -> Former | None:
        """Return the earlier name a text uses, where it does not use the new one."""
        said = f" {bare(text)} "
        if f" {bare(self.name)} " in said:
            return None
        used = (old for old in reversed(self.former) if f" {bare(old.name)} " in said)
        return next(used, None)


#: Words that stand before many names and tell none apart.
_GENERAL = frozenset(
    fold(
        "ab aktiebolag förvaltning förvaltningen bolaget nämnden nämnd göteborg göteborgs stad "
        "stads staden och för på i the city of kommun kommuns vi hos jag är vid jobbar arbetar"
    ).split()
)
#: Shorter words than this are no part of a name worth searching for.
_SHORTEST = 3


def by_code(terms: tuple[ListTerm, ...], code: str) -> ListTerm | None:
    """Return the term with that code."""
    return _codes(terms).get(code)


@lru_cache(maxsize=64)
def _codes(terms: tuple[ListTerm, ...]) -> Mapping[str, ListTerm]:
    return {term.code: term for term in terms}


@lru_cache(maxsize=64)
def _names(terms: tuple[ListTerm, ...]) -> Mapping[str, tuple[ListTerm, ...]]:
    """Every name, folded and bare, with the terms that bear it."""
    found: dict[str, tuple[ListTerm, ...]] = {}
    for term in terms:
        earlier = (name for old in term.former for name in (old.name, old.english))
        called = (term.code, term.name, term.english, *term.synonyms, *earlier)
        for name in dict.fromkeys(map(bare, called)):
            if name and term not in found.get(name, ()):
                found[name] = (*found.get(name, ()), term)
    return found


@lru_cache(maxsize=64)
def _spellings(terms: tuple[ListTerm, ...]) -> Mapping[str, tuple[ListTerm, ...]]:
    """Every word of a name that tells it apart, with the terms it stands in."""
    found: dict[str, tuple[ListTerm, ...]] = {}
    for name, bearers in _names(terms).items():
        for word in name.split():
            if word not in _GENERAL and len(word) >= _SHORTEST:
                found[word] = tuple(dict.fromkeys((*found.get(word, ()), *bearers)))
    return found


@lru_cache(maxsize=64)
def _words(terms: tuple[ListTerm, ...]) -> Mapping[str, tuple[ListTerm, ...]]:
    """The same by stem, so that inflected forms are found."""
    found: dict[str, tuple[ListTerm, ...]] = {}
    for word, bearers in _spellings(terms).items():
        key = stem(word)
        found[key] = tuple(dict.fromkeys((*found.get(key, ()), *bearers)))
    return found


def bare(text: str) -> str:
    """Return the folded words of a name without punctuation."""
    return " ".join(token.folded for token in tokenize(text))


def find(text: str, terms: tuple[ListTerm, ...]) -> tuple[ListTerm, ...]:
    """Return what a person may mean by ``text``: one term when it is plain, several, or none.

    A whole name comes first, then every word of the text in the name, then a part of a word, and
    last slips of the pen. What people add around a name ("vi på", "AB") does not count.
    """
    wanted = bare(text)
    if not wanted or len(wanted) > 100:
        return ()
    exact = _names(terms).get(wanted)
    if exact:
        return exact
    told = [word for word in wanted.split() if word not in _GENERAL] or wanted.split()
    return _whole_words(told, terms) or _parts(told, terms) or _slips(told, terms)


def _whole_words(told: list[str], terms: tuple[ListTerm, ...]) -> tuple[ListTerm, ...]:
    words = _words(terms)
    return _common([words.get(stem(word), ()) for word in told])


def _parts(told: list[str], terms: tuple[ListTerm, ...]) -> tuple[ListTerm, ...]:
    if any(len(word) < _SHORTEST for word in told):
        return ()
    names = _names(terms)
    return _common([
        tuple(dict.fromkeys(t for name, held in names.items() if word in name for t in held))
        for word in told
    ])  # fmt: skip


def _slips(told: list[str], terms: tuple[ListTerm, ...]) -> tuple[ListTerm, ...]:
    spellings = _spellings(terms)
    return _common([spellings.get(correct(word, spellings.keys()), ()) for word in told])


def _common(groups: list[tuple[ListTerm, ...]]) -> tuple[ListTerm, ...]:
    if not groups or len(groups) > 12:
        return ()
    return tuple(t for t in groups[0] if all(t in group for group in groups[1:]))


def mention(text: str, terms: tuple[ListTerm, ...]) -> tuple[ListTerm, str] | None:
    """Return the term named in running text and the words that name it; None if none or unsure."""
    tokens = tokenize(text)
    names = _names(terms)
    longest = 6
    for length in range(min(longest, len(tokens)), 0, -1):
        for first in range(len(tokens) - length + 1):
            run = tokens[first : first + length]
            if length == 1 and _is_small(run[0]):
                continue
            held = _named(" ".join(token.folded for token in run), names)
            if length == 1 and _goes_on(text, tokens, first):
                continue
            if held and len(held) == 1:
                return held[0], text[run[0].start : run[-1].end]
    return None


#: What a company's own name ends in: "Framtiden Byggutveckling" is not "Framtiden".
_COMPANY_PARTS = ("utveckling", "fastigheter", "bostäder", "bygg", "entreprenad", "konsult",
                  "service", "teknik", "förvaltning")  # fmt: skip


def _goes_on(text: str, tokens: Sequence[Token], at: int) -> bool:
    """Does a company's name go on after this word?"""
    if at + 1 >= len(tokens) or tokens[at + 1].start != tokens[at].end + 1:
        return False
    after = text[tokens[at + 1].start : tokens[at + 1].end].casefold()
    named = text[tokens[at].start].isupper() and after.endswith(_COMPANY_PARTS)
    return named and text[tokens[at].end] == " "


def _is_small(token: Token) -> bool:
    """Is this a short word in small letters? "Kom" in a sentence is no "KOM"."""
    return len(token.folded) <= _SHORTEST and token.text[1:].islower()


_GENITIVE = re.compile(r"s$")


def _named(words: str, names: Mapping[str, tuple[ListTerm, ...]]) -> tuple[ListTerm, ...]:
    if words in _GENERAL or len(words) < _SHORTEST:
        return ()
    return names.get(words) or names.get(_GENITIVE.sub("", words), ())


@cache
def load_picklists() -> Mapping[str, tuple[ListTerm, ...]]:
    """Return the lists shipped with the package, by name."""
    folder = files("intents").joinpath("vocabulary")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return {name.removesuffix(".toml"): _load(folder.joinpath(name).read_text("utf-8"))
            for name in names}  # fmt: skip


def _load(text: str) -> tuple[ListTerm, ...]:
    return tuple(
        ListTerm(
            code=raw["code"],
            name=raw["name"],
            english=raw.get("english", ""),
            synonyms=tuple(raw.get("synonyms", ())),
            valid_from=raw.get("valid_from"),
            valid_to=raw.get("valid_to"),
            successor=tuple(raw.get("successor", ())),
        )
        for raw in tomllib.loads(text)["term"]
    )


__all__ = ["Former", "ListTerm", "bare", "by_code", "find", "fold", "load_picklists", "mention"]
