"""The database: SQLAlchemy Core only here, frozen dataclasses in and out.

Start at ``storage.store.open_store``; what goes in and comes out stands in ``storage.model``
(guidance in ``storage.guidance_model``), what can go wrong in ``storage.errors``. Those last
modules load no database driver, so naming their types costs nothing at start-up.
"""
