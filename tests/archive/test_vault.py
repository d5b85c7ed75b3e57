"""Sealed values: they open with their key, in their place, unchanged, and not otherwise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locanda.archive import erasure
from locanda.archive.models import Party
from locanda.archive.vault import Box, Erased, Vault, WrongKey, new_account_keys, open_sealed, rewrap, seal
from tests.world import NOON, World, guest, world

KEY, OTHER = b"k" * 32, b"o" * 32


@given(st.binary(max_size=300), st.text(max_size=20))
def test_what_is_sealed_opens(plain: bytes, context: str) -> None:
    sealed = seal(KEY, plain, context)
    assert open_sealed(KEY, sealed, context) == plain
    assert sealed != seal(KEY, plain, context)  # never the same bytes twice: equal values are not seen to be equal
    assert len(plain) < 6 or plain not in sealed


@given(st.data())
def test_any_changed_byte_is_found(data: st.DataObject) -> None:
    sealed = bytearray(seal(KEY, b"CA12345AA", "guest"))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(WrongKey):
        open_sealed(KEY, bytes(sealed), "guest")


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01" + b"0" * 12, b"\x02" + b"0" * 60])
def test_what_is_no_sealed_value_is_refused(sealed: bytes) -> None:
    with pytest.raises(WrongKey):
        open_sealed(KEY, sealed, "guest")


def test_another_key_or_another_place_does_not_open() -> None:
    sealed = Box(KEY).seal({"surname": "ROSSI"}, "guest")
    assert Box(KEY).open(sealed, "guest") == {"surname": "ROSSI"}
    with pytest.raises(WrongKey):
        Box(OTHER).open(sealed, "guest")
    with pytest.raises(WrongKey):
        Box(KEY).open(sealed, "draft")


def test_the_words_of_a_refusal_carry_nothing_of_the_value() -> None:
    with pytest.raises(WrongKey) as refused:
        open_sealed(OTHER, seal(KEY, b"ROSSI MARIA", "guest"), "guest")
    assert "ROSSI" not in str(refused.value) and refused.value.__cause__ is None


def test_an_account_key_is_rewrapped_from_any_known_master(settings) -> None:  # type: ignore[no-untyped-def]
    wrapped, _ = new_account_keys()
    again = rewrap(wrapped, (OTHER, *settings.KEYRING.keys))
    assert open_sealed(OTHER, again, "account key") == open_sealed(settings.KEYRING.current, wrapped, "account key")
    with pytest.raises(WrongKey):
        rewrap(wrapped, (OTHER, KEY))


@pytest.mark.django_db
def test_values_moved_between_rows_and_fields_do_not_open() -> None:
    with world() as here:
        first, second = (here.check_in(guest(name)).parties.get() for name in ("PRIMA", "SECONDA"))
        vault = Vault(here.account)
        ours, theirs = first.guests.get(), second.guests.get()
        assert vault.party(first).open(ours.sealed, "guest")["surname"] == "PRIMA"
        with pytest.raises(WrongKey):  # another party's guest
            vault.party(first).open(theirs.sealed, "guest")
        with pytest.raises(WrongKey):  # a guest in the place of the text to send
            vault.party(first).open(ours.sealed, "delivery text")
        with pytest.raises(WrongKey):  # the account's own key opens no guest
            vault.open(ours.sealed, "guest")
        with pytest.raises(WrongKey):  # a wrapped key used as police keys
            vault.open_bytes(first.wrapped_key, "police keys")


@pytest.mark.django_db
def test_two_accounts_share_no_key() -> None:
    with world() as here:
        from locanda.office import accounts

        other = accounts.open_account("Altra", email="b@example.org", password="una-password-lunga", full_name="B", now=NOON)
        party = here.check_in(guest()).parties.get()
        with pytest.raises(WrongKey):
            Vault(other.account).party(party)
        mine, theirs = (Vault(one).keyed_hash("document", "CA1") for one in (here.account, other.account))
        assert mine != theirs


@pytest.mark.django_db
def test_a_keyed_hash_looks_past_blanks_and_case_and_keeps_kinds_apart() -> None:
    with world() as here:
        vault = Vault(here.account)
        assert vault.keyed_hash("document", "ca 123 45") == vault.keyed_hash("document", "CA12345")
        assert vault.keyed_hash("document", "CA12345") != vault.keyed_hash("name", "CA12345")
        assert vault.keyed_hash("name", "A", "BC") != vault.keyed_hash("name", "AB", "C")


@pytest.mark.django_db
def test_a_destroyed_key_opens_nothing_any_more() -> None:
    with world() as here:
        _erased(here)


def _erased(here: World) -> None:
    party = here.check_in(guest()).parties.select_related("account").get()
    sealed_text = bytes(here.delivery().sealed_text)
    assert erasure.erase_party(party, at=here.now, actor="engine", why="receipt")
    assert not erasure.erase_party(party, at=here.now, actor="engine", why="receipt")  # once is enough
    fresh = Party.objects.of(here.account).get()
    with pytest.raises(Erased):
        Vault(here.account).party(fresh)
    assert fresh.guests.get().sealed in (b"", memoryview(b""))
    with pytest.raises(WrongKey):
        Vault(here.account).open(sealed_text, "delivery text")
