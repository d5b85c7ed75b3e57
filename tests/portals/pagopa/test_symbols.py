"""QR code and Data Matrix of a notice: text and picture (spec imposta-di-soggiorno 13.3, 13.4)."""

from __future__ import annotations

import re
import struct
import zlib
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from locanda.core.codes import write_notice
from locanda.core.problems import Problem
from locanda.portals.pagopa import QrCode, Slip, read_qr, read_slip, write_qr, write_slip
from locanda.portals.pagopa.pictures import data_matrix, png, qr_matrix, svg
from locanda.portals.pagopa.slip import STATUS

NOTICE, CREDITOR = "301000000000123468", "12345670017"


def codes(problems: tuple[Problem, ...] | str) -> list[str]:
    assert not isinstance(problems, str)
    return [problem.code for problem in problems]


notices = st.builds(
    lambda code, base: write_notice("3", f"{base:013}", f"{code:02}").number, st.integers(0, 99), st.integers(0, 10**13 - 1)
)


@st.composite
def creditors(draw: Any) -> str:
    """Eleven digits with their check digit, as a body of the office 001."""
    body = f"{draw(st.integers(1, 9_999_999)):07}001"
    doubled = sum(sum(divmod(2 * int(digit), 10)) if place % 2 else int(digit) for place, digit in enumerate(body))
    return body + str(-doubled % 10)


plain = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=30)
amounts = st.integers(1, 9_999_999_999)


def test_the_text_of_the_qr_code() -> None:
    assert write_qr(QrCode(NOTICE, CREDITOR, 12345)) == f"PAGOPA|002|{NOTICE}|{CREDITOR}|12345"


@given(notices, creditors(), st.integers(1, 99_999_999_999), st.integers(0, 3))
def test_what_is_written_is_read_with_or_without_zeros(notice: str, creditor: str, amount: int, zeros: int) -> None:
    code = QrCode(notice, creditor, amount)
    text = write_qr(code)
    assert isinstance(text, str) and read_qr(text) == (code, ())
    head, _, tail = text.rpartition("|")
    assert read_qr(f" {head}|{'0' * zeros}{tail}\n") == (code, ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["pagopa.qr.shape"]),
        (f"PAGOPA|002|{NOTICE}|{CREDITOR}", ["pagopa.qr.shape"]),
        (f"pagopa|002|{NOTICE}|{CREDITOR}|1", ["pagopa.qr.shape"]),
        (f"PAGOPA|003|{NOTICE}|{CREDITOR}|1", ["pagopa.qr.version"]),
        (f"PAGOPA|002|{NOTICE}|{CREDITOR}|1,00", ["pagopa.amount.shape"]),
        (f"PAGOPA|002|{NOTICE}|{CREDITOR}|-1", ["pagopa.amount.shape"]),
        (f"PAGOPA|002|{NOTICE}|{CREDITOR}|٣", ["pagopa.amount.shape"]),
        (f"PAGOPA|002|{NOTICE}|{CREDITOR}|0", ["pagopa.amount.range"]),
        ("PAGOPA|002|301000000000123469|12345678901|1", ["code.pagopa_notice.check_digits", "pagopa.creditor.invalid"]),
    ],
)
def test_what_is_wrong_with_a_qr_text(text: str, expected: list[str]) -> None:
    assert codes(read_qr(text)[1]) == expected


@pytest.mark.parametrize(
    "code",
    [
        QrCode("3010 0000 0000 1234 68", CREDITOR, 1), QrCode(NOTICE, CREDITOR[:10], 1), QrCode(NOTICE, CREDITOR, 0),
        QrCode(NOTICE, CREDITOR, 10**11), QrCode("301000000000123469", CREDITOR, 1),
    ],
)  # fmt: skip
def test_nothing_doubtful_is_written(code: QrCode) -> None:
    assert codes(write_qr(code))


@given(st.text(max_size=80))
def test_any_text_is_answered(text: str) -> None:
    assert read_qr(text)[1] and read_slip(text)[1]


# the slip -------------------------------------------------------------------------------------------------------------------

SLIP = Slip(NOTICE, "000012345678", 12345, CREDITOR, "RSSMRA80A01F205X", "ROSSI MARIA", "IMPOSTA DI SOGGIORNO 1 TRIMESTRE")


def written(slip: Slip) -> str:
    text = write_slip(slip)
    assert isinstance(text, str), text
    return text


def test_the_places_of_the_slip() -> None:
    text = written(SLIP)
    assert len(text) == 256 and STATUS == "unverified"
    assert text[:13] == "codfase=NBPA;" and text[13:33] == "18" + NOTICE and text[33:47] == "12000012345678"
    assert text[47:59] == "100000012345" and text[59:66] == "38961P1" and text[66:77] == CREDITOR
    assert text[77:93] == "RSSMRA80A01F205X" and text[93:133].rstrip() == "ROSSI MARIA"
    assert text[133:243].rstrip() == SLIP.description and text[243:255] == " " * 12 and text[255] == "A"


@given(notices, creditors(), amounts, st.integers(0, 10**12 - 1), plain, plain)
def test_a_slip_that_was_written_is_read(notice: str, creditor: str, amount: int, account: int, name: str, words: str) -> None:
    slip = Slip(notice, f"{account:012}", amount, creditor, "", name, words)
    assert read_slip(written(slip)) == (slip, ())


