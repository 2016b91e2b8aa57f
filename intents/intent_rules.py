"""Rules that recognise an intent by the concepts a sentence holds, and how they are written.

One rule is one line: words are concepts that must all be there, ``a|b`` is either, ``!a`` must
not be there. A line may begin with ``only`` (every word of the message belongs to one of the
concepts named) or ``whole`` (the concepts may be spread over the whole message). A number at the
end says how sure the rule is, 1 unless told:
    "wants report deviation !how 0.9"
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from intents.concepts import Lexicon, Sentence

Scope = Literal["sentence", "whole", "only"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, its concepts as bits."""

    #: Each must share a bit with the sentence.
    needs: tuple[int, ...]
    #: Must share none.
    bars: int
    scope: Scope
    #: How sure it is, 0 to 1.
    sure: float

    def holds(self, sentence: Sentence) -> bool:
        """Does the rule hold for a sentence, or for a whole message given as one?"""
        mask = sentence.mask
        if mask & self.bars:
            return False
        for need in self.needs:
            if not mask & need:
                return False
        return self.scope != "only" or self._covers(sentence)

    def _covers(self, sentence: Sentence) -> bool:
        allowed = self.needs[0]
        for need in self.needs[1:]:
            allowed |= need
        return all(mask & allowed for mask in sentence.masks)


def parse_rule(line: str, lexicon: Lexicon) -> Rule:
    """Return the rule one line stands for; KeyError if it names a concept nobody defined."""
    parts = line.split()
    scope: Scope = "sentence"
    if parts[0] in ("only", "whole"):
        scope = "only" if parts.pop(0) == "only" else "whole"
    sure = float(parts.pop()) if parts[-1][0].isdigit() else 1.0
    needs = tuple(lexicon.mask(part.split("|")) for part in parts if not part.startswith("!"))
    bars = lexicon.mask(part[1:] for part in parts if part.startswith("!"))
    return Rule(needs, bars, scope, sure)


def join(sentences: Iterable[Sentence]) -> Sentence:
    """Return a whole message as one sentence."""
    listed = tuple(sentences)
    mask = 0
    for sentence in listed:
        mask |= sentence.mask
    return Sentence(
        tuple(word for sentence in listed for word in sentence.words),
        tuple(mask for sentence in listed for mask in sentence.masks),
        mask,
        any(sentence.mark for sentence in listed),
    )
