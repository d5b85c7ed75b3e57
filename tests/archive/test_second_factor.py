"""The secrets of the second factor: sealed where they stand, and still good after the master key changed."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time

from locanda.archive.keyring import Keyring
from locanda.archive.rotation import rotate_master_key
from locanda.archive.second_factor import open_secret, seal_secret
from locanda.archive.vault import WrongKey
from tests.world import world

SECRET = base64.b32encode(b"a secret of twenty b").decode()


def code() -> str:
    return format_hotp_value(hotp_value(SECRET, next(iter(yield_hotp_counters_from_time()))))


@pytest.mark.django_db
def test_the_app_and_the_codes_stand_sealed_and_survive_a_new_master_key(tmp_path: Path, settings) -> None:  # type: ignore[no-untyped-def]
    settings.KEYRING = before = Keyring.load(tmp_path)
    with world() as here:
        TOTP.activate(here.person, SECRET)
        codes = RecoveryCodes.activate(here.person).generate_codes()
        stored = {row.type: dict(row.data) for row in Authenticator.objects.all()}
        assert SECRET not in str(stored) and stored["totp"]["secret"].startswith("sealed:")
        assert stored["recovery_codes"]["seed"].startswith("sealed:")

        rotate_master_key()

        after = {row.type: row for row in Authenticator.objects.all()}
        assert after["totp"].data["secret"] != stored["totp"]["secret"]
        assert RecoveryCodes(after["recovery_codes"]).generate_codes() == codes
        assert after["recovery_codes"].wrap().validate_code(codes[0])
        assert after["totp"].wrap().validate_code(code())
        with pytest.raises(WrongKey):
            open_secret(after["totp"].data["secret"], before)


@pytest.mark.django_db
def test_what_stood_in_clear_is_read_and_sealed_at_the_next_rotation(tmp_path: Path, settings) -> None:  # type: ignore[no-untyped-def]
    settings.KEYRING = Keyring.load(tmp_path)
    with world() as here:
        for kind, data in (("totp", {"secret": SECRET}), ("recovery_codes", {"migrated_codes": ["11112222"], "used_mask": 0})):
            Authenticator.objects.create(user=here.person, type=kind, data=data)
        assert open_secret(SECRET) == SECRET
        rotate_master_key()
        totp, recovery = (Authenticator.objects.get(type=kind) for kind in ("totp", "recovery_codes"))
        assert SECRET not in str(totp.data) and totp.wrap().validate_code(code())
        assert "11112222" not in str(recovery.data) and recovery.wrap().generate_codes() == ["11112222"]
        assert recovery.data["used_mask"] == 0


def test_while_a_rotation_runs_both_keys_open() -> None:
    old, new = b"o" * 32, b"n" * 32
    sealed = seal_secret(SECRET, Keyring((old,)))
    assert open_secret(sealed, Keyring((new, old))) == SECRET
    with pytest.raises(WrongKey):
        open_secret(sealed, Keyring((new,)))
