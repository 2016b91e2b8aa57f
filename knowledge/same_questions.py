"""Which questions seem to mean the same, so that one answer can serve them; a person decides."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from knowledge.embedding import Embedder

#: Cosine from which two questions are put together. Over thirteen questions of six meanings, pairs
#: of one meaning lay from 0.38 (but for one at 0.24) and pairs of two meanings below 0.22.
ALIKE = 0.35


def group_alike(
    questions: Sequence[str], embedder: Embedder, alike: float = ALIKE
) -> list[list[int]]:
    """Positions of the questions in groups, the largest group first; each is in one group.

    A question joins every group it is like a member of, and thereby joins those groups.
    """
    if not questions:
        return []
    encoded = np.asarray(embedder.encode_queries(list(questions)))
    lengths = np.linalg.norm(encoded, axis=1, keepdims=True)
    vectors = encoded / np.where(lengths == 0, 1, lengths)
    groups: list[list[int]] = []
    for place, vector in enumerate(vectors):
        near = [g for g in groups if float(np.max(vectors[g] @ vector)) >= alike]
        joined = sorted([*(each for group in near for each in group), place])
        groups = [*(group for group in groups if group not in near), joined]
    return sorted(groups, key=lambda group: (-len(group), group))
