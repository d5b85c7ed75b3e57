"""Notice numbers taken apart, free IUV and creditor references (spec imposta-di-soggiorno 13.2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locanda.core.codes import check, check_iuv, check_rf, grouped, iuv, read_notice, write_notice, write_rf

digits = st.text("0123456789", min_size=17, max_size=17)
LENGTHS = {"0": (2, 13), "1": (0, 17), "2": (0, 15), "3": (2, 13)}


@pytest.mark.parametrize(
    ("aux", "code", "base", "number", "reference"),
    [
        ("3", "01", "0000000000123", "301000000000012373", "01000000000012373"),
        ("3", "01", "0000000001234", "301000000000123468", "01000000000123468"),
        ("0", "12", "3456789012345", "012345678901234542", "345678901234542"),
        ("2", "", "123456789012345", "212345678901234544", "12345678901234544"),
        ("1", "", "12345678901234567", "112345678901234567", "12345678901234567"),
    ],
)
def test_the_table_of_notice_numbers(aux: str, code: str, base: str, number: str, reference: str) -> None:
    if aux in "023":  # reckoned here by hand: sixteen digits, the remainder by 93
        assert number[16:] == f"{int(number[:16]) % 93:02}"
    notice = write_notice(aux, base, code)
    assert (notice.number, notice.iuv, notice.code, notice.base) == (number, reference, code, base)
    assert read_notice(grouped(number)) == notice and iuv(number) == reference


def test_the_vectors_of_the_specification() -> None:
    assert read_notice("301000000000123468") and not read_notice("301000000000123469")


@given(st.sampled_from("0123"), digits)
def test_a_notice_that_was_written_is_read_and_every_single_wrong_digit_is_seen(aux: str, body: str) -> None:
    code, base = LENGTHS[aux]
    notice = write_notice(aux, body[code : code + base], body[:code])
    assert read_notice(notice.number) == notice
    assert len(notice.number) == 18 and notice.number.endswith(notice.iuv)
    if aux == "1":
        return
    for place in range(18):
        for digit in "0123456789":
            wrong = notice.number[:place] + digit + notice.number[place + 1 :]
            if wrong != notice.number:
                # as a number of kind 1 it has no check digits: a warning; anything else is refused
                expected = "warning" if place == 0 and digit == "1" else "invalid"
                assert check("pagopa-notice", wrong).level == expected, wrong


@pytest.mark.parametrize(
    ("aux", "code", "base"), [("4", "01", "0" * 13), ("3", "1", "0" * 13), ("0", "01", "x" * 13), ("3", "٠١", "0" * 13)]
)
def test_no_notice_is_made_of_other_parts(aux: str, code: str, base: str) -> None:
    with pytest.raises(ValueError, match="no notice number"):
        write_notice(aux, base, code)


@pytest.mark.parametrize(
    ("code", "kind"),
    [("00", "intermediary"), ("45", "intermediary"), ("46", None), ("95", None), ("96", "central"), ("99", "central")],
)
def test_segregation_codes(code: str, kind: str | None) -> None:
    assert write_notice("3", "0" * 13, code).segregation == kind
    assert write_notice("0", "0" * 13, code).segregation is None


def test_printed_in_groups_of_four() -> None:
    assert grouped("301000000000123468") == "3010 0000 0000 1234 68"
    assert grouped("RF18539007547034") == "RF18 5390 0754 7034"


# creditor references --------------------------------------------------------------------------------------------------------


def test_the_published_example_of_iso_11649() -> None:
    assert check_rf("RF18 5390 0754 7034").level == "valid" and write_rf("539007547034") == "RF18539007547034"
    assert [problem.code for problem in check_rf("RF19539007547034").warnings] == ["code.rf.check_digits"]
    assert [problem.code for problem in check_rf("RF18" + "1" * 22).warnings] == ["code.rf.shape"]
    assert check_rf("").level == "invalid"


@given(
    st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=21), st.integers(0, 24), st.sampled_from("0123456789")
)
def test_references_are_valid_and_every_wrong_digit_is_seen(body: str, place: int, digit: str) -> None:
    code = write_rf(body)
    assert check_rf(code).level == "valid" and check_iuv(code).level == "valid"
    if 2 <= place < len(code) and code[place].isdigit() and code[place] != digit:
        assert check_rf(code[:place] + digit + code[place + 1 :]).level == "invalid"


@pytest.mark.parametrize("body", ["", "A" * 22, "A_B", "È"])
def test_no_reference_is_made_of_anything_else(body: str) -> None:
    with pytest.raises(ValueError, match="creditor reference"):
        write_rf(body)


@pytest.mark.parametrize(
    ("text", "level"),
    [("A" * 35, "valid"), ("A" * 36, "invalid"), ("aB9", "valid"), ("a-b", "invalid"), ("", "invalid"), ("RF00AAAA", "invalid")],
)
def test_free_iuv(text: str, level: str) -> None:
    assert check_iuv(text).level == level


def test_a_free_iuv_keeps_its_small_letters() -> None:
    assert check_iuv(" aB9 ").normalised == "aB9"
