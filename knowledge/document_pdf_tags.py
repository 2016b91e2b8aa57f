"""The structure tree of a tagged PDF: which marked content of a page is a heading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pypdf import PdfReader
    from pypdf.generic import DictionaryObject

#: Elements followed; a book of 500 pages has fewer.
MOST_ELEMENTS = 200_000
#: Page number from 1 and number of the marked content on it -> its element, "/H1".
Tags = dict[tuple[int, int], str]


def read_tags(reader: PdfReader) -> Tags:
    """The element each piece of marked content belongs to; empty for an untagged PDF."""
    from pypdf.generic import DictionaryObject

    root = _resolved(reader.root_object.get("/StructTreeRoot"))
    if not isinstance(root, DictionaryObject):
        return {}
    roles = _resolved(root.get("/RoleMap"))
    roles = roles if isinstance(roles, dict) else {}
    pages = {page.indirect_reference.idnum: number
             for number, page in enumerate(reader.pages, 1) if page.indirect_reference}  # fmt: skip
    tags: Tags = {}
    waiting: list[tuple[Any, str, int]] = [(root.get("/K"), "", 0)]
    for _ in range(MOST_ELEMENTS):
        if not waiting:
            break
        item, name, page = waiting.pop()
        resolved = _resolved(item)
        if isinstance(resolved, list):
            waiting += [(kid, name, page) for kid in resolved]
        elif isinstance(resolved, int):
            tags[page, int(resolved)] = name
        elif isinstance(resolved, DictionaryObject):
            page = _page_of(resolved, pages) or page
            own = str(resolved.get("/S", ""))
            # A heading's own spans and links are parts of the heading.
            within = name if name.startswith("/H") else str(roles.get(own, own)) or name
            kid = resolved.get("/MCID") if "/MCID" in resolved else resolved.get("/K")
            waiting.append((kid, within, page))
    return tags


def _page_of(element: DictionaryObject, pages: Mapping[int, int]) -> int:
    reference = element.raw_get("/Pg") if "/Pg" in element else None
    return pages.get(getattr(reference, "idnum", 0), 0)


def _resolved(item: Any) -> Any:
    return item.get_object() if hasattr(item, "get_object") else item
