"""Add to each sentence of a message what is no word of it: its form, its length, its numbers."""

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
from intents.questions import asks_with_verb, asks_with_word, embeds_question, is_request, opened
from intents.signals import Signals

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
    imperative = load_lexicon().bits["imperative"]
    return _mask(
        asks_wh=by_word,
        asks_yn=by_verb,
        asks=asks,
        statement=not asks,
        polite=is_request(words),
        short=len(words) <= SHORT,
        commanding=bool(concepts_of(opened(words)[0]) & imperative),
    )


def _mask(**holds: bool) -> int:
    bits = load_lexicon().bits
    return sum(bits[name] for name, held in holds.items() if held)
