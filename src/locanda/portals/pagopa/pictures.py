"""QR code and Data Matrix as pictures, SVG and PNG (ISO/IEC 18004 and 16022; spec imposta-di-soggiorno 13.3, 13.4).

The QR code of a notice is version 4 with error correction M, 25 mm wide when printed. A text that does not fit is refused, never
written at another size.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

__all__ = ["data_matrix", "png", "qr_matrix", "svg"]

Matrix = Sequence[Sequence[int]]
"""Rows of modules, 1 for dark, without the quiet zone."""

_WIDTH_MM = 25
_BLACK, _WHITE = 0, 255


def qr_matrix(text: str) -> Matrix:
    """The modules of the QR code of a notice; ValueError for a text that version 4 cannot hold."""
    import segno

    try:
        symbol = segno.make(text, version=4, error="m", mode="byte", encoding="utf-8", micro=False, boost_error=False)
    except (segno.DataOverflowError, UnicodeError):
        raise ValueError("the text does not fit the QR code of a notice") from None
    return [list(row) for row in symbol.matrix]


def data_matrix(text: str) -> Matrix:
    """The modules of a square Data Matrix; ValueError for a text that is not ASCII."""
    if not text.isascii():
        raise ValueError("the text has letters outside ASCII")
    from ppf.datamatrix.datamatrix import DataMatrix

    return [list(row) for row in DataMatrix(text).matrix]


def svg(matrix: Matrix, *, title: str, quiet: int = 4, width_mm: int = _WIDTH_MM) -> str:
    """A picture to print: the symbol ``width_mm`` wide, with its quiet zone around it. ``title`` is read out to the blind."""
    size = len(matrix)
    whole = size + 2 * quiet
    runs = "".join(f"M{column + quiet} {row + quiet}h{length}v1h-{length}z" for row, column, length in _runs(matrix))
    printed = f"{width_mm * whole / size:.3f}mm"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{printed}" height="{printed}" viewBox="0 0 {whole} {whole}" role="img">'
        f"<title>{_escaped(title)}</title>"
        f'<path fill="#fff" d="M0 0h{whole}v{whole}h-{whole}z"/><path fill="#000" d="{runs}"/></svg>'
    )


def png(matrix: Matrix, *, scale: int = 8, quiet: int = 4) -> bytes:
    """A picture for the screen, ``scale`` pixels a module, black on white."""
    blank = bytes([0, *[_WHITE] * ((len(matrix[0]) + 2 * quiet) * scale)])
    rows = [blank] * (quiet * scale)
    for row in matrix:
        modules = [0] * quiet + list(row) + [0] * quiet
        rows += [bytes([0, *(_BLACK if module else _WHITE for module in modules for _ in range(scale))])] * scale
    rows += [blank] * (quiet * scale)
    width, height = len(blank) - 1, len(rows)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(b"".join(rows), 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _runs(matrix: Matrix) -> list[tuple[int, int, int]]:
    """Dark stretches: row, first column, length."""
    found = []
    for number, row in enumerate(matrix):
        start = None
        for column, module in enumerate([*row, 0]):
            if module and start is None:
                start = column
            elif not module and start is not None:
                found.append((number, start, column - start))
                start = None
    return found


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
