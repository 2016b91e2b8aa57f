"""Files people send along, kept in the database so that one backup holds everything."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from storage.engine import Database
from storage.model import Attachment
from storage.records import AttachFiles, NewAttachment
from storage.schema import attachments


class Attachments:
    """Finds files; turns add them and tie them to a report."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, identity: str) -> Attachment | None:
        """The file with its content; None for an unknown id."""
        query = select(attachments).where(attachments.c.id == identity)
        row = self._database.read(lambda connection: connection.execute(query).first())
        return None if row is None else Attachment(**row._mapping)

    def drop_loose(self, before: datetime, kept: Collection[str] = ()) -> int:
        """Delete files that came before then and belong to no report and no draft; how many."""
        loose = delete(attachments).where(
            attachments.c.number == "",
            attachments.c.created_at < before,
            attachments.c.id.not_in(kept),
        )
        return self._database.write(lambda connection: connection.execute(loose).rowcount)


def save_attachment(
    connection: Connection, file: NewAttachment, conversation_key: str, at: datetime
) -> None:
    """Store a file that no report holds yet."""
    row = {
        "id": file.id,
        "conversation_key": conversation_key,
        "number": "",
        "name": file.name,
        "media_type": file.media_type,
        "size": len(file.content),
        "content": file.content,
        "created_at": at,
    }
    connection.execute(insert(attachments), row)


def attach_files(connection: Connection, files: AttachFiles, conversation_key: str) -> None:
    """Tie files to a report; another conversation's files stay as they are."""
    own = update(attachments).where(
        attachments.c.id.in_(files.ids), attachments.c.conversation_key == conversation_key
    )
    connection.execute(own.values(number=files.number))
