"""The stream of news and the fragments the page's script fetches."""

from __future__ import annotations

import pytest

from bot.web.events import Streams
from bot.web.incoming import Refused
from tests.fakes import ScriptedApp, say
from tests.web_person import Person, open_site

SCRIPT = {"HX-Request": "true"}


@pytest.fixture
def person() -> Person:
    app = ScriptedApp()
    someone = Person(app, open_site(app, streams=Streams(poll=0.01, lifetime=0.1)))
    someone.open()
    return someone


def test_the_stream_tells_the_revision_and_never_what_was_written(person: Person) -> None:
    person.fill_in("/meddelande", message="hemligt")
    response = person.browser.get("/handelser")
    assert response.headers["content-type"].startswith("text/event-stream")
    assert "retry: 3000" in response.text
    assert response.text.count("event: revision\nid: 2\ndata: 2\n") == 1
    assert "hemligt" not in response.text


@pytest.mark.anyio
async def test_news_are_told_while_the_stream_is_open() -> None:
    revision = [1]
    told = []
    async for event in Streams(poll=0.01, lifetime=0.5).revisions("a", lambda: revision[0]):
        told.append(event)
        revision[0] = 2
        if "data: 2" in event:
            break
    assert any("data: 2" in event for event in told)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
async def test_a_stopping_server_ends_its_streams_at_once() -> None:
    streams = Streams(poll=0.01, lifetime=60, stopping=lambda: True)
    assert [event async for event in streams.revisions("a", lambda: 1)] == ["retry: 3000\n\n"]


def test_one_browser_cannot_take_all_places() -> None:
    streams = Streams(most_each=1, most=2)
    with streams.place("a"):
        with pytest.raises(Refused), streams.place("a"):
            pass
        with streams.place("b"), pytest.raises(Refused), streams.place("c"):
            pass
    with streams.place("a"):
        pass


def test_a_stream_needs_a_session() -> None:
    assert open_site(ScriptedApp()).get("/handelser").status_code == 403


def test_the_script_gets_the_conversation_alone_and_a_fresh_form(person: Person) -> None:
    fields = person.form("/meddelande").fields
    sent = fields | {"message": "hej"}
    response = person.browser.post("/meddelande", data=sent, headers=SCRIPT)
    assert "<html" not in response.text
    assert "Du skrev: hej" in response.text
    assert 'hx-swap-oob="true"' in response.text
    assert fields["form_id"] not in response.text


def test_a_fetch_after_news_leaves_the_form_alone(person: Person) -> None:
    person.app.push(person.app.received[0].key, say("Svar från stödfunktionen"))
    page = person.browser.get("/logg?samtal=0", headers=SCRIPT).text
    assert "Svar från stödfunktionen" in page
    assert "composer-proof" not in page


def test_a_tab_whose_conversation_was_changed_elsewhere_loads_anew(person: Person) -> None:
    person.press("Ny konversation")
    response = person.browser.get("/logg?samtal=0", headers=SCRIPT)
    assert response.headers["hx-refresh"] == "true"


def test_the_script_shows_a_refusal_beside_the_form(person: Person) -> None:
    fields = person.form("/meddelande").fields
    response = person.browser.post("/meddelande", data=fields | {"message": " "}, headers=SCRIPT)
    assert response.status_code == 400
    assert response.headers["hx-retarget"] == "#problem"
    assert "Meddelandet är tomt" in response.text
    assert "<html" not in response.text
