"""The secret word on the receipt of somebody nobody knows: it opens that one report's status."""

import re

CONSONANTS, VOWELS = "bdfghjklmnprstv", "aeiou"
#: Syllables of a word: 75 to the power of 6 is 37 bits, for one number and guessed by hand.
SYLLABLES = 6
_SYLLABLE = f"[{CONSONANTS}][{VOWELS}]"
_PIECE = f"(?:{_SYLLABLE}){{2}}"
_WORD = re.compile(rf"\b{_PIECE}(?:(-| ){_PIECE}){{2}}\b")


def to_word(seed: int) -> str:
    """Make a word such as "kavo-lume-tisa" of a random number."""
    letters = ""
    for _ in range(SYLLABLES):
        seed, consonant = divmod(seed, len(CONSONANTS))
        seed, vowel = divmod(seed, len(VOWELS))
        letters += CONSONANTS[consonant] + VOWELS[vowel]
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def find_word(text: str, *, asked: bool = False) -> str | None:
    """Find a word in a text; with spaces for hyphens only where it was asked for."""
    found = _WORD.search(text[:500].lower())
    if found is None or not (asked or found[1] == "-"):
        return None
    return found[0].replace(" ", "-")
