"""What protects the web chat: headers, forms' proofs, origins, limits, cookies, cleaned text."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from bot.channels.cleaning import clean, printable
from bot.web.headers import HEADERS
from bot.web.limits import Buckets
from bot.web.pages import FOLDER, STATIC
from bot.web.sessions import Session
from tests.contracts import contents
from tests.fakes import ScriptedApp
from tests.web_person import LOCAL, Person, open_site

ADDRESSES = (
    "/", "/logg?samtal=0", "/integritet", "/stod", "/stod/oppna?nyckel=x", "/stod/utskick",
    "/stod/arende/A-2026-0007", "/healthz", "/readyz", "/metrics", "/fil/x", "/finns-inte",
    "/static/hansyn.css", "/static/finns-inte.js", "/meddelande",
)  # fmt: skip


@pytest.fixture
def person() -> Person:
    someone = Person()
    someone.open()
    return someone


@pytest.fixture(scope="module")
def served_person() -> Person:
    """Shared by the examples of one rule."""
    someone = Person()
    someone.open()
    return someone


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_response_carries_every_security_header(person: Person, address: str) -> None:
    headers = person.browser.get(address).headers
    assert set(map(str.lower, HEADERS)) <= set(headers)
    assert "unsafe" not in headers["content-security-policy"]


def test_a_failure_carries_the_headers_too(person: Person) -> None:
    person.app.fault = RuntimeError()
    response = person.browser.get("/")
    assert response.status_code == 500
    assert response.headers["content-security-policy"].startswith("default-src 'none'")


def test_pages_are_not_kept_and_files_with_a_hash_are(person: Person) -> None:
    assert person.browser.get("/").headers["cache-control"] == "no-store"
    style = re.search(r'href="(/static/hansyn\.css\?v=\w+)"', person.page)
    assert style
    assert "immutable" in person.browser.get(style[1]).headers["cache-control"]


def test_https_is_remembered_and_its_cookie_never_sent_without_it() -> None:
    site = open_site(ScriptedApp())
    secure = TestClient(site.app, base_url="https://hansyn.example", client=LOCAL)
    response = secure.get("/")
    assert "max-age" in response.headers["strict-transport-security"]
    assert "Secure" in response.headers["set-cookie"]


def test_the_cookie_is_256_random_bits_out_of_reach_of_scripts(person: Person) -> None:
    cookie = open_site(ScriptedApp()).get("/").headers["set-cookie"]
    assert re.match(r"hansyn=[\w-]{43}\.0\.0;", cookie)
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


@pytest.mark.parametrize("cookie", ["", "x", "a.b.c", "å" * 43 + ".0.0", "a" * 43 + ".0.99999"])
def test_a_garbled_cookie_is_a_new_browser(cookie: str) -> None:
    site = open_site(ScriptedApp())
    sent = {"cookie": f"hansyn={cookie}".encode()}
    assert site.get("/", headers=sent).status_code == 200  # type: ignore[arg-type]


@pytest.mark.parametrize("missing", ["form_id", "proof", "conversation"])
def test_a_form_without_its_proof_changes_nothing(person: Person, missing: str) -> None:
    fields = person.form("/meddelande").fields | {"message": "hej"}
    person.send("/meddelande", {name: fields[name] for name in fields if name != missing})
    assert person.status in (403, 409)
    assert contents(person) == []


def test_a_proof_is_for_one_form_of_one_browser(person: Person) -> None:
    stranger = Person(app=person.app)
    stranger.open()
    person.send("/meddelande", stranger.form("/meddelande").fields | {"message": "hej"})
    assert person.status == 403
    person.open()
    fields = person.form("/samtal").fields | {"message": "hej"}
    person.send("/meddelande", fields)
    assert person.status == 403
    assert contents(person) == []


def test_two_browsers_with_the_same_form_id_never_share_a_reply() -> None:
    one, other = Session.begin(), Session.begin()
    assert one.message_id("same", "hej") != other.message_id("same", "hej")


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"sec-fetch-site": "same-origin", "origin": "null"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"origin": "http://127.0.0.1"}, True),
        ({}, True),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site", "origin": "http://127.0.0.1"}, False),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "http://127.0.0.1.evil.example"}, False),
        ({"origin": "http://[bad"}, False),
    ],
)
def test_only_our_own_pages_may_send_forms(
    person: Person, headers: dict[str, str], allowed: bool
) -> None:
    fields = person.form("/meddelande").fields | {"message": "hej"}
    response = person.browser.post("/meddelande", data=fields, headers=headers)
    assert response.status_code == (200 if allowed else 403)
    assert bool(contents(person)) is allowed


def test_too_many_messages_wait_and_lose_no_text() -> None:
    now = [0.0]
    buckets = Buckets(rate=1.0, burst=2, clock=lambda: now[0])
    app = ScriptedApp()
    person = Person(app, open_site(app, buckets=buckets))
    person.open()
    for text in ("ett", "två", "tre"):
        person.fill_in("/meddelande", message=text)
    assert person.status == 429
    now[0] += 1
    person.press("Skicka igen")
    assert [item.text for item in contents(person)] == ["ett", "två", "tre"]  # type: ignore[union-attr]


def test_buckets_forget_the_longest_silent_and_stay_small() -> None:
    buckets = Buckets(most=3)
    for owner in "abcde":
        buckets.take(owner)
    assert list(buckets._levels) == ["c", "d", "e"]


@pytest.mark.parametrize("name", ["layout", "chat", "parts", "log", "error", "support_case"])
def test_no_template_has_inline_script_or_style(name: str) -> None:
    text = (FOLDER / "templates" / f"{name}.html").read_text("utf-8")
    assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son[a-z]+=|https?://", text)


def test_metrics_are_for_this_machine_alone(person: Person) -> None:
    assert "python_info" in person.browser.get("/metrics").text
    outside = TestClient(person.browser.app, base_url="http://127.0.0.1", client=("10.0.0.9", 1))
    assert outside.get("/metrics").status_code == 404
    rebound = TestClient(person.browser.app, base_url="http://evil.example", client=LOCAL)
    assert rebound.get("/metrics").status_code == 404


def test_readiness_follows_the_application_and_says_nothing_more(person: Person) -> None:
    assert person.browser.get("/healthz").json() == {"status": "ok"}
    assert person.browser.get("/readyz").json() == {"status": "ready"}
    person.app.ready = False
    response = person.browser.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"status": "not ready"})


@given(st.text(st.characters(exclude_categories=[])))
def test_cleaned_text_can_be_stored_shown_and_cleaned_again(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode()
    assert clean(cleaned) == cleaned
    assert not set(cleaned) & (set(map(chr, range(32))) - {"\n", "\t"})
    printable(text).encode()


def test_letters_emoji_and_line_ends_survive_cleaning() -> None:
    assert clean("A\u030a\r\nä 👩‍👧 §\t–") == "Å\nä 👩‍👧 §\t–"


NAMES = ("message", "interaction", "choice", "to", "form_id", "proof", "conversation", "field-x")
fields = st.dictionaries(st.sampled_from(NAMES), st.binary(max_size=40), max_size=6)


@settings(max_examples=150)
@given(fields, st.sampled_from(("/meddelande", "/val", "/formular", "/samtal")), st.booleans())
def test_no_body_whatever_makes_a_fault(
    served_person: Person, sent: dict[str, bytes], address: str, honest: bool
) -> None:
    proof = served_person.form("/meddelande").fields if honest else {}
    body = "&".join(f"{name}={quote(value)}" for name, value in (sent | proof).items())
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert served_person.browser.post(address, content=body, headers=headers).status_code < 500


@settings(max_examples=50)
@given(st.binary(max_size=200))
def test_no_bytes_whatever_make_a_fault(served_person: Person, body: bytes) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    response = served_person.browser.post("/meddelande", content=body, headers=headers)
    assert response.status_code in (400, 403)


def test_the_one_foreign_script_is_the_file_its_makers_released() -> None:
    digest = hashlib.sha256((STATIC / "htmx-4.0.1.min.js").read_bytes()).hexdigest()
    assert digest == "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130"
    assert "Zero-Clause BSD" in (STATIC / "htmx-LICENSE.txt").read_text("utf-8")
