"""The intents and policy topics as data: their rules, example phrases and outcomes.

Each file of ``phrases/`` is an intent with a table per topic; ``policy.toml`` holds the topics the
assistant does not answer. Other names in this module follow those files.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from intents.concepts import load_lexicon
from intents.intent_rules import Rule, parse_rule
from intents.nearest import Phrases

IntentName = Literal[
    "question", "deviation", "screening", "report_status", "handover", "example",
    "consultation", "smalltalk", "survey", "policy",
]  # fmt: skip
PolicyOutcome = Literal["refused", "handover"]

INTENTS: tuple[IntentName, ...] = (
    "deviation", "screening", "report_status", "handover", "example", "consultation",
    "smalltalk", "survey", "question",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Topic:
    """One kind of message within an intent."""

    intent: IntentName
    #: Table name in the intent's file: "annual", "press", "persons" ...
    name: str
    rules: tuple[Rule, ...]
    #: Rules over the whole message.
    wide_rules: tuple[Rule, ...]
    phrases: tuple[str, ...]
    #: Concepts that make a message with them something else, as bits.
    never_with: int
    #: Concepts that keep the phrases from counting, as bits.
    bars: int


@dataclass(frozen=True, slots=True)
class PolicyTopic:
    """What the assistant does with a topic outside its limits; texts under ``policy.<name>``."""

    name: str
    outcome: PolicyOutcome
    #: Id of the guidance article to quote with it; empty for none.
    article: str
    #: Is nothing of such a message to be kept?
    forgotten: bool = False


@dataclass(frozen=True)
class Phrasebook:
    """All topics, ready for use."""

    topics: tuple[Topic, ...]
    policies: Mapping[str, PolicyTopic]
    phrases: Phrases
    #: For each phrase the topic it belongs to.
    owners: tuple[Topic, ...]

    def topic(self, intent: str, name: str) -> Topic:
        """Return one topic; StopIteration for a name no file defines."""
        return next(each for each in self.topics if (each.intent, each.name) == (intent, name))


@cache
def load_phrasebook() -> Phrasebook:
    """Return the intents and topics shipped with the package."""
    policy = _load("policy.toml")
    topics = [t for name in INTENTS for t in _topics(name, _load(f"phrases/{name}.toml"))]
    topics += _topics("policy", policy)
    owned = [(phrase, topic) for topic in topics for phrase in topic.phrases]
    return Phrasebook(
        tuple(topics),
        {name: _to_policy(name, table) for name, table in policy.items()},
        Phrases(tuple(phrase for phrase, _ in owned)),
        tuple(topic for _, topic in owned),
    )


def policy_topic(name: str) -> PolicyTopic:
    """Return the policy of a topic; KeyError for a name ``policy.toml`` lacks."""
    return load_phrasebook().policies[name]


def _load(name: str) -> Mapping[str, Any]:
    return tomllib.loads(files("intents").joinpath(name).read_text(encoding="utf-8"))


def _topics(intent: IntentName, tables: Mapping[str, Any]) -> Iterator[Topic]:
    lexicon = load_lexicon()
    for name, table in tables.items():
        bars = " ".join(f"!{concept}" for concept in table.get("unless", "").split())
        rules = [parse_rule(_barred(line, bars), lexicon) for line in table["rules"]]
        yield Topic(
            intent,
            name,
            tuple(rule for rule in rules if rule.scope == "sentence"),
            tuple(rule for rule in rules if rule.scope != "sentence"),
            tuple(table["phrases"]),
            lexicon.mask(table.get("never_with", "").split()),
            lexicon.mask(table.get("unless", "").split()),
        )


def _barred(line: str, bars: str) -> str:
    """Put the table's ``unless`` before the number that may end the line."""
    parts = line.split()
    sure = [parts.pop()] if parts[-1][0].isdigit() else []
    return " ".join([*parts, bars, *sure])


def _to_policy(name: str, table: Mapping[str, Any]) -> PolicyTopic:
    forgotten = bool(table.get("forgotten", False))
    return PolicyTopic(name, table["outcome"], table["article"], forgotten)
