"""What a message wants: an intent from rules over concepts, example phrases and similarity.

A rule decides where one holds; phrases decide where none does. A question that only stands near an
intent stays a question: the guidance answers it. What numbers mean for the gross list is read
elsewhere and comes in as signals.
"""

from dataclasses import dataclass, replace

from intents.concepts import Sentence, load_lexicon
from intents.intent_rules import join
from intents.phrasebook import (
    IntentName,
    Phrasebook,
    PolicyOutcome,
    Topic,
    load_phrasebook,
    policy_topic,
)
from intents.sentence_form import formed_sentences
from intents.signals import Signals, Similarity, read_signals, signals_from
from intents.vote import Vote, vote, voted_topic

__all__ = ["Intent", "Signals", "Similarity", "classify", "read_signals", "signals_from"]

#: Nearness to an example phrase at which it decides without a rule.
NEAR = 0.66
#: The same for a message that asks: most questions are for the guidance.
NEAR_QUESTION = 0.84
#: The same by an embedding model. On 3 700 plain questions 0.75 took 21 of them wrongly, 0.85 two.
SIMILAR = 0.85
#: Longer messages tell a story; no short phrase is near them.
MOST_WORDS = 22
#: Two intents closer than this are both offered.
CLOSE = 0.08
#: Concepts that are taken for a deviation by mistake, and their words.
NEAR_TERMS = (("near_deviation", "avvikelse"), ("near_exception", "undantag"))
#: What a message with a number in it may want instead of a verdict.
NOT_FACTS = ("deviation", "handover", "consultation", "example", "report_status")
#: What a told deviation may look like besides.
NOT_NAMED = ("deviation", "screening", "smalltalk", "question")
CHAT = ("general_chat",)
#: What is told as a reason besides: "på grund av pandemin gjorde vi upp med målaren".
REASONS = (*CHAT, "covid")
#: What people can choose between when two are as likely.
OFFERED = ("deviation", "report_status", "screening", "handover", "example", "consultation",
           "question")  # fmt: skip
#: What the trained vote may decide where no rule holds.
VOTED = ("deviation", "handover", "consultation", "example", "report_status")
#: How sure it must be, and how likely a plain question may be besides. By cross-validation this
#: finds six in ten of the messages no rule finds, and takes 20 of 5 300 plain questions wrongly.
VOTE_SURE, VOTE_PLAIN = 0.45, 0.18
#: The same where one sentence of several speaks for itself.
SENTENCE_SURE = 0.85
#: How sure it must be to overrule words of general chat.
CHAT_SURE = 0.9
#: From here a sentence that asks is a rule question, whatever is told around it.
ASKED_PLAIN = 0.6
#: What the vote may declare a plain question although a rule holds, and how sure it must be.
OUTVOTED, PLAIN_SURE = ("deviation", "handover", "policy"), 0.96
#: Topics that look like rule questions, and are told apart by a word or two.
KEPT = ("other_sources", "thresholds_now", "goal_now", "general_chat", "hr_it_private",
        "opinion_politics", "other_reports", "candidates")  # fmt: skip
#: How sure it must be to choose between two intents that rules see.
SETTLED_SURE = 0.8
#: Topics that go before anything else a message may want.
FIRST = ("whistleblowing", "prompts")


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


def classify(text: str, given: Signals | None = None) -> Intent:
    """Return what a message wants; a plain question when nothing says otherwise."""
    given = given or read_signals(text)
    sentences = formed_sentences(text, given)
    if not sentences:
        return QUESTION
    whole = join(sentences)
    found = _by_rules(sentences, whole, load_phrasebook())
    if _is_story(whole, given, found):
        return Intent("deviation", "new", 0.9)
    if _is_case(whole, given, bool(found)):
        told = None if found or given.about_list else _told_past_us(whole, given)
        return told or _screened(found, whole, given)
    if not found:
        found = _by_phrases(text, whole, given, load_phrasebook())
    found = _with_vote(found, sentences, whole, given)
    intent = _clarified(_decided(found), whole)
    stated = intent.name == "question" and given.time and given.people
    return replace(intent, with_verdict=True) if stated else intent


def _is_story(whole: Sentence, given: Signals, found: dict[Topic, float]) -> bool:
    """Is it a deviation told without saying what is wanted? Not a question, nor anything named."""
    if not given.tells_deviation or whole.mask & load_lexicon().bits["asks"]:
        return False
    return all(topic.intent in NOT_NAMED or topic.name in REASONS for topic in found)


