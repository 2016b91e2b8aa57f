"""From hits to one of three outcomes; every sentence is a verbatim span of a passage."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from intents.language import fold
from knowledge.model import Hit, Passage
from knowledge.retriever import Result
from knowledge.sentences import sentence_spans

Outcome = Literal["answered", "near_miss", "no_answer"]
Terms = Callable[[str], Sequence[str]]

# A longer passage is quoted by the paragraphs that answer, not as a whole.
LONGEST_QUOTE = 1_200
# How many passages an answer shows, and how near the best a further one must be.
QUOTES = 3
FURTHER_SHARE = 0.6
YES_NO = re.compile(r"^(Ja|Nej|Yes|No)\b[,.:]?\s*")
NEGATED = re.compile(r"\b(inte|icke|ej|utan|aldrig|ingen|inget|inga|slipper|not|no|without)\b", re.I)


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim span of a passage."""

    hit: Hit
    #: ``document.body[start:end]``.
    text: str
    start: int
    end: int

    @property
    def passage(self) -> Passage:
        """The passage the span stands in."""
        return self.hit.passage


@dataclass(frozen=True, slots=True)
class Answer:
    """What the corpus says to a question."""

    outcome: Outcome
    #: The sentence that answers; None unless answered.
    direct: Quote | None
    #: The passages behind it, best first.
    quotes: tuple[Quote, ...]
    #: Probability that the first quote answers; never shown.
    confidence: float


def compose(
    question: str, result: Result, terms: Terms, answer_at: float, near_at: float
) -> Answer:
    """Decides the outcome and cuts the quotes.

    Args:
        question: as typed.
        result: what the search found.
        terms: cuts a text into comparable stems.
        answer_at: lowest confidence that counts as an answer.
        near_at: lowest confidence worth showing as "nearest I have".
    """
    if not result.hits or result.confidence < near_at:
        return Answer("no_answer", None, (), result.confidence)
    asked = set(terms(question))
    best = result.hits[0].score
    kept = [hit for hit in result.hits if hit.score >= FURTHER_SHARE * best or hit.passage.about]
    quotes = tuple(_quote(hit, asked, terms) for hit in kept[:QUOTES])
    if result.confidence < answer_at:
        return Answer("near_miss", None, quotes, result.confidence)
    return Answer("answered", _direct(question, quotes[0], asked, terms), quotes, result.confidence)


def _quote(hit: Hit, asked: set[str], terms: Terms) -> Quote:
    passage = hit.passage
    if len(passage.text) <= LONGEST_QUOTE:
        return Quote(hit, passage.text, passage.start, passage.end)
    start, end = _best_window(passage.text, asked, terms)
    return Quote(hit, passage.text[start:end], passage.start + start, passage.start + end)


def _best_window(text: str, asked: set[str], terms: Terms) -> tuple[int, int]:
    """The run of whole sentences within the limit that holds most of what was asked."""
    spans = sentence_spans(text)
    found = [len(asked & set(terms(text[a:b]))) for a, b in spans]
    best, window = -1.0, spans[0]
    for first in range(len(spans)):
        total = 0
        for last in range(first, len(spans)):
            if spans[last][1] - spans[first][0] > LONGEST_QUOTE and last > first:
                break
            total += found[last]
            # A window from the top is easier to read when nothing else decides.
            value = total - 0.01 * first
            if value > best:
                best, window = value, (spans[first][0], spans[last][1])
    return window


def _direct(question: str, quote: Quote, asked: set[str], terms: Terms) -> Quote:
    spans = sentence_spans(quote.text)
    start, end = spans[0]
    if quote.passage.kind == "statute" or not quote.passage.questions:
        overlap = [len(asked & set(terms(quote.text[a:b]))) - 0.5 * i for i, (a, b) in enumerate(spans)]
        start, end = spans[max(range(len(spans)), key=overlap.__getitem__)]
    elif (match := YES_NO.match(quote.text)) and _turns_round(question, quote.passage, terms):
        # The article's "Nej" answers the opposite of what was asked: quote what follows it.
        start += match.end()
    return Quote(quote.hit, quote.text[start:end], quote.start + start, quote.start + end)


def _turns_round(question: str, passage: Passage, terms: Terms) -> bool:
    """Is the question negated where the article's nearest own question is not, or the reverse?"""
    asked = set(terms(question))
    nearest = max(
        (passage.title, *passage.questions),
        key=lambda own: len(asked & set(terms(own))) / (1 + len(set(terms(own)) | asked)),
    )
    return bool(NEGATED.search(fold(question))) != bool(NEGATED.search(fold(nearest)))
