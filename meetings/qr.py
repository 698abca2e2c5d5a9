"""A QR code as one path of squares, for a page's own SVG: the board's address, and never a token."""

from __future__ import annotations

from dataclasses import dataclass

from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

QUIET = 4  # light squares around it, so that it is found


@dataclass(frozen=True)
class Code:
    """`path` draws the dark squares, one unit each, in a square of `size` units."""

    path: str
    size: int


def code_of(address: str) -> Code:
    """The code of an address, readable from a wall when a good part of it is covered."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    code.add_data(address)
    rows = code.get_matrix()
    squares = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return Code("".join(squares), len(rows))
