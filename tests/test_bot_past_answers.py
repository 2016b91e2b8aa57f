"""What was answered that day, and with which text: found again by number, day and words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from talking import NOON, Talk

from bot.app import App
from bot.guidance.past_answers import find_answer, list_answers
from bot.policy import Actor, Forbidden
from tests.knowledge_fixtures import article

pytest_plugins = ["app_fixtures"]

READER = Actor("anna", frozenset({"handlaggare"}))
TEXT = article("prov-lokal", "Provlokalen", "Provlokalen ligger i Angered.",
               "var ligger provlokalen")  # fmt: skip


def asked(app: App, question: str) -> str:
    """The number of the answer a new person gets."""
    app.corpus.look()
    talk = Talk(app, person=app.store.reserve_number("answer", 2026))
    talk.say(question)
    return str(talk.reply.facts["answer"])


def test_an_old_answer_is_shown_with_the_very_text_it_stood_on(app: App) -> None:
    app.store.guidance.publish_documents([TEXT], NOON)
    version = app.store.guidance.corpus_version()
    number = asked(app, "Var ligger provlokalen? Ring 070-1740605")
    found = find_answer(app, READER, number.lower())
    assert found is not None
    assert (found.text, found.outcome) == ("Provlokalen ligger i Angered.", "answered")
    assert (found.corpus_version, "070" in found.question) == (version, False)
    assert (found.quotes[0].standing, found.quotes[0].verified) == ("live", True)

    moved = replace(TEXT, body="Provlokalen ligger i Frölunda.")
    app.store.guidance.publish_documents([moved], NOON)
    again = find_answer(app, READER, number)
    assert again is not None
    quote = again.quotes[0]
    assert (quote.version, quote.standing, quote.verified) == (1, "replaced", True)
    assert quote.body[quote.start : quote.end] == quote.text == "Provlokalen ligger i Angered."
    app.store.guidance.retire("prov-lokal", NOON, "")
    gone = find_answer(app, READER, number)
    assert gone is not None
    assert gone.quotes[0].standing == "retired"


def test_every_answer_tells_its_corpus_version_and_versions_of_texts(app: App) -> None:
    numbers = [asked(app, q) for q in ("Vad är bruttolistan?", "Vad kostar en glass i Rom?")]
    for stored in map(app.store.answers.find, numbers):
        assert stored is not None
        assert stored.corpus_version == app.store.guidance.corpus_version()
        assert stored.documents == {q["document"]: q["version"] for q in stored.quotes}


def test_answers_are_found_by_day_and_words(app: App) -> None:
    number = asked(app, "Vad är bruttolistan?")
    asked(app, "Måste jag ställa krav?")
    day = NOON.date()
    assert [each.number for each in list_answers(app, READER, day, day, "BRUTTOLISTAN")] == [number]
    assert len(list_answers(app, READER, day, day)) == 2
    assert list_answers(app, READER, day + timedelta(1), day + timedelta(9)) == ()


def test_only_who_reads_questions_reads_old_ones(app: App) -> None:
    with pytest.raises(Forbidden):
        find_answer(app, Actor("t", frozenset({"tekniker"})), "S-1001")
    assert find_answer(app, READER, "S-9999") is None
