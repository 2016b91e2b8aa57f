"""Templates filled with texts: the only place that knows Jinja."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from uuid import uuid4

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from bot.errors import HansynError
from bot.messages import Language
from bot.port import App
from bot.web.sessions import Session
from bot.web.view import (
    actor_role,
    blocks,
    file_type,
    local_time,
    part_kind,
    signature,
    web_address,
)

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"


class Pages:
    """Renders the templates for one application."""

    def __init__(self, app: App) -> None:
        self._app = app

    def render(
        self,
        template: str,
        language: Language = "sv",
        *,
        session: Session | None = None,
        **values: object,
    ) -> str:
        """The template with ``t`` and ``say`` (texts), ``proof`` (hidden fields) and the values.

        ``t("send")`` is the text ``web.send``; ``say`` takes the whole key.
        """
        return (
            _environment()
            .get_template(template)
            .render(
                language=language,
                settings=self._app.settings,
                t=self._texts(language),
                say=self._say(language),
                case_kind=self._case_kinds(language),
                proof=_proofs(session) if session else None,
                **values,
            )
        )

    def _say(self, language: Language) -> Callable[..., str]:
        return lambda key, **values: self._app.texts.render(key, language, **values)

    def _texts(self, language: Language) -> Callable[..., str]:
        say = self._say(language)
        return lambda key, **values: say(f"web.{key}", **values)

    def _case_kinds(self, language: Language) -> Callable[[str], str]:
        def name(kind: str) -> str:
            try:
                return self._app.texts.render(f"alert.kind.{kind}", language)
            except HansynError:
                # A newer kind of case must not close the whole list.
                return kind

        return name


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["static"] = static_address
    environment.filters.update(
        actor_role=actor_role,
        blocks=blocks,
        file_type=file_type,
        local_time=local_time,
        part_kind=part_kind,
        signature=_signature,
        web_address=web_address,
    )
    return environment


@pass_context
def _signature(context: Context, actor: str) -> str:
    return signature(actor, context.get("names") or {})


def _proofs(session: Session) -> Callable[..., Markup]:
    def proof(action: str, form_id: str = "") -> Markup:
        identity = form_id or uuid4().hex
        fields = {
            "form_id": identity,
            "proof": session.proof(action, identity),
            "conversation": str(session.current),
        }
        return Markup("").join(hidden_field(name, value) for name, value in fields.items())

    return proof


def hidden_field(name: str, value: str) -> Markup:
    """A hidden field of a form."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(escape(name), escape(value))


@cache
def static_address(name: str) -> str:
    """Address of a static file; it changes with the content, so browsers may keep it for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"
