"""A field of unit vectors: exact ones to score with, half as wide ones to look among.

Looking through all rows takes as long as reading them from memory; in half precision that is
half as much, and what lies near is the same but for ties at the far end of the candidates. Of few
rows all are scored: a command that answers one question need not load the library for that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from knowledge.segments import Floats

if TYPE_CHECKING:
    import faiss

#: Rows of which all are scored in a fifth of a millisecond.
FEW = 8_000


class VectorField:
    """Rows of vectors, numbered in the order they were added."""

    def __init__(self, dimension: int) -> None:
        #: float32 (rows, dimension); never changed in place.
        self.rows: Floats = np.zeros((0, dimension), np.float32)
        #: None while there are few rows.
        self._half: faiss.Index | None = None

    def __len__(self) -> int:
        return len(self.rows)

    def add(self, vectors: Floats) -> None:
        """Appends rows."""
        new = np.ascontiguousarray(vectors, np.float32)
        self.rows = np.concatenate([self.rows, new])
        if self._half is not None:
            self._half.add(new)
        elif len(self) > FEW:
            self._half = _half_index(self.rows)

    def nearest(self, query: Floats, count: int) -> NDArray[np.int64]:
        """Numbers of the rows with the largest inner products, about the best ``count``."""
        count = min(count, len(self))
        if self._half is None:
            near = np.einsum("ij,j->i", self.rows, query)
            return np.argpartition(near, len(near) - count)[len(near) - count :]
        import faiss

        # One question is too little to share between cores: on a busy machine waking the others
        # takes longer than the search. The setting holds for the calling thread only.
        faiss.omp_set_num_threads(1)
        _, found = self._half.search(query.reshape(1, -1), count)
        return np.asarray(found[0][found[0] >= 0], np.int64)

    def products(self, numbers: NDArray[np.integer], query: Floats) -> Floats:
        """Exact inner products of some rows with ``query``."""
        # Not ``@``, which wakes a thread per core for a few rows.
        return np.asarray(np.einsum("ij,j->i", self.rows[numbers], query), np.float32)

    def copied(self) -> VectorField:
        """Another field with the same rows; adding to one leaves the other as it is."""
        other = VectorField(self.rows.shape[1])
        other.rows = self.rows
        if self._half is not None:
            import faiss

            other._half = faiss.clone_index(self._half)
        return other


def _half_index(rows: Floats) -> faiss.Index:
    import faiss

    kind = faiss.ScalarQuantizer.QT_fp16
    index = faiss.IndexScalarQuantizer(rows.shape[1], kind, faiss.METRIC_INNER_PRODUCT)
    # Half precision has nothing to learn; the library asks for the call all the same.
    index.train(np.zeros((1, rows.shape[1]), np.float32))
    index.add(rows)
    return index
