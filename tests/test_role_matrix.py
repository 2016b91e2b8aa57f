"""Every address and every act of the desk, for every role and unit: what the table says, holds."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.testclient import TestClient
from talking import NOON

from bot.app import App, build_app
from bot.policy import ROLES, TABLE, Action, Actor, Forbidden, Role
from bot.policy_table import table_of_roles
from bot.port import CaseQuery, Letter
from bot.settings import Settings
from bot.web.application import build_web
from bot.web.console import Declared
from bot.web.headers import HEADERS
from bot.web.limits import Buckets
from bot.web.pages import Pages
from bot.web.sections import console_sections
from bot.web.site import Site
from storage.records import NewAnswer, NewCase, OutboxItem, Turn
from tests.web_person import LOCAL

pytest_plugins = "app_fixtures"

#: Addresses anybody may open.
PUBLIC = {
    "/", "/meddelande", "/val", "/formular", "/bifoga", "/samtal", "/logg", "/handelser",
    "/fil/{reference:path}", "/healthz", "/readyz", "/metrics", "/tillganglighet", "/integritet",
    "/accessibility", "/privacy", "/villkor", "/terms", "/static",
    "/stod/oppna", "/stod/logga-in", "/stod/logga-in/start", "/stod/logga-in/svar",
    "/stod/logga-ut",
}  # fmt: skip
#: Stands in every text somebody reported; nobody but a handler may ever see it.
SECRET = "kvastskaftsramp"
CASE, ELSEWHERE, NOWHERE = "A-2026-0101", "A-2026-0102", "H-2026-0103"
PLACES = {"number": CASE, "identity": "x", "id": "x", "work": "x", "place": "1"}
UNITS: tuple[frozenset[str] | None, ...] = (
    None, frozenset({"skola"}), frozenset({"bygg"}), frozenset(),
)  # fmt: skip


@pytest.fixture(scope="module")
def filled(loaded_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """Three reports, a question and a message that was never sent, all about the secret."""
    folder = tmp_path_factory.mktemp("roles") / "data"
    shutil.copytree(loaded_data, folder)
    app = build_app(Settings(data=folder), lambda: NOON)
    fill(app)
    yield app
    app.close()


def fill(app: App) -> None:
    for number, organisation in ((CASE, "skola"), (ELSEWHERE, "bygg"), (NOWHERE, "")):
        kind = "handover" if number == NOWHERE else "deviation"
        values: dict[str, object] = {"reason": f"{SECRET} {number}", "question": SECRET}
        case = NewCase(number, kind, values, 2026, organisation)
        app.store.cases.file(case, NOON, "web|||a|b")
    asked = NewAnswer("S-1", f"Får vi {SECRET}?", "", (), {}, "no_answer")
    app.store.commit_turn(
        Turn("web|||a|b", "web", "1", NOON, 0, None, "sv", "{}", records=(asked,))
    )
    app.store.outbox.add([OutboxItem("dead", "mail", "deviation", {"number": CASE})], NOON)


@pytest.fixture(scope="module")
def web(filled: App) -> Starlette:
    site = Site(filled, Pages(filled), lambda: NOON, Buckets(burst=100_000))
    return build_web(filled, site, sections=console_sections(filled))


def browser(web: Starlette, app: App, *roles: Role, units: Any = None) -> TestClient:
    """Somebody who has logged in with these roles."""
    client = TestClient(web, "http://127.0.0.1", client=LOCAL, raise_server_exceptions=False)
    if roles:
        actor = Actor(f"{sum(map(ROLES.index, roles)):016x}", frozenset(roles), units)
        client.cookies.set("hansyn_stod", app.door.sessions.begin(actor, "oidc"))
    return client


def declared(web: Starlette) -> list[Declared]:
    return list(web.state.console.declared)


def address(path: str) -> str:
    for name, value in PLACES.items():
        path = path.replace(f"{{{name}}}", value).replace(f"{{{name}:int}}", value)
    return path


def test_every_address_is_declared_or_meant_for_everybody(web: Starlette) -> None:
    paths = [route.path for route in web.routes if isinstance(route, Route | Mount)]
    assert len(paths) == len(web.routes)
    behind = {each.path for each in declared(web)}
    assert set(paths) - behind - PUBLIC == set()
    assert behind & PUBLIC == set()


def test_every_address_lets_in_the_roles_of_the_table_and_nobody_else(
    web: Starlette, filled: App
) -> None:
    tried = 0
    for roles in ((), *((role,) for role in ROLES)):
        client = browser(web, filled, *roles)
        for each in declared(web):
            for method, needed in (("GET", each.action), ("POST", each.post)):
                if needed is None:
                    continue
                response = _ask(client, method, address(each.path))
                allowed = any(role in TABLE[needed] for role in roles)
                case = (method, each.path, roles, response.status_code)
                assert ("Det får du inte göra" not in response.text and bool(roles)) == allowed, (
                    case
                )
                assert response.status_code < 500, case
                assert set(map(str.lower, HEADERS)) <= set(response.headers), case
                if method == "POST":
                    # Nobody has the form's proof, so nothing is done whoever asks.
                    assert response.status_code in (400, 403, 415), case
                tried += 1
    assert tried >= 400


def _ask(client: TestClient, method: str, path: str) -> Any:
    if method == "GET":
        return client.get(path, follow_redirects=False)
    return client.post(path, data={"act": "take"}, follow_redirects=False)


def test_a_form_from_another_site_is_refused_at_every_address(web: Starlette, filled: App) -> None:
    client = browser(web, filled, *ROLES)
    foreign = ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"})
    for each, headers in product(declared(web), foreign):
        if each.post is None:
            continue
        response = client.post(address(each.path), data={"act": "take"}, headers=headers)
        assert response.status_code == 403
        assert "annan webbplats" in response.text


@pytest.mark.parametrize("role", [role for role in ROLES if role not in TABLE["case.read"]])
def test_who_may_not_read_reports_sees_none_of_their_text_on_any_page(
    web: Starlette, filled: App, role: Role
) -> None:
    client = browser(web, filled, role)
    for each in declared(web):
        if TABLE["question.read"] & {role} and each.action == "question.read":
            # Editors see the words of questions nobody has answered; they write the answers.
            continue
        assert SECRET not in client.get(address(each.path)).text, each.path


def test_who_works_with_some_organisations_sees_no_text_of_others_on_any_page(
    web: Starlette, filled: App
) -> None:
    client = browser(web, filled, "handlaggare", "kb_redaktor", units=frozenset({"park"}))
    for each in declared(web):
        assert SECRET not in client.get(address(each.path)).text, each.path


ACTS: dict[str, tuple[Action, Callable[[App, Actor, str], object]]] = {
    "case": ("case.read", lambda app, actor, number: app.support.case(actor, number)),
    "take": ("case.take", lambda app, actor, number: app.support.take(actor, number)),
    "assign": ("case.take", lambda app, actor, number: app.support.assign(actor, number, "x")),
    "take_over": ("case.write", lambda app, actor, number: app.support.take_over(actor, number)),
    "release": ("case.take", lambda app, actor, number: app.support.release(actor, number)),
    "note": ("case.write", lambda app, actor, number: app.support.note(actor, number, "x")),
    "send": (
        "case.write",
        lambda app, actor, number: app.support.send(actor, number, Letter("answer", "x", "x")),
    ),
    "close": ("case.write", lambda app, actor, number: app.support.close(actor, number)),
    "reopen": ("case.write", lambda app, actor, number: app.support.reopen(actor, number)),
    "publish": ("case.write", lambda app, actor, number: app.support.publish(actor, number)),
}


def test_every_act_of_the_desk_follows_role_and_unit(filled: App) -> None:
    tried = 0
    cases = ((CASE, "skola"), (ELSEWHERE, "bygg"), (NOWHERE, ""))
    for name, role, units, (number, unit) in product(ACTS, ROLES, UNITS, cases):
        action, act = ACTS[name]
        allowed = role in TABLE[action] and (units is None or unit in units)
        try:
            act(filled, Actor("one", frozenset({role}), units), number)
        except Forbidden:
            assert not allowed, (name, role, units, unit)
        else:
            assert allowed, (name, role, units, unit)
        tried += 1
    assert tried >= 500


def test_lists_hold_the_cases_of_ones_units_and_no_others(filled: App) -> None:
    chance = random.Random(20260302)
    places = ("skola", "bygg", "park", "vatten", "")
    where: dict[str, str] = {CASE: "skola", ELSEWHERE: "bygg", NOWHERE: ""}
    for number in range(60):
        where[f"A-{number}"] = place = chance.choice(places)
        values: dict[str, object] = {"reason": SECRET}
        case = NewCase(
            f"A-{number}", chance.choice(("deviation", "grosslist")), values, 2026, place
        )
        filled.store.cases.file(case, NOON)
    for _ in range(200):
        units = frozenset(chance.sample(places[:-1], chance.randint(0, 4)))
        actor = Actor("one", frozenset({"handlaggare"}), units)
        query = chance.choice((CaseQuery(), CaseQuery(words=SECRET), CaseQuery(kind="deviation")))
        rows = filled.support.cases(actor, query)
        assert {where[row.number] for row in rows} <= units
        if query == CaseQuery():
            assert {row.number for row in rows} == {n for n, unit in where.items() if unit in units}


def test_reading_a_report_is_always_in_the_log(web: Starlette, filled: App) -> None:
    client = browser(web, filled, "handlaggare")
    for _ in range(3):
        assert SECRET in client.get(f"/stod/arende/{CASE}").text
    read = [e for e in filled.store.audit.list(f"case:{CASE}") if e.action == "read"]
    assert [entry.actor for entry in read[-3:]] == [f"{ROLES.index('handlaggare'):016x}"] * 3
    assert filled.store.audit.verify() is None


def test_the_table_of_roles_for_readers_is_the_one_in_force() -> None:
    told = (Path(__file__).parents[1] / "deploy" / "roles.md").read_text("utf-8")
    assert table_of_roles() in told
