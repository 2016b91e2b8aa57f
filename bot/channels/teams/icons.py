"""The app's two icons, drawn by arithmetic: a speech bubble with an H (PNG, ISO/IEC 15948)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

Colour = tuple[int, int, int]
#: The web chat's own blue.
BLUE: Colour = (0x0B, 0x4A, 0x6B)
WHITE: Colour = (255, 255, 255)
#: Each pixel is the mean of this many by this many points.
FINENESS = 4

#: Is a point of the unit square inside?
Shape = Callable[[float, float], bool]


def colour_icon() -> bytes:
    """192 x 192 pixels: a white bubble with a blue H on blue."""
    return _png(192, BLUE, WHITE, lambda x, y: _bubble(x, y) and not _letter(x, y), solid=True)


def outline_icon() -> bytes:
    """32 x 32 pixels: white on nothing, as Teams wants it."""
    return _png(32, WHITE, WHITE, lambda x, y: _bubble(x, y) and not _letter(x, y), solid=False)


def _bubble(x: float, y: float) -> bool:
    """A rounded box with a tail below its left half."""
    across, down = max(abs(x - 0.5) - 0.24, 0), max(abs(y - 0.44) - 0.16, 0)
    tail = 0.28 < x < 0.5 and 0.6 < y < 0.9 - (x - 0.28) * 1.35
    return across**2 + down**2 < 0.12**2 or tail


def _letter(x: float, y: float) -> bool:
    upright = 0.045 < abs(x - 0.5) - 0.065 < 0.115
    bar = abs(x - 0.5) < 0.15 and abs(y - 0.44) < 0.035
    return abs(y - 0.44) < 0.16 and (upright or bar)


def _png(size: int, ground: Colour, ink: Colour, shape: Shape, *, solid: bool) -> bytes:
    rows = bytearray()
    for row in range(size):
        rows.append(0)  # no filter
        for column in range(size):
            share = _covered(shape, row, column, size)
            mixed = (round(g + (i - g) * share) for g, i in zip(ground, ink, strict=True))
            rows += bytes((*mixed, 255 if solid else round(255 * share)))
    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _covered(shape: Shape, row: int, column: int, size: int) -> float:
    """How much of a pixel the shape covers, 0 to 1."""
    points = [(index + 0.5) / FINENESS for index in range(FINENESS)]
    hits = sum(shape((column + dx) / size, (row + dy) / size) for dx in points for dy in points)
    return hits / FINENESS**2


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
