"""All questions of a dialog as one form: its offer, faults and end, and each channel's own way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.views import View
from strategies import given_now
from talking import Talk

from bot.app import App
from bot.channels.teams.client import Client
from bot.messages import ConversationKey, Form, Reply, Said, Submitted
from bot.texts import load_texts
from intents.dialogs import load_dialogs
from intents.engine import begin, step
from intents.exchange import AsForm, Begin, Fields, Save
from intents.forms import form_fields, offers_form
from intents.states import from_json, to_json
from tests.browsing import NewPage, axe_faults, browser, new_page, site
from tests.fakes import AS_FORM
from tests.slack_person import SlackDriver
from tests.slack_server import slack_server
from tests.teams_person import TeamsDriver
from tests.teams_service import teams_service
from tests.web_server import served

__all__ = ["browser", "new_page", "site"]
pytest_plugins = ["app_fixtures"]

NEXT = "Gå vidare"
#: A deviation told as a form; what it leaves out may be left out.
FILLED = {
    "talked": "yes", "organisation": "egnahemsbolaget", "unit": "Nybyggnad",
    "role": "projektledare", "event_date": "2026-11-03", "procurement": "Målning Ugglan",
    "procurement_type": "entreprenad", "contract_signed": "no", "discussed": "lärling, praktik",
    "results": "2 lärlingsplatser", "support_contacted": "no", "more": "no",
}  # fmt: skip


#: The dialogs long enough for a form.
OFFERED = {
    name
    for name, dialog in load_dialogs().items()
    if (state := begin(dialog, Begin(), given_now()).state)
    and offers_form(dialog, state, given_now())
}


def form_of(reply: Reply) -> Form:
    [form] = [part for part in reply.parts if isinstance(part, Form)]
    return form


def values_of(form: Form) -> dict[str, str]:
    """An answer to each field: what ``FILLED`` has, else the first option, or nothing."""
    values = {}
    for field in form.fields:
        codes = [option.value for option in field.options]
        wanted = FILLED.get(field.name, "")
        values[field.name] = wanted if not codes or wanted in codes else codes[0]
    return values


@dataclass
class Elsewhere(Talk):
    """The same person in another channel."""

    channel: str = "terminal"

    @property
    def key(self) -> ConversationKey:
        return ConversationKey(self.channel, "", self.person, "", self.person)


# The whole way ------------------------------------------------------------------------------------


def test_a_form_with_faults_comes_back_and_nothing_is_filed_before_the_yes(talk: Talk) -> None:
    talk.say("jag vill rapportera ett avsteg")
    talk.press("form:deviation")
    form = form_of(talk.reply)
    names = [field.name for field in form.fields]
    assert "organisation" in names
    assert "confirm" not in names
    values = values_of(form) | {"event_date": "2027-01-01", "unit": "", "story": "19121212-1212"}
    talk.send(Submitted(form.interaction, values))
    again = form_of(talk.reply)
    wrong = {field.name: field.error for field in again.fields if field.error}
    assert set(wrong) == {"event_date", "unit"}
    assert wrong["unit"] == "Det här behöver du fylla i."
    kept = {field.name: field.value for field in again.fields}
    assert kept["event_date"] == "2027-01-01"
    assert kept["procurement"] == FILLED["procurement"]
    assert "1212-1212" not in str(talk.reply)
    kept |= {"event_date": "2026-11-03", "unit": "Nybyggnad"}
    talk.send(Submitted(again.interaction, kept))
    for _ in range(6):
        if "Så här ser det ut" in talk.text:
            break
        talk.say("vet inte")
    assert "Målning Ugglan" in talk.text
    assert "Vad ni pratade om: lärlingsplats och praktikplats" in talk.text
    assert not talk.files
    assert "A-2026-" in talk.press("yes")


def test_a_form_of_an_earlier_question_says_so(talk: Talk) -> None:
    talk.say("jag vill rapportera ett avsteg")
    talk.say("som formulär")
    old = form_of(talk.reply)
    talk.say("vet inte")
    talk.send(Submitted(old.interaction, {"unit": "Drift"}))
    assert "Formuläret hör till en tidigare fråga" in talk.text


def test_an_answer_in_words_and_a_question_in_between_leave_the_form_usable(talk: Talk) -> None:
    talk.say("I want to report a deviation")
    talk.say("as a form")
    form = form_of(talk.reply)
    talk.say("Must we set social requirements in a procurement?")
    talk.send(Submitted(form.interaction, {"unit": "Drift"}))
    assert "belongs to an earlier question" not in talk.text


def test_where_forms_cannot_be_shown_none_is_offered_and_the_question_is_asked(app: App) -> None:
    talk = Elsewhere(app)
    assert AS_FORM not in str(talk.send(Said("jag vill rapportera ett avsteg")))
    asked = talk.text
    assert "går inte att visa här" in talk.say("som formulär")
    assert asked.splitlines()[-1] in talk.text


# Any answers --------------------------------------------------------------------------------------


@settings(max_examples=60)
@given(data=st.data(), name=st.sampled_from(sorted(OFFERED)))
def test_no_form_breaks_a_dialog_and_every_fault_stands_at_its_field(
    data: st.DataObject, name: str
) -> None:
    dialog, now = load_dialogs()[name], given_now()
    state = begin(dialog, Begin(), now).state
    assert state is not None
    shown = step(dialog, state, AsForm(), now).state
    assert shown is not None
    fields = {field.name: field for field in form_fields(dialog, shown, now)}
    for number in range(2):
        answers = {
            name: data.draw(st.text(max_size=40) | st.sampled_from(
                ["", "ja", "no", "2026-03-14", "2 lärlingar", *(c.value for c in field.options)]))
            for name, field in fields.items()
        }  # fmt: skip
        before = shown
        taken = step(dialog, before, Fields(answers), given_now(number + 1))
        assert taken.says
        if taken.state is None:
            return
        shown = from_json(to_json(taken.state))
        assert shown == taken.state
        assert {field.name for field in taken.form if field.error} == set(taken.errors)
        assert not set(taken.errors) & (set(shown.values) - set(before.values))
        assert not any(isinstance(effect, Save) for effect in taken.effects)
        for field in taken.form:
            assert field.error is None or load_texts().render(field.error.key, "sv",
                                                              **field.error.values)  # fmt: skip
        fields = {field.name: field for field in taken.form}


# Each channel's own form --------------------------------------------------------------------------


@pytest.fixture
def slack() -> Iterator[SlackDriver]:
    with slack_server() as running:
        yield SlackDriver(running)


def filled_in(view: dict[str, Any], **changes: str) -> dict[str, Any]:
    """The modal sent back as Slack does; a menu's answer is the number of its option."""
    state: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        name, element = block["block_id"].removeprefix("field-"), block["element"]
        value: dict[str, Any] = {"value": changes.get(name, FILLED.get(name, ""))}
        if element["type"] == "static_select":
            value = {"selected_option": element["options"][0]}
        elif element["type"] == "datepicker":
            value = {"selected_date": value["value"]}
        state[block["block_id"]] = {"value": value}
    given = {name: view[name] for name in ("type", "callback_id", "private_metadata")}
    return {"type": "view_submission", "view": {"id": "V1", "state": {"values": state}, **given}}


