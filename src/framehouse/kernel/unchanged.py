"""A value for "leave this field as it is", so that None can mean "clear it"."""

from enum import Enum


class Unchanged(Enum):
    """The type of `UNCHANGED`; an enum, so that comparing with `is` narrows types."""

    UNCHANGED = "unchanged"


UNCHANGED = Unchanged.UNCHANGED
