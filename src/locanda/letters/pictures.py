"""Photographs and scans as pages of A4: JPEG, PNG, WebP, TIFF, HEIC, AVIF, GIF and BMP, read by Pillow and set by typst.

Every picture is unpacked and written anew, so that its dots go on and nothing else does: place and time of the shot, previews,
remarks, films and what stands behind the end stay at home, in every format alike, and what was made to harm its reader ends here.
To pass a JPEG on as it came would mean to walk its segments by hand, and to trust whatever they hold. Instead one that is not
larger than a page needs is written with the tables and the sampling that it was written with: as large as before, to the eye the
same. What is larger comes down to :data:`DOTS` and to the quality of a good photograph. Pages that came without loss (PNG, TIFF,
GIF, BMP) stay so where that is not heavier: drawings and print do, photographs do not. The same picture gives the same page.

One picture at a time is unpacked in a process, of at most :data:`PIXELS_MAX` dots, or :data:`JPEG_PIXELS_MAX`. That is the bound
of memory: a photograph of 48 million dots takes some 0.15 GB for a moment as JPEG and 0.4 as HEIC; the worst that passes, 0.8.
"""

from __future__ import annotations

import base64
import io
import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from threading import Lock
from typing import Any

import typst
from PIL import Image, ImageCms, ImageOps, JpegImagePlugin

from locanda.letters.uploads import READS_HEIC

__all__ = ["DOTS", "FORMATS", "JPEG_PIXELS_MAX", "PIXELS_MAX", "NotAPicture", "look_through", "pages_of"]

FORMATS = {
    "jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "tiff": "TIFF", "heic": "HEIF", "avif": "AVIF", "gif": "GIF", "bmp": "BMP",
}  # fmt: skip
"""What is read: the kinds of ``uploads.kind_of`` as Pillow calls them. It tries no other."""
PIXELS_MAX = 52_000_000
"""A page of A4 at 600 dpi has 35 million, a photograph of a telephone up to 50."""
JPEG_PIXELS_MAX = 110_000_000
"""Of a JPEG that is shrunk while it is read: any but a progressive one. Large photographs of telephones have 108 million."""
DOTS = (2600, 3600)
"""Short and long side of what goes into the PDF: a sheet of A4 at 300 dpi, as scanners make it."""
_QUALITY = 85
_BYTES_MAX = 60_000_000  # of one file: twice what certified mail carries
_WITHOUT_LOSS = frozenset({"png", "tiff", "gif", "bmp"})
_A4 = (595.276, 841.89)
_MARGIN = 28.35  # one centimetre
_DPI_MIN = 100  # a small picture is not blown up
_PASSES_MAX = 200  # ten are usual in a progressive JPEG; each goes over the whole picture, and a trap has hundreds of thousands
_PASS = re.compile(rb"\xff\xda\x00(?:\x08\x01|\x0a\x02|\x0c\x03|\x0e\x04)")  # ITU T.81, B.2.3: its length, how many colours
_SUBFILE, _PREVIEW_OR_MASK = 254, 1 | 4  # TIFF 6.0, NewSubfileType
_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
_one_at_a_time = Lock()
_Drawn = tuple[bytes, int, int]

warnings.filterwarnings("ignore", module=r"PIL\.")  # its remarks quote the file
if READS_HEIC:
    from pillow_heif import register_heif_opener

    register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
Image.MAX_IMAGE_PIXELS = JPEG_PIXELS_MAX  # beyond it Pillow warns, beyond twice as many it opens nothing


class NotAPicture(ValueError):
    """Broken, cut off, too large, or of too many pages. The argument is ``broken``, ``too_large`` or ``too_many``."""


def pages_of(content: bytes, kind: str, *, most: int) -> tuple[list[bytes], bool]:
    """PDFs of one A4 page each, and whether the file holds more pictures than those.

    Every page of a TIFF becomes one, up to ``most``; of other files the first picture does, or the one that a telephone calls the
    main one. ``kind`` is a key of :data:`FORMATS`. Raises NotAPicture.
    """
    drawn, more = _each(content, kind, most, _drawn)
    return [_page(*one) for one in drawn], more


def look_through(content: bytes, kind: str, *, most: int) -> None:
    """Unpack the same dots and make nothing of them: whether a picture is whole. Raises NotAPicture."""
    _each(content, kind, most, lambda image, kind: (b"", *_reduced(image, kind).size))


def _each(content: bytes, kind: str, most: int, make: Callable[[Image.Image, str], _Drawn]) -> tuple[list[_Drawn], bool]:
    with _one_at_a_time:
        try:
            with Image.open(io.BytesIO(content), formats=[FORMATS[kind]]) as image:
                if kind == "jpeg" and len(_PASS.findall(content)) > _PASSES_MAX:
                    raise NotAPicture("broken")
                more = kind not in ("jpeg", "tiff") and getattr(image, "is_animated", False)  # a JPEG holds itself, smaller
                frames = _scanned(image, most) if kind == "tiff" else [image]
                return list(_bounded(make(frame, kind) for frame in frames)), more
        except NotAPicture:
            raise
        except (Image.DecompressionBombError, MemoryError):
            raise NotAPicture("too_large") from None
        except Exception:  # a broken file breaks its reader in more ways than the reader has names for
            raise NotAPicture("broken") from None


