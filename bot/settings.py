"""Everything an operator can set: environment (prefix ``HANSYN_``), ``.env`` or ``hansyn.toml``.

The environment wins over ``.env``, which wins over TOML. A secret can lie in a file named by the
same variable with ``_FILE`` after it. README's configuration table is checked against this class.
"""

from __future__ import annotations

import os
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from bot.errors import SettingsError
from bot.policy import OWN, ROLES

TOML_FILE = "hansyn.toml"


class Settings(BaseSettings):
    """The settings, read once when a command starts."""

    model_config = SettingsConfigDict(
        env_prefix="HANSYN_",
        env_file=".env",
        # Other programs keep their settings in the same file.
        dotenv_filtering="match_prefix",
        toml_file=TOML_FILE,
        extra="forbid",
        frozen=True,
    )

    data: Path = Field(Path("hansyn-data"), description="The one folder everything is kept in")
    database_url: SecretStr = Field(
        SecretStr(""), description="postgresql://…; empty means SQLite in the data folder"
    )
    host: str = Field("127.0.0.1", description="Address the web chat listens on")
    port: int = Field(8000, ge=1, le=65535, description="First port to try")
    public_url: str = Field("", description="Address people reach the web chat at, for links")
    support_mailbox: str = Field(
        "socialhansyn@ink.goteborg.se", description="Functional mailbox of the support function"
    )
    responsible: str = Field(
        "nämnden för inköp och upphandling i Göteborgs Stad",
        description="The board or company responsible for the assistant, named in the greeting",
    )
    answer_days: int = Field(3, ge=1, le=60, description="Working days until a person answers")
    draft_days: int = Field(30, ge=1, le=730, description="Days an unfinished report is kept")
    keep_messages_days: int = Field(
        30, ge=7, le=730, description="Days what was said in a conversation is kept"
    )
    keep_sent_days: int = Field(7, ge=2, le=365, description="Days a sent message is remembered")
    keep_given_up_days: int = Field(
        30, ge=7, le=365, description="Days a message nobody could be sent is kept"
    )
    keep_answers_days: int = Field(
        90, ge=30, le=730, description="Days until an answer no longer tells who asked"
    )
    two_persons: bool = Field(
        True, description="Must another approver than its author publish a text, once there are two"
    )
    web_reports: bool | None = Field(
        None, description="May everybody report in the web chat; unset: on this machine only"
    )
    embedding_model: str = Field(
        "", description="Folder or name of a sentence-transformers model; empty: the shipped one"
    )
    embedding_download: bool = Field(False, description="May a named model be downloaded")
    whistleblowing: str = Field(
        "stadens visselblåsarfunktion", description="Where wrongdoing is reported"
    )
    smtp_host: str = Field("", description="Mail server for alerts; empty sends no mail")
    smtp_port: int = Field(25, ge=1, le=65535)
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_starttls: bool = Field(True, description="Encrypt the mail connection")
    smtp_from: str = Field("", description="Sender of alert mail; empty: the support mailbox")
    alert_to: tuple[str, ...] = Field(
        (), description='Rooms that get alerts, such as ["teams:19:…@thread.tacv2", "slack:C0123"]'
    )
    cases_read_in: tuple[str, ...] = Field(
        ("web", "teams", "slack"),
        description="Channels where a handler may read a case by the button on its card",
    )
    teams_app_id: str = Field(
        "", description="Microsoft Teams: the bot's app id; empty turns it off"
    )
    teams_app_password: SecretStr = SecretStr("")
    teams_tenant: str = Field("", description="The only Entra tenant that is let in")
    teams_service_hosts: tuple[str, ...] = Field(
        ("trafficmanager.net", "botframework.com", "teams.microsoft.com"),
        description="Hosts replies to Teams may be sent to",
    )
    teams_keys_url: str = Field(
        "https://login.botframework.com/v1/.well-known/keys",
        description="Where the Bot Framework publishes its keys",
    )
    slack_bot_token: SecretStr = Field(
        SecretStr(""), description="Slack: xoxb-…; empty turns it off"
    )
    slack_app_token: SecretStr = Field(
        SecretStr(""), description="Slack: xapp-… turns Socket Mode on"
    )
    slack_signing_secret: SecretStr = Field(
        SecretStr(""), description="Slack over HTTP; two separated by a comma while rotating"
    )
    telegram_token: SecretStr = Field(
        SecretStr(""), description="Telegram: the bot's token; empty turns it off"
    )
    telegram_secret: SecretStr = Field(
        SecretStr(""), description="Telegram by webhook: its secret token; empty means polling"
    )
    telegram_api_url: str = Field(
        "https://api.telegram.org", description="Telegram's API, or an own API server"
    )
    teams_reports: bool = Field(True, description="May members of the tenant file reports")
    slack_reports: bool = Field(True, description="May members of the workspace file reports")
    telegram_reports: bool = Field(False, description="May linked persons file reports by Telegram")
    roles: dict[str, tuple[str, ...]] = Field(
        {},
        description='Who may do what: {"group:NAME": ["handlaggare"], "slack:T1:U1": ["revisor"]}',
    )
    oidc_issuer: str = Field("", description="Login: address of the OpenID provider")
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_roles_claim: str = Field("roles", description="Claim that names app roles or groups")
    oidc_organisation_claim: str = Field("", description="Claim that names the organisation")
    oidc_organisations: dict[str, str] = Field(
        {}, description="Value of that claim -> code of the organisation"
    )
    proxy_peers: tuple[str, ...] = Field(
        (), description="Reverse proxies that tell who has logged in, such as ['10.0.0.5']"
    )
    proxy_user_header: str = "X-Remote-User"
    proxy_groups_header: str = "X-Remote-Groups"
    login_link: bool | None = Field(
        None, description="Is there a one-time link; unset: until another login has worked"
    )
    login_idle_minutes: int = Field(30, ge=5, le=1440, description="Logged out when idle so long")
    login_hours: int = Field(8, ge=1, le=24, description="Logged out at the latest after so long")
    audit_key: SecretStr = Field(SecretStr(""), description="Signs the audit log")
    environment: str = Field("production", description="Shown on every page when it is another")
    log_format: str = Field("auto", pattern="^(auto|json|text)$")

    @field_validator("data")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("roles")
    @classmethod
    def _known_roles(cls, value: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        known = {*ROLES, *(f"{role}{OWN}" for role in ROLES)}
        unknown = {name for names in value.values() for name in names} - known
        if unknown:
            raise ValueError(f"unknown roles: {', '.join(sorted(unknown))}")
        return value

    @field_validator("oidc_issuer")
    @classmethod
    def _reachable_safely(cls, value: str) -> str:
        place = urlsplit(value.strip())
        near = place.hostname in ("127.0.0.1", "localhost", "::1")
        if value and not (place.scheme == "https" or (place.scheme == "http" and near)):
            raise ValueError("must begin with https://")
        return value.strip()

    @field_validator("proxy_peers")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for peer in value:
            ip_network(peer)
        return value

    @property
    def store_url(self) -> str:
        """Address of the database, the default one included."""
        given = self.database_url.get_secret_value()
        return given or f"sqlite:///{(self.data / 'hansyn.sqlite3').as_posix()}"

    @property
    def web_is_trusted(self) -> bool:
        """Is whoever sits at the web chat one of ours? On this machine's own page, yes."""
        if self.web_reports is not None:
            return self.web_reports
        return (urlsplit(self.public_url).hostname or "localhost") in ("localhost", "127.0.0.1")

    @property
    def privacy_url(self) -> str:
        """Address of the page on personal data; empty where people have no way to it."""
        return f"{self.public_url.rstrip('/')}/integritet" if self.public_url else ""

    def article_values(self) -> dict[str, str]:
        """What fills the placeholders of guidance articles."""
        return {"support_mailbox": self.support_mailbox}

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Adds the TOML file below the environment."""
        toml = TomlConfigSettingsSource(settings_cls)
        return init_settings, env_settings, dotenv_settings, toml, file_secret_settings


def load_settings(**overrides: Any) -> Settings:
    """Reads the settings.

    Raises:
        SettingsError: names each faulty setting as the operator writes it.
    """
    try:
        return Settings(**{**_from_files(), **overrides})
    except ValidationError as error:
        faults = "; ".join(
            f"HANSYN_{'_'.join(map(str, fault['loc'])).upper()}: {fault['msg']}"
            for fault in error.errors()
        )
        raise SettingsError(faults) from error
    except (OSError, ValueError) as error:
        raise SettingsError(f"{TOML_FILE} eller .env kan inte läsas: {error}") from error


def _from_files() -> dict[str, str]:
    """Secrets named by ``HANSYN_…_FILE`` (Docker and systemd put them in files)."""
    found = {}
    for name, path in os.environ.items():
        if name.startswith("HANSYN_") and name.endswith("_FILE"):
            field = name.removeprefix("HANSYN_").removesuffix("_FILE").lower()
            try:
                found[field] = Path(path).read_text(encoding="utf-8").strip()
            except (OSError, ValueError) as error:
                raise SettingsError(f"{name}: filen {path} kan inte läsas") from error
    return found
