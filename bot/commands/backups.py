"""``hansyn backup``, ``hansyn restore``, ``hansyn db upgrade`` and ``hansyn db copy``."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from bot import __version__
from bot.app import utc_now
from bot.commands.opening import print_json, tell
from bot.settings import load_settings
from storage.backup import backup, restore
from storage.schema import REVISIONS
from storage.store import Store, open_store


def run_backup(file: Path, *, as_json: bool) -> int:
    """Writes the archive."""
    # Said here, since the archive is first written under a name nobody has asked for.
    file.parent.stat()
    with open_store(load_settings().store_url) as store:
        manifest = backup(store.database, file, utc_now(), __version__)
    if as_json:
        print_json(asdict(manifest))
    else:
        tell(f"Säkerhetskopian ligger i {file}.")
    return 0


def run_restore(file: Path, *, verify: bool, force: bool, as_json: bool) -> int:
    """Reads the archive into the configured database."""
    settings = load_settings()
    # Said here, since an archive that is not there is no damaged one.
    file.open("rb").close()
    settings.data.mkdir(parents=True, exist_ok=True)
    manifest = restore(file, settings.store_url, force=force, verify=verify)
    # An older schema's have run out by now.
    if manifest.revision == REVISIONS[-1]:
        with open_store(settings.store_url) as store:
            forget_ways_in(store)
    if as_json:
        print_json(asdict(manifest))
    else:
        tell("Databasen är återställd" + (" och kontrollerad." if verify else "."))
    return 0


def forget_ways_in(store: Store) -> None:
    """Whoever has logged out since the backup stays so, and a link that was used is used."""
    store.logins.end_all()
    store.people.purge_codes(datetime.max.replace(tzinfo=UTC))


def run_copy(address: str, *, as_json: bool) -> int:
    """Copies the configured database to another, empty one."""
    with open_store(load_settings().store_url) as store:
        tables = store.copy_to(address)
    if as_json:
        print_json({name: facts.rows for name, facts in tables.items()})
    else:
        tell(f"{sum(facts.rows for facts in tables.values())} rader kopierade och kontrollerade.")
    return 0


def run_upgrade(*, as_json: bool) -> int:
    """Migrates the database to this release's schema."""
    settings = load_settings()
    settings.data.mkdir(parents=True, exist_ok=True)
    with open_store(settings.store_url, upgrade=True) as store:
        revision = store.revision()
    if as_json:
        print_json({"revision": revision})
    else:
        tell(f"Databasen har schema {revision}.")
    return 0
