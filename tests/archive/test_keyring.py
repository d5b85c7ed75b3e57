"""The key outside the database: who may read it, where it stands, and how it is changed."""

from __future__ import annotations

import base64
import os
import stat
from pathlib import Path

import pytest

from locanda.archive import keyring, rotation
from locanda.archive.erasure import erase_party
from locanda.archive.keyring import Keyring, KeyringError
from locanda.archive.models import Account, Exchange, Guest, PoliceCredential, RememberedGuest
from locanda.archive.rotation import check_master_key, rotate_account_key, rotate_master_key
from locanda.archive.vault import Vault, WrongKey, open_sealed
from locanda.office import check_in
from tests.world import KEYS, World, guest, world


@pytest.fixture(autouse=True)
def _no_key_of_anybody(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOCANDA_KEY", "LOCANDA_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)


def text_of(*keys: bytes) -> str:
    return "\n".join(base64.urlsafe_b64encode(key).decode() for key in keys) + "\n"


def test_the_first_start_makes_a_key_that_only_its_owner_reads(tmp_path: Path) -> None:
    ring = Keyring.load(tmp_path / "new")
    assert ring.file is not None and stat.S_IMODE(ring.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(ring.file.parent.stat().st_mode) == 0o700
    assert len(ring.current) == 32 and Keyring.load(tmp_path / "new").keys == ring.keys
    assert Keyring.load(tmp_path / "other").keys != ring.keys


def test_the_key_is_never_shown(tmp_path: Path) -> None:
    ring = Keyring.load(tmp_path)
    shown = repr(ring) + str(ring)
    assert base64.urlsafe_b64encode(ring.current).decode() not in shown and repr(ring.current) not in shown


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o620])
def test_a_key_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    file = Keyring.load(tmp_path).file
    assert file is not None
    file.chmod(mode)
    with pytest.raises(KeyringError, match="chmod 600"):
        Keyring.load(tmp_path)


def test_a_missing_key_beside_a_database_is_refused_and_none_is_made(tmp_path: Path) -> None:
    (tmp_path / "locanda.sqlite3").write_bytes(b"")
    with pytest.raises(KeyringError, match="missing"):
        Keyring.load(tmp_path)
    assert not (tmp_path / "key").exists()


@pytest.mark.parametrize("content", ["", "\n", "short", "àèì", "A" * 44, text_of(b"k" * 31), text_of(b"k" * 32) + "x"])
def test_what_is_no_key_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "key"
    file.write_text(content, encoding="utf-8")
    file.chmod(0o600)
    with pytest.raises(KeyringError, match="32 bytes"):
        Keyring.load(tmp_path)


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Keyring.load(tmp_path)
    monkeypatch.setenv("LOCANDA_KEY", text_of(b"n" * 32).strip() + "," + text_of(b"o" * 32).strip())
    ring = Keyring.load(tmp_path)
    assert ring.keys == (b"n" * 32, b"o" * 32) and ring.file is None


def test_the_key_may_stand_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCANDA_KEY_FILE", str(tmp_path / "safe" / "secret"))
    ring = Keyring.load(tmp_path / "home")
    assert ring.file == tmp_path / "safe" / "secret" and not (tmp_path / "home").exists()


def test_a_new_key_comes_before_the_old_ones(tmp_path: Path) -> None:
    old = Keyring.load(tmp_path)
    both = old.with_new_key()
    assert both.keys[1:] == old.keys and both.current != old.current
    assert Keyring.load(tmp_path).keys == both.keys
    assert both.derive("a") != old.derive("a") and both.derive("a") != both.derive("b")
    alone = both.without_old_keys()
    assert Keyring.load(tmp_path).keys == alone.keys == both.keys[:1]
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600 and not (tmp_path / "key.new").exists()


def test_a_crash_while_writing_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = Keyring.load(tmp_path)

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    for where, name in ((os, "fsync"), (Path, "replace")):
        with monkeypatch.context() as patch:
            patch.setattr(where, name, dies)
            with pytest.raises(KeyboardInterrupt):
                old.with_new_key()
        assert Keyring.load(tmp_path).keys == old.keys
    assert Keyring.load(tmp_path).with_new_key().keys[1:] == old.keys  # what was left beside is no obstacle


# ----------------------------------------------------------------------------------------------------------- rotation


@pytest.fixture
def ring(tmp_path: Path, settings) -> Keyring:  # type: ignore[no-untyped-def]
    settings.KEYRING = Keyring.load(tmp_path)
    return settings.KEYRING


def full(here: World) -> None:
    """Something under every key: guests, credentials, a draft, a remembered guest, raw calls of both kinds."""
    here.check_in(guest(), remembered={"0": "sì"})
    here.engine.round()
    check_in.save_draft(here.property, {"guests": [{"surname": "MEZZO"}]}, now=here.now, person=here.person)


