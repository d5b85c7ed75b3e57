"""Files as people upload them, made here: pictures, PDFs, and what is neither."""

from __future__ import annotations

import base64
import io
import struct
import zlib
from typing import Any

from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, FloatObject, NameObject, TextStringObject

from locanda.letters.pictures import FORMATS

__all__ = ["JPEG", "form", "held", "opened", "pdf", "picture", "png", "saved", "shot"]

# 60 by 40 points, red, with a blue square in the upper left corner
JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAx"
    "NDQ0Hyc5PTgyPC4zNDL/2wBDAQkJCQwLDBgNDRgyIRwhMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIy"
    "MjIyMjIyMjL/wAARCAAoADwDASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUF"
    "BAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVW"
    "V1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi"
    "4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAEC"
    "AxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVm"
    "Z2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq"
    "8vP09fb3+Pn6/9oADAMBAAIRAxEAPwDnKKKK++PhC9p3/LT8P61eqjp3/LT8P61er83z/wD5GNT5f+ko/bOEf+RNR/7e/wDSpBRR"
    "RXjn0gUUUUAUf7O/6a/+O/8A16P7O/6a/wDjv/16vUV7H9v5j/z8/CP+R83/AKo5N/z5/wDJpf8AyRBb2/2fd8+7djtip6KK83EY"
    "ipiKjq1XeT/4boe3g8HRwdGNChG0VstXu79bvdhRRRWJ0hRRRQAUUUUAFFFFABRRRQAUUUUAf//Z"
)

# the same photograph as an iPhone held upright writes it, with its maker and the place of the shot; and as in a mirror.
# They were written once: what encodes HEIC is under the GPL, and no part of the tests.
_HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAchtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAADRpbG9jAA"
    "AAAERAAAIAAQAAAAAB7AABAAAAAAAAAHUAAgAAAAACYQABAAAAAAAAAHwAAAA4aWluZgAAAAAAAgAAABVpbmZlAgAAAAABAABodmMxAAAAABVp"
    "bmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAABB2lwcnAAAADmaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGE"
    "ABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkA"
    "AAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAADwAAAABAAAAKAAAAAH////8AAAAAv///+gAAAACAAAAEH"
    "BpeGkAAAAAAwgICAAAAAlpcm90AwAAABlpcG1hAAAAAAAAAAEAAQaBAgMFhIYAAAAaaXJlZgAAAAAAAAAOY2RzYwACAAEAAQAAAPltZGF0AAAA"
    "cSgBrwng6NMeFU+//w1ryPYTv/VCMJR64v5EEYVDnxnsqBNoGX6aKhgWeA4AmrD25uk1ZheIvgJhtZArtSseLWgv8FYuNNw3VHSpno6BM6/vXt"
    "Ycxx0f8uHGo6JlrYEe1cGXan/lP/Q5kUQ/TxqbcrSAAAAABkV4aWYAAE1NACoAAAAIAAMBDwACAAAACQAAADIBEgADAAAAAQAGAACIJQAEAAAA"
    "AQAAADwAAAAARm90b2Zvbm8AAAACAAEAAgAAAAJOAAAAAAIABQAAAAMAAABaAAAAAAAAACgAAAABAAAAOAAAAAEAAAA6AAAAAQ=="
)
_HEIC_MIRRORED = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAdJtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAADRpbG9jAA"
    "AAAERAAAIAAQAAAAAB9gABAAAAAAAAAHUAAgAAAAACawABAAAAAAAAAHwAAAA4aWluZgAAAAAAAgAAABVpbmZlAgAAAAABAABodmMxAAAAABVp"
    "bmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAABEWlwcnAAAADvaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGE"
    "ABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkA"
    "AAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAADwAAAABAAAAKAAAAAH////8AAAAAv///+gAAAACAAAAEH"
    "BpeGkAAAAAAwgICAAAAAlpcm90AwAAAAlpbWlyAQAAABppcG1hAAAAAAAAAAEAAQeBAgMFhIaHAAAAGmlyZWYAAAAAAAAADmNkc2MAAgABAAEA"
    "AAD5bWRhdAAAAHEoAa8J4OjTHhVPv/8Na8j2E7/1QjCUeuL+RBGFQ58Z7KgTaBl+mioYFngOAJqw9ubpNWYXiL4CYbWQK7UrHi1oL/BWLjTcN1"
    "R0qZ6OgTOv717WHMcdH/LhxqOiZa2BHtXBl2p/5T/0OZFEP08am3K0gAAAAAZFeGlmAABNTQAqAAAACAADAQ8AAgAAAAkAAAAyARIAAwAAAAEA"
    "BQAAiCUABAAAAAEAAAA8AAAAAEZvdG9mb25vAAAAAgABAAIAAAACTgAAAAACAAUAAAADAAAAWgAAAAAAAAAoAAAAAQAAADgAAAABAAAAOgAAAA"
    "E="
)


