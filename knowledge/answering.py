"""From hits to one of three outcomes; every sentence is a verbatim span of a passage."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from knowledge.counterparts import are_counterparts
from knowledge.directness import Terms, direct_span, states_other_number
from knowledge.locators import regime_of
from knowledge.model import Hit, Passage
from knowledge.retriever import Result
from knowledge.sentences import sentence_spans

Outcome = Literal["answered", "near_miss", "no_answer"]
#: What an answer may say of itself besides its text; sentences for these lie with the reader.
Remark = Literal["declines", "premise", "conflict", "regimes"]

# A longer passage is quoted by the paragraphs that answer, not as a whole.
LONGEST_QUOTE = 1_600
# How many passages an answer shows, and how near the best a further one must be.
QUOTES = 3
FURTHER_SHARE = 0.2
# Where nothing is sure, more of what lies near is shown.
FURTHER_SHARE_UNSURE = 0.02
#: What an article says where the sources, or the assistant, leave a question open.
DECLINES = re.compile(
    r"framgår inte|finns inte i (?:de|våra|någon|nån|den|vår)\b|går inte att svara|svarar inte|"
    r"lämnar inte ut|har ingen information|vet (?:vi )?inte|avgörs inte här|bedömer inte|"
    r"räknar (?:därför )?inte ut|anger inga|saknas i källorna|skriver inga|kan inte boka|"
    r"nej, inte längre",
    re.IGNORECASE,
)


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
    #: The sentence that answers; without an answer None, or what says that the subject lies
    #: outside this corpus.
    direct: Quote | None
    #: The passages behind it, best first.
    quotes: tuple[Quote, ...]
    #: Probability that the first quote answers; never shown.
    confidence: float
    #: "declines": the text says that the sources leave it open; "premise": the question took a
    #: number for granted that the text gives otherwise; "conflict": two quotes give different
    #: numbers; "regimes": quotes of sections that apply above and below the threshold.
    remarks: tuple[Remark, ...] = ()


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
    sure, beyond = result.confidence >= answer_at, result.hits[0].passage.outside
    inside = [hit for hit in result.hits if not hit.passage.outside]
    if (sure and beyond) or not inside:
        return _beyond(result)
    sure = sure and not beyond
    asked = frozenset(result.terms or terms(question))
    share = FURTHER_SHARE if sure else FURTHER_SHARE_UNSURE
    shown = inside if sure else _of_different_sources(inside)
    quotes = tuple(_quote(hit, asked, terms) for hit in _chosen(shown, share))
    if not sure:
        return Answer("near_miss", None, quotes, result.confidence, _between(quotes, asked, terms))
    start, end = direct_span(question, quotes[0].text, quotes[0].passage, asked, terms)
    lead = quotes[0]
    direct = Quote(lead.hit, lead.text[start:end], lead.start + start, lead.start + end)
    remarks = (*_about(question, direct, lead), *_between(quotes, asked, terms))
    return Answer("answered", direct, quotes, result.confidence, remarks)


def _beyond(result: Result) -> Answer:
    """What lies outside the corpus is no answer, but it can be said whose question it is."""
    best = result.hits[0]
    start, end = best.passage.start, best.passage.end
    return Answer("no_answer", Quote(best, best.passage.text, start, end), (), result.confidence)


def _chosen(hits: Sequence[Hit], share: float) -> list[Hit]:
    """The best hit and those that add to it: nearly as near, or the section an article rests on."""
    best = hits[0]
    further = [
        hit
        for hit in hits[1:]
        if hit.score >= share * best.score
        or hit.passage.locator == best.passage.basis
        or are_counterparts(best.passage.basis, hit.passage.basis)
    ]
    return [best, *further[: QUOTES - 1]]


def _of_different_sources(hits: Sequence[Hit]) -> list[Hit]:
    """Where nothing is sure, an article and the section it rests on would say one thing twice."""
    first: dict[str, Hit] = {}
    for hit in hits:
        first.setdefault(hit.passage.basis if "§" in hit.passage.basis else hit.passage.id, hit)
    return list(first.values())


def _about(question: str, direct: Quote, lead: Quote) -> list[Remark]:
    remarks: list[Remark] = []
    if lead.passage.kind != "statute" and DECLINES.search(direct.text):
        remarks.append("declines")
    if states_other_number(question, direct.text):
        remarks.append("premise")
    return remarks


def _between(quotes: Sequence[Quote], asked: frozenset[str], terms: Terms) -> tuple[Remark, ...]:
    remarks: list[Remark] = []
    if _conflict(quotes, asked, terms):
        remarks.append("conflict")
    regimes = {regime_of(quote.passage.basis) for quote in quotes} - {""}
    if len(regimes) > 1:
        remarks.append("regimes")
    return tuple(remarks)


def _conflict(quotes: Sequence[Quote], asked: frozenset[str], terms: Terms) -> bool:
    """Do sentences of two documents hold the same words of the question and other numbers?"""
    if len({quote.passage.document_id for quote in quotes}) < 2:
        return False
    found: list[tuple[str, str]] = []
    for quote in quotes:
        for start, end in sentence_spans(quote.text):
            sentence = quote.text[start:end]
            if len(asked) > 2 and len(asked & set(terms(sentence))) >= 0.6 * len(asked):
                found.append((quote.passage.document_id, sentence))
    return any(
        left[0] != right[0] and states_other_number(left[1], right[1])
        for left in found
        for right in found
    )


def _quote(hit: Hit, asked: frozenset[str], terms: Terms) -> Quote:
    passage = hit.passage
    if len(passage.text) <= LONGEST_QUOTE:
        return Quote(hit, passage.text, passage.start, passage.end)
    start, end = _best_window(passage.text, asked, terms)
    return Quote(hit, passage.text[start:end], passage.start + start, passage.start + end)


def _best_window(text: str, asked: frozenset[str], terms: Terms) -> tuple[int, int]:
    """The run of whole sentences within the limit that holds most of what was asked."""
    spans = sentence_spans(text)
    found = [len(asked & set(terms(text[a:b]))) for a, b in spans]
    best, window = -1.0, spans[0]
    first, total = 0, 0
    for last in range(len(spans)):
        total += found[last]
        while spans[last][1] - spans[first][0] > LONGEST_QUOTE and first < last:
            total -= found[first]
            first += 1
        # A window from the top is easier to read when nothing else decides.
        value = total - 0.01 * first
        if value > best:
            best, window = value, (spans[first][0], spans[last][1])
    start, end = window
    return start, min(end, start + LONGEST_QUOTE)