def test_in_slack_the_dialog_is_a_modal_with_faults_beside_its_fields(
    slack: SlackDriver, talk: Talk
) -> None:
    slack.app.script = talk.send
    slack.say("jag vill rapportera ett avsteg")
    slack.press(AS_FORM)
    slack.press("Öppna formuläret")
    [opened] = slack.server.made("views.open")
    View(**opened["view"]).validate_json()
    slack.interact(**filled_in(opened["view"], event_date="2027-01-01"))
    assert set(slack.answer["errors"]) == {"field-event_date"}
    slack.interact(**filled_in(opened["view"]))
    assert slack.answer == {}
    assert AS_FORM not in talk.text
    assert not [part for part in talk.reply.parts if isinstance(part, Form)]


def test_in_teams_the_dialog_is_a_card_that_comes_back_with_its_faults(talk: Talk) -> None:
    with teams_service() as service:
        teams = TeamsDriver(service, Client(lambda: "x.y.z"))
        teams.app.script = talk.send
        teams.say("jag vill rapportera ett avsteg")
        teams.press(AS_FORM)
        inputs = {f"field-{n}": v for n, v in values_of(form_of(talk.reply)).items()}
        seen = teams.press(NEXT, **{**inputs, "field-event_date": "2027-01-01"})
        assert "har inte varit än" in seen
        cards = {each.get("id"): each for each in teams.card["body"]}
        assert cards["field-procurement"]["value"] == FILLED["procurement"]
        assert "har inte varit än" not in teams.press(NEXT, **inputs)


@pytest.mark.browser
@pytest.mark.parametrize("scripted", [True, False])
def test_on_the_web_the_form_works_with_and_without_scripts(
    new_page: NewPage, app: App, axe: str, scripted: bool
) -> None:
    with served(app) as site:
        page = new_page(java_script_enabled=scripted)
        page.goto(site.address)
        page.fill("#message", "jag vill rapportera ett avsteg")
        page.get_by_role("button", name="Skicka").click()
        page.get_by_role("button", name=AS_FORM).click()
        page.get_by_label("Upphandling", exact=True).fill(FILLED["procurement"])
        page.get_by_role("button", name=NEXT).click()
        page.locator(".faults").get_by_text("Avtal tecknat").wait_for()
        assert page.get_by_label("Upphandling", exact=True).input_value() == FILLED["procurement"]
        assert "Det här behöver du fylla i." in page.locator(".faults").inner_text()
        if scripted:
            assert axe_faults(page, axe) == []
