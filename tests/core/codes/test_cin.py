"""CIN and regional codes (spec adempimenti 5.1, 5.2): the invented examples of the spec, and any text at all."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locanda.core.codes import UnknownComune, check, cin_of

UPPER = string.ascii_uppercase + string.digits


def codes(kind: str, value: str, comune: str | None = None) -> tuple[str, str, list[str]]:
    result = check(kind, value, comune)
    return result.level, result.normalised, [problem.code.removeprefix("code.") for problem in result.warnings]


@pytest.mark.parametrize(
    ("value", "comune", "level", "normalised", "said"),
    [
        ("IT072030C200012345", None, "valid", "IT072030C200012345", []),
        ("IT072030C200012345", "072030", "valid", "IT072030C200012345", []),
        (" it 072030-c2-0001 2345\n", "072030", "valid", "IT072030C200012345", []),
        ("IT014061C2ABIOXY12", "014061", "valid", "IT014061C2ABIOXY12", []),  # I and O occur in the tail
        ("IT090047C2000P1234", "090047", "valid", "IT090047C2000P1234", []),
        ("IT072030C200012345", "014061", "warning", "IT072030C200012345", ["istat.other"]),
        ("IT072030C21", None, "warning", "IT072030C21", ["cin.short"]),
        ("IT072030C20001234", None, "warning", "IT072030C20001234", ["cin.short"]),
        ("IT072030CCABCDEFGH", None, "warning", "IT072030CCABCDEFGH", ["cin.class_odd"]),
        ("IT0720302CABCDEFGH", "072006", "warning", "IT0720302CABCDEFGH", ["cin.class_odd", "istat.other"]),
        ("IT072030C2", None, "invalid", "IT072030C2", ["cin.shape"]),  # ten characters
        ("IT072030C2000123456", None, "invalid", "IT072030C2000123456", ["cin.long"]),  # nineteen
        ("072030C200012345", None, "invalid", "072030C200012345", ["cin.regional"]),
        ("014061-CNI-00123", None, "invalid", "014061CNI00123", ["cin.regional"]),
        ("CIN:IT072030C200012345", None, "invalid", "CIN:IT072030C200012345", ["cin.prefix"]),
        ("IT00743110157", None, "invalid", "IT00743110157", ["cin.only_digits"]),
        ("IT0720301234567890", None, "invalid", "IT0720301234567890", ["cin.only_digits"]),
        ("IT07203OC200012345", None, "invalid", "IT07203OC200012345", ["cin.shape"]),  # the letter O in the number
        ("IT072030C2_0012345", None, "invalid", "IT072030C2_0012345", ["cin.shape"]),
        ("ıt072030c200012345", None, "invalid", "ıT072030C200012345", ["cin.prefix"]),  # a Turkish i is no I
        ("IT٠٧٢٠٣٠C200012345", None, "invalid", "IT٠٧٢٠٣٠C200012345", ["cin.shape"]),  # Arabic digits
        (" - ", None, "invalid", "", ["value.missing"]),
    ],
)
def test_the_levels_of_a_cin(value: str, comune: str | None, level: str, normalised: str, said: list[str]) -> None:
    assert codes("cin", value, comune) == (level, normalised, said)


@pytest.mark.parametrize("number", ["092007", "107001", "111006"])
def test_a_cin_keeps_the_number_that_the_comune_had(number: str) -> None:
    """Buggerru: the south of Sardinia changed provinces, and its comuni numbers, three times."""
    assert codes("cin", f"IT{number}C2000P1234", "111006")[0] == "valid"
    assert codes("cin", f"IT{number}C2000P1234", "BUGGERRU (CA)")[0] == "valid"


def test_the_comune_is_named_with_its_province_of_today() -> None:
    told = check("cin", "IT072030C200012345", "110001").warnings[0].message("it")
    assert "ANDRIA (BT), 110001" in told


def test_a_number_newer_than_our_tables_is_compared_as_it_is() -> None:
    assert codes("cin", "IT112999C2000P1234", "112999")[0] == "valid"
    assert codes("cin", "IT090047C2000P1234", "112999")[2] == ["istat.other"]


def test_a_comune_may_be_named_by_any_of_its_codes_and_no_other_word() -> None:
    for token in ("072030", "416072030", "F376", "f376", "MONOPOLI (BA)", "Monopoli"):
        assert codes("cin", "IT072030C200012345", token)[0] == "valid", token
    for token in ("", "ATLANTIDE", "12", "SAMONE"):  # two comuni are called Samone
        with pytest.raises(UnknownComune):
            check("cin", "IT072030C200012345", token)


@given(
    comune=st.from_regex(r"[0-9]{6}", fullmatch=True),
    kind=st.from_regex(r"[A-Z][0-9]", fullmatch=True),
    tail=st.text(UPPER, min_size=8, max_size=8),
)
def test_every_cin_of_the_usual_shape_is_valid(comune: str, kind: str, tail: str) -> None:
    assert codes("cin", f"IT{comune}{kind}{tail}") == ("valid", f"IT{comune}{kind}{tail}", [])


REGIONAL = [
    ("cir", "072030C200012345", "072030", "072030C200012345"),
    ("cir", "014061-CNI-00123", "014061", "014061-CNI-00123"),
    ("cir", "014061cni00123", "014061", "014061-CNI-00123"),
    ("cir", "090047C2000P1234", "090047", "090047C2000P1234"),
    ("cis", "BA07203091000012345", "072030", "BA07203091000012345"),
    ("cis", "ba 072030 91 000012345", "072030", "BA07203091000012345"),
    ("iun", "p1234", "090047", "P1234"),
    ("iun", "090047C2000P1234", "090047", "090047C2000P1234"),
]


@pytest.mark.parametrize(("kind", "value", "comune", "normalised"), REGIONAL)
def test_regional_codes_of_the_spec_are_valid(kind: str, value: str, comune: str, normalised: str) -> None:
    assert codes(kind, value) == ("valid", normalised, [])
    assert codes(kind, value, comune) == ("valid", normalised, [])


@pytest.mark.parametrize(
    ("kind", "value", "comune", "said"),
    [
        ("cir", "072030C200012345", "072006", "istat.other"),
        ("cir", "072030C200012345", "014061", "regional.other_region"),
        ("iun", "P1234", "072030", "regional.other_region"),
        ("cir", "BA07203091000012345", None, "regional.other_kind"),
        ("cis", "072030C200012345", None, "regional.other_kind"),
        ("cis", "P1234", None, "regional.other_kind"),
        ("cir", "IT072030C200012345", None, "regional.is_cin"),
        ("cir", "015146-XYZ-1", "015146", "regional.shape"),
        ("cir", "qualcosa", "058091", "regional.region_unknown"),
        ("iun", "PP234", None, "regional.shape"),
    ],
)
def test_regional_codes_warn(kind: str, value: str, comune: str | None, said: str) -> None:
    level, _, found = codes(kind, value, comune)
    assert (level, found) == ("warning", [said])


@given(st.sampled_from(["cir", "cis", "iun"]), st.text(min_size=1), st.sampled_from([None, "072030", "014061", "058091"]))
def test_regional_patterns_never_block(kind: str, value: str, comune: str | None) -> None:
    level, normalised, found = codes(kind, value, comune)
    assert level != "invalid" or (normalised == "" and found == ["value.missing"])


def test_the_cin_follows_from_the_regional_code_where_it_does() -> None:
    assert cin_of("072030C200012345") == "IT072030C200012345"
    assert cin_of("090047-C2000-P1234") == "IT090047C2000P1234"
    assert cin_of("014061-CNI-00123") is None
    assert cin_of("BA07203091000012345") is None
