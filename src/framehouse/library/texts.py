"""Texts and times that people give to what stands around videos, checked and tidied."""

import re

from framehouse.kernel import InvalidInput

TEXT_MAX = 1000
TIME_MAX_MS = 2**53 - 1  # exact in JSON's numbers
_UNFIT = re.compile(r"[\x00\ud800-\udfff]")  # what databases do not store


def checked_text(field: str, text: str, *, longest: int = TEXT_MAX) -> str:
    """1 to `longest` characters after trimming. Raises InvalidInput with the field's name."""
    trimmed = text.strip()
    if not trimmed:
        raise refused(field, "must not be empty")
    check_letters(field, trimmed, longest=longest)
    return trimmed


def check_letters(field: str, text: str, *, longest: int = TEXT_MAX) -> None:
    if len(text) > longest:
        raise refused(field, f"must have at most {longest} characters")
    if _UNFIT.search(text):
        raise refused(field, "has characters that are none")


def check_time_span(start_ms: int, end_ms: int | None) -> None:
    """From zero on, and ending after it begins where it ends at all."""
    if not 0 <= start_ms <= TIME_MAX_MS:
        raise refused("start_ms", "must not be negative")
    if end_ms is not None and not start_ms < end_ms <= TIME_MAX_MS:
        raise refused("end_ms", "must be after the start")


def refused(field: str, problem: str) -> InvalidInput:
    return InvalidInput(f"{field} {problem}", fields={field: problem})
