"""The asker's side of a case: letters from the support function, and where the next words go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from bot.decision import Decision, Moment, Services
from bot.effects import REPORTS, EffectWriter
from bot.messages import Choices, Option, Part, Text
from bot.thread import Thread
from intents.exchange import Notify
from storage.records import CaseNote

#: Said in passing, or not to be repeated to anybody: never taken for a message to the case.
NOT_FOR_THE_CASE = {"smalltalk", "policy"}

#: Kinds of case that are over once their asker is content.
QUESTIONS = {"handover", "unanswered"}


class CaseThread:
    """One turn's dealings with the case the support function has written about."""

    def __init__(self, services: Services, moment: Moment) -> None:
        self._services = services
        self._moment = moment

    def letter(self, facts: Mapping[str, Any], thread: Thread) -> Decision:
        """Shows a letter; from now on a message here may be meant for the case."""
        number, kind = str(facts["number"]), str(facts["kind"])
        head = self._text(f"letter.{kind}", number, "note")
        body = Text(str(facts["text"]), "sv", "answer")
        asked = replace(thread, case=number, unsent="")
        parts = (head, *self._question(facts), body, *self._buttons(facts))
        return Decision(parts, asked, {"outcome": "letter", "case": number})

    def ask(self, text: str, thread: Thread, intent: str) -> Decision | None:
        """Asks once after each letter whether a message is meant for the open case."""
        if not thread.case or thread.unsent or intent in NOT_FOR_THE_CASE:
            return None
        if not self._is_open(thread.case):
            return None
        options = (self._option("send"), self._option("bot"))
        prompt = self._say("letter.which", number=thread.case)
        buttons = Choices(f"case:{thread.case}", options, prompt, "offer")
        return Decision((buttons,), replace(thread, unsent=text), {"outcome": "letter"})

    def send(self, thread: Thread) -> Decision | None:
        """Takes the kept message to the case; None when that is closed by now."""
        if not self._is_open(thread.case):
            return None
        note = CaseNote(thread.case, "asker_wrote", self._actor, {"text": thread.unsent})
        told = self._text("letter.sent", thread.case)
        after = replace(thread, unsent="")
        return self._heard(Decision((told,), after, {"outcome": "letter"}, (note,)))

    def vote(self, letter: str, value: str, thread: Thread) -> Decision | None:
        """Was the letter right? A no keeps the case waiting; None when it is not theirs."""
        number, _, identity = letter.partition(":")
        case = self._case(number)
        if value not in {"yes", "no"} or not case:
            return None
        kind = "confirmed" if value == "yes" else "not_right"
        kept = thread.unsent if thread.case == number else ""
        state = _after_vote(case, value, kept)
        note = CaseNote(number, kind, self._actor, {"letter": identity}, state)
        told = self._text(f"letter.thanks_{value}", number)
        after = replace(thread, case=number, unsent=kept)
        decision = Decision((told,), after, {"outcome": "letter"}, (note,))
        return decision if value == "yes" else self._heard(decision)

    def _heard(self, decision: Decision) -> Decision:
        """Tells the support function that the asker has written."""
        notify = Notify("case_reply", decision.thread.case, {}, "high")
        alerts = EffectWriter(self._services, self._moment).messages([notify])
        return replace(decision, outbox=alerts)

    def _question(self, facts: Mapping[str, Any]) -> tuple[Part, ...]:
        """The asker's words once more: they may be days old, and from another conversation."""
        words = str(facts["question"])
        about = self._say("letter.about", question=words)
        return (Text(about, self._moment.language, "note"),) if words else ()

    def _buttons(self, facts: Mapping[str, Any]) -> tuple[Part, ...]:
        number = str(facts["number"])
        if facts["kind"] == "answer":
            yes_no = (self._option("yes"), self._option("no"))
            prompt = self._say("letter.right")
            return (Choices(f"letter:{number}:{facts['letter']}", yes_no, prompt, "feedback"),)
        if facts["case_kind"] not in REPORTS:
            return (self._text("letter.write_here", number, "note"),)
        label = self._say("letter.option.complete")
        # The words a person would use to change a report, which the dialog reads.
        opens = Option(f"amend:komplettera {number}", label)
        return (Choices(f"offer:{number}", (opens,), "", "offer"),)

    def _is_open(self, number: str) -> bool:
        return bool(self._case(number).get("state", "closed") != "closed")

    def _case(self, number: str) -> Mapping[str, Any]:
        found: Any = self._services.look_up("asked", {"number": number}, self._actor)
        return found or {}

    @property
    def _actor(self) -> str:
        return str(self._moment.key)

    def _option(self, value: str) -> Option:
        return Option(value, self._say(f"letter.option.{value}"))

    def _text(self, key: str, number: str, role: Any = "say") -> Text:
        return Text(self._say(key, number=number), self._moment.language, role)

    def _say(self, key: str, **values: str) -> str:
        return self._services.texts.render(key, self._moment.language, **values)


def _after_vote(case: Mapping[str, Any], value: str, unsent: str) -> Literal["", "taken", "closed"]:
    """A yes finishes a question unless more is about to be written; a no takes it up again.

    A report is the support function's to finish.
    """
    if case["kind"] not in QUESTIONS:
        return ""
    if value == "no":
        return "taken" if case["state"] == "closed" else ""
    return "" if unsent else "closed"
