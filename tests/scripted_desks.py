"""The support function's desks with a few cases and questions of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from bot.cases.queues import holds
from bot.policy import Actor
from bot.port import (
    AskedQuestion,
    CaseEvent,
    CaseQuery,
    CaseRow,
    CaseView,
    Letter,
    MissingField,
    OneAnswer,
    OpenedFile,
    OutboxProblem,
    QuestionQuery,
    Reason,
    Theme,
)

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
#: Two handlers of the support function.
ONE, OTHER = (Actor(f"stod:{name}", frozenset(("handlaggare",))) for name in ("ett", "tva"))

CASE = CaseRow(
    "A-2026-0007", "deviation", "Avsteg · Egnahemsbolaget · entreprenad · 2 lärlingsplatser",
    "new", "", date(2026, 3, 9), AT, organisation="Egnahemsbolaget",
)  # fmt: skip
HANDOVER = CaseRow(
    "H-2026-0002", "handover", "Fråga · social hänsyn · ramavtal", "taken", "kollega", None, AT
)


class ScriptedSupport:
    """The support desk with two cases and one undelivered message."""

    def __init__(self) -> None:
        self.rows = {row.number: row for row in (CASE, HANDOVER)}
        #: (number, reader) of every whole case that was read.
        self.reads: list[tuple[str, str]] = []
        self.sent_again: list[str] = []
        #: Number -> notes and letters.
        self.written: dict[str, tuple[CaseEvent, ...]] = {}

    def cases(self, actor: Actor, query: CaseQuery) -> tuple[CaseRow, ...]:
        actor.require("case.list")
        return tuple(
            row
            for row in self.rows.values()
            if (not query.states or row.state in query.states)
            and query.kind in ("", row.kind)
            and query.owner in ("", row.owner)
            and (query.due_before is None or (row.due or query.due_before) < query.due_before)
            and holds(query.words, row.number, row.summary)
        )

    def case(self, actor: Actor, number: str) -> CaseView | None:
        actor.require("case.read")
        if number not in self.rows:
            return None
        self.reads.append((number, actor.id))
        fields = (("Organisation", "Egnahemsbolaget"), ("Skäl", "<b>Bråttom</b> & trångt"))
        events = (CaseEvent(AT, "web||a||b", "Kom in"), *self.written.get(number, ()))
        missing = (MissingField("event_date", "Datum", "Vilken dag hände det?"),)
        files, others = (("fil-1", "avtal.pdf"),), (HANDOVER,)
        return CaseView(self.rows[number], fields, events, files, False, others, missing)

    def file(self, actor: Actor, identity: str) -> OpenedFile | None:
        actor.require("case.read")
        if identity != "fil-1":
            return None
        self.reads.append((identity, actor.id))
        return OpenedFile("avtal.pdf", "application/pdf", b"%PDF-")

    def take(self, actor: Actor, number: str) -> bool:
        actor.require("case.take")
        return self._move(number, "new", state="taken", owner=actor.id)

    def release(self, actor: Actor, number: str) -> bool:
        actor.require("case.take")
        return self._move(number, "taken", actor.id, state="new", owner="")

    def close(self, actor: Actor, number: str) -> bool:
        actor.require("case.write")
        return self._move(number, "taken", actor.id, state="closed")

    publish = close

    def reopen(self, actor: Actor, number: str) -> bool:
        actor.require("case.write")
        owner = self.rows[number].owner
        return self._move(number, "closed", owner, state="taken", owner=actor.id)

    def assign(self, actor: Actor, number: str, to: str) -> bool:
        actor.require("case.take")
        row = self.rows[number]
        return self._move(number, row.state, actor.id, state="taken", owner=to)

    def take_over(self, actor: Actor, number: str) -> bool:
        actor.require("case.write")
        return self._move(number, "taken", self.rows[number].owner, state="taken", owner=actor.id)

    def note(self, actor: Actor, number: str, text: str) -> bool:
        actor.require("case.write")
        self._write(number, CaseEvent(AT, actor.id, "Intern anteckning", text, internal=True))
        return True

    def send(self, actor: Actor, number: str, letter: Letter) -> bool:
        actor.require("case.write")
        if self.rows[number].owner not in ("", actor.id):
            return False
        self.rows[number] = replace(self.rows[number], state="taken", owner=actor.id)
        self._write(number, CaseEvent(AT, actor.id, "Svar", letter.text, "delivered"))
        return True

    def _write(self, number: str, event: CaseEvent) -> None:
        self.written[number] = (*self.written.get(number, ()), event)

    def _move(self, number: str, seen: str, seen_owner: str = "", **changes: str) -> bool:
        row = self.rows.get(number)
        if row is None or row.state != seen or row.owner != seen_owner:
            return False
        self.rows[number] = replace(row, **changes)  # type: ignore[arg-type]
        return True

    def outbox_problems(self, actor: Actor) -> tuple[OutboxProblem, ...]:
        actor.require("outbox.read")
        row = OutboxProblem(
            "17", "mail", "deviation", "A-2026-0007", 12, "SMTPServerDisconnected", AT
        )
        return () if "17" in self.sent_again else (row,)

    def send_again(self, actor: Actor, problem: str) -> bool:
        actor.require("outbox.resend")
        known = any(row.id == problem for row in self.outbox_problems(actor))
        if known:
            self.sent_again.append(problem)
        return known


class ScriptedQuestions:
    """Three unanswered questions, two of them alike."""

    def __init__(self) -> None:
        words = ("När är nästa träff?", "Vilket datum är nästa <b>träff</b>?", "Finns handboken?")
        self.open = [
            AskedQuestion(f"S-{place}", text, AT, "web||a||b")
            for place, text in enumerate(words, 1)
        ]
        #: (chosen, answer) of every post.
        self.answered: list[tuple[list[str], OneAnswer]] = []
        #: (chosen, reason, note) of every question laid aside.
        self.laid_aside: list[tuple[list[str], str, str]] = []

    def themes(self, actor: Actor, query: QuestionQuery) -> tuple[Theme, ...]:
        actor.require("question.read")
        passed = [each for each in self.open if holds(query.words, each.words)]
        alike = tuple(each for each in passed if "träff" in each.words)
        other = tuple(each for each in passed if each not in alike)
        themes = (Theme(("nästa", "träff"), alike), Theme(("handboken",), other))
        return tuple(theme for theme in themes if theme.asked)

    def answers_now(self, actor: Actor, theme: Theme) -> bool:
        actor.require("question.read")
        return False

    def set_aside(self, actor: Actor, chosen: Sequence[str], reason: Reason, note: str) -> int:
        actor.require("question.answer")
        known = [each for each in self.open if each.id in chosen]
        self.open = [each for each in self.open if each.id not in chosen]
        self.laid_aside.append((list(chosen), reason, note))
        return len(known)

    def answer(self, actor: Actor, chosen: Sequence[str], answer: OneAnswer) -> int:
        actor.require("question.answer")
        known = [each for each in self.open if each.id in chosen]
        self.open = [each for each in self.open if each.id not in chosen]
        self.answered.append((list(chosen), answer))
        return len(known)
