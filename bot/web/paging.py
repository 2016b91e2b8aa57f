"""Long lists in pages: what one shows, and the addresses of those beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from starlette.requests import Request

T = TypeVar("T")
#: Name of the page's number in an address.
PAGE = "sida"


@dataclass(frozen=True, slots=True)
class Paged(Generic[T]):
    """One page of a list."""

    items: tuple[T, ...]
    #: 1 for the first.
    number: int
    last: int
    #: Items on all pages together.
    total: int
    #: Addresses of the pages beside it; empty where there is none.
    before: str
    after: str


def paged(items: Sequence[T], request: Request, size: int = 25) -> Paged[T]:
    """The page the address asks for; the nearest one for a number that is none."""
    last = max(1, -(-len(items) // size))
    wanted = request.query_params.get(PAGE, "")
    number = min(max(int(wanted) if wanted.isdecimal() else 1, 1), last)
    shown = tuple(items[(number - 1) * size : number * size])
    before = _address(request, number - 1) if number > 1 else ""
    after = _address(request, number + 1) if number < last else ""
    return Paged(shown, number, last, len(items), before, after)


def _address(request: Request, number: int) -> str:
    kept = request.url.include_query_params(**{PAGE: number})
    return f"{kept.path}?{kept.query}"
