"""Being logged in: how long, how it ends, what is kept, and whose word about it counts."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from types import SimpleNamespace

import httpx2
import pytest
from prometheus_client import REGISTRY
from starlette.testclient import TestClient

from bot.login.door import Door, build_door
from bot.login.sessions import Sessions, Span
from bot.policy import OPERATOR, Actor, Forbidden
from bot.settings import Settings
from bot.web.logins import Failures
from storage.records import AuditItem
from storage.store import Store, open_store
from tests.fakes import ScriptedApp
from tests.scripted_desks import ONE
from tests.scripted_door import ForgetfulLogins
from tests.web_person import LOCAL, Person, open_site

pytest_plugins = "storage_fixtures"

CASE = "/stod/arende/A-2026-0007"
BEGUN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
REVISOR = Actor("stod:rev", frozenset({"revisor"}))
TEKNIKER = Actor("stod:tek", frozenset({"tekniker"}))


@dataclass
class Clock:
    now: datetime = BEGUN

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def noted() -> list[AuditItem]:
    return []


@pytest.fixture
def sessions(clock: Clock, noted: list[AuditItem]) -> Sessions:
    return Sessions(ForgetfulLogins(), noted.append, clock, Span())


def test_a_login_ends_when_idle_and_using_the_pages_is_all_it_takes_to_stay(
    sessions: Sessions, clock: Clock
) -> None:
    token = sessions.begin(ONE, "oidc")
    for _ in range(6):
        clock.now += 29 * MINUTE
        assert sessions.who(token)
    clock.now += 30 * MINUTE
    assert sessions.who(token) is None
    clock.now -= 30 * MINUTE
    assert sessions.who(token) is None


def test_a_login_ends_after_eight_hours_however_busy(sessions: Sessions, clock: Clock) -> None:
    token = sessions.begin(ONE, "oidc")
    while clock.now < BEGUN + timedelta(hours=8):
        assert sessions.who(token)
        clock.now += 20 * MINUTE
    assert sessions.who(token) is None


def test_everybody_is_logged_out_at_once_by_whoever_may(
    sessions: Sessions, noted: list[AuditItem]
) -> None:
    tokens = [sessions.begin(actor, "link") for actor in (ONE, ONE, TEKNIKER)]
    with pytest.raises(Forbidden):
        sessions.end_all(REVISOR)
    assert sessions.end_all(TEKNIKER, ONE.id) == 2
    assert sessions.end_all(TEKNIKER, "nobody") == 0
    assert [bool(sessions.who(token)) for token in tokens] == [False, False, True]
    assert sessions.end_all(TEKNIKER) == 1
    assert [(item.actor, item.action) for item in noted[-2:]] == [("stod:tek", "logout_all")] * 2


def test_a_login_outlives_a_restart(sqlite_address: str, clock: Clock) -> None:
    with open_store(sqlite_address) as store:
        token = build_door(store, Settings(), clock).sessions.begin(ONE, "link")
    with open_store(sqlite_address) as store:
        again = build_door(store, Settings(), clock).sessions.who(token)
    assert again is not None
    assert again.person == ONE.id


@dataclass
class Office:
    """A site whose logins are in a database, and people at it."""

    app: ScriptedApp
    store: Store
    clock: Clock

    def person(self) -> Person:
        return Person(self.app)

    def let_in(self, person: Person, signature: str = "") -> None:
        person.open(f"/stod/oppna?nyckel={self.app.door.links.make(OPERATOR)}")
        person.fill_in("/stod/oppna", signature=signature)


@pytest.fixture
def office(sqlite_store: Store, clock: Clock) -> Office:
    settings = Settings(proxy_peers=("10.0.0.5",), roles={"group:stod": ("handlaggare",)})
    door = build_door(sqlite_store, settings, clock)
    return Office(ScriptedApp(door=door), sqlite_store, clock)


def test_what_was_written_when_a_login_ended_is_sent_after_the_next(office: Office) -> None:
    person, words = office.person(), "Ja, ni får ställa det kravet i den upphandlingen."
    office.let_in(person)
    person.open(CASE)
    form = person.form(CASE).fields | {"act": "answer", "answer": words}
    office.clock.now += 31 * MINUTE
    assert "står kvar" in person.send(CASE, form)
    assert person.status == 403
    assert "answer" not in str(office.app.support.written)
    kept = {name: value.strip() for name, value in person.form(CASE).fields.items()}
    assert kept["answer"] == words
    office.let_in(tab := Person(office.app, person.client))
    assert tab.status == 200
    assert "inte skickat" in person.send(CASE, kept | {"act": "answer"})
    assert not office.app.support.written
    assert words in person.press("Skicka igen")
    assert [event.body for event in office.app.support.written["A-2026-0007"]] == [words]


def test_a_form_given_to_somebody_else_is_not_taken(office: Office) -> None:
    one, other = office.person(), office.person()
    office.let_in(one)
    office.let_in(other)
    one.open(CASE)
    other.send(CASE, one.form(CASE).fields | {"act": "take"})
    assert other.status == 403
    assert office.app.support.rows["A-2026-0007"].state == "new"


def test_one_logs_out_and_all_ones_browsers_with_one_press(office: Office) -> None:
    one, phone = office.person(), office.person()
    for each in (one, phone):
        office.let_in(each, "AB")
    one.open("/stod/jag")
    assert "Du är utloggad" in one.press("Logga ut")
    office.let_in(one, "AB")
    one.open("/stod/jag")
    one.press("Logga ut mig överallt")
    phone.open("/stod")
    assert phone.status == 403


def test_colleagues_are_seen_and_logged_out_from_a_page(office: Office) -> None:
    one, other = office.person(), office.person()
    office.let_in(one, "AB")
    office.let_in(other, "CD")
    one.open(CASE)
    assert "Ingen kollega har den signaturen" in one.fill_in(CASE, act="assign", to="zz")
    one.fill_in(CASE, act="take")
    assert "Handläggs av cd" in one.fill_in(CASE, act="assign", to="cd")
    seen = one.open("/stod/inloggade")
    assert "ab (du)" in " ".join(seen.split())
    one.press("Logga ut cd")
    other.open("/stod")
    assert other.status == 403
    one.press("Logga ut alla")
    assert office.store.logins.list() == ()


def test_the_one_time_link_of_a_colleague_works_once(office: Office) -> None:
    one = office.person()
    office.let_in(one)
    one.open("/stod/inloggade")
    link = one.press("Länk till en kollega").split("http")[1].split()[0]
    for status in (200, 403):
        guest = office.person()
        guest.open("http" + link)
        guest.fill_in("/stod/oppna")
        assert guest.status == status


@contextmanager
def behind(office: Office, peer: str) -> Iterator[TestClient]:
    """A browser whose requests arrive from an address."""
    web = open_site(office.app).app
    yield TestClient(web, base_url="http://127.0.0.1", client=(peer, 50_000))


ANNA = {"X-Remote-User": "anna", "X-Remote-Groups": "alla, stod"}


def test_the_proxy_says_who_it_is_and_they_are_in(office: Office) -> None:
    with behind(office, "10.0.0.5") as browser:
        assert browser.get("/stod", headers=ANNA).status_code == 200
        (login,) = office.store.logins.list()
        assert (login.origin, login.roles) == ("proxy", ("handlaggare",))
        browser.get("/stod", headers=ANNA)
        assert len(office.store.logins.list()) == 1
        # Without the header, or with another user's, the browser's old login is nobody's.
        assert browser.get("/stod").status_code == 403
        bo = ANNA | {"X-Remote-User": "bo"}
        browser.get("/stod", headers=bo)
        assert office.store.logins.list()[0].person != login.person
        stranger = {"X-Remote-User": "eve", "X-Remote-Groups": "alla"}
        assert "ingen roll" in browser.get("/stod", headers=stranger).text
        # A proxy that adds its header to the visitor's own tells nobody's name, or groups.
        for name in ANNA:
            twice = [*ANNA.items(), (name, "stod")]
            assert browser.get("/stod", headers=twice).status_code == 403


def test_whoever_the_proxy_names_logs_in_below_the_chat_to_report(office: Office) -> None:
    with behind(office, "10.0.0.5") as browser:
        assert "arbetskonto" in browser.get("/", headers=ANNA).text
        start = "/stod/logga-in/start?till=/"
        assert browser.get(start, headers=ANNA, follow_redirects=False).headers["location"] == "/"
        assert "arbetskonto" not in browser.get("/", headers=ANNA).text
        assert len(office.store.people.subjects("web:")) == 1


@pytest.mark.parametrize("peer", ["127.0.0.1", "10.0.0.6", "::1", "testclient", "10.0.0.5.evil"])
@pytest.mark.parametrize("name", ["X-Remote-User", "x-remote-user", "X_Remote_User"])
def test_the_header_of_anybody_else_is_nothing(office: Office, peer: str, name: str) -> None:
    with behind(office, peer) as browser:
        headers = {name: "anna", "X-Remote-Groups": "stod", "X-Forwarded-For": "10.0.0.5"}
        assert browser.get("/stod", headers=headers).status_code == 403
        assert office.store.logins.list() == ()


def test_over_https_the_cookie_is_bound_to_the_host(office: Office) -> None:
    door = replace(office.app.door, public_url="https://hansyn.example")
    for base, headers in (
        ("https://hansyn.example", {}),
        ("http://hansyn.example", {}),
        ("http://127.0.0.1", {"X-Forwarded-Proto": "https"}),
    ):
        web = open_site(ScriptedApp(door=door)).app
        browser = TestClient(web, base_url=base, client=LOCAL, headers=headers)
        sent = {"token": door.links.make(OPERATOR)}
        response = browser.post("/stod/oppna", data=sent, follow_redirects=False)
        cookie = next(c for c in response.headers.get_list("set-cookie") if "hansyn_stod" in c)
        assert cookie.startswith("__Host-hansyn_stod=")
        for part in ("Secure", "HttpOnly", "SameSite=lax", "Path=/"):
            assert part in cookie
        assert "Domain" not in cookie


def test_a_wrong_link_is_counted(office: Office) -> None:
    def count() -> float:
        return REGISTRY.get_sample_value("hansyn_login_failures_total", {"way": "link"}) or 0.0

    before, person = count(), office.person()
    person.open("/stod/oppna?nyckel=wrong")
    assert "redan använd" in person.fill_in("/stod/oppna")
    assert count() == before + 1


def test_a_login_that_fails_answers_later_each_time_and_forgets_in_an_hour() -> None:
    now = [0.0]
    failures = Failures(lambda: now[0])
    assert [failures.note("10.0.0.9") for _ in range(6)] == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0]
    assert failures.note("10.0.0.8") == 0.5
    now[0] = 3601
    assert failures.note("10.0.0.9") == 0.5


def test_the_ways_in_are_told_and_none_that_is_shut(office: Office, tmp_path: Path) -> None:
    person = office.person()
    assert "engångslänken" in person.open("/stod/logga-in")
    assert "arbetskonto" not in person.text()
    door: Door = replace(office.app.door, links=_Shut())
    assert "hansyn admin link" in Person(ScriptedApp(door=door)).open("/stod")


class _Shut:
    open = False

    def make(self, actor: Actor) -> str:
        return ""

    def use(self, token: str) -> bool:
        return False


def test_a_silent_provider_holds_up_no_other_page(office: Office) -> None:
    gate = Event()
    silent = SimpleNamespace(start=lambda *_: gate.wait(20))
    door = replace(office.app.door, oidc=silent)  # type: ignore[arg-type]

    async def ask() -> int:
        transport = httpx2.ASGITransport(open_site(ScriptedApp(door=door)).app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            start = "/stod/logga-in/start"
            waiting = [asyncio.create_task(client.get(start)) for _ in range(60)]
            await asyncio.sleep(0.1)
            try:
                return (await asyncio.wait_for(client.get("/stod/logga-in"), 5)).status_code
            finally:
                gate.set()
                for each in waiting:
                    each.cancel()

    assert asyncio.run(ask()) == 200
