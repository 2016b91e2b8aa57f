"""The lock that keeps a second server off an SQLite file."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from storage.errors import AlreadyServing


@contextmanager
def serve_lock(database: Path) -> Iterator[None]:
    """Hold the lock file beside the database; a crash frees it.

    Raises ``AlreadyServing`` when another process, or this one, holds it.
    """
    path = database.with_name(database.name + ".serve")
    with path.open("a+b") as file:
        if not _try_lock(file):
            raise AlreadyServing
        try:
            file.truncate(0)
            file.write(str(os.getpid()).encode())
            file.flush()
            yield
        finally:
            _unlock(file)


if sys.platform == "win32":
    import msvcrt

    # The byte lies past what is written, so that the process id stays readable.
    _BYTE = 1 << 20

    def _try_lock(file: BinaryIO) -> bool:
        file.seek(_BYTE)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(file: BinaryIO) -> None:
        file.seek(_BYTE)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _try_lock(file: BinaryIO) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _unlock(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
