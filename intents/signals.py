"""What the gross-list and quantity readers see in a message, as far as its intent depends on it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from intents.concepts import LONGEST, load_lexicon, read_sentences
from intents.list_talk import asks_duty, facts_alone, is_about_list
from intents.number_words import number_words
from intents.quantities import read
from intents.reading import Reading
from intents.story import tells_deviation

Similarity = Callable[[str, Sequence[str]], Sequence[float]]

#: Which year a date falls in does not matter for what a message wants.
_ANY_DAY = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Signals:
    """What other modules read in the message."""

    #: Does it ask about a procurement's place on the gross list?
    about_list: bool = False
    #: Is it nothing but facts: a duration, a number of workers?
    facts_alone: bool = False
    #: Does it ask whether one must, may or should?
    asks_duty: bool = False
    #: Does it state how long something lasts?
    time: bool = False
    #: Does it state how many work on something?
    people: bool = False
    #: Does it tell of jobs discussed with a supplier past the support function?
    tells_deviation: bool = False
    #: Nearness of the message to each phrase, -1 to 1; None without a model.
    similarity: Similarity | None = None


def read_signals(text: str, similarity: Similarity | None = None) -> Signals:
    """Return the signals of a message; most messages name no amount and cost next to nothing."""
    if not _may_hold_amount(text):
        return Signals(
            about_list=is_about_list(text),
            tells_deviation=tells_deviation(text),
            similarity=similarity,
        )
    return signals_from(text, read(text[:LONGEST], _ANY_DAY), similarity)


def signals_from(text: str, reading: Reading, similarity: Similarity | None = None) -> Signals:
    """Return the same from a reading already made."""
    return Signals(
        about_list=is_about_list(text),
        facts_alone=facts_alone(text, reading),
        asks_duty=asks_duty(text),
        time=bool(reading.durations or reading.periods or reading.dates),
        people=bool(reading.counts or reading.shares),
        tells_deviation=tells_deviation(text),
        similarity=similarity,
    )


def _may_hold_amount(text: str) -> bool:
    """Is reading for quantities worth its time? Small words like "en" alone are not."""
    amount = load_lexicon().bits["amount"]
    return any(
        sentence.mask & amount
        or any(word[0].isdigit() or word in number_words() for word in sentence.words)
        for sentence in read_sentences(text)
    )
