"""One file that holds the whole database, and the way back.

The file is a zip archive with a manifest and either an SQLite database, which can be restored to
both kinds of database, or PostgreSQL's own dump.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from storage import migrate
from storage.copying import TableFacts, copy_database, describe, is_empty
from storage.dumps import (
    check_sqlite,
    dump_postgresql,
    erase_postgresql,
    restore_postgresql,
    snapshot_sqlite,
)
from storage.engine import Database, make_place, to_url
from storage.errors import BadBackup, SchemaTooNew, StorageError, TargetNotEmpty
from storage.schema import REVISIONS
from storage.serve_lock import serve_lock

MANIFEST = "manifest.json"
SQLITE = "database.sqlite3"
POSTGRESQL = "database.dump"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says about itself."""

    format: int
    #: Name of the database in the archive: an SQLite file or PostgreSQL's own dump.
    member: str
    #: Of the member.
    sha256: str
    #: Schema revision.
    revision: str
    #: ISO time with zone.
    created_at: str
    #: The release that wrote it.
    release: str
    tables: dict[str, TableFacts]


def backup(database: Database, file: Path, at: datetime, release: str = "") -> Manifest:
    """Write a backup while the server goes on; ``file`` appears only when it is whole."""
    with TemporaryDirectory(dir=file.parent, prefix=".backup-") as folder:
        member, tables = _dump(database, Path(folder))
        manifest = Manifest(
            FORMAT,
            member.name,
            _sha256(member),
            migrate.revision(database),
            at.isoformat(),
            release,
            tables,
        )
        archive = Path(folder) / "archive.zip"
        _pack(archive, member, manifest)
        os.replace(archive, file)
    return manifest


def read_manifest(file: Path) -> Manifest:
    """What the backup says about itself. Raises ``BadBackup``."""
    try:
        with zipfile.ZipFile(file) as archive:
            content = json.loads(archive.read(MANIFEST))
        content["tables"] = {name: TableFacts(**facts) for name, facts in content["tables"].items()}
        manifest = Manifest(**content)
    except (OSError, KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise BadBackup from error
    if manifest.format != FORMAT or manifest.member not in (SQLITE, POSTGRESQL):
        raise BadBackup("The backup was written by a newer Hänsyn.")
    return manifest


def restore(
    file: Path, address: str | Path, *, force: bool = False, verify: bool = False
) -> Manifest:
    """Put a backup's content into the database at an address, in place of nothing.

    Raises ``BadBackup`` for a file that is not whole, ``TargetNotEmpty`` unless ``force``,
    ``AlreadyServing`` when a server runs on the target, ``SchemaTooNew``. ``verify`` reads
    everything back and compares it with the manifest; ``BadBackup`` when it differs.
    """
    manifest = read_manifest(file)
    if manifest.revision not in REVISIONS:
        raise SchemaTooNew
    url = to_url(address)
    place = Path(url.database or "").parent if url.get_backend_name() == "sqlite" else None
    make_place(url)
    with TemporaryDirectory(dir=place, prefix=".restore-") as folder:
        member = _unpack(file, manifest, Path(folder))
        if place is not None:
            _to_sqlite(member, Path(url.database or ""), force=force)
        else:
            _to_postgresql(member, Database(url), force=force)
    if verify:
        _verify(Database(url), manifest)
    return manifest


def _dump(database: Database, folder: Path) -> tuple[Path, dict[str, TableFacts]]:
    member = folder / SQLITE
    if database.file is not None:
        snapshot_sqlite(database.file, member)
        return member, _facts(Database(to_url(member)))
    dump = folder / POSTGRESQL
    tables = dump_postgresql(database, dump)
    if tables is not None:
        return dump, tables
    portable = Database(to_url(member))
    try:
        return member, copy_database(database, portable)
    finally:
        portable.close()


def _pack(archive: Path, member: Path, manifest: Manifest) -> None:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
        packed.write(member, member.name)
    # The archive holds everything people wrote.
    archive.chmod(0o600)


def _unpack(file: Path, manifest: Manifest, folder: Path) -> Path:
    member = folder / manifest.member
    try:
        with (
            zipfile.ZipFile(file) as archive,
            archive.open(manifest.member) as packed,
            member.open("wb") as target,
        ):
            shutil.copyfileobj(packed, target)
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise BadBackup from error
    if _sha256(member) != manifest.sha256:
        raise BadBackup
    return member


def _to_sqlite(member: Path, target: Path, *, force: bool) -> None:
    if member.name != SQLITE:
        raise BadBackup("This backup is a PostgreSQL dump; restore it to PostgreSQL.")
    check_sqlite(member)
    with serve_lock(target):
        if target.exists() and not force and not _is_empty(Database(to_url(target))):
            raise TargetNotEmpty
        for part in ("-wal", "-shm"):
            target.with_name(target.name + part).unlink(missing_ok=True)
        os.replace(member, target)


def _to_postgresql(member: Path, target: Database, *, force: bool) -> None:
    try:
        # Raises ForeignFile: even by force only our own tables are replaced.
        if not is_empty(target) and not force:
            raise TargetNotEmpty
        erase_postgresql(target)
        if member.name == POSTGRESQL:
            restore_postgresql(member, target.url)
            return
        source = Database(to_url(member))
        try:
            migrate.upgrade(source)
            copy_database(source, target)
        finally:
            source.close()
    finally:
        target.close()


def _verify(database: Database, manifest: Manifest) -> None:
    if database.file is not None:
        check_sqlite(database.file)
    if manifest.revision != REVISIONS[-1]:  # older tables cannot be read by today's names
        return
    if _facts(database) != manifest.tables:
        raise BadBackup("What was restored differs from what the backup says it holds.")


def _facts(database: Database) -> dict[str, TableFacts]:
    try:
        return database.read(describe)
    finally:
        database.close()


def _is_empty(database: Database) -> bool:
    try:
        return is_empty(database)
    except StorageError:
        return False
    finally:
        database.close()


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
