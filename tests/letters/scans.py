"""Files as people upload them, made here: pictures, PDFs, and what is neither."""

from __future__ import annotations

import base64
import io
import struct
import zlib

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, FloatObject, NameObject, TextStringObject

__all__ = ["JPEG", "form", "held", "opened", "pdf", "png"]

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


def held(turn: int, jpeg: bytes = JPEG, *, order: str = ">") -> bytes:
    """The photograph as a camera held in that way writes it, with the place of the shot in its remarks."""
    tiff = (b"MM\x00*" if order == ">" else b"II*\x00") + struct.pack(f"{order}IHHHIHH", 8, 1, 0x0112, 3, 1, turn, 0)
    remarks = b"Exif\x00\x00" + tiff + struct.pack(f"{order}I", 0) + b"GPS 40.9496 17.3016"
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(remarks) + 2) + remarks + jpeg[2:]


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
