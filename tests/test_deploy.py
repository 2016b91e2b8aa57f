"""What operators copy runs without rights it does not need, and names only what exists."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from bot.cli import app
from bot.settings import Settings

DEPLOY = Path(__file__).resolve().parent.parent / "deploy"
FILES = sorted(path for path in DEPLOY.iterdir() if path.is_file())


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_every_setting_and_command_named_exists(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    settings = {f"HANSYN_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"\bHANSYN_[A-Z_]+", text)) <= settings
    commands = re.findall(r"bin/hansyn (\w+)", text) + re.findall(r'^CMD \["(\w+)', text, re.M)
    assert set(commands) <= set(get_command(app).commands)


def test_the_container_writes_only_its_data_and_is_not_root() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert services["hansyn"]["read_only"]
    assert services["hansyn"]["cap_drop"] == ["ALL"]
    users = re.findall(r"^USER (\d+)$", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"), re.M)
    assert users == ["10001"]


def test_nothing_listens_beyond_the_machine() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_postgresql_starts_only_when_asked_for() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert {name for name, service in services.items() if "profiles" not in service} == {"hansyn"}
    assert services["postgres"]["profiles"] == ["postgres"]


@pytest.mark.parametrize("name", ["hansyn.service", "hansyn-backup.service"])
def test_units_run_as_nobody_in_particular_and_may_write_only_their_own_folder(name: str) -> None:
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str
    unit.read(DEPLOY / name, encoding="utf-8")
    service = unit["Service"]
    assert service["DynamicUser"] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["NoNewPrivileges"] == "yes"
    assert service["StateDirectory"].split()[0] == "hansyn"


def test_every_package_reaches_the_image() -> None:
    copied = re.findall(r"^COPY (\w+) \1$", (DEPLOY / "Dockerfile").read_text("utf-8"), re.M)
    assert sorted(copied) == ["bot", "intents", "knowledge", "storage"]
    kept = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").split()
    assert {f"!{name}" for name in copied} <= set(kept)
