"""The mail server of the operator, from one address in the environment: ``smtp://user:password@host:587``."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

__all__ = ["MailAddressError", "mail_settings"]

_FORMS = "LOCANDA_SMTP_URL: write smtp://user:password@host:587 (STARTTLS), smtps://user:password@host:465 or smtp+plain://host:25"
_SCHEMES = {"smtp": (587, True, False), "smtps": (465, False, True), "smtp+plain": (25, False, False)}
_NOWHERE = "django.core.mail.backends.console.EmailBackend"


class MailAddressError(ValueError):
    """LOCANDA_SMTP_URL is not the address of a mail server."""


def mail_settings(address: str | None, sender: str | None) -> dict[str, Any]:
    """Django's settings for mail. Without server or sender no mail leaves, and ``LOCANDA_MAIL_FROM`` is empty."""
    if not address or not sender:
        return {"EMAIL_BACKEND": _NOWHERE, "LOCANDA_MAIL_FROM": ""}
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise MailAddressError(_FORMS) from None
    if parts.scheme not in _SCHEMES or not parts.hostname:
        raise MailAddressError(_FORMS)
    usual, starttls, tls = _SCHEMES[parts.scheme]
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or usual,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": starttls,
        "EMAIL_USE_SSL": tls,
        "EMAIL_TIMEOUT": 10,
        "DEFAULT_FROM_EMAIL": sender,
        "LOCANDA_MAIL_FROM": sender,
    }
