"""Answers: verbatim quotes, the sentence that answers, and what an answer says of itself."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.answering import LONGEST_QUOTE, QUOTES, Answer, compose
from knowledge.counterparts import are_counterparts
from knowledge.directness import direction, quantities, states_other_number
from knowledge.embedding import HashEmbedder
from knowledge.index import build_index
from knowledge.model import OUTSIDE, Document, Hit
from knowledge.passages import split
from knowledge.reading import asks_for_all, numbered_things, without_stubs
from knowledge.retriever import Result, Retriever
from knowledge.sentences import sentence_spans
from tests.knowledge_fixtures import TWINS, article, documents, passages, small_retriever

BODIES = {document.id: document.body for document in documents()}


def ask(question: str, retriever: Retriever | None = None) -> Answer:
    used = retriever or small_retriever()
    result = used.search(question)
    return compose(question, result, used.terms, used.fusion.answer_at, used.fusion.near_at)


def from_passage(document: Document, question: str, confidence: float = 0.9) -> Answer:
    """The answer when exactly this document was found."""
    retriever = small_retriever()
    hit = Hit(split(document)[0], confidence, {})
    return compose(question, Result((hit,), confidence, ()), retriever.terms, 0.5, 0.2)


def direct(answer: Answer) -> str:
    assert answer.direct is not None
    return answer.direct.text


@settings(max_examples=80)
@given(st.text(max_size=200))
def test_every_quote_is_a_verbatim_span(question: str) -> None:
    answer = ask(question)
    quotes = [*answer.quotes, *([answer.direct] if answer.direct else [])]
    for quote in quotes:
        assert BODIES[quote.passage.document_id][quote.start : quote.end] == quote.text
        assert quote.text


@given(st.text(max_size=400))
def test_sentences_are_spans_in_order_without_loss(text: str) -> None:
    spans = sentence_spans(text)
    assert all(start < end for start, end in spans)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
    assert "".join("".join(text[a:b] for a, b in spans).split()) == "".join(text.split())


def test_abbreviations_and_section_numbers_end_no_sentence() -> None:
    text = "Det står i 17 kap. 2 § t.ex. om lön. Nästa mening."
    assert [text[a:b] for a, b in sentence_spans(text)] == [
        "Det står i 17 kap. 2 § t.ex. om lön.",
        "Nästa mening.",
    ]


def test_three_outcomes_follow_the_two_thresholds() -> None:
    document = documents()[2]
    outcomes = [from_passage(document, "bruttolistan", c).outcome for c in (0.9, 0.3, 0.1)]
    assert outcomes == ["answered", "near_miss", "no_answer"]


def test_the_article_leads_with_its_answer() -> None:
    assert direct(ask("Vad är bruttolistan?")).startswith("Bruttolistan omfattar")


def test_a_yes_or_no_is_given_only_to_the_question_it_answers() -> None:
    duty = documents()[4]
    assert direct(from_passage(duty, "Är det tvång att ta social hänsyn?")).startswith("Nej")
    turned = direct(from_passage(duty, "Är det frivilligt att ta social hänsyn?"))
    assert turned.startswith("modellen ska användas")
    told = direct(from_passage(duty, "När ska modellen användas?"))
    assert told.startswith("modellen ska användas")


@pytest.mark.parametrize(
    "question",
    ["Är det inte sex månader som gäller för listan?", "listan gäller väl från tre månader?"],
)
def test_a_number_taken_for_granted_wrongly_is_put_right(question: str) -> None:
    answer = from_passage(documents()[2], question)
    assert "fyra månader" in direct(answer)
    assert "premise" in answer.remarks


def test_the_right_number_is_no_false_premise() -> None:
    answer = from_passage(documents()[2], "Är det fyra månader som gäller för listan?")
    assert "premise" not in answer.remarks


def test_an_article_that_leaves_a_question_open_says_so() -> None:
    answer = from_passage(documents()[5], "Vad kostar stödfunktionen?")
    assert answer.outcome == "answered"
    assert "declines" in answer.remarks


def test_another_sentence_is_chosen_when_it_is_clearly_nearer() -> None:
    answer = from_passage(documents()[3], "I vilken månad skickas helårsrapporten av aktörer?")
    assert "december" in direct(answer)


def test_passages_that_give_different_numbers_are_both_shown() -> None:
    first = article("ett", "Hur många fick jobb 2021?", "År 2021 fick 84 personer jobb.")
    second = article("tva", "Siffror om jobb 2021", "Under 2021 fick 75 personer jobb.")
    hits = tuple(Hit(split(document)[0], 0.9, {}) for document in (first, second))
    question = "Hur många personer fick jobb 2021?"
    terms = small_retriever().terms
    answer = compose(question, Result(hits, 0.9, ()), terms, 0.5, 0.2)
    assert "conflict" in answer.remarks
    assert [quote.passage.document_id for quote in answer.quotes] == ["ett", "tva"]


def test_sections_above_and_below_the_threshold_are_told_apart() -> None:
    hits = tuple(
        Hit(passage, 0.9, {})
        for passage in passages()
        if passage.locator in {"LOU 17 kap. 2 §", "LOU 19 kap. 3 §"}
    )
    answer = compose("lön", Result(hits, 0.9, ()), small_retriever().terms, 0.5, 0.2)
    assert "regimes" in answer.remarks


def test_a_long_passage_is_quoted_where_it_answers() -> None:
    filler = "Det här handlar om något annat. " * 80
    body = f"{filler}Vitet är femtio kronor för varje zebra. {filler}"
    document = Document("lang", "Lång", "document", body, "Källa", "odaterad")
    passage = replace(split(document)[0], text=body.strip(), start=0, end=len(body.strip()))
    answer = compose(
        "Hur stort är vitet för en zebra?",
        Result((Hit(passage, 0.9, {}),), 0.9, ()),
        small_retriever().terms,
        0.5,
        0.2,
    )
    assert "zebra" in answer.quotes[0].text
    assert len(answer.quotes[0].text) <= LONGEST_QUOTE
    assert "zebra" in direct(answer)


def test_no_more_than_three_passages_are_shown() -> None:
    hits = tuple(Hit(passage, 0.9, {}) for passage in passages())
    answer = compose("krav", Result(hits, 0.9, ()), small_retriever().terms, 0.5, 0.2)
    assert len(answer.quotes) == QUOTES


def test_numbers_are_read_with_their_units() -> None:
    assert quantities("sex månader, 50 procent och fler än en arbetstagare") == {
        "manad": {6},
        "procent": {50},
        "arbetstag": {1},
    }
    assert states_other_number("är det sex månader?", "minst fyra månader")
    assert not states_other_number("är det sex månader?", "50 procent")


def test_words_that_turn_a_question_round_are_counted() -> None:
    assert direction("Måste vi rapportera?")
    assert not direction("Är det frivilligt att rapportera?")
    assert direction("Är det inte fyra månader som gäller?")
    assert direction("Är det frivilligt att inte rapportera?")


@settings(max_examples=60)
@given(st.text(max_size=120), st.text(max_size=120))
def test_no_words_break_the_reading_of_numbers(left: str, right: str) -> None:
    states_other_number(left, right)


def test_an_empty_corpus_answers_nothing() -> None:
    retriever = Retriever(build_index((), HashEmbedder()), small_retriever().fusion, TWINS)
    assert ask("Vad är bruttolistan?", retriever).outcome == "no_answer"


def outside() -> Document:
    text = "Sekretess styrs av en lag som inte finns här.\n\nFråga en jurist."
    return article("sekretess", "Sekretess", text, "får vi lämna ut anbud", basis=OUTSIDE)


def test_a_subject_outside_the_corpus_is_not_answered_but_told_whose_it_is() -> None:
    answer = from_passage(outside(), "Får vi lämna ut anbudet?")
    assert answer.outcome == "no_answer"
    assert not answer.quotes
    assert direct(answer).endswith("Fråga en jurist.")


def test_a_doubtful_end_of_the_corpus_hides_nothing_that_lies_near() -> None:
    hits = tuple(Hit(split(document)[0], 0.3, {}) for document in (outside(), documents()[3]))
    answer = compose("avsteg", Result(hits, 0.3, ()), small_retriever().terms, 0.5, 0.2)
    assert answer.outcome == "near_miss"
    assert [quote.passage.document_id for quote in answer.quotes] == ["avsteg-nar"]


def test_a_sentence_that_goes_on_as_a_list_is_said_with_it() -> None:
    body = "Avtalsspärr gäller inte\n\n1. vid direktköp,\n\n2. vid avrop.\n\nNågot annat."
    answer = from_passage(article("sparr", "Avtalsspärr", body), "När gäller ingen avtalsspärr?")
    assert direct(answer).endswith("2. vid avrop.")


def test_the_numbers_of_a_cited_section_choose_none_of_its_sentences() -> None:
    passage = next(p for p in passages() if p.locator == "LOU 17 kap. 1 §")
    text = "Krav får ställas. De ska ha anknytning enligt 17 kap. 2 §."
    hit = Hit(replace(passage, text=text, start=0, end=len(text)), 1.0, {})
    terms = small_retriever().terms
    answer = compose("Vad säger LOU 17 kap. 1 §?", Result((hit,), 1.0, ()), terms, 0.5, 0.2)
    assert direct(answer) == "Krav får ställas."


def test_the_rule_for_the_other_value_is_shown_beside_the_one_found() -> None:
    over = next(p for p in passages() if p.locator == "LOU 17 kap. 1 §")
    pair = (
        replace(over, locator="LOU 16 kap. 7 §", basis="LOU 16 kap. 7 §"),
        replace(over, locator="LOU 19 kap. 18 §", basis="LOU 19 kap. 18 §"),
    )
    hits = (Hit(pair[0], 0.9, {}), Hit(pair[1], 0.01, {}))
    answer = compose("lågt anbud", Result(hits, 0.9, ()), small_retriever().terms, 0.5, 0.2)
    assert len(answer.quotes) == 2
    assert "regimes" in answer.remarks
    assert are_counterparts(pair[1].locator, pair[0].locator)


def test_things_called_by_number_are_told_apart() -> None:
    assert numbered_things("vad mäter indikator ett?") == numbered_things("Indikator 1")
    assert numbered_things("alternativ 4") == numbered_things("kriterium fyra")
    assert numbered_things("nivå 3") == numbered_things("kriterier 3-4")
    assert not numbered_things("nivå 3") & numbered_things("nivå 4")
    assert asks_for_all("Vilka indikatorer finns?")
    assert not asks_for_all("Vilka nivåer räknas, nivå 3?")


@pytest.mark.parametrize(
    ("rest", "question"),
    [
        ("Får vi ställa krav när avtalet är med ?", "Får vi ställa krav?"),
        ("Vem avgör nivån i en upphandling på med ?", "Vem avgör nivån?"),
        ("Hur gör jag om uppdraget är med och vi ändå vill ha praktikplatser?",) * 2,
        ("i på ?",) * 2,
    ],
)
def test_a_case_told_in_numbers_leaves_the_question_it_was_told_for(
    rest: str, question: str
) -> None:
    assert without_stubs(rest) == question
