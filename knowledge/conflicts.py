"""The conflict radar: new passages that give another number, date or address than live ones."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import log
from typing import Literal

from intents.language import stem, tokenize
from intents.quantities import read
from intents.reading import Bounds, Operator
from knowledge.model import Passage
from knowledge.sentences import sentence_spans

Kind = Literal["duration", "count", "share", "money", "date", "address"]
#: "at_least" with 4 and "more_than" with 4 disagree; no operator agrees with any.
Value = tuple[str, float | str]

#: A sentence without any of these gives no fact that is compared.
FACT = re.compile(
    r"\bmånad|\bdag(?:ar)?\b|\bveck|\bår\b|procent|%|\bkr(?:onor)?\b|person|arbetstagare|anställd|"
    r"plats|@|\d{4}-\d\d|\d{1,2} (?:januari|februari|mars|april|maj|juni|juli|augusti|september|"
    r"oktober|november|december)\b",
    re.IGNORECASE,
)
SHARE = re.compile(r"(\d[\d ]*(?:,\d+)?) ?(?:procent\b|%)", re.IGNORECASE)
MONEY = re.compile(r"(\d[\d ]*(?:,\d+)?) ?((?:tusen |miljoner |mkr |tkr )?)(?:kronor|kr)\b", re.I)
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
LONGEST_SENTENCE = 600
#: Words shorter than this tell little about what a sentence is about.
SHORTEST_WORD = 4
FEWEST_SHARED = 3
#: Share of the words' weight that two sentences about the same thing have in common.
ALIKE = 0.5
MOST_SHOWN = 20
STRICT = {Operator.MORE_THAN: "mer än", Operator.LESS_THAN: "mindre än"}
LOOSE = {Operator.AT_LEAST: "minst", Operator.AT_MOST: "högst"}


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence that gives a number, a date or an address."""

    passage: Passage
    sentence: str
    values: Mapping[tuple[Kind, str], frozenset[Value]]
    #: Stems of what it is about, its headings included.
    about: frozenset[str]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two sentences about the same thing that say different things."""

    kind: Kind
    new: Statement
    live: Statement
    #: Weight the two have in common, 0 to 1.
    alike: float
    #: Other live documents that disagree with the same sentence.
    others: int = 0


def find_disagreements(
    new: Iterable[Passage], live: Iterable[Passage], today: date
) -> tuple[Disagreement, ...]:
    """What the new passages say otherwise than live ones, most alike first.

    Also compares the new documents with each other. ``today`` places dates without a year.
    """
    mine = list(_statements(new, today))
    others = list(_statements(live, today))
    weights = _weights([*mine, *others])
    found = [
        disagreement
        for at, statement in enumerate(mine)
        for other in (*others, *mine[at + 1 :])
        # A document may well give examples; its own former version is about to go.
        if other.passage.document_id != statement.passage.document_id
        if (disagreement := _compared(statement, other, weights))
    ]
    found.sort(key=lambda each: -each.alike)
    return tuple(_one_per_sentence(found))[:MOST_SHOWN]


def _one_per_sentence(found: Sequence[Disagreement]) -> Iterator[Disagreement]:
    """The likest sentence each new sentence disagrees with, and how many documents more."""
    groups: dict[tuple[str, Kind], list[Disagreement]] = {}
    for each in found:
        groups.setdefault((each.new.sentence, each.kind), []).append(each)
    for likest, *more in groups.values():
        documents = {each.live.passage.document_id for each in more}
        yield replace(likest, others=len(documents - {likest.live.passage.document_id}))


def _statements(passages: Iterable[Passage], today: date) -> Iterator[Statement]:
    for passage in passages:
        above = f"{passage.title} {passage.heading}"
        for start, end in sentence_spans(passage.text):
            sentence = passage.text[start:end]
            if end - start > LONGEST_SENTENCE or not FACT.search(sentence):
                continue
            if values := _values(sentence, today):
                yield Statement(
                    passage, sentence, values, _about(f"{above} {ADDRESS.sub('', sentence)}")
                )


def _about(text: str) -> frozenset[str]:
    return frozenset(
        stem(token.folded)
        for token in tokenize(text)
        if len(token.folded) >= SHORTEST_WORD and token.folded.isalpha()
    )


def _values(sentence: str, today: date) -> dict[tuple[Kind, str], frozenset[Value]]:
    found: dict[tuple[Kind, str], set[Value]] = {}
    reading = read(sentence, today)
    for duration in reading.durations:
        unit = "months" if duration.low.months else "days"
        number = duration.low.months or duration.low.days
        if number and duration.sure:
            found.setdefault(("duration", unit), set()).add(_value(duration.operator, number))
    for count in reading.counts:
        if count.bounds.low:
            found.setdefault(("count", ""), set()).add(_people(count.bounds))
    for moment in reading.dates:
        if moment.precision == "day" and moment.first and not moment.year_assumed:
            found.setdefault(("date", ""), set()).add(("", moment.first[0].isoformat()))
    for share in SHARE.finditer(sentence):
        found.setdefault(("share", ""), set()).add(("", _number(share[1])))
    for sum_ in MONEY.finditer(sentence):
        found.setdefault(("money", sum_[2].strip()), set()).add(("", _number(sum_[1])))
    for address in ADDRESS.finditer(sentence):
        found.setdefault(("address", ""), set()).add(("", address[0].casefold()))
    return {key: frozenset(values) for key, values in found.items()}


def _value(operator: Operator, number: float) -> Value:
    return (STRICT.get(operator) or LOOSE.get(operator) or "", number)


def _people(bounds: Bounds) -> Value:
    """More than one person is at least two; of time that does not hold."""
    least = (bounds.low or 0) + bounds.low_open
    return ("" if least == bounds.high else "minst", least)


def _number(written: str) -> float:
    return float(written.replace(" ", "").replace(",", "."))


def _weights(statements: Sequence[Statement]) -> dict[str, float]:
    """Rare words weigh more: two sentences that share only common ones are not alike."""
    seen = Counter(word for each in statements for word in each.about)
    return {word: log(1 + len(statements) / number) for word, number in seen.items()}


def _compared(
    new: Statement, other: Statement, weights: Mapping[str, float]
) -> Disagreement | None:
    keys = [key for key in new.values if _disagree(new.values[key], other.values.get(key))]
    shared = new.about & other.about
    if not keys or len(shared) < FEWEST_SHARED:
        return None
    least = min(sum(weights[word] for word in each.about) for each in (new, other))
    alike = sum(weights[word] for word in shared) / least
    return Disagreement(keys[0][0], new, other, alike) if alike >= ALIKE else None


def _disagree(values: frozenset[Value], others: frozenset[Value] | None) -> bool:
    """Is there no value the two could both mean?"""
    return bool(others) and not any(
        number == other and (not operator or not also or operator == also)
        for operator, number in values
        for also, other in others or ()
    )
