"""How alembic reaches the database: over the connection ``storage.migrate`` hands it."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from storage.schema import REVISION_TABLE, metadata

connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    version_table=REVISION_TABLE,
    compare_type=True,
    # SQLite cannot alter a table; alembic copies it instead.
    render_as_batch=True,
)
# The caller has begun the transaction, and commits it.
context.run_migrations()
