"""Pictures as pages: every format, turn and colour; nothing beside the picture; what is cut off, boundless or moving."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageFilter, features
from pypdf import PdfReader

from locanda.letters import pictures, uploads
from locanda.letters.single_pdf import WantedPaper, single_pdf
from locanda.letters.uploads import MEDIA, SUFFIXES, Scan, UnfitScan, kind_of, picture_problem, scan_pages, scan_pdf
from tests.letters.looks import CORNERS, coloured, middle
from tests.letters.scans import JPEG, chunk, held, pdf, picture, png, saved, shot
from tests.letters.test_single_pdf import DAY

pytestmark = [  # the program silences them; pytest starts each test with filters of its own
    pytest.mark.filterwarnings("ignore::UserWarning:PIL"),
    pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning"),
]
KINDS = ("jpeg", "png", "webp", "tiff", "heic", "avif", "gif", "bmp")
TURNED = KINDS[:6]
PAPER = (WantedPaper("identity", "Carta d'identità"),)


def shots(kind: str, turn: int = 1) -> bytes:
    if kind == "avif" and not features.check("avif"):
        pytest.skip("this Pillow was built without AVIF")
    return shot(kind, turn)


def pages(content: bytes, name: str = "foto") -> tuple[list[Image.Image], list[str]]:
    """The pictures on the pages that a scan becomes, and the codes of its notes."""
    found, notes = scan_pages(Scan("identity", content, name), "scans[0]")
    drawn = []
    for page in found:
        (image,) = page.images
        assert image.image is not None
        drawn.append(image.image)
    return drawn, [note.code.removeprefix("letter.scan.") for note in notes]


def page(content: bytes) -> Image.Image:
    (image,), notes = pages(content)
    assert notes == []
    return image.convert("RGB")


def fault(content: bytes) -> str:
    with pytest.raises(UnfitScan) as unfit:
        scan_pages(Scan("identity", content, "foto.jpg"), "scans[0]")
    told = picture_problem(Scan("identity", content, "foto.jpg"), "scans[0]")
    assert told == unfit.value.problem, "a proof is judged otherwise than a scan"
    return unfit.value.problem.code.removeprefix("letter.")


def near(image: Image.Image, at: tuple[int, int], colour: tuple[int, ...], *, off: int = 12) -> bool:
    found = image.getpixel(at)
    return isinstance(found, tuple) and max(abs(a - b) for a, b in zip(found, colour, strict=True)) <= off


def one_pdf(content: bytes) -> bytes:
    made, problems = single_pdf(PAPER, [Scan("identity", content)], title="Richiesta", facts=[], day=DAY)
    assert problems == []
    assert made is not None
    return made.content


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("kind", TURNED)
def test_every_format_is_shown_as_the_camera_was_held(kind: str, turn: int) -> None:
    content = shots(kind, turn)
    assert kind_of(content) == kind
    image = page(content)
    assert image.size == ((60, 40) if turn < 5 else (40, 60))
    right, below = CORNERS[turn]
    inside = (image.width - 6 if right else 5, image.height - 6 if below else 5)
    opposite = (5 if right else image.width - 6, 5 if below else image.height - 6)
    assert near(image, inside, (20, 30, 230), off=40), "the blue square is in another corner"
    assert near(image, opposite, (220, 40, 30), off=40)


@pytest.mark.parametrize("kind", KINDS)
def test_other_programs_draw_the_page(kind: str, tmp_path: Path) -> None:
    blue, red = coloured(one_pdf(shots(kind, 6)), tmp_path)
    x, y = middle(blue)
    whole = middle(red + blue)
    corner = CORNERS[6] if kind in TURNED else CORNERS[1]
    assert (int(x > whole[0]), int(y > whole[1])) == corner
    assert abs(whole[0] - 0.5) < 0.02
    assert abs(whole[1] - 0.5) < 0.02


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_picture_gives_the_same_page(kind: str) -> None:
    assert one_pdf(shots(kind)) == one_pdf(shots(kind))


REMARKS = b"<x:xmpmeta>Via Roma 1</x:xmpmeta>"
FILM = b"\x00\x00\x00\x18ftypmp42" + b"film" * 50
BESIDE: list[tuple[str, bytes, bytes]] = [
    *((kind, shot(kind), b"Fotofono") for kind in ("jpeg", "png", "webp", "tiff", "heic")),
    ("place of the shot", held(1), b"GPS"),
    ("film behind a photograph", JPEG + FILM, b"film"),
    ("remark of a JPEG", saved(picture(), "jpeg", comment=b"Via Roma 1"), b"Via Roma"),
    ("remark of a GIF", saved(picture(), "gif", comment=b"Via Roma 1"), b"Via Roma"),
    ("XMP of a JPEG", saved(picture(), "jpeg", xmp=REMARKS), b"Via Roma"),
    ("XMP of a WebP", saved(picture(), "webp", xmp=REMARKS), b"Via Roma"),
    ("text in a PNG", png(extra=chunk(b"tEXt", b"Place\x00Via Roma 1")), b"Via Roma"),
    ("behind a PNG", png() + b"Via Roma 1", b"Via Roma"),
    ("description of a TIFF", saved(picture(), "tiff", description="Via Roma 1"), b"Via Roma"),
]


@pytest.mark.parametrize(("content", "secret"), [case[1:] for case in BESIDE], ids=[case[0] for case in BESIDE])
def test_what_a_picture_carries_beside_itself_stays_at_home(content: bytes, secret: bytes) -> None:
    assert secret in content
    (found,), _ = scan_pages(Scan("identity", content), "")
    (image,) = found.images
    assert image.image is not None
    for data in (image.data, one_pdf(content), scan_pdf(Scan("", content))):
        assert secret not in data
        assert b"Exif" not in data
    assert image.image.getexif() == {}
    assert "comment" not in image.image.info


def tiff(*images: Image.Image, **how: Any) -> bytes:
    return saved(images[0], "tiff", save_all=True, append_images=images[1:], **how)


@pytest.mark.parametrize("compression", [None, "tiff_lzw", "tiff_deflate", "jpeg", "group4"])
def test_every_page_of_a_tiff_becomes_one(compression: str | None) -> None:
    colours = ("white", "black", "white")
    mode = "1" if compression == "group4" else "RGB"
    content = tiff(*(Image.new(mode, (200, 300), colour) for colour in colours), compression=compression)
    drawn, notes = pages(content)
    assert [near(image.convert("RGB"), (100, 100), (255,) * 3) for image in drawn] == [True, False, True]
    assert notes == []


def test_previews_in_a_tiff_are_no_pages() -> None:
    preview = Image.new("RGB", (30, 20), "yellow")
    preview.encoderinfo = {"tiffinfo": {254: 1}}  # type: ignore[attr-defined]
    drawn, _ = pages(tiff(picture(), preview, picture(90, 60)))
    assert [image.size for image in drawn] == [(60, 40), (90, 60)]
    assert fault(saved(preview, "tiff", tiffinfo={254: 1})) == "scan.broken"


def test_a_tiff_of_too_many_pages() -> None:
    dot = Image.new("1", (1, 1))
    assert len(pages(tiff(*[dot] * 300))[0]) == 300
    assert fault(tiff(*[dot] * 301)) == "pdf.too_many_pages"


def test_a_small_file_that_unfolds_into_a_heavy_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = tiff(*[picture()] * 5)
    assert len(pages(content)[0]) == 5
    monkeypatch.setattr(pictures, "_BYTES_MAX", 500)
    with pytest.raises(UnfitScan) as unfit:
        scan_pages(Scan("identity", content), "")
    assert unfit.value.problem.code == "letter.scan.too_large"


def steps(mode: str) -> Image.Image:
    """Black, the middle grey, white, side by side in 16 bits."""
    image = Image.new(mode, (90, 60))
    for index, value in enumerate((0, 32896, 65535)):
        image.paste(value, (30 * index, 0, 30 * index + 30, 60))
    return image


GREYS = [
    saved(steps("I;16"), "png"), saved(steps("I;16"), "tiff"), saved(steps("I;16B"), "tiff"),
    saved(steps("I;16").point(lambda value: value / 257).convert("L"), "jpeg"),
    saved(steps("I;16").point(lambda value: value / 257).convert("L"), "webp"),
]  # fmt: skip


@pytest.mark.parametrize("content", GREYS, ids=["png16", "tiff16", "tiff16, big end first", "jpeg", "webp"])
def test_greys_of_any_depth_stay_greys(content: bytes) -> None:
    image = page(content)
    for x, grey in ((15, 0), (45, 128), (75, 255)):
        assert near(image, (x, 30), (grey,) * 3)


def clear(mode: str) -> Image.Image:
    """The photograph on nothing: the right half cannot be seen, and hides black."""
    image = picture().convert("RGBA")
    image.paste((0, 0, 0, 0), (30, 0, 60, 40))
    return image if mode == "RGBA" else image.convert(mode)


HOLED = picture().quantize(2)
CLEAR = {
    "png": saved(clear("RGBA"), "png"), "png, greys": saved(clear("LA"), "png"), "webp": saved(clear("RGBA"), "webp"),
    "png, palette": saved(clear("RGBA").quantize(), "png"), "gif": saved(HOLED, "gif", transparency=HOLED.getpixel((45, 20))),
    "png, one colour": saved(Image.new("RGB", (60, 40), (1, 2, 3)), "png", transparency=(1, 2, 3)),
    "png, 16 bits": saved(Image.new("I;16", (60, 40), 65535), "png", transparency=40000),
    "tiff": saved(clear("RGBA"), "tiff"),
}  # fmt: skip


@pytest.mark.parametrize("content", CLEAR.values(), ids=CLEAR)
def test_what_cannot_be_seen_is_paper(content: bytes) -> None:
    assert near(page(content), (45, 20), (255, 255, 255))


def inks() -> bytes:
    """Cyan, magenta, yellow and black inks side by side, as a TIFF for printers."""
    image = Image.new("CMYK", (80, 40))
    for index, ink in enumerate([(255, 0, 0, 0), (0, 255, 0, 0), (0, 0, 255, 0), (0, 0, 0, 255)]):
        image.paste(ink, (20 * index, 0, 20 * index + 20, 40))
    return saved(image, "tiff")


def test_pictures_for_printers_keep_their_colours() -> None:
    ink = Image.open(io.BytesIO(inks()))
    for content in (inks(), saved(ink, "jpeg", quality=95)):
        image = page(content)
        for index, colour in enumerate([(0, 255, 255), (255, 0, 255), (255, 255, 0), (0, 0, 0)]):
            assert near(image, (20 * index + 10, 20), colour, off=25)


def test_few_colours_and_other_colours() -> None:
    few = picture().quantize(2)
    for content in (saved(few, "png"), saved(few, "bmp"), saved(picture().convert("YCbCr"), "tiff"), saved(few, "gif")):
        assert near(page(content), (5, 5), (20, 30, 230))
        assert near(page(content), (50, 30), (220, 40, 30))
    black = Image.new("1", (60, 40), 1)
    black.paste(0, (0, 0, 30, 40))
    for content in (saved(black, "png"), saved(black, "tiff", compression="group4"), saved(black, "bmp")):
        assert sorted(page(content).getcolors() or ()) == [(1200, (0, 0, 0)), (1200, (255, 255, 255))]


def test_a_colour_profile_is_followed_and_left_behind() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    odd = saved(picture(), "png", icc_profile=profile)  # of another space: the colours stand as they are
    assert near(page(odd), (5, 5), (20, 30, 230))
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for content in (saved(picture(), "jpeg", icc_profile=srgb, quality=95), saved(picture(), "png", icc_profile=srgb)):
        assert near(page(content), (50, 30), (220, 40, 30))
        (found,), _ = scan_pages(Scan("identity", content), "")
        assert found.images[0].image is not None
        assert b"Exif" not in found.images[0].data
    assert near(page(saved(picture(), "png", icc_profile=b"niente")), (5, 5), (20, 30, 230))


def test_a_moving_picture_gives_its_first_and_says_so() -> None:
    moving = {"save_all": True, "append_images": [Image.new("RGB", (60, 40), "green")] * 2}
    for kind in ("gif", "webp", "png"):
        (image,), notes = pages(saved(picture(), kind, **moving))
        assert near(image.convert("RGB"), (50, 30), (220, 40, 30), off=40)
        assert notes == ["first_only"]


def test_a_photograph_with_a_smaller_copy_of_itself_is_one() -> None:
    out = io.BytesIO()
    picture().save(out, "MPO", save_all=True, append_images=[picture(30, 20)])
    (image,), notes = pages(out.getvalue())
    assert (image.size, notes) == ((60, 40), [])


def put(content: bytes, place: int, data: bytes) -> bytes:
    return content[:place] + data + content[place + len(data) :]


SIZE_OF_JPEG, HEIC = JPEG.index(b"\xff\xc0") + 5, shot("heic")
BOUNDLESS: dict[str, Callable[[], bytes]] = {
    "png": lambda: put(png(), 16, struct.pack(">II", 100_000, 100_000)),
    "png, large": lambda: saved(Image.new("1", (8000, 8000)), "png"),
    "tiff, large": lambda: saved(Image.new("1", (8000, 8000)), "tiff", compression="group4"),
    "jpeg": lambda: put(JPEG, SIZE_OF_JPEG, struct.pack(">HH", 65_000, 65_000)),
    "jpeg, large": lambda: put(JPEG, SIZE_OF_JPEG, struct.pack(">HH", 11_000, 11_000)),
    "bmp": lambda: put(saved(picture(), "bmp"), 18, struct.pack("<II", 60_000, 60_000)),
    "gif": lambda: put(saved(picture(), "gif"), 6, struct.pack("<HH", 65_000, 65_000)),
    "webp": lambda: saved(Image.new("L", (9000, 9000)), "webp", method=0),
    "heic": lambda: put(HEIC, HEIC.index(b"ispe") + 8, struct.pack(">II", 60_000, 60_000)),
}
"""Little files that would unfold into billions of dots, or into more than is unpacked."""


@pytest.mark.parametrize("name", BOUNDLESS)
def test_a_boundless_picture_is_not_unpacked(name: str) -> None:
    content = BOUNDLESS[name]()
    assert len(content) < 250_000
    wrong_sum = name in ("png", "heic")  # of the header; and what says its size twice, differently
    assert fault(content) == ("scan.broken" if wrong_sum else "scan.too_large")


def test_a_jpeg_that_is_drawn_over_and_over_is_a_trap() -> None:
    whole = saved(picture(), "jpeg", progressive=True)
    last = whole[whole.rindex(b"\xff\xda") : -2]
    assert page(whole[:-2] + last * 150 + whole[-2:]).size == (60, 40)
    assert fault(whole[:-2] + last * 250 + whole[-2:]) == "scan.broken"


def test_so_is_one_that_is_drawn_at_once_but_colour_by_colour() -> None:
    """Colours may come one after the other in any JPEG, and as often as it likes; cut off at once, a pass is a few bytes."""
    whole = saved(picture(), "jpeg")
    head, end = whole[: whole.index(b"\xff\xda")], whole[-2:]
    colours = ((1, 0), (2, 17), (3, 17))
    passes = b"".join(b"\xff\xda\x00\x08\x01" + bytes([colour, table, 0, 63, 0, 0]) for colour, table in colours)
    assert page(head + passes * 50 + end).size == (60, 40)
    assert fault(head + passes * 80 + end) == "scan.broken"


def test_what_a_telephone_hangs_on_behind_a_photograph_is_no_pass() -> None:
    """A film of some megabytes holds any two bytes hundreds of times."""
    whole = saved(picture(), "jpeg", progressive=True)
    assert page(whole + b"\x00film\xff\xda\x5c" * 900).size == (60, 40)


def test_a_jpeg_may_number_its_tables_as_it_likes() -> None:
    grey, colour = (bytearray(saved(picture().convert(mode), "jpeg", quality=60)) for mode in ("L", "RGB"))
    grey[grey.index(b"\xff\xdb") + 4] = grey[grey.index(b"\xff\xc0") + 12] = 1
    second, sizes = colour.rindex(b"\xff\xdb") + 4, colour.index(b"\xff\xc0")
    colour[second] = colour[sizes + 15] = colour[sizes + 18] = 3
    assert page(bytes(grey)).size == page(bytes(colour)).size == (60, 40)
    for written, number in ((grey, 1), (colour, 2)):
        with Image.open(io.BytesIO(written)) as image:
            assert len(pictures._steps(image)["qtables"]) == number


def test_a_tiff_of_endless_previews_is_a_trap() -> None:
    preview = Image.new("1", (1, 1))
    preview.encoderinfo = {"tiffinfo": {254: 1}}  # type: ignore[attr-defined]
    assert fault(tiff(picture(), *[preview] * 900)) == "pdf.too_many_pages"


def test_a_large_jpeg_is_shrunk_while_it_is_read() -> None:
    content = saved(Image.new("L", (10_400, 10_400), 128), "jpeg")  # 108 million
    with Image.open(io.BytesIO(content)) as image:
        assert pictures._reduced(image, "jpeg").size == (2600, 2600)
        assert image.size == (2600, 2600)
    assert fault(saved(Image.new("L", (8000, 8000), 128), "jpeg", progressive=True)) == "scan.too_large"


@pytest.mark.parametrize("kind", KINDS)
def test_a_cut_off_picture_is_refused(kind: str) -> None:
    rough = Image.effect_noise((240, 160), 90).convert("RGB")
    content = shots(kind) if kind == "heic" else saved(rough, kind) if kind != "avif" or shots(kind) else b""
    for kept in (2, 3, 5, 9):
        assert fault(content[: len(content) * kept // 10]) == "scan.broken"
    assert fault(content[: len(content) * 97 // 100]) == "scan.broken" or kind == "gif"


@pytest.mark.parametrize("compression", [None, "tiff_lzw", "group4"])
def test_a_tiff_that_lost_its_last_pages_is_refused(compression: str | None) -> None:
    rough = [Image.effect_noise((240, 160), 90).convert("1" if compression == "group4" else "RGB") for _ in range(3)]
    content = tiff(*rough, compression=compression)
    for kept in range(1, 19):
        assert fault(content[: len(content) * kept // 19]) == "scan.broken"


def test_without_its_extra_heic_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "READS_HEIC", False)
    with pytest.raises(UnfitScan) as refused:
        scan_pages(Scan("identity", shot("heic"), "IMG_0042.HEIC"), "")
    assert refused.value.problem.code == "letter.scan.kind"
    assert "(HEIC)" in refused.value.problem.message("it") and "iPhone" in refused.value.problem.hint("it")


def test_what_a_file_is_its_bytes_say() -> None:
    for name in ("scansione.pdf", "IMG_0042.HEIC.jpg", "foto", "foto.exe"):
        assert pages(shot("heic"), name)[0][0].size == (60, 40)
        assert len(scan_pages(Scan("identity", pdf(), name), "")[0]) == 1
    assert kind_of(b"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1avifmiaf" + bytes(20)) == "avif"
    assert kind_of(b"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1heicmiaf" + bytes(20)) == "heic"
    assert kind_of(b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42") == "video"
    assert set(MEDIA) == {"pdf", *KINDS} == {"pdf", *pictures.FORMATS}
    assert set(SUFFIXES) == set(MEDIA.values())


def photograph(width: int, height: int) -> Image.Image:
    """Something like a paper under a lamp: soft shades, sharp signs, the noise of a camera."""
    shade = Image.linear_gradient("L").resize((width, height))
    signs = Image.effect_noise((width // 8, height // 8), 120).point(lambda v: 255 if v > 150 else 60).resize((width, height))
    noise = Image.effect_noise((width, height), 12)
    bands = (Image.blend(shade, signs, 0.5), Image.blend(signs, noise, 0.3), shade)
    return Image.merge("RGB", bands).filter(ImageFilter.BoxBlur(1))


def test_a_good_jpeg_of_the_size_of_a_page_is_not_seen_to_change_nor_to_grow() -> None:
    for quality, subsampling in ((60, 2), (95, 0)):
        content = saved(photograph(1200, 1600), "jpeg", quality=quality, subsampling=subsampling)
        before = Image.open(io.BytesIO(content)).convert("RGB")
        (found,), _ = scan_pages(Scan("identity", content), "")
        image = found.images[0].image
        assert image is not None
        assert image.size == (1200, 1600)
        apart = Image.blend(before, Image.eval(image.convert("RGB"), lambda v: 255 - v), 0.5).getextrema()
        assert all(low >= 110 and high <= 145 for low, high in apart), "the same but for the last steps"
        assert len(found.images[0].data) <= len(content) * 1.01


def test_a_photograph_comes_down_to_what_a_page_needs() -> None:
    content = saved(photograph(4000, 3000), "jpeg", quality=95)
    image = page(content)
    assert image.size == (3467, 2600)
    assert len(one_pdf(content)) < min(len(content), 3_000_000)


def test_print_stays_sharp_and_a_scan_of_a_page_keeps_its_dots() -> None:
    sheet = Image.new("1", (2480, 3508), 1)
    for line in range(0, 3508, 40):
        sheet.paste(0, (200, line, 2200, line + 9))
    content = saved(sheet, "tiff", compression="group4")
    image = page(content)
    assert image.size == sheet.size
    assert len(image.getcolors() or ()) == 2
    assert len(one_pdf(content)) < 100_000
    fine = page(saved(sheet.resize((4960, 7016)), "tiff", compression="group4"))  # 600 dpi
    assert max(fine.size) <= pictures.DOTS[1]


@pytest.mark.parametrize("kind", [*KINDS, "tiff of pages", "progressive"])
def test_no_hurt_picture_raises(kind: str) -> None:
    make: dict[str, Callable[[], bytes]] = {
        "tiff of pages": lambda: tiff(picture(), picture(), compression="tiff_lzw"),
        "progressive": lambda: saved(picture(), "jpeg", progressive=True),
    }
    whole = make[kind]() if kind in make else shots(kind)

    @settings(max_examples=40, deadline=None)
    @given(st.integers(0, len(whole)), st.binary(max_size=6), st.integers(0, 40))
    def hurt(place: int, with_: bytes, cut: int) -> None:
        content = whole[:place] + with_ + whole[place + len(with_) : len(whole) - cut]
        try:
            found, _ = scan_pages(Scan("identity", content), "")
        except UnfitScan:
            return
        assert found

    hurt()


def test_a_scan_on_its_own_is_a_pdf() -> None:
    reader = PdfReader(io.BytesIO(scan_pdf(Scan("", tiff(picture(), picture()), "due.tif"))), strict=True)
    assert len(reader.pages) == 2
    with pytest.raises(UnfitScan):
        scan_pdf(Scan("", b"PK\x03\x04", "a.zip"))
