"""Which sentence of a passage answers the question as it was asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from intents.language import fold, number_at, tokenize
from knowledge.locators import cited_locators
from knowledge.model import Passage
from knowledge.sentences import sentence_spans

Terms = Callable[[str], Sequence[str]]

YES_NO = re.compile(r"^(Ja|Nej|Jo|Yes|No)\b[,.:]?\s*")
#: A question that begins so wants a thing, time or way told, not yes or no.
OPEN = re.compile(
    r"^\W*(?:(?:och|men|så|om)\s+)?(?:vad|vem|vems|vilk\w+|när|var|vart|varför|varifrån|hur|"
    r"what|who|which|when|where|why|how)\b",
    re.IGNORECASE,
)
#: Each family of words turns the direction of a question round once.
TURNS = (
    re.compile(r"\b(?:inte|icke|ej|aldrig|ingen|inget|inga|not|no|never|without|utan)\b", re.I),
    re.compile(
        r"\b(?:frivillig\w*|slipp\w*|strunta\w*|hoppa över|låta bli|undvik\w*|valfri\w*)\b", re.I
    ),
    re.compile(r"\b(?:förbju\w*|otillåt\w*|olaglig\w*|olagligt|forbidden|illegal)\b", re.I),
)
#: "Är det inte sex månader?" expects a yes; the "inte" turns nothing round.
RHETORICAL = re.compile(
    r"\b(?:är|var|visst|ska|skulle|borde|räcker|gäller|måste|finns|har|kan|får)\b"
    r"(?:\s+(?:det|den|man|vi|väl|ju|nog|jag|du|ni))*\s+inte\b",
    re.IGNORECASE,
)
COUNTED = re.compile(
    r"\bhur (?:många|mycket|stor\w*|lång\w*|länge|hög\w*|ofta)|\bnär\b|\bvilket (?:år|belopp|datum)"
    r"|\bhow (?:many|much|long|large|often)|\bwhen\b|\bmax\w*\b|\bminst\b",
    re.IGNORECASE,
)
NUMBER = re.compile(r"\d")
#: Stems of units, so that "sex månader" and "fyra månaders tid" compare.
UNITS = ("manad", "dag", "veck", "procent", "person", "arbetstag", "timm", "kron", "kommun")
YEARS = frozenset({"ar", "aret", "ars"})
CITING = frozenset({"lou", "luf", "luk", "kap", "kapitl", "paragraf"})
LIST_ITEM = re.compile(r"(?:\d+\.|[a-z]\)|[-–•])\s")
#: Characters of a sentence with its list that are still read as one answer.
LONGEST_DIRECT = 900
# How much more of the question another sentence must hold than the one the article leads with.
LEAD = 1.5
_FILLER_LINES = """och att det som en ett är på för med av till den har de om kan ska vi man får jag
    vad hur när vem var måste inte i vid så ni du från eller"""
FILLER = frozenset(map(fold, _FILLER_LINES.split()))


def direct_span(
    question: str, text: str, passage: Passage, asked: frozenset[str], terms: Terms
) -> tuple[int, int]:
    """Start and end in ``text`` of the sentence to say first."""
    spans = sentence_spans(text)
    corrected = _correcting(question, text, spans)
    if corrected is not None:
        return corrected
    sought = asked - FILLER
    if cited_locators(question):
        # The numbers of the section itself say nothing about which of its sentences is meant.
        sought = frozenset(word for word in sought if not word.isdigit() and word not in CITING)
    best = _best(question, text, spans, sought, passage, terms)
    start, end = spans[best][0], _with_list(text, spans, best)
    spoken = YES_NO.match(text[start:end])
    if spoken and spoken.end() < end - start and not _yes_or_no_fits(question, passage, terms):
        # The article's "Nej" answers the opposite of what was asked, or asks for no yes or no:
        # say what follows it.
        start += spoken.end()
    return start, end


def _with_list(text: str, spans: Sequence[tuple[int, int]], best: int) -> int:
    """Where a sentence ends that goes on as a list: half of it would say something else."""
    start, end = spans[best]
    if text[start:end].endswith((".", "!", "?")):
        return end
    for item_start, item_end in spans[best + 1 :]:
        same_item = "\n" not in text[end:item_start]
        listed = same_item or bool(LIST_ITEM.match(text[item_start:item_end]))
        if not listed or item_end - start > LONGEST_DIRECT:
            break
        end = item_end
    return end


def states_other_number(question: str, sentence: str) -> bool:
    """Does the sentence give another number of a unit than the question takes for granted?"""
    claimed, stated = quantities(question), quantities(sentence)
    return any(unit in stated and not (numbers & stated[unit]) for unit, numbers in claimed.items())


def quantities(text: str) -> dict[str, set[int]]:
    """Numbers of a text by the unit they stand before, number words read."""
    words = tuple(token.folded for token in tokenize(text))
    counted: dict[str, set[int]] = {}
    at = 0
    while at < len(words):
        read = (int(words[at]), 1) if words[at].isdecimal() else number_at(words, at)
        if read is None or len(words[at]) > 9:
            at += 1
            continue
        number, length = read
        following = words[at + length : at + length + 2]
        unit = next((found for word in following if (found := _unit(word))), "")
        if unit:
            counted.setdefault(unit, set()).add(number)
        at += max(1, length)
    return counted


def _unit(word: str) -> str:
    if word in YEARS:
        return "ar"
    return next((unit for unit in UNITS if word.startswith(unit)), "")


def _correcting(
    question: str, text: str, spans: Sequence[tuple[int, int]]
) -> tuple[int, int] | None:
    """The sentence that puts a number of the question right; None when none is wrong."""
    claimed = quantities(question)
    stated = quantities(text)
    wrong = {
        unit for unit, numbers in claimed.items() if unit in stated and not numbers & stated[unit]
    }
    if not wrong or not (RHETORICAL.search(question) or not OPEN.match(question)):
        return None
    for start, end in spans:
        if wrong & set(quantities(text[start:end])):
            return start, end
    return None


def _best(
    question: str,
    text: str,
    spans: Sequence[tuple[int, int]],
    asked: frozenset[str],
    passage: Passage,
    terms: Terms,
) -> int:
    counted = bool(COUNTED.search(question))
    values = []
    for place, (start, end) in enumerate(spans):
        sentence = text[start:end]
        value = float(len(asked & set(terms(sentence))))
        if counted and (NUMBER.search(sentence) or quantities(sentence)):
            value += 1.0
        if place and LIST_ITEM.match(sentence):
            # What leads up to a list says what its items are; alone they are half a sentence.
            value = 0.0
        values.append(value - min(0.1 * place, 0.5))
    best = max(range(len(spans)), key=values.__getitem__)
    if passage.kind == "article" and values[best] < values[0] + LEAD:
        # An article leads with its answer; another sentence must be clearly nearer.
        return 0
    return best


def _yes_or_no_fits(question: str, passage: Passage, terms: Terms) -> bool:
    asked = set(terms(question))
    nearest = max(
        (passage.title, *passage.questions),
        key=lambda own: len(asked & set(terms(own))) / (1 + len(set(terms(own)) | asked)),
    )
    if OPEN.match(question):
        return bool(OPEN.match(nearest)) and bool(YES_NO.match(passage.text))
    return direction(question) == direction(nearest)


def direction(question: str) -> bool:
    """True where the question asks for a thing, False where it asks for its opposite."""
    plain = RHETORICAL.sub(" ", question)
    return sum(bool(turn.search(plain)) for turn in TURNS) % 2 == 0
