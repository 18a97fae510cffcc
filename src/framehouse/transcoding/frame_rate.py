"""The constant frame rate a source is encoded at. Constant, because chunks and rungs share one grid of frames."""

from fractions import Fraction

from framehouse.media.probe import VideoTrack

MAX_RATE = Fraction(60)
_COMMON = tuple(
    Fraction(*pair)
    for pair in (
        *((n, 1) for n in (1, 2, 3, 4, 5, 6, 8, 10, 12)),
        *((25, 2), (15, 1), (20, 1), (24000, 1001), (24, 1), (25, 1), (30000, 1001), (30, 1)),
        *((48, 1), (50, 1), (60000, 1001), (60, 1)),
    )
)
_DEFAULT = Fraction(25)
_LEAST_FOR_VFR = Fraction(15)


def constant_rate(video: VideoTrack) -> Fraction:
    """Frames per second, at most 60.

    A constant-rate source keeps its rate; one above 60 is divided by a whole number, so that every frame shown is
    one of its frames, evenly spaced. A variable-rate source gets the common rate nearest to its average, but at
    least 15 when it has moments that are faster. Unknown: 25.
    """
    average, base = video.frame_rate, video.base_rate
    rate = average or base
    if rate <= 0:
        return _DEFAULT
    if not video.is_vfr:
        rate = base if 0 < base <= 1000 else rate
        rate /= max(1, -(-rate // (MAX_RATE * Fraction(1001, 1000))))
        snapped = _nearest(rate)
        if abs(snapped - rate) <= rate / 2000:
            return snapped
        return min(MAX_RATE, _simple(rate))
    floor = _LEAST_FOR_VFR if base >= _LEAST_FOR_VFR else Fraction(1)
    return _nearest(min(MAX_RATE, max(floor, rate)))


def _nearest(rate: Fraction) -> Fraction:
    return min(_COMMON, key=lambda common: abs(common - rate))


def _simple(rate: Fraction) -> Fraction:
    """A rate whose denominator stays small, so that the time scale does too; at least one frame in ten seconds."""
    return max(Fraction(1, 10), rate.limit_denominator(1001))
