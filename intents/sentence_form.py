"""Add to each sentence of a message what is no word of it: its form, its length, its numbers."""

import re
from collections.abc import Sequence
from dataclasses import replace

from intents.concepts import (
    Sentence,
    concepts_of,
    load_lexicon,
    names_case,
    names_sum,
    read_sentences,
)
from intents.questions import (
    asks_with_verb,
    asks_with_word,
    embeds_question,
    is_request,
    opened,
    wishes,
)
from intents.signals import Signals

#: "Har diskuterat", "has talked": the verb form within so many words after "har".
_HAVE, _PERFECT_WITHIN = frozenset(("har", "hade", "have", "has", "had", "ha", "blivit")), 4
_SUPINE = re.compile(r"[a-z]{2,}(?:at|ats|it|its|tt|tts|rt|nt|ed|tagit)")
_PRETERITE = re.compile(r"[a-z]{2,}(?:ade|ades|[ln]de|rde|kte|pte)|[a-z]{3,}ed")
_NO_VERB = frozenset(("det", "att", "ett", "mitt", "ditt", "vart", "ratt", "inte", "annat", "allt",
                      "bade", "hade", "lett", "snart", "stort", "ovrigt"))  # fmt: skip
#: Most words of a short sentence or a brief message, and of a short message.
SHORT, SHORT_MESSAGE = 6, 14


def formed_sentences(text: str, given: Signals) -> tuple[Sentence, ...]:
    """Return the sentences of a message with every concept a rule may speak of."""
    pieces = read_sentences(text)
    length = sum(len(piece.words) for piece in pieces)
    shared = _mask(
        brief=length <= SHORT,
        short_message=length <= SHORT_MESSAGE,
        quantity=given.time or given.people,
        case_number=names_case(text),
        sum=names_sum(text),
    )
    return tuple(replace(piece, mask=piece.mask | shared | _form(piece)) for piece in pieces)


def _form(sentence: Sentence) -> int:
    words: Sequence[str] = sentence.words
    by_word, by_verb = asks_with_word(words), asks_with_verb(words)
    asks = by_word or by_verb or sentence.mark or embeds_question(words)
    bits = load_lexicon().bits
    return _mask(
        asks_wh=by_word,
        asks_yn=by_verb and not by_word,
        asks=asks,
        statement=not asks,
        polite=is_request(words),
        short=len(words) <= SHORT,
        narrates=_narrates(sentence),
        wishes=wishes(words),
        commanding=bool(concepts_of(opened(words)[0]) & bits["imperative"]),
        thanks_first=bool(concepts_of(words[0]) & bits["thanks"]),
    )


def _narrates(sentence: Sentence) -> bool:
    """Does it tell what somebody did: "ringde", "har lovat", "we agreed"?"""
    if sentence.mask & load_lexicon().bits["past_act"]:
        return True
    words = sentence.words
    return any(
        (_PRETERITE.fullmatch(word) and word not in _NO_VERB) or _perfect(words[here:])
        for here, word in enumerate(words)
    )


def _perfect(words: Sequence[str]) -> bool:
    return words[0] in _HAVE and any(
        _SUPINE.fullmatch(word) and word not in _NO_VERB for word in words[1 : 1 + _PERFECT_WITHIN]
    )


def _mask(**holds: bool) -> int:
    bits = load_lexicon().bits
    return sum(bits[name] for name, held in holds.items() if held)
