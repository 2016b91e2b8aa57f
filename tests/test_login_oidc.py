"""Login by OpenID: a right answer lets in, and every forged or foreign one is refused."""

from __future__ import annotations

import base64
import hmac
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from joserfc.jwk import ECKey
from starlette.testclient import TestClient

import bot.web.login_page
from bot.identity import actor_of, is_known
from bot.login.door import build_door
from bot.messages import ConversationKey
from bot.policy import OPERATOR, Actor
from bot.settings import Settings
from storage.model import Term
from storage.records import NewCase
from storage.store import Store, open_store
from tests.fakes import ScriptedApp
from tests.identity_provider import (
    CLIENT,
    KEY,
    SECRET,
    STRANGER,
    Claims,
    IdentityProvider,
    identity_provider,
    signed,
)
from tests.web_person import open_site

pytest_plugins = "storage_fixtures"

START, ANSWER = "/stod/logga-in/start", "/stod/logga-in/svar"
COOKIE = "hansyn_stod"
ROLES = {"group:stod": ("handlaggare",), "group:lokal": ("handlaggare@egen",)}


@pytest.fixture(scope="module")
def running_provider() -> Iterator[IdentityProvider]:
    with identity_provider() as provider:
        yield provider


@pytest.fixture
def provider(running_provider: IdentityProvider) -> IdentityProvider:
    running_provider.claims = {"sub": "anna", "roles": ["stod"]}
    running_provider.sign, running_provider.claimed_issuer = signed, ""
    return running_provider


