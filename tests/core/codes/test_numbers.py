"""Partita IVA, IBAN and the notice number of pagoPA: every made one is valid, any slip in it is caught, no text raises."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban as stdnum_iban
from stdnum import luhn
from stdnum.it import iva

from locanda.core.codes import KINDS, check, iuv
from locanda.core.codes.fiscal_letters import check_letter

DIGITS = string.digits
UPPER = string.ascii_uppercase + string.digits


def said(kind: str, value: str) -> tuple[str, str, list[str]]:
    result = check(kind, value)
    return result.level, result.normalised, [problem.code.removeprefix("code.") for problem in result.warnings]


# partita IVA


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("00743110157", ("valid", "00743110157", [])),
        ("IT 00743110157", ("valid", "00743110157", [])),
        ("00743110158", ("invalid", "00743110158", ["partita_iva.check_digit"])),
        ("00000000000", ("invalid", "00000000000", ["value.zeros"])),
        ("0074311015", ("invalid", "0074311015", ["partita_iva.shape"])),
        ("RSSMRA80A01H501U", ("invalid", "RSSMRA80A01H501U", ["partita_iva.person"])),
        ("ITLMRA80A01H501U", ("invalid", "ITLMRA80A01H501U", ["partita_iva.person"])),  # a person, not a prefix
        ("²0743110157", ("invalid", "²0743110157", ["partita_iva.shape"])),
        ("", ("invalid", "", ["value.missing"])),
    ],
)
def test_partita_iva(value: str, expected: tuple[str, str, list[str]]) -> None:
    assert said("partita-iva", value) == expected


@given(st.integers(1, 9_999_999), st.integers(0, 999))
def test_every_partita_iva_is_valid_and_unknown_offices_warn(number: int, office: int) -> None:
    code = f"{number:07}{office:03}"
    code += luhn.calc_check_digit(code)
    expected = "valid" if iva.is_valid(code) else "warning"
    assert said("partita-iva", code) == (expected, code, [] if expected == "valid" else ["partita_iva.office"])


@given(st.integers(1, 9_999_999), st.integers(1, 100), st.integers(0, 10), st.sampled_from(UPPER))
def test_a_slip_in_a_partita_iva_is_caught(number: int, office: int, place: int, letter: str) -> None:
    code = f"{number:07}{office:03}"
    code += luhn.calc_check_digit(code)
    slip = code[:place] + letter + code[place + 1 :]
    assert check("partita-iva", slip).level == ("valid" if slip == code else "invalid")


# IBAN


def italian(bank: str, account: str, country: str = "IT") -> str:
    rest = bank + account
    body = check_letter(rest) + rest
    return country + stdnum_iban.calc_check_digits(f"{country}00{body}") + body


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("IT60 X054 2811 1010 0000 0123 456", ("valid", "IT60X0542811101000000123456", [])),
        ("iban: it60x0542811101000000123456", ("valid", "IT60X0542811101000000123456", [])),
        ("SM86U0322509800000000270100", ("valid", "SM86U0322509800000000270100", [])),
        ("DE89370400440532013000", ("valid", "DE89370400440532013000", [])),
        ("GB82WEST12345698765432", ("valid", "GB82WEST12345698765432", [])),
        ("DE8937040044053201300", ("invalid", "DE8937040044053201300", ["iban.check_digits"])),
        ("IT60X054281110100000012345", ("invalid", "IT60X054281110100000012345", ["iban.length"])),
        ("IT61X0542811101000000123456", ("invalid", "IT61X0542811101000000123456", ["iban.check_digits"])),
        ("IT60", ("invalid", "IT60", ["iban.shape"])),
        ("", ("invalid", "", ["value.missing"])),
    ],
)
def test_iban(value: str, expected: tuple[str, str, list[str]]) -> None:
    assert said("iban", value) == expected


def test_the_banks_letter_is_checked_where_the_two_digits_fit() -> None:
    body = "A" + "0542811101" + "000000123456"  # the letter should be X
    wrong = "IT" + stdnum_iban.calc_check_digits("IT00" + body) + body
    assert stdnum_iban.is_valid(wrong)
    assert said("iban", wrong) == ("invalid", wrong, ["iban.cin"])


def test_a_country_outside_the_register_warns_and_a_wrong_make_does_not_pass() -> None:
    strange = "XX" + stdnum_iban.calc_check_digits("XX0012345678901") + "12345678901"
    assert said("iban", strange) == ("warning", strange, ["iban.country"])
    short = "DE" + stdnum_iban.calc_check_digits("DE0012345678901") + "12345678901"
    assert said("iban", short) == ("invalid", short, ["iban.national"])


def test_check_digits_that_no_bank_computes() -> None:
    """00, 01 and 99 leave the remainder of 97, 98 and 02, and are given to nobody."""
    for account in range(500):
        code = italian("0542811101", f"{account:012}")
        if code[2:4] == "97":
            assert check("iban", code).level == "valid"
            assert said("iban", code[:2] + "00" + code[4:])[2] == ["iban.check_digits"]
            return
    pytest.fail("no account has the check digits 97")


@given(st.text(DIGITS, min_size=10, max_size=10), st.text(UPPER, min_size=12, max_size=12), st.sampled_from(["IT", "SM"]))
def test_every_italian_iban_is_valid(bank: str, account: str, country: str) -> None:
    code = italian(bank, account, country)
    assert said("iban", code) == ("valid", code, [])


@given(st.text(DIGITS, min_size=10, max_size=10), st.text(DIGITS, min_size=12, max_size=12), st.data())
def test_a_slip_in_an_italian_iban_is_caught(bank: str, account: str, data: st.DataObject) -> None:
    code = italian(bank, account)
    place = data.draw(st.integers(2, 26))
    alphabet = DIGITS if code[place] in DIGITS else string.ascii_uppercase
    slip = code[:place] + data.draw(st.sampled_from(alphabet)) + code[place + 1 :]
    assert check("iban", slip).level == ("valid" if slip == code else "invalid")


# pagoPA


def notice(first: str, body: str) -> str:
    return f"{first}{body}{int(first + body) % 93:02}"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("301000000000123468", ("valid", "301000000000123468", [])),
        ("3010 0000 0000 1234 68", ("valid", "301000000000123468", [])),
        ("301000000000123469", ("invalid", "301000000000123469", ["pagopa_notice.check_digits"])),
        ("101000000000123468", ("warning", "101000000000123468", ["pagopa_notice.unchecked"])),
        ("401000000000123468", ("invalid", "401000000000123468", ["pagopa_notice.first_digit"])),
        ("01000000000123468", ("invalid", "01000000000123468", ["pagopa_notice.shape"])),
        ("RF18539007547034", ("invalid", "RF18539007547034", ["pagopa_notice.shape"])),
        ("", ("invalid", "", ["value.missing"])),
    ],
)
def test_notice_numbers(value: str, expected: tuple[str, str, list[str]]) -> None:
    assert said("pagopa-notice", value) == expected


@given(st.sampled_from("023"), st.text(DIGITS, min_size=15, max_size=15))
def test_every_notice_number_is_valid(first: str, body: str) -> None:
    code = notice(first, body)
    assert said("pagopa-notice", code) == ("valid", code, [])
    assert iuv(code) == (code[-15:] if first == "0" else code[-17:])


@given(st.sampled_from("023"), st.text(DIGITS, min_size=15, max_size=15), st.integers(0, 17), st.sampled_from(UPPER))
def test_a_slip_in_a_notice_number_is_caught(first: str, body: str, place: int, letter: str) -> None:
    code = notice(first, body)
    slip = code[:place] + letter + code[place + 1 :]
    assert (check("pagopa-notice", slip).level == "valid") == (slip == code)


# all kinds


@given(st.sampled_from(KINDS), st.text(max_size=40) | st.text(UPPER + " -", max_size=30))
def test_no_text_raises_and_cleaning_twice_changes_nothing(kind: str, value: str) -> None:
    result = check(kind, value)
    again = check(kind, result.normalised)
    assert (again.level, again.normalised) == (result.level, result.normalised)
    assert result.usable == (result.level != "invalid")
    assert (result.level == "valid") == (not result.warnings)
    for problem in result.warnings:
        assert problem.message("it")
        assert problem.hint("en")
        assert problem.where == "value"


def test_an_unknown_kind_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="no kind of code"):
        check("cap", "70043")