def held(turn: int, jpeg: bytes = JPEG, *, order: str = ">") -> bytes:
    """The photograph as a camera held in that way writes it, with the place of the shot in its remarks."""
    tiff = (b"MM\x00*" if order == ">" else b"II*\x00") + struct.pack(f"{order}IHHHIHH", 8, 1, 0x0112, 3, 1, turn, 0)
    remarks = b"Exif\x00\x00" + tiff + struct.pack(f"{order}I", 0) + b"GPS 40.9496 17.3016"
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(remarks) + 2) + remarks + jpeg[2:]


_HEIF_TURNS = {1: (0, None), 2: (0, 1), 3: (2, None), 4: (0, 0), 5: (1, 0), 6: (3, None), 7: (1, 1), 8: (1, None)}


def shot(kind: str, turn: int = 1) -> bytes:
    """The photograph as a camera held in that way writes it in a format, with its maker and the place of the shot."""
    if kind == "heic":  # it is turned by its own marks, the EXIF remarks do not count
        angle, axis = _HEIF_TURNS[turn]
        turned = _HEIC if axis is None else _HEIC_MIRRORED.replace(b"imir\x01", b"imir" + bytes([axis]))
        return turned.replace(b"irot\x03", b"irot" + bytes([angle]))
    remarks = Image.Exif()
    remarks[0x0112], remarks[0x010F] = turn, "Fotofono"
    remarks.get_ifd(0x8825).update({1: "N", 2: (40.0, 56.0, 58.0)})
    return saved(picture(), kind, **({} if kind in ("gif", "bmp") else {"exif": remarks}))


def picture(width: int = 60, height: int = 40) -> Image.Image:
    """Red, with a blue square in the upper left corner."""
    image = Image.new("RGB", (width, height), (220, 40, 30))
    image.paste((20, 30, 230), (0, 0, width // 3, height * 9 // 20))
    return image


def saved(image: Image.Image, kind: str, **how: Any) -> bytes:
    """As a file of that kind."""
    out = io.BytesIO()
    image.save(out, FORMATS[kind], **how)
    return out.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int = 40, height: int = 60, *, extra: bytes = b"", colour: bytes = b"\x20\x80\x20") -> bytes:
    """A green picture."""
    rows = zlib.compress((b"\x00" + colour * width) * height)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def pdf(
    pages: int = 1, *, size: tuple[float, float] = (595, 842), password: str | None = None, owner: str | None = None,
    turned: int = 0, signed: bool = False, restless: bool = False,
) -> bytes:  # fmt: skip
    """Blank pages; ``restless`` ones start a program when opened."""
    writer = PdfWriter()
    action = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("x()")})
    for _ in range(pages):
        page = writer.add_blank_page(*size)
        if turned:
            page.rotate(turned)
        if restless:
            page[NameObject("/AA")] = DictionaryObject({NameObject("/O"): action})
    if restless:
        writer.root_object[NameObject("/OpenAction")] = action
        writer.add_attachment("virus.exe", b"MZ")
    if signed:
        field = writer._add_object(
            DictionaryObject({NameObject("/FT"): NameObject("/Sig"), NameObject("/T"): TextStringObject("Firma")})
        )
        writer.root_object[NameObject("/AcroForm")] = DictionaryObject({NameObject("/Fields"): ArrayObject([field])})
    if password is not None or owner is not None:
        writer.encrypt(password or "", owner, algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def opened(content: bytes) -> PdfReader:
    """The PDF, read strictly."""
    return PdfReader(io.BytesIO(content), strict=True)


def form(value: str, *, drawn: bool, attached: bool = False, kind: str = "/Tx", xfa: bool = False) -> bytes:
    """A page with a field filled in, whose words are drawn or left to the form program; or a form of another kind."""
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    parent = writer._add_object(
        DictionaryObject({
            NameObject("/FT"): NameObject(kind), NameObject("/T"): TextStringObject("Nome"),
            NameObject("/V"): TextStringObject(value),
        })
    )  # fmt: skip
    rectangle = ArrayObject([FloatObject(side) for side in (50, 700, 300, 730)])
    widget = DictionaryObject({
        NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject("/Widget"), NameObject("/Parent"): parent,
        NameObject("/Rect"): rectangle,
    })  # fmt: skip
    if drawn:
        look = DecodedStreamObject()
        look.set_data(b"0 0 1 rg 0 0 250 30 re f")
        look.update({NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Form"),
                     NameObject("/BBox"): ArrayObject([FloatObject(side) for side in (0, 0, 250, 30)])})  # fmt: skip
        widget[NameObject("/AP")] = DictionaryObject({NameObject("/N"): writer._add_object(look)})
    annotations = [] if xfa else [writer._add_object(widget)]
    if attached:
        paper_clip = DictionaryObject({
            NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject("/FileAttachment"),
            NameObject("/Rect"): rectangle, NameObject("/Contents"): TextStringObject("virus"),
        })  # fmt: skip
        annotations.append(writer._add_object(paper_clip))
    page[NameObject("/Annots")] = ArrayObject(annotations)
    fields = DictionaryObject({NameObject("/Fields"): ArrayObject([parent])})
    if xfa:
        fields[NameObject("/XFA")] = TextStringObject("<xdp/>")
    writer.root_object[NameObject("/AcroForm")] = fields
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
