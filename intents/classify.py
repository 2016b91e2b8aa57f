"""What a message wants: an intent from rules over concepts, example phrases and similarity.

A rule decides where one holds; phrases decide where none does. A question that only stands near an
intent stays a question: the guidance answers it. What numbers mean for the gross list is read
elsewhere and comes in as signals.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from intents.concepts import (
    LONGEST,
    Sentence,
    concepts_of,
    load_lexicon,
    names_case,
    names_sum,
    read_sentences,
)
from intents.intent_rules import join
from intents.list_talk import asks_duty, facts_alone, is_about_list
from intents.number_words import number_words
from intents.phrasebook import (
    IntentName,
    Phrasebook,
    PolicyOutcome,
    Topic,
    load_phrasebook,
    policy_topic,
)
from intents.quantities import read
from intents.questions import asks_with_verb, asks_with_word, embeds_question, is_request, opened
from intents.reading import Reading

_ANY_DAY = date(2026, 1, 1)

Similarity = Callable[[str, Sequence[str]], Sequence[float]]

#: Nearness to an example phrase at which it decides without a rule.
NEAR = 0.66
#: The same for a message that asks: most questions are for the guidance.
NEAR_QUESTION = 0.84
#: Two intents closer than this are both offered.
CLOSE = 0.08
#: Concepts that are taken for a deviation by mistake, and their words.
NEAR_TERMS = (("near_deviation", "avvikelse"), ("near_exception", "undantag"))
#: What a message with a number in it may want instead of a verdict.
NOT_FACTS = ("deviation", "handover", "consultation", "example", "report_status")
#: Most words of a short sentence and a short message.
SHORT, SHORT_MESSAGE = 6, 14


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
    #: Nearness of the message to each phrase, -1 to 1; None without a model.
    similarity: Similarity | None = None


@dataclass(frozen=True, slots=True)
class Intent:
    """What a message wants."""

    name: IntentName
    #: Kind within the intent ("new", "annual", "press"), or the policy topic.
    topic: str = ""
    #: How sure, 0 to 1; never shown.
    confidence: float = 0.0
    #: Intents nearly as likely, this one first: ask "menade du ...?". Empty when clear.
    alternatives: tuple[str, ...] = ()
    #: Words of the field to choose between ("avsteg", "avvikelse"). Empty when clear.
    clarify: tuple[str, ...] = ()
    #: Does a verdict of the gross list belong in the reply, after the answer?
    with_verdict: bool = False

    @property
    def outcome(self) -> PolicyOutcome | None:
        """What to do with a policy topic; None for other intents."""
        return policy_topic(self.topic).outcome if self.name == "policy" else None

    @property
    def article(self) -> str:
        """Id of the guidance article to quote with a policy topic; empty for none."""
        return policy_topic(self.topic).article if self.name == "policy" else ""


QUESTION = Intent("question", confidence=0.5)


def read_signals(text: str, similarity: Similarity | None = None) -> Signals:
    """Return what the gross-list and quantity readers see in a message."""
    if not _may_hold_amount(text):
        return Signals(about_list=is_about_list(text), similarity=similarity)
    # Which year a date falls in does not matter for what a message wants.
    return signals_from(text, read(text[:LONGEST], _ANY_DAY), similarity)


def signals_from(text: str, reading: Reading, similarity: Similarity | None = None) -> Signals:
    """Return the same from a reading already made."""
    return Signals(
        about_list=is_about_list(text),
        facts_alone=facts_alone(text, reading),
        asks_duty=asks_duty(text),
        time=bool(reading.durations or reading.periods or reading.dates),
        people=bool(reading.counts or reading.shares),
        similarity=similarity,
    )


def _may_hold_amount(text: str) -> bool:
    """Is reading for quantities worth its time? Small words like "en" alone are not."""
    bits = load_lexicon().bits
    for sentence in read_sentences(text):
        if sentence.mask & bits["amount"]:
            return True
        if any(word[0].isdigit() or word in number_words() for word in sentence.words):
            return True
    return False


def classify(text: str, given: Signals | None = None) -> Intent:
    """Return what a message wants; a plain question when nothing says otherwise."""
    given = given or read_signals(text)
    pieces = read_sentences(text)
    if not pieces:
        return QUESTION
    bits = _message_bits(text, sum(len(sentence.words) for sentence in pieces), given)
    sentences = tuple(_with_form(sentence, bits) for sentence in pieces)
    whole = join(sentences)
    found = _by_rules(sentences, whole, load_phrasebook())
    if _is_case(whole, given, bool(found)):
        return _screened(found, whole, given)
    if not found:
        found = _by_phrases(text, whole, given, load_phrasebook())
    return _clarified(_decided(found), whole)


def _is_case(whole: Sentence, given: Signals, found: bool) -> bool:
    """Are its numbers a case for the gross list?"""
    bits = load_lexicon().bits
    if not (given.time or given.people) or whole.mask & bits["case_number"]:
        return False
    both = given.time and given.people
    if not both and whole.mask & (bits["rule_itself"] | bits["asks_wh"] | bits["law_matter"]):
        return False
    if given.facts_alone or given.about_list or whole.mask & bits["listed"]:
        return True
    if found or whole.mask & bits["asks"]:
        return False
    return both or bool(whole.mask & bits["not_known"])


def _screened(found: dict[Topic, float], whole: Sentence, given: Signals) -> Intent:
    """The list decides, unless the person wants another thing or asks what one must or may do."""
    for topic, sure in found.items():
        if topic.intent in NOT_FACTS and sure >= 0.9 and not (given.time and given.people):
            return Intent(topic.intent, topic.name, sure)
    bits = load_lexicon().bits
    asks_rule = whole.mask & bits["asks"] and whole.mask & bits["rule_matter"]
    if given.asks_duty or (asks_rule and not given.about_list):
        return Intent("question", confidence=0.9, with_verdict=True)
    return Intent("screening", "facts", 0.95, with_verdict=True)


def _by_rules(
    sentences: Sequence[Sentence], whole: Sentence, book: Phrasebook
) -> dict[Topic, float]:
    found: dict[Topic, float] = {}
    for topic in book.topics:
        if topic.never_with & whole.mask:
            continue
        sure = [rule.sure for rule in topic.wide_rules if rule.holds(whole)]
        for sentence in sentences:
            sure += [rule.sure for rule in topic.rules if rule.holds(sentence)]
        if sure:
            found[topic] = max(sure)
    return found


def _by_phrases(text: str, whole: Sentence, given: Signals, book: Phrasebook) -> dict[Topic, float]:
    if len(whole.words) > 22:
        return {}
    found: dict[Topic, float] = {}
    needed = NEAR_QUESTION if whole.mask & load_lexicon().bits["asks"] else NEAR
    for number, near in book.phrases.nearness(text).items():
        topic = book.owners[number]
        if near >= needed and not (topic.bars | topic.never_with) & whole.mask:
            found[topic] = max(found.get(topic, 0.0), near)
    return found


def _decided(found: dict[Topic, float]) -> Intent:
    if not found:
        return QUESTION
    ranked = sorted(found.items(), key=lambda each: -each[1])
    topic, sure = ranked[0]
    near = [other.intent for other, value in ranked if sure - value < CLOSE]
    alternatives = tuple(dict.fromkeys(near))
    return Intent(topic.intent, topic.name, sure, alternatives if len(alternatives) > 1 else ())


def _clarified(intent: Intent, whole: Sentence) -> Intent:
    """ "Avvikelse" and "undantag" may be something else than a deviation from the model: ask."""
    if intent.name != "deviation":
        return intent
    bits = load_lexicon().bits
    if whole.mask & bits["deviation"]:
        return intent
    near = tuple(word for name, word in NEAR_TERMS if whole.mask & bits[name])
    return replace(intent, clarify=("avsteg", *near)) if near else intent


def _with_form(sentence: Sentence, message_bits: int) -> Sentence:
    bits = load_lexicon().bits
    words, mask = sentence.words, sentence.mask | message_bits
    by_word, by_verb = asks_with_word(words), asks_with_verb(words)
    if by_word:
        mask |= bits["asks_wh"]
    if by_verb:
        mask |= bits["asks_yn"]
    if is_request(words):
        mask |= bits["polite"]
    if by_word or by_verb or sentence.mark or embeds_question(words):
        mask |= bits["asks"]
    else:
        mask |= bits["statement"]
    if len(words) <= SHORT:
        mask |= bits["short"]
    if concepts_of(opened(words)[0]) & bits["imperative"]:
        mask |= bits["commanding"]
    return replace(sentence, mask=mask)


def _message_bits(text: str, words: int, given: Signals) -> int:
    bits = load_lexicon().bits
    mask = 0
    if words <= SHORT:
        mask |= bits["brief"]
    if words <= SHORT_MESSAGE:
        mask |= bits["short_message"]
    if given.time or given.people:
        mask |= bits["quantity"]
    if names_case(text):
        mask |= bits["case_number"]
    if names_sum(text):
        mask |= bits["sum"]
    return mask
