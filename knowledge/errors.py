"""Errors of the corpus and its search; the docstring is the default message.

KnowledgeError
├── BadDocument          a file that cannot be read as guidance
├── IndexMismatch
├── NothingToLearn       training material without pairs
└── ModelError
    ├── ModelMissing
    ├── ModelBroken
    ├── UnsafeModel
    └── SemanticExtraMissing
"""

from __future__ import annotations


class KnowledgeError(Exception):
    """Something is wrong with the guidance or its search."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__)


class BadDocument(KnowledgeError):
    """The file cannot be read as guidance."""


class IndexMismatch(KnowledgeError):
    """The index is of another model or corpus; the server builds it anew when it starts."""


class NothingToLearn(KnowledgeError):
    """The training material holds no pairs of question and text."""


class ModelError(KnowledgeError):
    """The embedding model cannot be used."""


class ModelMissing(ModelError):
    """The embedding model's folder does not exist or lacks a file."""


class ModelBroken(ModelError):
    """The embedding model's files are truncated or do not fit together."""


class UnsafeModel(ModelError):
    """The embedding model has pickled weights; only safetensors are loaded."""


class SemanticExtraMissing(ModelError):
    """This needs the extra `semantic`; run `python3 dev.py setup --semantic`."""
