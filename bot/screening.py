"""The gross-list rule as the router uses it: is it asked for, what does it say, in which words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.messages import Language, Part, Text
from bot.texts import Texts
from intents.classify import Signals, signals_from
from intents.grosslist import (
    Policy,
    Verdict,
    facts_from,
    screen,
)
from intents.language import fold
from intents.quantities import read
from intents.reading import Reading
from intents.verdict_says import verdict_line, verdict_says
from knowledge.answering import Quote
from knowledge.model import Hit, Passage

#: Articles a verdict rests on: the rule itself, and the one about the point at issue.
RULE_ARTICLE = "bruttolistan-villkor"
POINT_ARTICLES = {
    "OPTION": "bruttolistan-option",
    "RAMAVTAL": "bruttolistan-ramavtal-avrop",
    "FTE": "bruttolistan-heltid-deltid",
    "GRANSFALL": "bruttolistan-exakt-fyra-manader",
    "EXTRA_PLACES": "bruttolistan-praktikant",
    "INTERRUPTION": "bruttolistan-uppehall",
    "TENDERING_ONLY": "bruttolistan-vilken-tid",
}
# What a question of duty is about; "ska den med?" is about the list itself.
DUTY_OBJECT = re.compile(
    r"\b(krav\w*|hansyn\w*|villkor\w*|avsteg\w*|rapport\w*|modell\w*|praktik\w*|larling\w*|"
    r"stodfunktion\w*|jobb|reserve\w*|require\w*|hire\w*|jobs?|clause|klausul\w*|reserver\w*)\b"
)


@dataclass(frozen=True, slots=True)
class Told:
    """A question that carries the facts of a case."""

    verdict: Verdict
    #: The question without its numbers: what the guidance is searched for.
    rest: str
    #: Does it ask about a duty or a condition, not about the list?
    about_duty: bool


def signals_for(text: str, today: date, language: Language) -> tuple[Signals, Reading]:
    """What the message says in numbers, for the classifier."""
    reading = read(text, today, language)
    return signals_from(text, reading), reading


def judge(text: str, today: date, policy: Policy | None = None) -> tuple[Verdict, ...]:
    """The verdict on each case the message describes, by the policy or the shipped one."""
    return tuple(screen(facts, policy) for facts in facts_from(read(text, today), text))


def told_facts(text: str, today: date, policy: Policy | None = None) -> Told | None:
    """The verdict on a question that tells both how long and how many; None for any other."""
    reading = read(text, today)
    verdicts = tuple(screen(facts, policy) for facts in facts_from(reading, text))
    if len(verdicts) != 1 or not all(condition.words for condition in verdicts[0].conditions):
        return None
    told = [
        *(item.words for item in reading.durations),
        *(item.words for item in reading.periods),
        *(item.words for item in reading.counts),
        *(item.words for item in reading.shares),
    ]
    rest = list(text)
    for words in told:
        rest[words.start : words.end] = " " * (words.end - words.start)
    duty = bool(DUTY_OBJECT.search(fold(text)))
    return Told(verdicts[0], " ".join("".join(rest).split()), duty)


def basis_quotes(verdicts: Sequence[Verdict], passages: Sequence[Passage]) -> tuple[Quote, ...]:
    """The published passages behind the verdicts, the rule's own first."""
    codes = [code for verdict in verdicts for code in (*verdict.reasons, *verdict.notes)]
    wanted = [RULE_ARTICLE, *(POINT_ARTICLES[code] for code in codes if code in POINT_ARTICLES)]
    found = {passage.document_id: passage for passage in passages if passage.document_id in wanted}
    return tuple(
        Quote(Hit(found[name], 1.0, {}), found[name].text, found[name].start, found[name].end)
        for name in dict.fromkeys(wanted)
        if name in found
    )


def list_line(verdict: Verdict, texts: Texts, language: Language) -> Text:
    """The verdict on one line of its own, after an answer to a question of duty."""
    say = verdict_line(verdict)
    return Text(texts.render(say.key, language, **say.values), language)


def verdict_parts(verdict: Verdict, texts: Texts, language: Language) -> tuple[Part, ...]:
    """Verdict, the conditions with the person's own numbers, assumptions, next step."""
    return tuple(
        Text(texts.render(say.key, language, **say.values), language, say.role)
        for say in verdict_says(verdict)
    )
