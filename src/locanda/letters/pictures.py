"""Photographs and scans as pages: JPEG and PNG read by their own markers, then set on an A4 page by typst.

What a picture carries beside itself (place and time of the shot, a preview, a film) is left out before it goes anywhere.
"""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Any, NamedTuple

import typst

__all__ = ["NotAPicture", "Picture", "page_of", "read_jpeg", "read_png"]

PIXELS_MAX = 120_000_000  # a page of A4 at 600 dpi has 35 million
_A4 = (595.276, 841.89)
_MARGIN = 28.35  # one centimetre
_DPI_MIN = 100  # a small picture is not blown up

# stored pixels to the way the camera was held (EXIF orientation): an SVG matrix from width and height
_TURNS = {
    1: "1 0 0 1 0 0", 2: "-1 0 0 1 {w} 0", 3: "-1 0 0 -1 {w} {h}", 4: "1 0 0 -1 0 {h}",
    5: "0 1 1 0 0 0", 6: "0 1 -1 0 {h} 0", 7: "0 -1 -1 0 {h} {w}", 8: "0 -1 1 0 0 {w}",
}  # fmt: skip
_DROPPED_CHUNKS = frozenset({b"eXIf", b"tEXt", b"iTXt", b"zTXt", b"tIME"})


class NotAPicture(ValueError):
    """Broken, cut off, or too large. The argument is ``broken`` or ``too_large``."""


class Picture(NamedTuple):
    """A picture without what it carried beside itself. ``turn`` is the EXIF orientation, 1 to 8."""

    media_type: str
    content: bytes
    width: int
    height: int
    turn: int = 1

    @property
    def shown(self) -> tuple[int, int]:
        """Width and height as one looks at it."""
        return (self.height, self.width) if self.turn >= 5 else (self.width, self.height)


def read_jpeg(content: bytes) -> Picture:
    """Walk the segments: size, orientation, and a copy without remarks and previews, up to the true end."""
    kept = [b"\xff\xd8"]
    size: tuple[int, int] | None = None
    turn, at, scanned = 1, 2, False
    while True:
        if at + 2 > len(content) or content[at] != 0xFF:
            raise NotAPicture("broken")
        marker = content[at + 1]
        if marker == 0xFF:  # filling before a marker
            at += 1
            continue
        if marker == 0xD9:
            break
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if end > len(content) or end < at + 4:
            raise NotAPicture("broken")
        segment = content[at:end]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC) and len(segment) >= 9:
            size = int.from_bytes(segment[7:9], "big"), int.from_bytes(segment[5:7], "big")
        if marker == 0xE1 and segment[4:10] == b"Exif\x00\x00":
            turn = _orientation(segment[10:]) or turn
        if marker == 0xDA:
            scanned = True
            end = _end_of_scan(content, end)
            segment = content[at:end]
        # of the application segments only those that say how colours are meant
        if not (0xE0 <= marker <= 0xEF or marker == 0xFE) or marker in (0xE0, 0xE2, 0xEE):
            kept.append(segment)
        at = end
    if size is None or not scanned:
        raise NotAPicture("broken")
    return Picture("image/jpeg", b"".join(kept) + b"\xff\xd9", *_measured(size), turn)


def read_png(content: bytes) -> Picture:
    """Walk the chunks, each with its checksum: size, and a copy without remarks."""
    kept = [content[:8]]
    at, size = 8, None
    while True:
        head = content[at : at + 8]
        if len(head) < 8:
            raise NotAPicture("broken")
        length, kind = int.from_bytes(head[:4], "big"), head[4:]
        chunk = content[at : at + 12 + length]
        if len(chunk) < 12 + length or zlib.crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:], "big"):
            raise NotAPicture("broken")
        if size is None:
            if kind != b"IHDR" or length != 13:
                raise NotAPicture("broken")
            size = struct.unpack(">II", chunk[8:16])
        if kind not in _DROPPED_CHUNKS:
            kept.append(chunk)
        if kind == b"IEND":
            return Picture("image/png", b"".join(kept), *_measured(size))
        at += len(chunk)


def page_of(picture: Picture) -> bytes:
    """A PDF of one A4 page, upright or on its side as the picture is, with the picture in the middle."""
    width, height = picture.shown
    paper = _A4 if height >= width else _A4[::-1]
    room = tuple(side - 2 * _MARGIN for side in paper)
    scale = min(room[0] / width, room[1] / height, 72 / _DPI_MIN)
    data = base64.b64encode(picture.content).decode("ascii")
    turn = _TURNS[picture.turn].format(w=picture.width, h=picture.height)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"><g transform="matrix({turn})">'
        f'<image width="{picture.width}" height="{picture.height}" href="data:{picture.media_type};base64,{data}"/></g></svg>'
    )
    page = (
        f"#set page(width: {paper[0]}pt, height: {paper[1]}pt, margin: 0pt)\n"
        f'#place(center + horizon, image("picture.svg", width: {width * scale:.3f}pt, height: {height * scale:.3f}pt))'
    )
    try:
        files: Any = {"main.typ": page.encode(), "picture.svg": svg.encode()}  # its stub forgets that a folder may be given
        pdf: bytes = typst.compile(files, ignore_system_fonts=True, timestamp=0)
    except RuntimeError:
        raise NotAPicture("broken") from None
    if b"/Subtype/Image" not in pdf.replace(b" ", b""):  # the drawing library leaves out what it cannot decode
        raise NotAPicture("broken")
    return pdf


def _measured(size: tuple[int, ...]) -> tuple[int, int]:
    width, height = size
    if not width or not height:
        raise NotAPicture("broken")
    if width * height > PIXELS_MAX:
        raise NotAPicture("too_large")
    return width, height


def _end_of_scan(content: bytes, at: int) -> int:
    """Where the next marker stands: in what a scan says, FF is followed by 00 or by a restart."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0 or at + 1 >= len(content):
            raise NotAPicture("broken")
        if content[at + 1] != 0x00 and not 0xD0 <= content[at + 1] <= 0xD7:
            return at
        at += 2


def _orientation(tiff: bytes) -> int | None:
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return None
    try:
        (start,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, start)
        for index in range(min(count, 200)):
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, start + 2 + 12 * index)
            if tag == 0x0112:
                return value if value in _TURNS else None
    except struct.error:
        return None
    return None
