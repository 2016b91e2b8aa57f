"""What all tables share: names of constraints, column kinds, the schema's revisions."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, MetaData

from storage.columns import Words

#: Migrations in order; the last is the schema this code works with.
REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006")
#: Where alembic notes the revision; its name tells our databases from others'.
REVISION_TABLE = "hansyn_revision"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def text(name: str, *, key: bool = False) -> Column[str]:
    """A text column that is never NULL; empty means nothing."""
    return Column(name, Words, primary_key=key, nullable=False)


# SQLite gives out row numbers only for a plain INTEGER key.
RowNumber = BigInteger().with_variant(Integer(), "sqlite")
