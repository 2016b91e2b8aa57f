"""The guidance corpus and its search; knows no database."""
