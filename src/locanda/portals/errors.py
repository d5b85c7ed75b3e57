"""What can go wrong between us and a portal, sorted by what to do next.

::

    PortalError
    ├── NotReached           the portal certainly did not process the call: try again later
    ├── AnswerLost           the call left and no answer came: never repeat a sending, look first
    ├── PortalFault          the portal answered with a soap:Fault: it may have processed the call
    ├── NotUnderstood        an answer came and is not what was agreed: it may have processed the call
    └── Refused              the portal answered and refused the call as a whole
        ├── CredentialsRefused   user, password, key or token: the operator must act
        └── NoReceipt            no receipt for that day

``sent`` is the fact on which everything after depends: False, the portal certainly did not get or process the call;
None, nobody knows. No message ever contains a secret or a guest.
"""

from __future__ import annotations

from typing import NamedTuple

from locanda.core.problems import Problem

__all__ = [
    "AnswerLost",
    "CredentialsRefused",
    "NoReceipt",
    "NotReached",
    "NotUnderstood",
    "PortalError",
    "PortalFault",
    "Refusal",
    "Refused",
    "SoapFault",
    "Unreadable",
]


class Unreadable(ValueError):
    """Bytes that are not the agreed XML; the message quotes nothing from them."""


class SoapFault(NamedTuple):
    """A soap:Fault of either version, as it was read."""

    code: str
    reason: str


class PortalError(Exception):
    """A call to a portal that did not end in its agreed answer."""

    sent: bool | None = None
    problem_code: str = "portal.not_understood"
    """Of the class, or of one portal that has words of its own."""

    def __init__(
        self, message: str, *, operation: str = "", status: int | None = None, sent: bool | None = None
    ) -> None:
        super().__init__(message)
        self.operation = operation
        self.status = status
        if sent is not None:
            self.sent = sent

    def problem(self, where: str = "") -> Problem:
        """The same thing in words for the operator (``portals/problems.toml``)."""
        return Problem.of(self.problem_code, where, operation=self.operation, detail=str(self))


class NotReached(PortalError):
    """Connection refused, unknown host, TLS, connect time-out, or turned away before the service: not processed."""

    sent: bool | None = False
    problem_code = "portal.not_reached"


class AnswerLost(PortalError):
    """The request left and the answer did not come whole: nobody knows whether the portal processed it."""

    problem_code = "portal.answer_lost"


class PortalFault(PortalError):
    """The portal answered with a soap:Fault; how far it had come by then, it does not say."""

    problem_code = "portal.fault"

    def __init__(self, message: str, *, fault_code: str = "", operation: str = "", status: int | None = None) -> None:
        super().__init__(message, operation=operation, status=status)
        self.fault_code = fault_code


class NotUnderstood(PortalError):
    """An answer arrived that is not the agreed one."""

    problem_code = "portal.not_understood"


class Refusal(NamedTuple):
    """The portal's own words for refusing a call."""

    code: str
    name: str
    detail: str


class Refused(PortalError):
    """The portal answered that it refuses the call as a whole."""

    sent: bool | None = False
    problem_code = "portal.refused"

    def __init__(
        self, message: str, *, refusal: Refusal, operation: str = "", status: int | None = None, unknown: bool = False
    ) -> None:
        super().__init__(message, operation=operation, status=status)
        self.refusal = refusal
        if unknown:
            self.sent = None


class CredentialsRefused(Refused):
    """User, password, web service key or token are not accepted."""

    problem_code = "portal.credentials_refused"


class NoReceipt(Refused):
    """There is no receipt for that day, or not yet."""

    problem_code = "portal.no_receipt"
