"""Front matter: the YAML block between two ``---`` lines at the top of a text file."""

from __future__ import annotations

import yaml

from knowledge.errors import BadDocument

FENCE = "---"

# BaseLoader builds strings, lists and mappings only; the one in C is ten times as fast.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

#: A value as written; every scalar stays a string, so "2016:1145" is never read as a number.
Front = dict[str, str]
Lists = dict[str, tuple[str, ...]]


def split_front_matter(text: str, file_name: str) -> tuple[Front, Lists, str]:
    """Splits a file into scalars, lists and body.

    Raises:
        BadDocument: the block is missing, not closed or not a plain mapping; the message
            names file and line.
    """
    lines = text.removeprefix("\ufeff").split("\n")
    if lines[0].strip() != FENCE:
        raise BadDocument(f"{file_name}:1: filhuvudet ska börja med {FENCE}")
    try:
        end = next(i for i, line in enumerate(lines[1:], 1) if line.strip() == FENCE)
    except StopIteration:
        raise BadDocument(f"{file_name}:1: filhuvudet är inte avslutat med {FENCE}") from None
    front, lists = _read_mapping("\n".join(lines[1:end]), file_name)
    return front, lists, "\n".join(lines[end + 1 :])


def key_line(text: str, key: str) -> int:
    """The 1-based line where ``key`` stands in the front matter; 1 when it does not."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith(f"{key}:"):
            return number
        if number > 1 and line.strip() == FENCE:
            break
    return 1


def _read_mapping(block: str, file_name: str) -> tuple[Front, Lists]:
    try:
        node = yaml.load(block, Loader=_LOADER)  # noqa: S506
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark.line if error.problem_mark else 0) + 2
        raise BadDocument(f"{file_name}:{line}: {error.problem}") from error
    if not isinstance(node, dict):
        raise BadDocument(f"{file_name}:2: filhuvudet ska bestå av rader med nyckel: värde")
    front: Front = {}
    lists: Lists = {}
    for key, value in node.items():
        if isinstance(value, str):
            front[str(key)] = value
        elif isinstance(value, list) and all(isinstance(item, str) for item in value):
            lists[str(key)] = tuple(value)
        else:
            line = key_line(f"{FENCE}\n{block}", str(key))
            raise BadDocument(f"{file_name}:{line}: {key} ska vara text eller en lista av texter")
    return front, lists