@dataclass
class Visitor:
    """A browser that can be sent to the provider and back."""

    client: TestClient
    store: Store
    #: How much later than now it is.
    later: list[timedelta] = field(default_factory=lambda: [timedelta()])

    def start(self, to: str = "/stod") -> str:
        """Presses the button; returns the address the provider sends back to."""
        sent = self.client.get(START, params={"till": to}, follow_redirects=False)
        answered = httpx2.get(sent.headers["location"], follow_redirects=False)
        return answered.headers["location"].removeprefix(str(self.client.base_url).rstrip("/"))

    def come_back(self, address: str) -> Any:
        return self.client.get(address, follow_redirects=False)

    @property
    def is_in(self) -> bool:
        return self.client.get("/stod", follow_redirects=False).status_code == 200


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusal is answered without delay."""

    async def sleep(_: float) -> None: ...

    monkeypatch.setattr(bot.web.login_page.anyio, "sleep", sleep)


@pytest.fixture
def visitor(provider: IdentityProvider, sqlite_store: Store) -> Visitor:
    return visit(provider, sqlite_store)


@pytest.fixture(scope="module")
def one_visitor(
    running_provider: IdentityProvider, sqlite_template: Path, tmp_path_factory: Any
) -> Iterator[Visitor]:
    """Shared by attempts that leave nothing behind."""
    file = tmp_path_factory.mktemp("forged") / "hansyn.sqlite3"
    shutil.copy(sqlite_template, file)
    with open_store(file) as store:
        yield visit(running_provider, store)


@pytest.fixture
def stranger(one_visitor: Visitor, provider: IdentityProvider) -> Visitor:
    one_visitor.client.cookies.clear()
    return one_visitor


def visit(provider: IdentityProvider, store: Store) -> Visitor:
    later = [timedelta()]
    settings = Settings(
        roles=ROLES, oidc_issuer=provider.issuer, oidc_client_id=CLIENT,
        oidc_client_secret=SECRET, oidc_organisation_claim="department",
        oidc_organisations={"Avd 7": "grundskola"},
    )  # type: ignore[arg-type] # fmt: skip
    door = build_door(store, settings, lambda: datetime.now(UTC) + later[0])
    return Visitor(open_site(ScriptedApp(door=door)), store, later)


def test_whoever_logs_in_lands_on_the_page_they_wanted(visitor: Visitor) -> None:
    back = visitor.come_back(visitor.start("/stod/arende/A-2026-0007"))
    assert (back.status_code, back.headers["location"]) == (303, "/stod/arende/A-2026-0007")
    assert visitor.is_in
    (login,) = visitor.store.logins.list()
    assert login.roles == ("handlaggare",)
    assert [entry.action for entry in visitor.store.audit.list()] == ["roles", "login"]


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example", "/\\evil.example", ""])
def test_nobody_is_sent_elsewhere_after_logging_in(visitor: Visitor, to: str) -> None:
    assert visitor.come_back(visitor.start(to)).headers["location"] == "/stod"


def test_a_member_of_an_entra_tenant_is_the_same_person_in_teams(
    visitor: Visitor, provider: IdentityProvider
) -> None:
    tenant = provider.issuer.rpartition("/")[2]
    provider.claims |= {"tid": tenant, "oid": "oid-1", "department": "Avd 7"}
    provider.claims["roles"] = ["lokal"]
    school = Term("grundskola", "Grundskolan")
    visitor.store.vocabularies.save_terms({"organisations": [school]})
    visitor.come_back(visitor.start())
    met = actor_of(visitor.store, Settings(), f"teams:{tenant}", "oid-1")
    assert met == Actor(met.id, frozenset({"handlaggare"}), frozenset({"grundskola"}))
    elsewhere = actor_of(visitor.store, Settings(), "teams:another", "oid-1")
    assert elsewhere.roles == frozenset()


def test_a_role_taken_away_is_gone_at_the_next_login_in_every_channel(
    visitor: Visitor, provider: IdentityProvider
) -> None:
    visitor.come_back(visitor.start())
    person = visitor.store.logins.list()[0].person
    provider.claims["roles"] = []
    assert visitor.come_back(visitor.start()).status_code == 403
    grant = visitor.store.grants.find(person)
    assert grant is not None
    assert grant.roles == ()


def test_a_new_login_has_a_new_cookie_and_ends_the_old_one(visitor: Visitor) -> None:
    visitor.client.cookies.set(COOKIE, "planted-by-somebody-else", "127.0.0.1")
    visitor.come_back(visitor.start())
    first = visitor.client.cookies[COOKIE]
    assert first != "planted-by-somebody-else"
    visitor.come_back(visitor.start())
    assert visitor.client.cookies[COOKIE] != first
    assert len(visitor.store.logins.list()) == 1


def test_the_link_is_closed_once_a_login_has_worked(visitor: Visitor) -> None:
    links = open_links(visitor)
    token = links.make(OPERATOR)
    assert links.open
    visitor.come_back(visitor.start())
    assert not links.open
    assert not links.use(token)


def open_links(visitor: Visitor) -> Any:
    return visitor.client.app.state.console.logins.door.links  # type: ignore[attr-defined]


def test_a_person_logged_in_may_report_in_the_web_chat_until_they_log_out(
    visitor: Visitor,
) -> None:
    visitor.come_back(visitor.start())
    person = visitor.store.logins.list()[0].person
    ((found, subject),) = visitor.store.people.subjects("web:").items()
    assert found == person
    known = visitor.store.people.find("web:", subject)
    assert known is not None
    assert is_known(known, Settings(web_reports=False))
    page = visitor.client.get("/stod/jag").text
    fields = dict(_hidden(page, "/stod/logga-ut"))
    visitor.client.post("/stod/logga-ut", data=fields)
    assert not visitor.store.people.subjects("web:")
    assert not visitor.is_in
    assert not {COOKIE, "hansyn"} & set(visitor.client.cookies)


def test_what_was_reported_in_a_browser_stays_ones_own_after_logging_out(
    visitor: Visitor,
) -> None:
    visitor.come_back(visitor.start())
    ((person, subject),) = visitor.store.people.subjects("web:").items()
    key = str(ConversationKey("web", "", "samtal", "", subject))
    report = NewCase("A-2026-0001", "deviation", {}, 2026, submitted_by=key)
    visitor.store.cases.file(report, datetime.now(UTC), key)
    page = visitor.client.get("/stod/jag").text
    visitor.client.post("/stod/logga-ut", data=dict(_hidden(page, "/stod/logga-ut")))
    assert visitor.store.people.subjects("web:") == {person: subject}


def _hidden(page: str, action: str) -> Iterator[tuple[str, str]]:
    from lxml import html

    (form,) = html.fromstring(page).xpath(f"//form[@action='{action}']")
    yield from ((item.get("name"), item.get("value")) for item in form.xpath(".//input"))


def encoded(*parts: object) -> bytes:
    return b".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts
    )


def unsigned(claims: Claims) -> str:
    return encoded({"alg": "none", "typ": "JWT"}, claims).decode() + "."


def by_secret(secret: bytes) -> Callable[[Claims], str]:
    """Signed by hand: no library lends itself to it."""

    def sign(claims: Claims) -> str:
        content = encoded({"alg": "HS256", "kid": "one"}, claims)
        digest = base64.urlsafe_b64encode(hmac.digest(secret, content, "sha256"))
        return (content + b"." + digest.rstrip(b"=")).decode()

    return sign


def with_claims(**changes: Any) -> Callable[[Claims], str]:
    """The token with some claims changed; None takes one away."""

    def sign(claims: Claims) -> str:
        changed = {name: value for name, value in (claims | changes).items() if value is not None}
        return signed(changed)

    return sign


def altered(claims: Claims) -> str:
    """Somebody else's name in a token that was signed for another."""
    head, _, signature = signed(claims).split(".")
    return f"{head}.{encoded(claims | {'sub': 'bo'}).decode()}.{signature}"


