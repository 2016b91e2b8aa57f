"""Turns what the corpus says into the parts of a reply: direct sentence, quotes, small print."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from bot.messages import Choices, File, Language, Option, Part, Source, Sources, Text
from bot.texts import Texts
from knowledge.answering import Answer, Quote
from knowledge.guidance import REVIEWED, UNREVIEWED
from knowledge.model import Passage

#: Which sections apply when (LOU and LUF 1 kap. 4 §, 19 kap. 1 §, 19 a kap. 1 §; LUK 1 kap. 4 §).
ALWAYS = {"1", "2", "3", "5", "20", "21"}
#: Remarks a reader is told; that a text declines is plain from the text.
TOLD_REMARKS = ("premise", "conflict", "regimes")
CHAPTER = re.compile(r"^(LOU|LUF|LUK) (\d+(?: a)?) kap\.")


class AnswerWriter:
    """Writes answers in one of the two languages."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def parts(
        self, answer: Answer, language: Language, today: date, number: str = ""
    ) -> tuple[Part, ...]:
        """The reply to a question; ``number`` is the answer's, empty outside a conversation."""
        if answer.outcome == "no_answer":
            return (*self._unanswered(answer, language), self._offers(number, language))
        lead = (
            Text(_capital(answer.direct.text), "sv", "answer")
            if answer.direct
            else self._say("answer.near_miss", language)
        )
        strong = answer.outcome == "answered"
        sources = self.sources(answer.quotes, language, today, strong=strong)
        parts: list[Part] = [lead, *self._remarks(answer, language), sources]
        if number:
            parts += [self.feedback(number, language), self._offers(number, language)]
            label = self._texts.render("answer.offer.record", language)
            parts.append(File(f"{number}.txt", "text/plain", f"record:{number}", label))
        else:
            parts.append(self._say("answer.next", language, "note"))
        return tuple(parts)

    def _remarks(self, answer: Answer, language: Language) -> list[Text]:
        """What the quotes together say of themselves."""
        told = [remark for remark in answer.remarks if remark in TOLD_REMARKS]
        return [self._say(f"answer.remark.{remark}", language, "note") for remark in told]

    def _unanswered(self, answer: Answer, language: Language) -> tuple[Text, ...]:
        """Nothing was found; or the subject lies outside, and an article says whose it is."""
        if answer.direct is None:
            return (self._say("answer.no_answer", language),)
        whose = Text(answer.direct.text, "sv", "say")
        return (whose,) if language == "sv" else (self._say("answer.no_answer", language), whose)

    def sources(
        self, quotes: Sequence[Quote], language: Language, today: date, *, strong: bool = True
    ) -> Sources:
        """Quotes with what a reader needs to check them."""
        found = tuple(self._source(quote, language, today) for quote in quotes)
        return Sources(found, strong=strong)

    def feedback(self, number: str, language: Language) -> Choices:
        """The question whether the answer helped."""
        options = tuple(
            Option(vote, self._texts.render(f"answer.feedback.{vote}", language))
            for vote in ("yes", "no")
        )
        prompt = self._texts.render("answer.feedback.prompt", language)
        return Choices(f"feedback:{number}", options, prompt, "feedback")

    def _offers(self, number: str, language: Language) -> Choices:
        label = self._texts.render("answer.offer.handover", language)
        return Choices(f"offer:{number}", (Option("handover", label),), "", "offer")

    def _say(self, key: str, language: Language, role: str = "say") -> Text:
        text = self._texts.render(key, language)
        return Text(text, language, "note" if role == "note" else "say")

    def _source(self, quote: Quote, language: Language, today: date) -> Source:
        passage = quote.passage
        return Source(
            text=quote.text,
            document=passage.title,
            locator=passage.locator,
            basis=passage.basis,
            date=passage.source_date,
            url=passage.url,
            start=quote.start,
            end=quote.end,
            note=" ".join(self._notes(passage, language, today)),
            about=passage.about,
            twins=quote.hit.twins,
            language="sv",
        )

    def _notes(self, passage: Passage, language: Language, today: date) -> Sequence[str]:
        def say(key: str, **values: str) -> str:
            return self._texts.render(f"answer.{key}", language, **values)

        notes: list[str] = []
        source, when = passage.source, passage.source_date
        if passage.kind == "statute":
            notes.append(say("statute", date=when))
            if passage.amendment:
                notes.append(say("amendment", amendment=passage.amendment))
        else:
            waiting = "imported" if passage.kind == "document" else "unreviewed"
            status = {UNREVIEWED: waiting, REVIEWED: "reviewed"}
            notes.append(say(status.get(passage.status, "document"), source=source, date=when))
        if regime := regime_of(passage.basis):
            notes.append(say(f"regime.{regime}"))
        if passage.damaged:
            notes.append(say("damaged"))
        for name, day in (("valid_from", passage.valid_from), ("valid_to", passage.valid_to)):
            if day:
                notes.append(say(name, date=day))
        if passage.review_by and passage.review_by < today.isoformat():
            notes.append(say("review_passed", date=passage.review_by))
        return notes


def _capital(sentence: str) -> str:
    """A quoted sentence whose "Nej," was left out begins in the middle."""
    return sentence[:1].upper() + sentence[1:]


def regime_of(basis: str) -> str:
    """Text key of the regime a procurement act's section belongs to; empty where it is none."""
    match = CHAPTER.match(basis)
    if match is None:
        return ""
    act, chapter = match[1], match[2]
    if act == "LUK":
        if chapter in {"1", "2", "3", "5", "16", "17"}:
            return ""
        return "luk_under" if chapter == "15" else "luk_over"
    if chapter in ALWAYS:
        return ""
    return {"19": "under_threshold", "19 a": "direct_award"}.get(chapter, "over_threshold")
