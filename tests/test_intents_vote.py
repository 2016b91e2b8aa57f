"""The trained vote: stories no rule was written for, and rule questions it must leave alone."""

import json
from importlib.resources import files
from pathlib import Path

import pytest

import knowledge
from intents.classify import classify
from intents.concepts import load_lexicon
from intents.vote import load_weights
from knowledge.vote_training import load_rows, train


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        (
            (
                "Jag är arbetsledare på ett av bolagen och vi har haft fullt upp. I våras bestämde "
                "vår driftchef med plattsättaren att två ungdomar skulle få prova på, och stödfunk"
                "tionen har inte hört ett ord om det. Nu vill jag göra rätt."
            ),
            "deviation",
        ),
        (
            (
                "Jag har letat länge och din text om listan var inte vad jag behövde. Jag skulle "
                "bli glad om du skickade över det till stödfunktionen så kan de återkomma."
            ),
            "handover",
        ),
        (
            (
                "Vår hamnentreprenad gick över förväntan och fyra personer har gått vidare till "
                "riktiga jobb. Kan vi skriva ner hur vi gjorde så att andra får veta?"
            ),
            "example",
        ),
        (
            (
                "För en månad sedan lämnade jag en rapport och har inte hört något sedan dess. Var "
                "ligger den nu?"
            ),
            "report_status",
        ),
    ],
)
def test_a_rambling_story_is_taken_where_it_belongs(text: str, intent: str) -> None:
    assert classify(text).name == intent


@pytest.mark.parametrize(
    "text",
    [
        "Ersätter rapporten i chatten vår egen dokumentation?",
        "Vi har pratat länge om det här på enheten: gäller modellen även för varor?",
        "Får ett vanligt aktiebolag lämna anbud när vi har reserverat kontraktet?",
        "Vem bestämmer vilken nivå det blir, och när ska stödfunktionen kopplas in?",
    ],
)
def test_a_rule_question_stays_a_question(text: str) -> None:
    assert classify(text).name == "question"


def test_every_weight_belongs_to_a_feature_that_exists() -> None:
    known = load_lexicon().bits
    weights = load_weights()
    for feature, row in weights.features.items():
        assert feature in known or feature.startswith(("signal:", "length:")), feature
        assert len(row) == len(weights.names) == len(weights.bias)


@pytest.mark.slow
def test_the_shipped_weights_are_those_the_training_makes() -> None:
    folder = Path(str(files(knowledge)))
    made = train(load_rows(folder))
    shipped = json.loads((folder.parent / "intents" / "vote.json").read_text(encoding="utf-8"))
    assert made["names"] == shipped["names"]
    assert len(made["features"].keys() ^ shipped["features"].keys()) < 0.05 * len(made["features"])


@pytest.mark.parametrize("text", ["hej då", "tack och hej!", "Tack för hjälpen, hej då"])
def test_a_farewell_is_no_greeting(text: str) -> None:
    assert classify(text).topic == "bye"
