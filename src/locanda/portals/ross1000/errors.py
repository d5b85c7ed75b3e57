"""What can go wrong on the wire of ROSS1000: the general tree, in the words of a portal where sending again overwrites."""

from __future__ import annotations

from locanda.portals import errors

__all__ = ["AnswerLost", "CredentialsRefused", "NotReached", "NotUnderstood", "PortalFault", "Refused", "own"]


class NotReached(errors.NotReached):
    """Certainly not processed."""

    problem_code = "ross1000.call.not_reached"


class AnswerLost(errors.AnswerLost):
    """Nobody knows; sending again is harmless."""

    problem_code = "ross1000.call.answer_lost"


class PortalFault(errors.PortalFault):
    """A soap:Fault: as a rule a malformed call."""

    problem_code = "ross1000.call.fault"


class NotUnderstood(errors.NotUnderstood):
    """Not the agreed answer."""

    problem_code = "ross1000.call.not_understood"


class Refused(errors.Refused):
    """The whole transmission is refused."""

    problem_code = "ross1000.call.refused"


class CredentialsRefused(errors.CredentialsRefused):
    """User or transmission password."""

    problem_code = "ross1000.call.credentials"


def own(problem: errors.PortalError) -> errors.PortalError:
    """An error of the wire in the words of this portal."""
    kind = {errors.NotReached: NotReached, errors.AnswerLost: AnswerLost, errors.NotUnderstood: NotUnderstood}[type(problem)]
    return kind(str(problem), operation=problem.operation, status=problem.status, sent=problem.sent)