def test_a_slip_a_blank_short_is_read_and_told() -> None:
    short = written(SLIP)[:254] + "A"
    slip, problems = read_slip(short)
    assert slip == SLIP and codes(problems) == ["pagopa.slip.length"]
    slip, problems = read_slip(written(SLIP)[:93])
    assert slip is not None and (slip.notice, slip.amount, slip.creditor) == (NOTICE, 12345, CREDITOR)
    assert (slip.debtor, slip.description) == ("", "") and codes(problems) == ["pagopa.slip.length"]


@pytest.mark.parametrize("place", [0, 13, 33, 47, 59, 60, 63])
def test_a_slip_whose_fixed_places_differ_is_none(place: int) -> None:
    text = written(SLIP)
    assert read_slip(text[:place] + "#" + text[place + 1 :])[0] is None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"debtor": "X" * 41}, "pagopa.slip.long"), ({"description": "X" * 111}, "pagopa.slip.long"),
        ({"debtor": "NICCOLÒ"}, "pagopa.slip.letters"), ({"description": "A\nB"}, "pagopa.slip.letters"),
        ({"account": "12A"}, "pagopa.slip.account"), ({"account": "1" * 13}, "pagopa.slip.account"),
        ({"amount": 10_000_000_000}, "pagopa.amount.range"), ({"notice": "301"}, "code.pagopa_notice.shape"),
    ],
)  # fmt: skip
def test_nothing_is_cut_or_replaced_in_a_slip(change: dict[str, Any], code: str) -> None:
    assert codes(write_slip(SLIP._replace(**change))) == [code]


# pictures -------------------------------------------------------------------------------------------------------------------


def pixels(picture: bytes) -> tuple[int, int, bytes]:
    """Width, height and gray values of a PNG, by the standard and not by our writer."""
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    place, body, width, height = 8, b"", 0, 0
    while place < len(picture):
        length, kind = struct.unpack(">I4s", picture[place : place + 8])
        data = picture[place + 8 : place + 8 + length]
        assert struct.unpack(">I", picture[place + 8 + length : place + 12 + length])[0] == zlib.crc32(kind + data)
        if kind == b"IHDR":
            width, height = struct.unpack(">II", data[:8])
        body += data if kind == b"IDAT" else b""
        place += 12 + length
    raw = zlib.decompress(body)
    return width, height, b"".join(raw[row * (width + 1) + 1 : (row + 1) * (width + 1)] for row in range(height))


def decoded(picture: bytes, symbology: str) -> list[str]:
    """The texts of the symbols of one kind, as a decoder of other people reads them.

    The kind is asked for, as a till that waits for it does: in a picture full of squares the decoder now and then believes to
    see a bar code of some other kind as well.
    """
    zxing = pytest.importorskip("zxingcpp")
    width, height, gray = pixels(picture)
    wanted = getattr(zxing.BarcodeFormat, symbology)
    found = zxing.read_barcodes(memoryview(gray).cast("B", (height, width)), formats=wanted)
    assert {symbol.format for symbol in found} <= {wanted}
    return [symbol.text for symbol in found]


def test_the_qr_code_is_version_4_and_another_decoder_reads_it() -> None:
    text = write_qr(QrCode(NOTICE, CREDITOR, 12345))
    assert isinstance(text, str)
    matrix = qr_matrix(text)
    assert len(matrix) == len(matrix[0]) == 33
    # format bits beside the upper left finder: mask apart, the two first say the error correction, 00 is M
    first_two = "".join(str(matrix[8][column]) for column in (0, 1))
    assert (int(first_two, 2) ^ 0b10) == 0b00
    assert decoded(png(matrix), "QRCode") == [text]


def test_a_text_too_long_for_version_4_is_refused() -> None:
    assert len(qr_matrix("x" * 62)) == 33
    with pytest.raises(ValueError, match="does not fit"):
        qr_matrix("x" * 63)


@settings(max_examples=15)
@given(notices, creditors(), amounts, plain, plain)
@example(notice="374000021991254279", creditor="00055350011", amount=141, name="0H", words="00=adT")
def test_another_decoder_reads_every_symbol(notice: str, creditor: str, amount: int, name: str, words: str) -> None:
    text = write_qr(QrCode(notice, creditor, amount))
    assert isinstance(text, str) and decoded(png(qr_matrix(text), scale=4), "QRCode") == [text]
    slip = written(Slip(notice, "12345678", amount, creditor, "", name, words))
    assert decoded(png(data_matrix(slip), scale=4), "DataMatrix") == [slip]


def test_a_data_matrix_of_other_letters_is_refused() -> None:
    with pytest.raises(ValueError, match="ASCII"):
        data_matrix("è")


def test_the_printed_picture_is_25_millimetres_wide_without_its_quiet_zone_and_has_a_title() -> None:
    matrix = qr_matrix("x")
    drawn = svg(matrix, title="Avviso <1> & altro")
    [size] = set(re.findall(r'(?:width|height)="([0-9.]+)mm"', drawn))
    assert float(size) == pytest.approx(25 * 41 / 33, abs=0.001) and 'viewBox="0 0 41 41"' in drawn
    assert "<title>Avviso &lt;1&gt; &amp; altro</title>" in drawn
    dark = {
        (int(row), int(column) + step)
        for column, row, length in re.findall(r"M(\d+) (\d+)h(\d+)v1", drawn.split('fill="#000"')[1])
        for step in range(int(length))
    }
    assert dark == {(row + 4, column + 4) for row, line in enumerate(matrix) for column, module in enumerate(line) if module}