def opens_everything(here: World) -> None:
    account = Account.objects.get(pk=here.account.pk)
    vault = Vault(account)
    assert vault.open(PoliceCredential.objects.of(account).get().sealed_keys, "police keys") == KEYS
    person = Guest.objects.of(account).select_related("party").get()
    assert vault.party(person.party).open(person.sealed, "guest")["surname"] == "ROSSI"
    assert person.document_hash == vault.keyed_hash("document", guest()["document"]["number"])
    known = check_in.recall(account, guest()["document"]["number"])
    assert known is not None and known["surname"] == "ROSSI"
    (draft,) = check_in.drafts(account)
    assert check_in.draft_of(draft)["guests"][0]["surname"] == "MEZZO"
    kinds = set()
    for call in Exchange.objects.of(account).select_related("delivery__party"):
        box = vault.party(call.delivery.party) if call.delivery else vault
        assert b"Envelope" in box.open_bytes(call.sealed_request, "exchange")
        assert b"Envelope" in box.open_bytes(call.sealed_response, "exchange")
        kinds.add(call.delivery is None)
    assert kinds == {True, False}
    check_master_key()
    assert RememberedGuest.objects.of(account).count() == 1


@pytest.mark.django_db
def test_after_a_new_master_key_everything_opens_and_the_old_key_opens_nothing(ring: Keyring, settings) -> None:  # type: ignore[no-untyped-def]
    with world() as here:
        full(here)
        opens_everything(here)
        assert rotate_master_key() == 1
        assert len(settings.KEYRING.keys) == 1 and settings.KEYRING.current != ring.current
        assert Keyring.load(ring.file.parent).keys == settings.KEYRING.keys  # type: ignore[union-attr]
        opens_everything(here)
        with pytest.raises(WrongKey):
            open_sealed(ring.current, Account.objects.get().wrapped_key, "account key")
        settings.KEYRING = ring
        with pytest.raises(KeyringError, match="does not open this database"):
            check_master_key()


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["rewrap", "Account.save", "sweep_journal", "without_old_keys"])
def test_a_crash_at_any_step_leaves_what_opens_everything(ring, settings, monkeypatch, where: str) -> None:  # type: ignore[no-untyped-def]
    class Killed(BaseException):
        pass

    def dies(*_: object, **__: object) -> None:
        raise Killed

    with world() as here:
        full(here)
        with monkeypatch.context() as patch:
            place = {"Account.save": (Account, "save"), "without_old_keys": (Keyring, "without_old_keys")}
            patch.setattr(*place.get(where, (rotation, where)), dies)
            with pytest.raises(Killed):
                rotate_master_key()
        settings.KEYRING = Keyring.load(ring.file.parent)  # a new process reads the file again
        assert ring.current in settings.KEYRING.keys
        opens_everything(here)
        rotate_master_key()
        assert len(settings.KEYRING.keys) == 1 and ring.current not in settings.KEYRING.keys
        opens_everything(here)


@pytest.mark.django_db
def test_a_new_account_key_seals_everything_again(ring: Keyring) -> None:
    with world() as here:
        full(here)
        old = Vault(here.account)
        kept = bytes(PoliceCredential.objects.of(here.account).get().sealed_keys)
        assert rotate_account_key(here.account) >= 6
        opens_everything(here)
        account = Account.objects.get(pk=here.account.pk)
        now = PoliceCredential.objects.of(account).get()
        with pytest.raises(WrongKey):
            old.open(now.sealed_keys, "police keys")
        with pytest.raises(WrongKey):
            Vault(account).open(kept, "police keys")
        with pytest.raises(WrongKey):
            old.party(Guest.objects.of(account).select_related("party").get().party)


@pytest.mark.django_db
def test_an_erased_party_stays_erased_when_keys_change(ring: Keyring) -> None:
    with world() as here:
        party = here.check_in(guest()).parties.select_related("account").get()
        erase_party(party, at=here.now, actor="engine", why="receipt")
        rotate_account_key(here.account)
        rotate_master_key()
        party.refresh_from_db()
        assert party.wrapped_key is None


@pytest.mark.django_db
def test_with_the_key_in_the_environment_the_operator_brings_the_new_one(settings) -> None:  # type: ignore[no-untyped-def]
    settings.KEYRING = Keyring((b"o" * 32,))
    with world() as here:
        full(here)
        with pytest.raises(KeyringError, match="NEW,OLD"):
            rotate_master_key()
        settings.KEYRING = Keyring((b"n" * 32, b"o" * 32))
        assert rotate_master_key() == 1
        assert settings.KEYRING.keys == (b"n" * 32,)
        opens_everything(here)


def test_the_home_folder_is_for_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCANDA_HOME", str(tmp_path / "a" / "locanda"))
    assert stat.S_IMODE(keyring.home().stat().st_mode) == 0o700
