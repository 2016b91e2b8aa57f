"""The database: SQLAlchemy Core only here, frozen dataclasses in and out."""
