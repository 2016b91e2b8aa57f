"""Questions nobody has answered: those alike side by side, and one answer to the chosen ones.

The answer becomes a draft article and a test question per asker's words in the same transaction,
so that the assistant answers by itself once the draft is published.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.letters import EVENTS
from bot.policy import Actor
from bot.port import AskedQuestion, Letter, OneAnswer
from bot.support import Desk
from bot.texts import Texts
from knowledge.embedding import Embedder
from knowledge.model import Document
from knowledge.same_questions import group_alike
from storage.model import Answer, Case, CaseFilter
from storage.records import NewCase
from storage.store import Store

STOCKHOLM = ZoneInfo("Europe/Stockholm")
#: Older questions were asked of another corpus, and their conversations may be gone.
DAYS = 30
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
        embedder: Callable[[], Embedder],
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._texts = texts
        self._desk = desk
        self._embedder = embedder
        self._now = now

    def groups(self, actor: Actor) -> tuple[tuple[AskedQuestion, ...], ...]:
        """Open questions, those that seem to mean the same together; the largest group first."""
        actor.require("question.read")
        found = list(self._asked(actor))
        groups = group_alike([asked.words for asked in found], self._embedder())
        return tuple(tuple(found[place] for place in group) for group in groups)

    def answer(self, actor: Actor, chosen: Sequence[str], answer: OneAnswer) -> int:
        """Sends the answer to each of the chosen; returns how many could be sent.

        The draft and the test questions are stored for those alone, and for none if it is none.
        """
        actor.require("question.answer")
        known = {asked.id: asked for group in self.groups(actor) for asked in group}
        wanted = [known[identity] for identity in chosen if identity in known]
        numbers = [self._number(asked) for asked in wanted]
        pairs = tuple(zip(wanted, numbers, strict=True))
        return self._store.write(lambda: self._send(actor, pairs, answer))

    def _send(
        self, actor: Actor, pairs: Sequence[tuple[AskedQuestion, str]], answer: OneAnswer
    ) -> int:
        sent = []
        for asked, number in pairs:
            if asked.id != number:
                self._file(asked, number)
            letter = Letter("answer", answer.text, answer.identity)
            if self._desk.send(actor, number, letter):
                sent.append((asked, number))
        if sent:
            self._remember(actor, sent, answer)
        return len(sent)

    def _remember(
        self, actor: Actor, sent: Sequence[tuple[AskedQuestion, str]], answer: OneAnswer
    ) -> None:
        number, now = sent[0][1], self._now()
        article = Document(
            id=f"svar-{number.lower()}",
            title=answer.title,
            kind="article",
            body=answer.text,
            source=self._texts.render("letter.source", "sv"),
            source_date=now.astimezone(STOCKHOLM).date().isoformat(),
            basis=number,
            owner_role="stödfunktionen",
        )
        self._store.guidance.save_draft(article, now, actor.id)
        for asked, _ in sent:
            self._store.gold.add(asked.words, asked.language, {"source": number}, actor.id, now)

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

    def _asked(self, actor: Actor) -> Iterator[AskedQuestion]:
        now = self._now()
        since = now - timedelta(days=DAYS)
        cases = self._store.cases.list(
            CaseFilter(kinds=ASKS, created_from=since, units=actor.units)
        )
        with_a_case = {case.about for case in cases}
        for case in cases:
            if case.state != "closed" and not self._is_answered(case):
                yield _from_case(case)
        if actor.units is not None:
            # A question without a case is nobody's organisation's.
            return
        later = now + timedelta(seconds=1)
        for answer in self._store.answers.list(since, later, UNANSWERED):
            if answer.number not in with_a_case:
                yield _from_answer(answer)

    def _is_answered(self, case: Case) -> bool:
        return any(e.kind == EVENTS["answer"] for e in self._store.cases.events(case.number))


def _from_case(case: Case) -> AskedQuestion:
    words = str(case.values.get("question") or "")
    return AskedQuestion(case.number, words, case.created_at, case.conversation_key, is_case=True)


def _from_answer(answer: Answer) -> AskedQuestion:
    return AskedQuestion(
        answer.number, answer.question, answer.at, answer.conversation_key, answer.language
    )
