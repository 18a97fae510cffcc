"""Why a playback ticket opens nothing. Answers to viewers who may not watch at all are values, in `model`."""

from framehouse.kernel import AccessDenied


class TicketInvalid(AccessDenied):
    """Not one of ours, altered, or another video's: says no more than an unknown path."""


class TicketExpired(AccessDenied):
    """Was right once; the player asks for the page's configuration again and goes on."""


class TicketRevoked(AccessDenied):
    """Access was made stricter since it was issued; the player asks for the configuration again."""
