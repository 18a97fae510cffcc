"""Typed reading of ffprobe's JSON, where every number is a string and anything may be missing or `N/A`.

Nothing here knows what a track means; that is `probe`.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

_TEN_BIT_AND_MORE = ((16, ("48", "64", "p16", "gray16")), (12, ("p12", "12le")), (10, ("p10", "p010", "10le", "x2")))

# Bounded on purpose: Fraction("1e999999999") from a hostile tag would fill the memory.
_DECIMAL = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,12})?\Z")


def _decimal(text: str) -> Fraction:
    return Fraction(text) if _DECIMAL.match(text) else Fraction(0)


@dataclass(frozen=True)
class Fields:
    """One JSON object; every getter answers a neutral value instead of raising."""

    raw: object

    def _get(self, key: str) -> object:
        mapping = cast(dict[str, object], self.raw)
        return mapping.get(key) if isinstance(self.raw, dict) else None

    def child(self, key: str) -> "Fields":
        return Fields(self._get(key))

    def children(self, key: str) -> list["Fields"]:
        value = self._get(key)
        return [Fields(item) for item in cast(list[object], value)] if isinstance(value, list) else []

    def text(self, key: str) -> str:
        value = self._get(key)
        return "" if value is None or value in ("unknown", "N/A") else str(value)

    def integer(self, key: str) -> int:
        try:
            return int(float(self.text(key)))
        except (ValueError, OverflowError):
            return 0

    def flag(self, key: str) -> bool:
        return self.integer(key) != 0

    def ratio(self, key: str) -> Fraction:
        """`30000/1001` or `16:15`; 0 for `0/0`, `N/A` and anything malformed."""
        try:
            top, _, bottom = self.text(key).replace(":", "/").partition("/")
            return max(Fraction(0), Fraction(int(top), int(bottom or 1)))
        except (ValueError, ZeroDivisionError):
            return Fraction(0)

    def seconds(self, key: str) -> Fraction:
        return _decimal(self.text(key))

    def start(self) -> Fraction:
        """First presentation time in seconds: exact ticks when the container has them."""
        ticks = self.text("start_pts")
        if ticks.lstrip("-").isdigit():
            return Fraction(int(ticks)) * self.ratio("time_base")
        return self.seconds("start_time")

    def duration(self, *, tag_is_end: bool = False) -> Fraction:
        """Duration in seconds; Matroska writes it per track as the tag DURATION, `00:00:04.004000000`.

        libavformat writes the track's end there (`tag_is_end`), other muxers its length.
        """
        ticks = self.text("duration_ts")
        if ticks.isdigit():
            return Fraction(int(ticks)) * self.ratio("time_base")
        parts = self.child("tags").text("DURATION").split(":")
        if len(parts) != 3:
            return self.seconds("duration")
        tag = _decimal(parts[0]) * 3600 + _decimal(parts[1]) * 60 + _decimal(parts[2])
        return max(Fraction(0), tag - self.start()) if tag_is_end else tag


def display_size(width: int, height: int, sample_aspect: Fraction, rotation_degrees: int) -> tuple[int, int]:
    """Size on a screen of square pixels: the wider axis is stretched, never the other one shrunk; then turned."""
    if sample_aspect > 1:
        shown = (round(width * sample_aspect), height)
    else:
        shown = (width, round(height / sample_aspect))
    return (shown[1], shown[0]) if rotation_degrees in {90, 270} else shown


def bit_depth_of(pix_fmt: str, bits_per_raw_sample: int) -> int:
    """Bits per component, from the stream or, where it does not say, from the pixel format's name."""
    if bits_per_raw_sample:
        return bits_per_raw_sample
    return next((bits for bits, marks in _TEN_BIT_AND_MORE if any(mark in pix_fmt for mark in marks)), 8)
