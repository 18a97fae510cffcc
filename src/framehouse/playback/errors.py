"""Why a request for media is refused. Answers to viewers who may not watch at all are values, in `model`."""

from typing import ClassVar

from framehouse.kernel import AccessDenied
from framehouse.playback.model import DenialReason


class TicketInvalid(AccessDenied):
    """Not one of ours, altered, or another video's: says no more than an unknown path."""

    reason: ClassVar[DenialReason] = DenialReason.TICKET_INVALID


class TicketExpired(AccessDenied):
    """Was right once; the player asks for the page's configuration again and goes on."""

    reason: ClassVar[DenialReason] = DenialReason.TICKET_EXPIRED


class TicketRevoked(AccessDenied):
    """Access was made stricter since it was issued; the player asks for the configuration again."""

    reason: ClassVar[DenialReason] = DenialReason.TICKET_REVOKED


class NetworkNotAllowed(AccessDenied):
    """The ticket is right, but the request comes from a network outside of the video's list."""

    reason: ClassVar[DenialReason] = DenialReason.NETWORK_NOT_ALLOWED


class TenantInactive(AccessDenied):
    """The ticket is right, but the video's owner was deactivated."""

    reason: ClassVar[DenialReason] = DenialReason.TENANT_INACTIVE


MediaRefusal = TicketInvalid | TicketExpired | TicketRevoked | NetworkNotAllowed | TenantInactive
