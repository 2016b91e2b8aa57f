"""The insight pages of a real application: every figure leads to its rows."""

from __future__ import annotations

import csv
import io
import json
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import html
from talking import NOON, Talk

from bot.app import App
from bot.commands import kb_insight
from bot.guidance.insight_desk import Insight
from bot.operations import operations
from bot.policy import Actor, Forbidden
from tests.web_person import Person, logged_in

pytest_plugins = ["app_fixtures"]
KNOWN = "Vilka målgrupper gäller social hänsyn?"
UNKNOWN = "Finns handboken på finska?"


@pytest.fixture
def asker(app: App) -> Talk:
    return Talk(app, now=NOON - timedelta(hours=1))


@pytest.fixture
def visitor(app: App) -> Person:
    return logged_in(app)


def cards(visitor: Person) -> dict[str, tuple[str, str]]:
    """Name of a figure -> (figure, address)."""
    links = html.fromstring(visitor.page).xpath("//ul[@class='tasks']//a")
    return {a.xpath("string(span[2])"): (a.xpath("string(span[1])"), a.get("href")) for a in links}


def test_the_overview_counts_what_waits_and_each_figure_leads_to_its_rows(
    asker: Talk, visitor: Person
) -> None:
    assert "Inget väntar på dig" in visitor.open("/stod/kunskap")
    asker.say(KNOWN)
    asker.press("no")
    asker.say(UNKNOWN)
    seen = visitor.open("/stod/kunskap")
    assert "2 saker väntar på dig" in seen
    assert "2 frågor" in seen
    assert "1 svar (50 %)" in seen
    found = cards(visitor)
    assert UNKNOWN in visitor.open(found["obesvarad fråga"][1])
    assert "Stämde inte" in visitor.open(found["svar som inte stämde, 30 dagar"][1])
    for figure, address in found.values():
        assert figure in {"0", "1"}
        visitor.open(address)


def test_votes_are_shown_by_article_with_the_question_they_are_about(
    asker: Talk, visitor: Person
) -> None:
    assert "Inga omdömen" in visitor.open("/stod/kunskap/omdomen")
    asker.say(KNOWN)
    asker.press("yes")
    seen = visitor.open("/stod/kunskap/omdomen")
    assert f"”{KNOWN}”" in seen
    assert "Ett omdöme" in seen
    assert "Inga omdömen" in visitor.open("/stod/kunskap/omdomen?rost=no")
    assert "Ett omdöme" in visitor.open("/stod/kunskap/omdomen?dagar=trams&rost=trams&sida=trams")


def test_the_file_of_ages_has_a_line_per_text_and_opens_in_a_swedish_spreadsheet(
    app: App, asker: Talk, visitor: Person
) -> None:
    asker.say(KNOWN)
    seen = visitor.open("/stod/kunskap/alder")
    assert "störst risk först" in seen
    written = visitor.browser.get("/stod/kunskap/alder.csv")
    assert written.content.startswith("\ufeff".encode())
    rows = list(csv.DictReader(io.StringIO(written.text.lstrip("\ufeff")), delimiter=";"))
    assert len(rows) == len(app.store.guidance.published_documents())
    assert rows[0]["Svar på ett år"] == "1"
    assert "," in rows[0]["Risk"]


def test_technicians_see_how_the_service_is_doing_and_nothing_anybody_wrote(
    asker: Talk, visitor: Person
) -> None:
    asker.say(UNKNOWN)
    seen = visitor.open("/stod/drift")
    assert "Allt ser bra ut" in seen
    assert "0 väntar, 0 har inte kommit fram" in seen
    assert "finska" not in visitor.page


def test_the_desks_themselves_refuse_whoever_may_not_look(app: App) -> None:
    technician = Actor("stod:t", frozenset({"tekniker"}))
    editor = Actor("stod:e", frozenset({"kb_redaktor"}))
    desk = Insight(app.store, app.now)
    for look in (desk.overview, desk.ageing, desk.voted):
        with pytest.raises(Forbidden):
            look(technician)
    with pytest.raises(Forbidden):
        operations(app, editor)
    assert operations(app, technician).versions


def test_an_old_answer_is_found_by_day_word_or_number_with_its_text_beside_todays(
    app: App, asker: Talk, visitor: Person
) -> None:
    asker.say(KNOWN)
    number = app.store.answers.of_conversation(str(asker.key))[0].number
    assert number in visitor.open("/stod/kunskap/svar?ord=målgrupper")
    assert number not in visitor.open("/stod/kunskap/svar?ord=målgrupper&till=2026-01-01")
    for day in ("0001-01-01", "9999-12-31", "trams"):
        visitor.open(f"/stod/kunskap/svar?fran={day}&till={day}")
        assert visitor.status == 200
    assert "inget svar med numret" in visitor.open("/stod/kunskap/svar?nummer=S-1")
    seen = visitor.open(f"/stod/kunskap/svar?nummer={number.lower()}")
    assert "Samma ord står kvar" in seen
    quoted = app.store.answers.find(number).quotes[0]
    live = app.store.guidance.document(str(quoted["document"])).document
    changed = live.body.replace(str(quoted["text"])[:20], "Numera")
    app.store.guidance.publish_documents([replace(live, body=changed)], app.now())
    app.corpus.look()
    seen = visitor.open(f"/stod/kunskap/svar/{number}")
    assert "något annat" in seen
    assert str(quoted["text"])[:60] in seen
    assert "Numera" in seen


def test_drafts_that_contradict_and_own_tests_that_fail_are_counted(
    app: App, visitor: Person
) -> None:
    live = app.store.guidance.document("bruttolistan-bada-villkoren").document
    other = replace(live, id="ny", body=live.body.replace("fyra månader", "sju månader"))
    app.store.guidance.save_draft(other, app.now(), "stod:ab")
    for source in ("W21", "U-2026-0001"):
        app.store.gold.add(KNOWN, "sv", {"source": source}, "stod:ab", app.now())
    visitor.open("/stod/kunskap")
    found = {name: figure for name, (figure, _) in cards(visitor).items()}
    assert found["utkast väntar på granskning"] == "1"
    assert int(found["motsägelser mellan utkast och det som gäller"]) > 1
    # The other question's answer is not published yet.
    assert found["egen testfråga som får fel svar"] == "1"


def test_the_command_line_tells_the_same_figures(
    app: App, asker: Talk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asker.say(KNOWN)
    asker.press("no")
    asker.say(UNKNOWN)
    monkeypatch.setattr("bot.commands.kb_insight.opened", lambda: nullcontext(app))
    assert kb_insight.run_overview(as_json=True) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["unanswered"], told["wrong"], told["outcomes"]["answered"]) == (1, 1, 1)
    for run in (kb_insight.run_overview, kb_insight.run_feedback, kb_insight.run_ageing):
        arguments = (0,) if run is kb_insight.run_feedback else ()
        run(*arguments, as_json=False)
    kb_insight.run_unanswered(30, "handboken", as_json=False)
    seen = capsys.readouterr().out
    for expected in ("obesvarad fråga", "Stämde inte", "malgrupper", UNKNOWN):
        assert expected in seen
