"""The pages on personal data and terms say what holds here, in both languages, and are found."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import html
from talking import Talk

from bot.app import App, build_app
from bot.messages import ConversationKey, Opened
from tests.web_person import Person

pytest_plugins = ["app_fixtures"]


@pytest.mark.parametrize(
    ("path", "language", "told"),
    [
        ("/integritet", "sv", ("30 dagar", "90 dagar", "Integritetsskyddsmyndigheten", "kaka")),
        ("/privacy", "en", ("30 days", "90 days", "Authority for Privacy Protection")),
        ("/tillganglighet", "sv", ("2018:1937", "Digg", "delvis förenlig", "21 november 2026")),
        ("/accessibility", "en", ("2018:1937", "Digg", "partly compliant", "21 November 2026")),
        ("/villkor", "sv", ("ingen juridisk rådgivning", "Gäster", "allmän handling")),
        ("/terms", "en", ("not legal advice", "Guests", "public record")),
    ],
)
def test_a_statement_names_who_is_responsible_and_what_holds(
    path: str, language: str, told: tuple[str, ...]
) -> None:
    person = Person()
    seen = person.open(path)
    assert f'<html lang="{language}">' in person.page
    for expected in ("Nämnden för prov", "stod@example.org", *told):
        assert expected in seen


def links(path: str) -> set[str]:
    person = Person()
    person.open(path)
    return set(html.fromstring(person.page).xpath("//a/@href"))


def test_every_page_leads_to_them_and_each_to_its_other_language() -> None:
    for path in ("/", "/stod", "/finns-inte"):
        assert {"/integritet", "/villkor"} <= links(path)
    assert "/privacy" in links("/integritet")
    assert {"/integritet", "/terms"} <= links("/privacy")


class InTelegram(Talk):
    """Somebody who writes in Telegram."""

    @property
    def key(self) -> ConversationKey:
        return replace(super().key, channel="telegram")


def test_a_platforms_greeting_links_to_the_page_and_its_command_tells_the_gist(app: App) -> None:
    app.close()
    settings = app.configuration.model_copy(update={"public_url": "https://hansyn.example.org"})
    known = build_app(settings)
    talk = InTelegram(known)
    talk.send(Opened())
    assert "https://hansyn.example.org/integritet" in talk.text
    assert "30 dagar" in talk.command("privacy")
    elsewhere = Talk(known, "bo")
    elsewhere.send(Opened())
    assert "/integritet" not in elsewhere.text
    known.close()
