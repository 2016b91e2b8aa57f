"""The app package for Teams: limits of its schema, icons of the right size, commands that work."""

from __future__ import annotations

import io
import json
import struct
import zlib
from typing import Any
from zipfile import ZipFile

import pytest
from talking import Talk

from bot.app import App
from bot.channels.teams.icons import colour_icon, outline_icon
from bot.channels.teams.manifest import to_manifest, to_package
from bot.errors import SettingsError
from bot.messages import Said
from bot.settings import Settings
from bot.texts import load_texts
from tests.teams_service import APP_ID

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
        assert set(package.namelist()) == {"manifest.json", *manifest["icons"].values()}
    assert manifest == made()


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


def test_every_suggested_command_is_understood(app: App) -> None:
    lists = made()["bots"][0]["commandLists"]
    titles = {command["title"] for each in lists for command in each["commands"]}
    talks = {title: Talk(app, person=title) for title in titles}
    understood = {title: talk.send(Said(title)).facts["intent"] for title, talk in talks.items()}
    assert understood == {
        "Rapportera avsteg": "deviation",
        "Pröva mot bruttolistan": "screening",
        "Fråga stödfunktionen": "handover",
        "Läget för min rapport": "report_status",
        "Koppla": "linking",
        "Måste vi ställa sociala krav?": "question",
    }