def _told_past_us(whole: Sentence, given: Signals) -> Intent | None:
    """Numbers in a told deviation ("två lärlingar i juni") are no case for the list."""
    cast = vote(whole, given)
    return (
        Intent("deviation", "new", cast.sure)
        if cast.name == "deviation" and _is_sure(cast)
        else None
    )


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
        stated = given.time and given.people and topic.intent != "deviation"
        if topic.intent in NOT_FACTS and sure >= 0.9 and not stated:
            return Intent(topic.intent, topic.name, sure)
    bits = load_lexicon().bits
    asks_rule = whole.mask & bits["asks"] and whole.mask & bits["rule_matter"]
    if given.asks_duty or (asks_rule and not given.about_list):
        return Intent("question", confidence=0.9, with_verdict=True)
    return Intent("screening", "facts", 0.95, with_verdict=True)


def _by_rules(
    sentences: tuple[Sentence, ...], whole: Sentence, book: Phrasebook
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
    if len(whole.words) > MOST_WORDS:
        return {}
    needed = NEAR_QUESTION if whole.mask & load_lexicon().bits["asks"] else NEAR
    near = [each for each in book.phrases.nearness(text).items() if each[1] >= needed]
    if given.similarity is not None:
        similar = given.similarity(text, book.phrases.texts)
        near += [each for each in enumerate(similar) if each[1] >= SIMILAR]
    found: dict[Topic, float] = {}
    for number, value in near:
        topic = book.owners[number]
        if not (topic.bars | topic.never_with) & whole.mask:
            found[topic] = max(found.get(topic, 0.0), value)
    return found


def _with_vote(
    found: dict[Topic, float], sentences: tuple[Sentence, ...], whole: Sentence, given: Signals
) -> dict[Topic, float]:
    """Let the trained vote speak where no rule holds, or against one that is surely wrong."""
    if any(topic.intent not in OUTVOTED or topic.name in (*FIRST, *KEPT) for topic in found):
        return _settled(found, whole, given)
    cast = vote(whole, given)
    if found and all(topic.name in CHAT for topic in found) and cast.sure >= CHAT_SURE:
        found = {}
    elif found:
        return {} if cast.plain >= PLAIN_SURE else _settled(found, whole, given)
    if not _is_sure(cast) and len(sentences) > 1:
        cast = _clearest(sentences, given) or cast
    return {voted_topic(cast.name, whole): cast.sure} if _is_sure(cast) else {}


def _clearest(sentences: tuple[Sentence, ...], given: Signals) -> Vote | None:
    """The vote on the sentence that says plainly what is wanted, unless another asks for a rule."""
    asks = load_lexicon().bits["asks"]
    each = [(sentence, vote(sentence, given)) for sentence in sentences]
    if any(sentence.mask & asks and cast.plain >= ASKED_PLAIN for sentence, cast in each):
        return None
    sure = [cast for _, cast in each if cast.name in VOTED and cast.sure >= SENTENCE_SURE]
    return max(sure, key=lambda cast: cast.sure, default=None)


def _is_sure(cast: Vote) -> bool:
    return cast.name in VOTED and cast.sure >= VOTE_SURE and cast.plain <= VOTE_PLAIN


def _settled(found: dict[Topic, float], whole: Sentence, given: Signals) -> dict[Topic, float]:
    """Of two intents that rules see, the one the vote is sure of."""
    if len({topic.intent for topic in found}) < 2 or any(t.name in FIRST for t in found):
        return found
    cast = vote(whole, given)
    named = {topic: sure for topic, sure in found.items() if topic.intent == cast.name}
    return named if named and cast.sure >= SETTLED_SURE else found


def _decided(found: dict[Topic, float]) -> Intent:
    if not found:
        return QUESTION
    ranked = sorted(found, key=lambda topic: (topic.name not in FIRST, -found[topic]))
    best = ranked[0]
    sure = found[best]
    near = [topic.intent for topic in ranked if sure - found[topic] < CLOSE]
    offered = tuple(dict.fromkeys(near))
    if best.intent not in OFFERED or any(name not in OFFERED for name in offered):
        return Intent(best.intent, best.name, sure)
    return Intent(best.intent, best.name, sure, offered if len(offered) > 1 else ())


def _clarified(intent: Intent, whole: Sentence) -> Intent:
    """ "Avvikelse" and "undantag" may be something else than a deviation from the model: ask."""
    if intent.name != "deviation":
        return intent
    bits = load_lexicon().bits
    if whole.mask & bits["deviation"]:
        return intent
    near = tuple(word for name, word in NEAR_TERMS if whole.mask & bits[name])
    return replace(intent, clarify=("avsteg", *near)) if near else intent
