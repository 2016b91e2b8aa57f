"""Column types that mean the same on SQLite and PostgreSQL.

Everything is text or a plain number underneath, so a row's content hash is equal on both.
"""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine


def storable(text: str) -> str:
    """``text`` without what PostgreSQL or UTF-8 cannot hold: NUL and lone surrogates."""
    if text.isascii():
        return text.replace("\x00", "\ufffd") if "\x00" in text else text
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()


class Words(TypeDecorator[str]):
    """Any text; characters no database can hold become U+FFFD or ``?``."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """What is stored for ``value``."""
        return None if value is None else storable(value)


class Json(TypeDecorator[Any]):
    """A JSON value kept as text, with the key order it came in."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        """What is stored for ``value``; TypeError when it is no JSON value."""
        return storable(json.dumps(value, ensure_ascii=False, separators=(",", ":")))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """The value as it was given, tuples as lists."""
        return None if value is None else json.loads(value)


class Content(TypeDecorator[bytes]):
    """The bytes of a file, kept as base64 text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> str | None:
        """What is stored for ``value``."""
        return None if value is None else base64.b64encode(value).decode("ascii")

    def process_result_value(self, value: str | None, dialect: Dialect) -> bytes | None:
        """The bytes as they were given."""
        return None if value is None else base64.b64decode(value)


class Moment(TypeDecorator[datetime]):
    """An aware instant, always handed back in UTC; SQLite keeps sortable ISO text."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text on SQLite, which has no type for instants."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(Text())
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | str | None:
        """What is stored for ``value``; ValueError when it is naive."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored datetime must be aware")
        instant = value.astimezone(UTC)
        return instant.isoformat(timespec="microseconds") if dialect.name == "sqlite" else instant

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """The instant in UTC."""
        if value is None:
            return None
        return (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(UTC)
