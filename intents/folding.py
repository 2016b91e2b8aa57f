"""Fold text to one comparable form and cut it into words.

Folding drops case, accents and invisible characters, so that ``Årsrapport``, ``arsrapport`` and a
word with a soft hyphen in it all compare equal.
"""

import re
import unicodedata
from dataclasses import dataclass

#: Vulgar fractions keep their sign: NFKD would turn "1½" into "11/2".
KEPT = frozenset("½¼¾")

#: Letters and signs that Unicode does not decompose but that people type for one another.
REPLACED = {
    "ø": "o",
    "æ": "a",
    "⁄": "/",
    "‐": "-",
    "‑": "-",
    "‒": "-",
    "–": "-",
    "—": "-",
    "―": "-",
    "−": "-",
    "’": "'",
    "‘": "'",
    "´": "'",
    "`": "'",
}

#: Soft hyphen, zero-width characters and direction marks: they change no meaning.
INVISIBLE = frozenset("\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")


def fold_character(character: str) -> str:
    """Return the folded form of one character; empty for marks and invisible characters."""
    if character in KEPT:
        return character
    if character in INVISIBLE:
        return ""
    if character in REPLACED:
        return REPLACED[character]
    if character.isspace():
        return " "
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    lowered = unicodedata.normalize("NFKD", character).casefold()
    pieces = unicodedata.normalize("NFKD", lowered)
    return "".join(REPLACED.get(c, c) for c in pieces if unicodedata.category(c) != "Mn")


class _FoldTable(dict[int, str]):
    """A ``str.translate`` table that learns each character the first time it is met."""

    def __missing__(self, codepoint: int) -> str:
        folded = fold_character(chr(codepoint))
        # A bound keeps hostile input from growing the table without end.
        if len(self) < 5_000:
            self[codepoint] = folded
        return folded


_TABLE = _FoldTable()


def fold(text: str) -> str:
    """Return ``text`` without case, accents and invisible characters, whitespace collapsed."""
    return " ".join(text.translate(_TABLE).split())


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text that remembers where each of its characters came from."""

    #: The folded text; whitespace is kept as single spaces, not collapsed.
    text: str
    #: For each character of ``text`` the index in the original it came from.
    origins: tuple[int, ...]
    #: Length of the original text.
    length: int

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Translate a half-open span of ``text`` to one of the original."""
        if start >= end:
            here = self.origins[start] if start < len(self.origins) else self.length
            return here, here
        return self.origins[start], self.origins[end - 1] + 1


def fold_with_origins(text: str) -> Folded:
    """Fold ``text`` character by character and keep the way back to the original."""
    characters: list[str] = []
    origins: list[int] = []
    for index, character in enumerate(text):
        folded = _TABLE[ord(character)]
        characters.append(folded)
        origins.extend([index] * len(folded))
    return Folded("".join(characters), tuple(origins), len(text))


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text."""

    #: The word as it was written.
    text: str
    #: The word as it is compared.
    folded: str
    #: Half-open span in the text the word stands in.
    start: int
    end: int


#: A word may hold combining marks ("a" + ring) and invisible characters (a soft hyphen).
_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff])*")


def tokenize(text: str) -> tuple[Token, ...]:
    """Return the words and numbers of ``text`` in order; punctuation is dropped."""
    tokens = []
    for match in _WORD.finditer(text):
        folded = match.group().translate(_TABLE)
        if folded:
            tokens.append(Token(match.group(), folded, match.start(), match.end()))
    return tuple(tokens)
