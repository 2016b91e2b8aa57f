"""Questions nobody has answered: those alike side by side, and one answer to the chosen ones.

The answer becomes a draft article and a test question per asker's words in the same transaction,
so that the assistant answers by itself once the draft is published.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.cases.desk import Desk
from bot.cases.letters import EVENTS
from bot.cases.queues import holds
from bot.guidance.corpus import LiveCorpus
from bot.policy import Actor
from bot.port import AskedQuestion, Letter, OneAnswer, QuestionQuery, Reason, Theme
from bot.texts import Texts
from knowledge.model import Document
from knowledge.same_questions import group_alike, telling_words
from storage.model import Answer, Case, CaseFilter
from storage.records import NewCase
from storage.store import Store

STOCKHOLM = ZoneInfo("Europe/Stockholm")
#: Older questions were asked of another corpus, and their conversations may be gone.
LONGEST_DAYS = 90
#: Time until an answer that has become an article is looked over.
REVIEW = timedelta(days=365)
ANY = QuestionQuery()
UNANSWERED = ("no_answer", "near_miss")
#: Kinds of case whose question waits for words of the support function.
ASKS = ("handover", "unanswered")


class Unanswered:
    """What the page of unanswered questions shows and does."""

    def __init__(
        self,
        store: Store,
        texts: Texts,
        desk: Desk,
        corpus: LiveCorpus,
        answers: Callable[[str], bool],
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._texts = texts
        self._desk = desk
        self._corpus = corpus
        self._answers = answers
        self._now = now

    def themes(self, actor: Actor, query: QuestionQuery = ANY) -> tuple[Theme, ...]:
        """Open questions, those that seem to mean the same together; the largest theme first."""
        actor.require("question.read")
        found = [each for each in self._asked(actor, query.days) if holds(query.words, each.words)]
        index = self._corpus.retriever().index
        groups = group_alike([asked.words for asked in found], index.embedder)
        weight = index.lexical["whole_stems"].weight
        return tuple(to_theme([found[place] for place in group], weight) for group in groups)

    def answers_now(self, actor: Actor, theme: Theme) -> bool:
        """Does the corpus in use answer every question of the theme?

        Not where somebody asked for a person: a quote is not what they wanted.
        """
        actor.require("question.read")
        return all(not each.is_case and self._answers(each.words) for each in theme.asked)

    def words(self, actor: Actor, chosen: Sequence[str]) -> tuple[str, ...]:
        """The chosen questions, as they were asked; each wording once."""
        return tuple(dict.fromkeys(asked.words for asked in self._chosen(actor, chosen)))

    def answer(self, actor: Actor, chosen: Sequence[str], answer: OneAnswer) -> int:
        """Sends the answer to each of the chosen; returns how many could be sent.

        The draft and the test questions are stored for those alone, and for none if it is none.
        """
        actor.require("question.answer")
        pairs = self._numbered(actor, chosen)
        sent = self._store.write(lambda: self._send(actor, pairs, answer))
        self._desk.wake()
        return sent

    def set_aside(self, actor: Actor, chosen: Sequence[str], reason: Reason, note: str) -> int:
        """Closes a case for each of the chosen, with the reason in its history.

        Opened again, the case is back on the list.
        """
        actor.require("question.answer")
        pairs = self._numbered(actor, chosen)
        told = self._texts.render(f"console_questions.reason.{reason}", "sv")
        text = f"{told} {note}".strip()
        return self._store.write(lambda: self._close(actor, pairs, text))

    def _send(
        self, actor: Actor, pairs: Sequence[tuple[AskedQuestion, str]], answer: OneAnswer
    ) -> int:
        sent = []
        for asked, number in self._filed(pairs):
            letter = Letter("answer", answer.text, answer.identity)
            if self._desk.send(actor, number, letter):
                sent.append((asked, number))
        if sent:
            self._remember(actor, sent, answer)
        return len(sent)

    def _close(self, actor: Actor, pairs: Sequence[tuple[AskedQuestion, str]], text: str) -> int:
        done = [
            number
            for _, number in self._filed(pairs)
            if self._desk.close(actor, number) and self._desk.note(actor, number, text)
        ]
        return len(done)

    def _filed(
        self, pairs: Sequence[tuple[AskedQuestion, str]]
    ) -> Iterator[tuple[AskedQuestion, str]]:
        """Those of the questions that are still free, each with a case by now."""
        for asked, number in pairs:
            if asked.id == number:
                yield asked, number
            # A colleague may have been quicker since the list was read.
            elif not self._store.cases.list(CaseFilter(about=asked.id, limit=1)):
                self._file(asked, number)
                yield asked, number

    def _remember(
        self, actor: Actor, sent: Sequence[tuple[AskedQuestion, str]], answer: OneAnswer
    ) -> None:
        number, now = sent[0][1], self._now()
        today = now.astimezone(STOCKHOLM).date()
        article = Document(
            id=f"svar-{number.lower()}",
            title=answer.title,
            kind="article",
            body=answer.text,
            source=self._texts.render("letter.source", "sv"),
            source_date=today.isoformat(),
            basis=number,
            owner_role="stödfunktionen",
            review_by=(today + REVIEW).isoformat(),
            questions=tuple(dict.fromkeys(asked.words for asked, _ in sent if is_plain(asked))),
        )
        self._store.guidance.save_draft(article, now, actor.id)
        for asked, _ in sent:
            self._store.gold.add(asked.words, asked.language, {"source": number}, actor.id, now)

    def _chosen(self, actor: Actor, chosen: Sequence[str]) -> list[AskedQuestion]:
        actor.require("question.read")
        known = {asked.id: asked for asked in self._asked(actor, LONGEST_DAYS)}
        return [known[identity] for identity in chosen if identity in known]

    def _numbered(self, actor: Actor, chosen: Sequence[str]) -> list[tuple[AskedQuestion, str]]:
        return [(asked, self._number(asked)) for asked in self._chosen(actor, chosen)]

    def _number(self, asked: AskedQuestion) -> str:
        """The question's own case, or the number of the one it gets."""
        if asked.is_case:
            return asked.id
        return self._store.reserve_number("unanswered", self._now().year)

    def _file(self, asked: AskedQuestion, number: str) -> None:
        now = self._now()
        case = NewCase(
            number,
            "unanswered",
            {"question": asked.words},
            now.year,
            form_version="handover-1",
            owner_role="stödfunktionen",
            due_on=now.astimezone(STOCKHOLM).date(),
            about=asked.id,
        )
        self._store.cases.file(case, now, asked.conversation)

    def _asked(self, actor: Actor, days: int) -> Iterator[AskedQuestion]:
        now = self._now()
        since = now - timedelta(days=min(days, LONGEST_DAYS))
        cases = self._store.cases.list(
            CaseFilter(kinds=ASKS, created_from=since, units=actor.units)
        )
        with_a_case = {case.about for case in cases}
        answered = self._store.cases.answered([EVENTS["answer"]])
        for case in cases:
            if case.state != "closed" and case.number not in answered:
                yield _from_case(case)
        if actor.units is not None:
            # A question without a case is nobody's organisation's.
            return
        later = now + timedelta(seconds=1)
        for answer in self._store.answers.list(since, later, UNANSWERED):
            if answer.number not in with_a_case:
                yield _from_answer(answer)


def to_theme(asked: Sequence[AskedQuestion], weight: Callable[[str], float]) -> Theme:
    """The questions as a theme named by their most telling words."""
    return Theme(telling_words([each.words for each in asked], weight), tuple(asked))


def is_plain(asked: AskedQuestion) -> bool:
    """May the words stand in an article? A mark in place of personal data says too little."""
    return "[" not in asked.words


def _from_case(case: Case) -> AskedQuestion:
    words = str(case.values.get("question") or "")
    return AskedQuestion(case.number, words, case.created_at, case.conversation_key, is_case=True)


def _from_answer(answer: Answer) -> AskedQuestion:
    return AskedQuestion(
        answer.number, answer.question, answer.at, answer.conversation_key, answer.language
    )
