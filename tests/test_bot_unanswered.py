"""Questions nobody has answered: one answer serves all who asked, and is learnt from."""

from __future__ import annotations

from datetime import timedelta

import pytest
from talking import NOON, Talk

from bot.app import App
from bot.messages import Choices
from bot.port import OneAnswer, QuestionQuery
from knowledge.same_questions import telling_words
from storage.model import CaseFilter
from tests.scripted_desks import ONE, OTHER
from tests.web_person import logged_in

pytest_plugins = ["app_fixtures"]
MEETING = (
    "När är nästa frukostträff för inköpare?",
    "Vilket datum är nästa frukostträff?",
    "Finns det en frukostträff till i vår?",
)
LANGUAGE = "Vilka språk finns handboken på?"
ANSWER = OneAnswer(MEETING[0], "Den 4 mars klockan åtta.", "form-1")


@pytest.fixture
def askers(app: App) -> list[Talk]:
    """Three who ask about the same meeting, and one about something else."""
    people = [Talk(app, name, now=NOON - timedelta(hours=1)) for name in "abcd"]
    for person, question in zip(people, (*MEETING, LANGUAGE), strict=True):
        person.say(question)
        assert person.reply.facts["outcome"] in {"no_answer", "near_miss"}
    return people


def ids(app: App, *questions: str) -> list[str]:
    """Ids of the open questions with these words, in this order."""
    known = {each.words: each.id for theme in app.questions.themes(ONE) for each in theme.asked}
    return [known[question] for question in questions]


def left(app: App) -> set[str]:
    return {each.words for theme in app.questions.themes(ONE) for each in theme.asked}


def shown(app: App, person: Talk) -> str:
    person.reply = app.turns(person.key, 1)[-1].reply
    return person.text


def test_one_answer_goes_to_the_chosen_of_those_who_asked_alike_and_is_learnt_from(
    app: App, askers: list[Talk], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = app.questions.themes(ONE)
    assert first.words == ("nästa", "frukostträff")
    assert {"språk", "handboken"} <= set(second.words)
    assert {each.words for each in first.asked} == set(MEETING)
    assert app.questions.answer(ONE, ids(app, *MEETING[:2]), ANSWER) == 2
    app.relay.deliver_due()
    for person, got in zip(askers, (True, True, False, False), strict=True):
        assert (ANSWER.text in shown(app, person)) is got
    shown(app, askers[0])
    assert "Stämmer det med din fråga?" in [part.prompt for part in askers[0].parts(Choices)]
    assert left(app) == {MEETING[2], LANGUAGE}
    (draft,) = [each for each in app.store.guidance.drafts() if each.created_by == ONE.id]
    assert (draft.document.title, draft.document.body) == (ANSWER.title, ANSWER.text)
    assert set(draft.document.questions) == set(MEETING[:2])
    gold = app.store.gold.list()
    assert {each.question for each in gold} == set(MEETING[:2])
    assert all(each.expected == {"source": draft.document.basis} for each in gold)
    late = app.questions.themes(ONE)[0]
    assert not app.questions.answers_now(ONE, late)
    app.store.guidance.publish_draft(draft.document.id, draft.version, app.now(), ONE.id)
    monkeypatch.setattr("bot.guidance.corpus.FOLLOW_SECONDS", 0.0)
    askers[3].say("När är nästa frukostträff?")
    assert ANSWER.text in str(askers[3].reply)


def test_who_answers_a_moment_later_is_told_and_nobody_gets_two_answers(
    app: App, askers: list[Talk], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = ids(app, MEETING[0])
    read_before = app.questions._chosen(OTHER, seen)
    assert app.questions.answer(ONE, seen, ANSWER) == 1
    monkeypatch.setattr(app.questions, "_chosen", lambda *_: read_before)
    assert app.questions.answer(OTHER, seen, OneAnswer("Träff", "Den 5 mars.", "form-2")) == 0
    app.relay.deliver_due()
    assert ANSWER.text in shown(app, askers[0])
    assert len(app.store.guidance.drafts()) == 1


def test_a_question_laid_aside_leaves_the_list_and_comes_back_when_its_case_is_opened(
    app: App, askers: list[Talk]
) -> None:
    assert app.questions.set_aside(ONE, ids(app, LANGUAGE), "outside", "Fråga biblioteket.") == 1
    assert left(app) == set(MEETING)
    (case,) = app.store.cases.list(CaseFilter(kinds=("unanswered",)))
    notes = [event.facts.get("text", "") for event in app.store.cases.events(case.number)]
    assert any("utanför" in note and "Fråga biblioteket." in note for note in map(str, notes))
    app.support.reopen(ONE, case.number)
    assert LANGUAGE in left(app)


def test_questions_are_found_by_their_words_and_age(app: App, askers: list[Talk]) -> None:
    (theme,) = app.questions.themes(ONE, QuestionQuery(words="handboken SPRÅK"))
    assert [each.words for each in theme.asked] == [LANGUAGE]
    assert app.questions.themes(ONE, QuestionQuery(days=0)) == ()


def test_an_article_begins_with_the_askers_own_words(app: App, askers: list[Talk]) -> None:
    editor = logged_in(app)
    chosen = ",".join(ids(app, *MEETING[:2]))
    editor.open(f"/stod/kunskap/artiklar/ny?fragor={chosen},S-0")
    fields = editor.form("/stod/kunskap/artiklar/ny#fel").fields
    assert fields["title"] == MEETING[0]
    assert fields["questions"].split() == " ".join(MEETING[:2]).split()


def test_a_theme_is_named_by_what_its_questions_share() -> None:
    rare = {"larling": 3.0}
    words = telling_words(
        ("Får vi kräva lärlingar av målaren?", "Kan man kräva lärlingar?"),
        lambda stem: next((w for word, w in rare.items() if stem.startswith(word[:5])), 1.0),
        most=1,
    )
    assert words == ("lärlingar",)
    assert telling_words(("Hur? 2 st!",), lambda _: 1.0) == ()
