"""A week at the support function: questions, votes and cases in every state, for whole pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from talking import NOON, Talk

from bot.app import App, build_app
from bot.policy import ROLES, Actor
from bot.port import Letter
from bot.settings import Settings
from storage.records import NewCase

AB, CD = (Actor(f"stod:{name}", frozenset(ROLES)) for name in ("ab", "cd"))
ANSWER = (
    "Ja, om arbetet räcker till hela lärlingstiden. Hör av er före annonsen, så hjälper vi till."
)
#: Days ago, question, vote.
ASKED = (
    (55, "Vilka målgrupper gäller social hänsyn?", "yes"),
    (44, "Finns handboken på finska?", ""),
    (40, "Måste vi ställa sociala krav i upphandlingen?", "yes"),
    (20, "Vad är ett avsteg?", "yes"),
    (12, "När är nästa frukostträff för inköpare?", ""),
    (9, "Vilket datum är nästa frukostträff?", ""),
    (8, "Vad är bruttolistan?", "yes"),
    (5, "Måste vi ställa sociala krav i upphandlingen?", "no"),
    (3, "Vem betalar för fikat på träffen?", ""),
    (2, "Vad gör stödfunktionen?", "yes"),
    (1, "Vilka målgrupper gäller social hänsyn?", "yes"),
)
#: Days ago, organisation, procurement, result.
REPORTED = (
    (9, "egnahemsbolaget", "Målning av trapphus, etapp 1", {"larling": 2}),
    (6, "egnahemsbolaget", "Elarbeten, ramavtal", {"praktik": 3}),
    (4, "stadsfastigheter", "Ombyggnad av förskola", {"larling": 1}),
    (2, "egnahemsbolaget", "Markarbeten", {"praktik": 1}),
    (1, "stadsfastigheter", "Städning av skolor", {"trainee": 2}),
)


@dataclass
class Clock:
    """Stands still until it is set."""

    time: datetime = NOON

    def __call__(self) -> datetime:
        return self.time

    def back(self, days: float) -> datetime:
        """Some days before noon."""
        self.time = NOON - timedelta(days=days)
        return self.time


def open_after_a_week(folder: Path) -> App:
    """The application at noon, after all that; whoever opens it closes it."""
    clock = Clock()
    app = build_app(Settings(data=folder), clock)
    _ask(app, clock)
    for place, report in enumerate(REPORTED, 1):
        _report(app, clock.back(report[0]), f"A-2026-000{place}", report)
    _work(app, clock)
    clock.back(0)
    return app


def _ask(app: App, clock: Clock) -> None:
    for place, (days, question, vote) in enumerate(ASKED):
        talk = Talk(app, f"kollega-{place}", now=clock.back(days) - timedelta(minutes=1))
        talk.say(question)
        if vote:
            talk.press(vote)


def _report(
    app: App, at: datetime, number: str, report: tuple[int, str, str, dict[str, int]]
) -> None:
    _, organisation, procurement, results = report
    values: dict[str, object] = {
        "organisation": organisation, "unit": "Byggenheten", "role": "upphandlare",
        "event_date": "2026-11-03", "procurement": procurement, "procurement_type": "entreprenad",
        "contract_signed": "yes", "supplier": "Måleriet i Majorna AB", "results": results,
        "reason": "Tiden räckte inte till en behovsanalys.",
    }  # fmt: skip
    case = NewCase(
        number, "deviation", values, 2026, organisation, form_version="deviation-1",
        report_status="inskickad", due_on=(at + timedelta(days=5)).date(),
    )  # fmt: skip
    app.store.cases.file(case, at, str(Talk(app, number).key))


def _work(app: App, clock: Clock) -> None:
    """One case is closed, one is a colleague's, one is answered and the asker has written again."""
    clock.back(5)
    app.support.take(CD, "A-2026-0001")
    app.support.close(CD, "A-2026-0001")
    app.support.take(CD, "A-2026-0002")
    asker = Talk(app, "kollega-h", now=clock.back(4))
    asker.say("jag vill prata med en människa")
    for line in ("Får vi kräva lärlingar av målaren?", "hoppa över", "hoppa över", "ja"):
        asker.say(line)
    clock.back(1)
    app.support.send(AB, "H-2026-0001", Letter("answer", ANSWER, "brev-1"))
    app.relay.deliver_due()
    asker.now = clock.back(0.5)
    asker.reply = app.turns(asker.key, 1)[-1].reply
    asker.press("no")
    asker.say("Gäller det också för ramavtal?")
    asker.press("send")