OWN = ECKey.generate_key("P-256", {"kid": "one"})
OWN_JWK = OWN.as_dict(private=False)
FORGERIES: dict[str, Callable[[Claims], str | None]] = {
    "unsigned": unsigned,
    "signed with the public key as a secret": by_secret(KEY.as_pem(private=False)),
    "signed with the client's secret": by_secret(SECRET.encode()),
    "a key of its own in the header": lambda c: signed(c, OWN, alg="ES256", jwk=OWN_JWK),
    "the right key, and one in the header": lambda c: signed(c, jwk=OWN_JWK),
    "an address of keys in the header": lambda c: signed(c, jku="https://evil.example/keys"),
    "another key of the same name": lambda c: signed(c, STRANGER),
    "a key nobody knows": lambda c: signed(c, STRANGER, kid="two"),
    "altered after it was signed": altered,
    "for another client": with_claims(aud="another"),
    "for several clients, with no word of ours": with_claims(aud=[CLIENT, "another"]),
    "asked for by another client": with_claims(azp="another"),
    "from another issuer": with_claims(iss="https://evil.example"),
    "from a like issuer": with_claims(iss="http://127.0.0.1:18400.evil.example"),
    "for another attempt": with_claims(nonce="another"),
    "for no attempt": with_claims(nonce=None),
    "expired": with_claims(exp=1_700_000_000),
    "without an end": with_claims(exp=None),
    "not valid yet": with_claims(nbf=4_000_000_000),
    "without a subject": with_claims(sub=None),
    "with an empty subject": with_claims(sub=""),
    "of another access token": with_claims(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    "no token": lambda _: None,
    "no token at all": lambda _: "a.b",
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_token_lets_nobody_in(
    stranger: Visitor, provider: IdentityProvider, forgery: str
) -> None:
    provider.sign, before = FORGERIES[forgery], provider.answered
    answer = stranger.come_back(stranger.start())
    assert provider.answered == before + 1
    assert answer.status_code == 403
    assert "gick inte att slutföra" in answer.text
    assert not stranger.is_in
    assert not stranger.store.logins.list()


def _other_state(visitor: Visitor, address: str) -> str:
    return address.replace("state=", "state=0")


def _other_browser(visitor: Visitor, address: str) -> str:
    visitor.client.cookies.clear()
    visitor.client.get(START, follow_redirects=False)
    return address


def _no_cookie(visitor: Visitor, address: str) -> str:
    visitor.client.cookies.clear()
    return address


def _late(visitor: Visitor, address: str) -> str:
    visitor.later[0] = timedelta(minutes=11)
    return address


def _written_by_another(visitor: Visitor, address: str) -> str:
    body, _, _ = visitor.client.cookies["hansyn_vag"].partition(".")
    visitor.client.cookies.clear()
    visitor.client.cookies.set("hansyn_vag", f"{body}.{'0' * 64}")
    return address


def _other_provider(visitor: Visitor, address: str) -> str:
    return address + "&iss=https%3A%2F%2Fevil.example"


def _no_code(visitor: Visitor, address: str) -> str:
    return address.replace("code=", "error=access_denied&was=")


def _other_code(visitor: Visitor, address: str) -> str:
    return address.replace("code=", "code=0")


def _used_code(visitor: Visitor, address: str) -> str:
    cookie = visitor.client.cookies["hansyn_vag"]
    visitor.come_back(address)
    visitor.store.logins.end_all()
    visitor.client.cookies.set("hansyn_vag", cookie)
    return address


@pytest.mark.parametrize(
    "change",
    [_other_state, _other_browser, _no_cookie, _late, _written_by_another, _other_provider,
     _no_code, _other_code, _used_code],
)  # fmt: skip
def test_a_foreign_or_used_answer_lets_nobody_in(
    visitor: Visitor, change: Callable[[Visitor, str], str]
) -> None:
    address = change(visitor, visitor.start())
    assert visitor.come_back(address).status_code == 403
    assert not visitor.is_in


@pytest.mark.parametrize("roles", [[], ["another"], None, "another", {"stod": True}])
def test_somebody_without_a_role_is_told_so_and_stays_outside(
    stranger: Visitor, provider: IdentityProvider, roles: object
) -> None:
    provider.claims["roles"] = roles
    answer = stranger.come_back(stranger.start())
    assert "ingen roll" in answer.text
    assert not stranger.is_in


def test_a_provider_of_another_name_or_out_of_reach_is_not_asked(
    visitor: Visitor, provider: IdentityProvider
) -> None:
    provider.claimed_issuer = "https://evil.example"
    answer = visitor.client.get(START, follow_redirects=False)
    assert answer.status_code == 403
    assert "svarar inte" in answer.text
