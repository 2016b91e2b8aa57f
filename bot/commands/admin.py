"""``hansyn admin``: let somebody in, or everybody out, from the machine itself."""

from __future__ import annotations

from typing import Annotated

import typer

admin = typer.Typer(help="Inloggning.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Skriv JSON till stdout.")]


@admin.command("link")
def make_link(as_json: Json = False) -> None:
    """Gör en länk till stödfunktionens sidor som gäller en gång, inom ett dygn."""
    from bot.app import utc_now
    from bot.commands.opening import database, print_json
    from bot.errors import SettingsError
    from bot.login.links import Links, link_path
    from bot.policy import OPERATOR
    from bot.settings import load_settings

    settings = load_settings()
    with database() as store:
        links = Links(store, utc_now, settings.login_link)
        if not links.open:
            raise SettingsError(
                "Länken är avstängd sedan en annan inloggning har fungerat. "
                "Sätt HANSYN_LOGIN_LINK=true och starta om servern för att släppa in med länk."
            )
        base = settings.public_url.rstrip("/") or f"http://{settings.host}:{settings.port}"
        link = base + link_path(links.make(OPERATOR))
    if as_json:
        print_json({"link": link})
    else:
        typer.echo(link)


@admin.command("logout")
def log_out(as_json: Json = False) -> None:
    """Logga ut alla ur stödfunktionens sidor."""
    from bot.app import utc_now
    from bot.commands.opening import database, print_json
    from bot.login.door import build_door
    from bot.policy import OPERATOR
    from bot.settings import load_settings
    from bot.texts import load_texts

    with database() as store:
        ended = build_door(store, load_settings(), utc_now).sessions.end_all(OPERATOR)
    if as_json:
        print_json({"ended": ended})
    else:
        typer.echo(load_texts().render("audit.logged_out", "sv", count=ended))
