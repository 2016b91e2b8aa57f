"""What an answer looks like, whatever the question: verbatim, sourced, honest."""

from __future__ import annotations

import pytest
from talking import Talk

from bot.answers import regime_of
from bot.app import App
from bot.commands.ask import ask
from bot.messages import Sources

pytest_plugins = ["app_fixtures"]

QUESTIONS = [
    "Vad är bruttolistan?", "Vad är ett avsteg?", "Vilka målgrupper finns?", "Vad är ett IOP?",
    "Vad gör stödfunktionen?", "Vilka indikatorer mäts?",
]  # fmt: skip


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_quote_is_byte_for_byte_in_the_cited_version(app: App, question: str) -> None:
    found = ask(app, question)
    quotes = found["quotes"]
    assert isinstance(quotes, list)
    assert quotes
    documents = {s.document.title: s.document for s in app.store.guidance.published_documents()}
    for quote in quotes:
        body = documents[quote["document"]].body
        assert body[quote["start"] : quote["end"]] == quote["text"]


def test_a_summary_nobody_has_approved_says_so_and_names_its_page(talk: Talk) -> None:
    talk.say("Vad är bruttolistan?")
    sources = next(part for part in talk.reply.parts if isinstance(part, Sources))
    assert "ännu inte granskad av stödfunktionen. Bygger på" in sources.sources[0].note


def test_what_the_corpus_does_not_know_is_not_answered(app: App) -> None:
    for question in ("Hur lagar man en cykelslang?", "Vem vann hockeymatchen i går?"):
        assert ask(app, question)["outcome"] != "answered"


def test_what_another_law_decides_is_left_to_those_who_know_it(app: App) -> None:
    found = ask(app, "Stolarna kom trasiga, kan vi reklamera leveransen?")
    assert found["outcome"] == "no_answer"
    assert "allmän avtalsrätt" in str(found["answer"])
    assert found["quotes"] == []


def test_a_section_that_is_in_none_of_the_acts_is_named(app: App) -> None:
    found = ask(app, "Vad säger LOU 99 kap. 1 § om avsteg?")
    assert found["outcome"] != "answered"
    assert str(found["answer"]).startswith("LOU 99 kap. 1 § finns inte")


def test_the_two_conditions_are_told_with_the_persons_own_numbers(app: App) -> None:
    found = ask(app, "avtalet pågår 1 mars till 29 juni med sex personer, ska den med på listan?")
    assert found["verdict"] == "nej"
    assert "1 mars till 29 juni" in str(found["answer"])


def test_missing_facts_are_asked_for(app: App) -> None:
    found = ask(app, "sex månader, ska den på bruttolistan?")
    assert found["verdict"] is None
    assert found["missing"]


@pytest.mark.parametrize(
    ("basis", "regime"),
    [
        ("LOU 17 kap. 1 §", "over_threshold"),
        ("LOU 19 kap. 3 §", "under_threshold"),
        ("LOU 19 a kap. 2 §", "direct_award"),
        ("LOU 20 kap. 1 §", ""),
        ("LUK 14 kap. 1 §", "luk_over"),
        ("LUK 15 kap. 4 §", "luk_under"),
        ("S4", ""),
    ],
)
def test_a_section_names_the_regime_it_belongs_to(basis: str, regime: str) -> None:
    assert regime_of(basis) == regime
