"""Answers a rule question: search, compose, and what is stored of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.administration.undecided import undecided_topic
from bot.administration.vocabularies import TOPICS
from bot.answers import AnswerWriter
from bot.decision import Decision, Moment, Services
from bot.effects import MEDIA
from bot.messages import File, Part, Text
from bot.thread import Thread
from intents.language import tokenize
from knowledge.answering import Answer, Quote, compose
from knowledge.reading import without_stubs
from storage.records import NewAnswer

# "och om det är en vara?" leans on what was asked before; longer questions stand by themselves.
FOLLOW_UP = re.compile(
    r"^(och|men|eller|and|but|or)\b|^(gäller det|hur är det då|what about)\b", re.I
)
LONGEST_FOLLOW_UP = 9
#: Who asks for the form gets it with the answer.
FORM_ARTICLE = "avsteg-mall"
# A question of duty that tells its case means the city's model, whether it says so or not.
SUBJECT = "social hänsyn"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its answer, before it is put into words."""

    question: str
    #: What was searched for, when that was more than the question itself.
    read_as: str
    answer: Answer
    language: str
    corpus_version: int
    #: Sections it names that are in none of the acts.
    unknown: tuple[str, ...] = ()


def ask(question: str, thread: Thread, services: Services, search: str = "") -> Asked:
    """Searches and composes; reads a follow-up together with the question before it."""
    retriever = services.retriever()
    read_as = ""
    if thread.question and _leans(question):
        read_as = f"{thread.question} {question}"
    wanted = f"{without_stubs(search)} {SUBJECT}" if search else read_as or question
    result = retriever.search(wanted, glossary=services.glossary())
    fusion = retriever.fusion
    answer = compose(wanted, result, retriever.terms, fusion.answer_at, fusion.near_at)
    version = retriever.corpus_version
    return Asked(question, read_as, answer, result.language, version, result.unknown)


def answer_question(
    question: str, thread: Thread, services: Services, moment: Moment, search: str = ""
) -> Decision:
    """The reply to a rule question and the record of it.

    ``search`` is what to look for where that is less than the question: without its numbers, say.
    """
    asked = ask(question, thread, services, search)
    answer, texts = asked.answer, services.texts
    number = "" if moment.dry else services.number("answer", moment.today.year)
    parts: list[Part] = []
    topics = services.vocabularies(moment.today).get(TOPICS, ())
    if topic := undecided_topic(question, topics):
        name = topic.label(moment.language)
        note = texts.render("answer.undecided", moment.language, topic=name)
        parts.append(Text(note, moment.language, "note"))
    if asked.language == "other" and answer.outcome != "answered":
        parts.append(Text(texts.render("answer.other_language", moment.language), moment.language))
    if asked.read_as:
        note = texts.render("answer.understood_as", moment.language, question=thread.question)
        parts.append(Text(note, moment.language, "note"))
    parts += [
        Text(texts.render("answer.unknown_section", moment.language, locator=each), moment.language)
        for each in asked.unknown
    ]
    parts += AnswerWriter(texts).parts(answer, moment.language, moment.today, number)
    if answer.quotes and answer.quotes[0].passage.document_id == FORM_ARTICLE and not moment.dry:
        label = texts.render("files.template", moment.language)
        parts.append(File("mall.docx", MEDIA["docx"], "template:", label))
    record = NewAnswer(
        number=number,
        question=question,
        answer=answer.direct.text if answer.direct else "",
        quotes=tuple(_quote_facts(quote) for quote in answer.quotes),
        documents={q.passage.document_id: q.passage.version for q in answer.quotes},
        outcome=answer.outcome,
        language=moment.language,
        corpus_version=asked.corpus_version,
    )
    return Decision(
        tuple(parts),
        replace(thread, question=asked.read_as or question, answer=number),
        {"outcome": answer.outcome, "intent": "question", "answer": number},
        () if moment.dry else (record,),
    )


def _leans(question: str) -> bool:
    return bool(FOLLOW_UP.match(question.strip())) and len(tokenize(question)) <= LONGEST_FOLLOW_UP


def _quote_facts(quote: Quote) -> dict[str, object]:
    passage = quote.passage
    return {
        "text": quote.text,
        "document": passage.document_id,
        "title": passage.title,
        "version": passage.version,
        "locator": passage.locator,
        "basis": passage.basis,
        "start": quote.start,
        "end": quote.end,
        "date": passage.source_date,
        "url": passage.url,
    }
