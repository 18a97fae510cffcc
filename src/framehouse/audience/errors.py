"""What the audience room refuses."""

from framehouse.kernel import AccessDenied, InvalidInput, TemporarilyUnavailable


class ReportInvalid(InvalidInput):
    """A report that cannot be read at all."""


class ReportRefused(AccessDenied):
    """The report ticket is not one of ours, or too old."""


class IntakeFull(TemporarilyUnavailable):
    """More is waiting to be stored than the limit allows: send again later."""


class UnknownDimension(InvalidInput):
    """A dimension that the log of facts does not have; the message lists those it has."""