def _scanned(image: Image.Image, most: int) -> Iterator[Image.Image]:
    """The pages of a TIFF, one after the other, without previews and masks."""
    at = found = 0
    while True:
        try:
            image.seek(at)
        except EOFError:
            break
        at += 1
        preview = image.tag_v2.get(_SUBFILE, 0) & _PREVIEW_OR_MASK  # type: ignore[attr-defined]
        found += not preview
        if found > most or at > 3 * most:
            raise NotAPicture("too_many")
        if not preview:
            yield image
    if not found:
        raise NotAPicture("broken")


def _bounded(drawn: Iterable[_Drawn]) -> Iterator[_Drawn]:
    """As they come, until it is too much: a small file can unfold into hundreds of heavy pages."""
    total = 0
    for one in drawn:
        total += len(one[0])
        if total > _BYTES_MAX:
            raise NotAPicture("too_large")
        yield one


def _drawn(image: Image.Image, kind: str) -> _Drawn:
    """The dots and nothing else, as a JPEG or a PNG, and its size."""
    how = _steps(image)
    drawn = _plain(_upright(_reduced(image, kind)), image.info.get("icc_profile"))
    drawn.info = {}  # writers take remarks from there
    data = _written(drawn, "JPEG", **how) if drawn.mode != "1" else b""
    if drawn.mode == "1" or kind in _WITHOUT_LOSS:
        exact = _written(drawn, "PNG")
        data = exact if not data or len(exact) <= len(data) else data
    return data, *drawn.size


def _steps(image: Image.Image) -> dict[str, Any]:
    """How a JPEG that goes on in its own size was written; else a quality."""
    if isinstance(image, JpegImagePlugin.JpegImageFile) and image.mode in ("L", "RGB") and _wanted(image.size) == image.size:
        used = dict.fromkeys(table for *_, table in image.layer)  # they may have any number from 0 to 3
        tables = [image.quantization.get(table) for table in used]
        if all(tables):
            return {"qtables": tables, "subsampling": JpegImagePlugin.get_sampling(image)}
    return {"quality": _QUALITY}


def _wanted(size: tuple[int, int]) -> tuple[int, int]:
    scale = min(1.0, DOTS[0] / min(size), DOTS[1] / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _reduced(image: Image.Image, kind: str) -> Image.Image:
    """Unpacked, and not larger than a page needs."""
    width, height = image.size
    if not width or not height:
        raise NotAPicture("broken")
    if width * height > (JPEG_PIXELS_MAX if kind == "jpeg" and not image.info.get("progressive") else PIXELS_MAX):
        raise NotAPicture("too_large")
    wanted = _wanted(image.size)
    image.draft(None, wanted)  # of the formats only JPEG can
    image.load()
    if image.mode.startswith("I"):  # greys of 16 bits, which turn white when they are merely converted
        image = image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
        image.info.pop("transparency", None)  # it is counted in 16 bits too
    if image.has_transparency_data:
        image = image if image.mode == "RGBA" else image.convert("RGBA")
    elif image.mode == "P" or (image.mode == "1" and image.size != wanted):
        image = image.convert("RGB" if image.mode == "P" else "L")
    return image if image.size == wanted else image.resize(wanted, Image.Resampling.LANCZOS)


def _upright(image: Image.Image) -> Image.Image:
    """As the camera was held. Where that is written in a way that nobody can read, it is not known, and the picture is whole."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:
        return image


def _plain(image: Image.Image, profile: bytes | None) -> Image.Image:
    """In black and white, greys, or the colours of every screen (sRGB), on white paper."""
    if image.mode == "RGBA":
        paper = Image.new("RGB", image.size, "white")
        paper.paste(image, mask=image.getchannel("A"))
        image = paper
    if profile and image.mode in ("RGB", "CMYK"):
        try:
            made_for = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            return ImageCms.profileToProfile(image, made_for, _SRGB, outputMode="RGB") or image
        except (ImageCms.PyCMSError, OSError):  # a profile of nothing: the colours stand as they are
            pass
    return image if image.mode in ("1", "L", "RGB") else image.convert("RGB")


def _written(image: Image.Image, format: str, **how: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, format, optimize=format == "JPEG", **how)
    return out.getvalue()


def _page(data: bytes, width: int, height: int) -> bytes:
    """The picture in the middle of a page, upright or on its side as the picture is."""
    paper = _A4 if height >= width else _A4[::-1]
    room = tuple(side - 2 * _MARGIN for side in paper)
    scale = min(room[0] / width, room[1] / height, 72 / _DPI_MIN)
    media_type = "image/png" if data.startswith(b"\x89PNG") else "image/jpeg"
    svg = (  # typst takes no bytes but those of a text
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"><image width="{width}" height="{height}" '
        f'href="data:{media_type};base64,{base64.b64encode(data).decode("ascii")}"/></svg>'
    )
    page = (
        f"#set page(width: {paper[0]}pt, height: {paper[1]}pt, margin: 0pt)\n"
        f'#place(center + horizon, image("picture.svg", width: {width * scale:.3f}pt, height: {height * scale:.3f}pt))'
    )
    files: Any = {"main.typ": page.encode(), "picture.svg": svg.encode()}  # its stub forgets that a folder may be given
    pdf: bytes = typst.compile(files, ignore_system_fonts=True, timestamp=0)
    return pdf
