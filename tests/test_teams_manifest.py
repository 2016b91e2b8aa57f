"""The app package for Teams: limits of its schema, icons of the right size, commands that work."""

from __future__ import annotations

import io
import json
import re
import struct
import zlib
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import pytest
from talking import Talk

from bot.app import App
from bot.channels.teams.icons import colour_icon, outline_icon
from bot.channels.teams.manifest import to_english, to_manifest, to_package
from bot.errors import SettingsError
from bot.messages import Language, Said
from bot.settings import Settings
from bot.texts import load_texts
from tests.teams_service import APP_ID
from tests.web_person import Person

pytest_plugins = ["app_fixtures"]

SETTINGS = Settings(teams_app_id=APP_ID, public_url="https://hansyn.example.org/chatt")


def made() -> dict[str, Any]:
    return to_manifest(SETTINGS, load_texts(), "0.3.0")


def pixels(png: bytes) -> tuple[int, int, list[tuple[int, ...]]]:
    """Width, height and the pixels as red, green, blue, opacity."""
    width, height, depth, kind = struct.unpack(">IIBB", png[16:26])
    assert (depth, kind) == (8, 6)
    start = png.index(b"IDAT")
    [length] = struct.unpack(">I", png[start - 4 : start])
    raw = zlib.decompress(png[start + 4 : start + 4 + length])
    rows = [raw[at + 1 : at + 1 + 4 * width] for at in range(0, len(raw), 4 * width + 1)]
    return width, height, [tuple(row[at : at + 4]) for row in rows for at in range(0, len(row), 4)]


def test_the_package_holds_a_manifest_and_the_icons_it_names() -> None:
    with ZipFile(io.BytesIO(to_package(SETTINGS, load_texts(), "0.3.0"))) as package:
        manifest = json.loads(package.read("manifest.json"))
        words = json.loads(package.read("en.json"))
        names = {"manifest.json", "en.json", *manifest["icons"].values()}
        assert set(package.namelist()) == names
    assert manifest == made()
    assert words == to_english(load_texts())


def test_the_manifest_keeps_the_limits_of_its_schema() -> None:
    manifest = made()
    assert manifest["manifestVersion"] in manifest["$schema"]
    assert manifest["validDomains"] == ["hansyn.example.org"]
    [bot] = manifest["bots"]
    assert manifest["id"] == bot["botId"] == APP_ID
    assert bot["scopes"] == ["personal", "team", "groupChat"]
    told = [(manifest["developer"]["name"], 32), (manifest["name"]["short"], 30),
            (manifest["name"]["full"], 100), (manifest["description"]["short"], 80),
            (manifest["description"]["full"], 4000)]  # fmt: skip
    for commands in (each["commands"] for each in bot["commandLists"]):
        assert len(commands) <= 10
        told += [(command["title"], 32) for command in commands]
        told += [(command["description"], 128) for command in commands]
    assert [text for text, limit in told if not 0 < len(text) <= limit] == []
    assert UUID(manifest["id"])
    assert manifest["permissions"] == ["identity", "messageTeamMembers"]
    assert re.fullmatch(r"#[0-9A-F]{6}", manifest["accentColor"])
    assert re.fullmatch(r"\d+\.\d+\.\d+", manifest["version"])
    [other] = manifest["localizationInfo"]["additionalLanguages"]
    assert (manifest["localizationInfo"]["defaultLanguageTag"], other["languageTag"]) == (
        "sv",
        "en",
    )


def test_every_word_of_the_manifest_has_its_place_in_english() -> None:
    manifest, english = made(), to_english(load_texts())
    limits = {"short": 30, "full": 100, "title": 32, "description": 128}
    for place, text in english.items():
        if place != "$schema":
            at: Any = manifest
            for step in re.findall(r"[a-zA-Z]+|\d+", place):
                at = at[int(step) if step.isdigit() else step]
            limit = 4000 if place == "description.full" else limits[place.rpartition(".")[2]]
            assert at, place
            assert 0 < len(text) <= (80 if place == "description.short" else limit), place
    commands = [c for each in manifest["bots"][0]["commandLists"] for c in each["commands"]]
    assert len(english) == 1 + 4 + 2 * len(commands)


@pytest.mark.parametrize("kind", ["websiteUrl", "privacyUrl", "termsOfUseUrl"])
def test_the_pages_the_manifest_names_are_there(app: App, kind: str) -> None:
    settings = SETTINGS.model_copy(update={"public_url": "https://hansyn.example.org"})
    address = to_manifest(settings, load_texts(), "0.3.0")["developer"][kind]
    person = Person(app)  # type: ignore[arg-type]
    assert "Göteborgs Stad" in person.open(address.removeprefix("https://hansyn.example.org"))
    assert person.status == 200


def test_the_outline_is_white_alone_and_the_other_icon_has_no_holes() -> None:
    width, height, seen = pixels(outline_icon())
    assert (width, height) == (32, 32)
    assert {pixel[:3] for pixel in seen} == {(255, 255, 255)}
    assert {pixel[3] for pixel in seen} >= {0, 255}
    width, height, seen = pixels(colour_icon())
    assert (width, height) == (192, 192)
    assert {pixel[3] for pixel in seen} == {255}


@pytest.mark.parametrize("missing", [{"teams_app_id": ""}, {"public_url": "http://x.example"}])
def test_without_app_id_or_https_address_it_says_what_to_set(missing: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="HANSYN_PUBLIC_URL"):
        to_package(SETTINGS.model_copy(update=missing), load_texts(), "0.3.0")


LEADS_TO = {
    "deviation": "deviation", "screening": "screening", "handover": "handover",
    "status": "report_status", "link": "linking", "question": "question",
}  # fmt: skip


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_suggested_command_is_understood(app: App, language: Language) -> None:
    keys = {f"teams.manifest.command.{name}.title": led for name, led in LEADS_TO.items()}
    expected = {load_texts().render(key, language): led for key, led in keys.items()}
    titles = set(expected)
    talks = {title: Talk(app, person=title) for title in titles}
    understood = {title: talk.send(Said(title)).facts["intent"] for title, talk in talks.items()}
    assert understood == expected
