"""A screening from the first line to the notice, and what becomes of it when the rule changes."""

from __future__ import annotations

import io
from datetime import date

import pytest
from docx import Document
from talking import NOON, Talk

from bot.administration.rescreening import find_flips
from bot.app import App
from bot.commands.rescreen import policy_now
from bot.messages import File
from storage.model import PolicyValue

pytest_plugins = ["app_fixtures"]

REGISTERING = ("ja", "Städning kontor", "Higab", "tjänst", "1 mars 2027", "ja")


def opened(talk: Talk, form: str) -> bytes:
    (offer,) = [p for p in talk.reply.parts if isinstance(p, File) and p.name.endswith(form)]
    file = talk.app.open_file(offer.reference, talk.key)
    assert file is not None
    return file.content


def test_a_registered_screening_comes_with_a_notice_of_all_it_rests_on(talk: Talk) -> None:
    for line in ("fyra månader, två på halvtid", *REGISTERING):
        talk.say(line)
    text = opened(talk, "txt").decode()
    for told in (
        "Ja, den ska med på bruttolistan.",
        "✓ Tiden: fyra månader. Det är precis fyra månader, och det räcker.",
        "✓ Antal: två på halvtid.",
        "Organisation: Higab",
        "Nivån bestämmer ni tillsammans med stödfunktionen.",
        "gräns: minst",
    ):
        assert told in text
    document = Document(io.BytesIO(opened(talk, "docx")))
    assert [p.text for p in document.paragraphs if p.style.name.startswith("Heading")] == [
        "Besked om bruttolistan BL-2026-0001",
        "Ja, den ska med på bruttolistan.",
    ]
    offer = next(p for p in talk.reply.parts if isinstance(p, File))
    assert talk.app.open_file(offer.reference, Talk(talk.app, "bertil").key) is None


def test_a_decided_policy_value_judges_anew_and_finds_the_old_verdicts(
    talk: Talk, app: App
) -> None:
    for line in ("3+3 mån option, 2 pers", *REGISTERING):
        talk.say(line)
    Talk(app, "bertil").say("6 mån, 3 pers")
    Talk(app, "cecilia").say("A: 3+3 mån option, 2 pers. B: 2 mån, 5 pers")
    before = app.store.screenings.list()
    assert [(s.verdict, s.case_number) for s in before] == [
        ("oklar", "H-2026-0001"), ("ja", ""), ("oklar", ""), ("nej", ""),
    ]  # fmt: skip
    decision = PolicyValue("option", "räknas", "stödfunktionen", "beslut", date(2026, 1, 1))
    app.store.policies.decide(decision, NOON)
    assert "Ja, den ska med" in Talk(app, "david").say("3+3 mån option, 2 pers")
    cases = {"H-2026-0001": app.store.cases.find("H-2026-0001")}
    flips = list(find_flips(before, policy_now(app, ()), cases))  # type: ignore[arg-type]
    assert [(f.was, f.becomes, f.organisation, f.tell) for f in flips] == [
        ("oklar", "ja", "higab", ("asker", "support")),
        ("oklar", "ja", "", ("asker",)),
    ]
    with pytest.raises(ValueError, match="option=nej"):
        policy_now(app, ("option=nej",))
    tried = list(find_flips(before, policy_now(app, ("option=räknas inte",)), {}))
    assert {f.becomes for f in tried} == {"nej"}
