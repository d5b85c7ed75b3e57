"""The second factor as allauth runs it, with its secrets sealed before they are stored."""

from __future__ import annotations

from allauth.mfa.adapter import DefaultMFAAdapter

from locanda.archive.second_factor import open_secret, seal_secret

__all__ = ["SealedSecondFactor"]


class SealedSecondFactor(DefaultMFAAdapter):  # type: ignore[misc]
    """The key of the app and the recovery codes never stand in the database in clear."""

    def encrypt(self, text: str) -> str:
        return seal_secret(text)

    def decrypt(self, encrypted_text: str) -> str:
        return open_secret(encrypted_text)
