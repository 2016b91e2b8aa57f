"""What administrators set: seen by the next message, kept in the log, allowed to few."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from talking import NOON, Talk

from bot.administration.administered import LiveAdministered
from bot.administration.faults import Missing, Unsuitable
from bot.administration.form_fields import FieldSetting
from bot.administration.list_desk import Words
from bot.administration.vocabulary_sheet import BadSheet
from bot.app import App, build_app
from bot.messages import Form
from bot.policy import OPERATOR, Actor, Forbidden
from intents.model import Given
from intents.parsers import one_of
from intents.picklists import by_code, load_picklists
from storage.model import PolicyValue

pytest_plugins = "app_fixtures"

TODAY = NOON.date()
READER = Actor("stod:ab", frozenset({"revisor"}))
EDITOR = Actor("stod:cd", frozenset({"kb_redaktor"}))
RENAMED = Words("Bolaget för egna hem")


def rename(app: App, since: date = TODAY) -> None:
    app.settings_desks.lists.rename(EDITOR, "organisations", "egnahemsbolaget", RENAMED, since)


def test_a_renamed_organisation_is_known_by_both_names_and_told_so(app: App) -> None:
    rename(app)
    renamed = by_code(app.lists()["organisations"], "egnahemsbolaget")
    assert renamed is not None
    assert renamed.name == "Bolaget för egna hem"
    old, new = Talk(app, "olle"), Talk(app, "nina")
    said = old.say("Egnahemsbolaget gjorde ett avsteg i går, vi anställde två lärlingar")
    assert "Egnahemsbolaget heter sedan 20 november 2026 Bolaget för egna hem." in said
    said = new.say("Bolaget för egna hem gjorde ett avsteg i går, vi anställde två lärlingar")
    assert "Bolaget för egna hem" in said
    assert "heter sedan" not in said


def test_a_record_keeps_the_name_of_its_time(app: App) -> None:
    rename(app)
    show = one_of("organisations").show
    for day, name in ((TODAY - timedelta(days=1), "Egnahemsbolaget"), (TODAY, RENAMED.name)):
        given = Given(day, NOON, "sv", app.lists())
        assert show("egnahemsbolaget", "deviation.organisation", given) == name


def test_a_name_that_comes_later_is_not_used_before_its_day(app: App) -> None:
    later = TODAY + timedelta(days=40)
    rename(app, later)
    assert "Egnahemsbolaget" in {term.name for term in app.lists()["organisations"]}
    assert "Bolaget för egna hem" in {term.name for term in app.lists(later)["organisations"]}
    with pytest.raises(BadSheet):
        rename(app, later)


def test_what_an_administrator_changed_survives_the_next_start(
    app: App, reopened: Callable[[], App]
) -> None:
    rename(app)
    again = reopened()
    rows = again.settings_desks.lists.rows(READER, "organisations")
    names = [row.name for row in rows if row.code == "egnahemsbolaget"]
    assert names == ["Egnahemsbolaget", RENAMED.name]
    assert again.lists()["roles"] == load_picklists()["roles"]


def test_another_process_follows_an_edit_without_asking_for_it(app: App) -> None:
    with_thread = LiveAdministered(app.store)
    beside = build_app(app.configuration, lambda: NOON)
    try:
        with_thread.follow()
        rename(beside)
        for _ in range(100):
            names = {term.name for term in with_thread.now().lists(TODAY)["organisations"]}
            if RENAMED.name in names:
                break
            with_thread._stopping.wait(0.05)
        assert RENAMED.name in names
    finally:
        with_thread.stop()
        beside.close()


def test_an_ended_organisation_is_no_longer_offered_but_points_to_its_heir(app: App) -> None:
    desk = app.settings_desks.lists
    code = desk.add(EDITOR, "organisations", Words("Nya nämnden", year_round=True), TODAY)
    yesterday = TODAY - timedelta(days=1)
    desk.end(EDITOR, "organisations", "stadsrevisionen", yesterday, [code])
    ended = by_code(app.lists()["organisations"], "stadsrevisionen")
    assert ended is not None
    assert not ended.holds(TODAY)
    assert ended.successor == (code,)
    heir = by_code(app.lists()["organisations"], code)
    assert heir is not None
    assert heir.year_round
    with pytest.raises(BadSheet):
        desk.end(EDITOR, "organisations", code, None, ["finns_inte"])
    with pytest.raises(Missing):
        desk.end(EDITOR, "organisations", "finns_inte", None, [])


def test_a_file_with_a_fault_changes_nothing_and_a_good_one_all_of_it(app: App) -> None:
    desk = app.settings_desks.lists
    before = desk.export(READER)
    good = "kod;namn\r\nny_ett;Ett\r\nny_tva;Två"
    with pytest.raises(BadSheet):
        desk.take_in(EDITOR, f"{good}\r\nny_tre;".encode(), "organisations")
    assert desk.export(READER) == before
    assert len(desk.take_in(EDITOR, good.encode(), "organisations").changes) == 2
    assert desk.take_in(EDITOR, desk.export(READER)).changes == ()
    [*_, entry] = app.store.audit.list("list:organisations")
    assert (entry.actor, entry.action, entry.facts) == (
        EDITOR.id, "list.import", {"codes": ["ny_ett", "ny_tva"]},
    )  # fmt: skip


DECISION = PolicyValue("option", "räknas", "avdelningschefen", "beslut 2026-11-20", TODAY)


def test_a_decision_shows_its_verdicts_first_and_the_askers_are_told_afterwards(app: App) -> None:
    desk, asker = app.settings_desks.rule, Talk(app, "anna")
    asker.say("3+3 mån option, 2 pers")
    shown = desk.preview(READER, "option", "räknas")
    assert [(flip.was, flip.becomes) for flip in shown.flips] == [("oklar", "ja")]
    assert desk.rescreened(READER).flips == ()
    desk.decide(OPERATOR, DECISION)
    reading = next(r for r in desk.readings(READER) if r.choice.name == "option")
    assert (reading.value, reading.decision) == ("räknas", DECISION)
    [flip] = desk.rescreened(READER).flips
    assert desk.rescreened(replace(READER, units=frozenset({"higab"}))).flips == ()
    assert desk.tell(OPERATOR, [flip.number, "S-0"]) == 1
    assert desk.rescreened(READER).told == {flip.number}
    assert desk.tell(OPERATOR, [flip.number]) == 0
    app.relay.deliver_due()
    told = str([turn.reply.parts for turn in app.turns(asker.key, 5)])
    assert f"{flip.number} från 20 november 2026 är ett annat nu: ja" in told


def test_a_decision_holds_from_its_day_and_names_who_and_why(app: App) -> None:
    desk = app.settings_desks.rule
    desk.decide(OPERATOR, replace(DECISION, valid_from=TODAY + timedelta(days=1)))
    reading = next(r for r in desk.readings(READER) if r.choice.name == "option")
    assert reading.value == "oklar"
    assert len(reading.coming) == 1
    for bad in ({"value": "kanske"}, {"decided_by": " "}, {"source": ""}, {"key": "annat"}):
        with pytest.raises(Unsuitable):
            desk.decide(OPERATOR, replace(DECISION, **bad))
    with pytest.raises(Unsuitable, match="personal_data"):
        desk.decide(OPERATOR, replace(DECISION, source="mejl från upphandling@gmail.com"))
    assert len(desk.readings(READER)[1].history) == 1


def test_own_words_are_said_at_once_and_can_be_taken_back(app: App) -> None:
    desk = app.settings_desks.words
    sentence = desk.sentence(READER, "common.hello", "sv")
    shipped = Talk(app, "olle").say("hej")
    desk.save(EDITOR, "common.hello", "sv", "Välkommen hit!")
    assert "Välkommen hit!" in Talk(app, "nina").say("hej")
    assert [found.own for found in desk.find(READER, "")] == ["Välkommen hit!"]
    desk.save(EDITOR, "common.hello", "sv", sentence.shipped)
    assert Talk(app, "ture").say("hej") == shipped
    assert desk.find(READER, "") == ()
    assert [e.action for e in app.store.audit.list()][-2:] == ["words.save", "words.reset"]


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("", "no_words"),
        ("Skickat!", "placeholders"),
        ("{number} {answer_days} {name}", "placeholders"),
        ("{number} {answer_days} {", "placeholders"),
        ("{number} {answer_days} mejla upphandling@gmail.com", "personal_data"),
    ],
)
def test_own_words_fill_in_exactly_what_the_shipped_ones_do(
    app: App, words: str, fault: str
) -> None:
    with pytest.raises(Unsuitable, match=fault):
        app.settings_desks.words.save(EDITOR, "handover.done", "sv", words)


def test_a_stored_setting_wins_over_the_machines_until_it_is_emptied(app: App) -> None:
    desk = app.settings_desks.settings
    machine = app.configuration
    assert (machine.answer_days, machine.two_persons) == (3, True)
    mailbox = {"support_mailbox": "upphandling@example.se"}
    written = {"answer_days": "5", "two_persons": "nej", **mailbox}
    assert set(desk.save(OPERATOR, written)) == set(written)
    assert (app.configuration.answer_days, app.configuration.two_persons) == (5, False)
    assert app.services.settings.support_mailbox == "upphandling@example.se"
    assert desk.save(OPERATOR, written) == ()
    private = {"support_mailbox": "upphandling@gmail.com"}
    for bad in ({"answer_days": "0"}, {"answer_days": "x"}, {"two_persons": "x"}, private):
        with pytest.raises(Unsuitable):
            desk.save(OPERATOR, {**written, **bad})
    assert set(desk.save(OPERATOR, {"answer_days": "5"})) == {"support_mailbox", "two_persons"}
    assert app.configuration.support_mailbox == machine.support_mailbox
    assert app.configuration.two_persons


def test_help_of_ones_own_stands_with_its_question_and_a_hidden_one_is_not_asked(app: App) -> None:
    desk = app.settings_desks.forms
    fields = {field.name: field for field in desk.fields(READER, "deviation")}
    hidden = next(field for field in fields.values() if field.optional)
    desk.save(EDITOR, "deviation", "organisation", FieldSetting({"sv": "Skriv bolagets namn."}))
    desk.save(OPERATOR, "deviation", hidden.name, FieldSetting({}, hidden=True))
    talk = Talk(app, "olle")
    talk.say("rapportera avsteg: vi anställde en lärling hos målaren utan stödfunktionen")
    talk.press("form:deviation")
    [form] = talk.parts(Form)
    assert isinstance(form, Form)
    shown = {field.name: field.help for field in form.fields}
    assert hidden.name in fields
    assert hidden.name not in shown
    assert shown["organisation"].endswith("? Skriv bolagets namn.")
    assert desk.version("deviation").endswith(".2")
    with pytest.raises(Unsuitable, match="needed_field"):
        desk.save(OPERATOR, "deviation", "organisation", FieldSetting({}, hidden=True))
    with pytest.raises(Forbidden):
        desk.save(EDITOR, "deviation", hidden.name, FieldSetting({}, hidden=False))


def test_a_person_is_given_an_organisation_of_the_list(app: App) -> None:
    desk = app.settings_desks.people
    person = app.store.people.admit("slack:T1", "U1", NOON)
    desk.organise(OPERATOR, person, "higab")
    assert [(p.id, p.organisation) for p in desk.people(OPERATOR)] == [(person, "higab")]
    assert desk.people(OPERATOR, "zz") == ()
    with pytest.raises(Unsuitable):
        desk.organise(OPERATOR, person, "finns_inte")
    with pytest.raises(Missing):
        desk.organise(OPERATOR, "Ring Anna om det här", "higab")
    [entry] = app.store.audit.list(f"person:{person}")
    assert entry.facts == {"organisation": "higab"}


def test_only_those_who_may_change_anything(app: App) -> None:
    desks = app.settings_desks
    nobody = Actor("x")
    for attempt in (
        lambda: desks.lists.add(READER, "roles", Words("x"), None),
        lambda: desks.lists.take_in(READER, b"kod;namn", "roles"),
        lambda: desks.lists.rows(nobody, "roles"),
        lambda: desks.rule.decide(EDITOR, DECISION),
        lambda: desks.rule.tell(EDITOR, []),
        lambda: desks.words.save(READER, "common.hello", "sv", "x"),
        lambda: desks.settings.save(EDITOR, {}),
        lambda: desks.people.organise(EDITOR, "x", ""),
        # Whoever works with one organisation must not move to another.
        lambda: desks.people.organise(replace(OPERATOR, units=frozenset({"higab"})), "x", ""),
        lambda: desks.people.people(READER),
    ):
        with pytest.raises(Forbidden):
            attempt()


def test_a_word_of_ones_own_finds_what_it_stands_for(app: App) -> None:
    question = "Vad är en kvackfil?"
    before = Talk(app, "olle")
    before.say(question)
    assert before.reply.facts["outcome"] != "answered"
    desk = app.settings_desks.lists
    row = next(row for row in desk.rows(READER, "glossary") if row.name == "bruttolista")
    words = Words(row.name, str(row.meta["english"]), (*row.synonyms, "kvackfil"))
    desk.correct(EDITOR, "glossary", row.code, words, TODAY)
    kept = next(r for r in desk.rows(READER, "glossary") if r.code == row.code)
    assert kept.meta["slips"] == row.meta["slips"]
    after = Talk(app, "nina")
    after.say(question)
    assert after.reply.facts["outcome"] == "answered"
    assert "bruttolista" in str(after.sources).casefold()


def test_a_question_that_waits_for_a_decision_is_answered_with_that_first(app: App) -> None:
    words = Words("Ersätter helårsrapporten de enskilda rapporterna?", synonyms=("måste båda",))
    app.settings_desks.lists.add(EDITOR, "policy_topics", words, None)
    waiting = "Det här beror på ett beslut som ingen har fattat än"
    asked = Talk(app, "olle").say("Ersätter en helårsrapport alla enskilda rapporter om avsteg?")
    assert asked.startswith(waiting)
    assert waiting not in Talk(app, "nina").say("Vad är en helårsrapport?")
