"""H.264 levels (ITU-T H.264, table A-1): the lowest one a rendition fits in. Nothing else about the codec."""

from fractions import Fraction
from typing import NamedTuple


class _Level(NamedTuple):
    name: str
    macroblocks_per_s: int
    macroblocks: int
    max_bps: int
    """For High profile: cpbBrVclFactor 1250."""


_LEVELS = (
    _Level("1.0", 1_485, 99, 80_000),
    _Level("1.1", 3_000, 396, 240_000),
    _Level("1.2", 6_000, 396, 480_000),
    _Level("1.3", 11_880, 396, 960_000),
    _Level("2.0", 11_880, 396, 2_500_000),
    _Level("2.1", 19_800, 792, 5_000_000),
    _Level("2.2", 20_250, 1_620, 5_000_000),
    _Level("3.0", 40_500, 1_620, 12_500_000),
    _Level("3.1", 108_000, 3_600, 17_500_000),
    _Level("3.2", 216_000, 5_120, 25_000_000),
    _Level("4.0", 245_760, 8_192, 25_000_000),
    _Level("4.2", 522_240, 8_704, 62_500_000),
    _Level("5.0", 589_824, 22_080, 168_750_000),
    _Level("5.1", 983_040, 36_864, 300_000_000),
    _Level("5.2", 2_073_600, 36_864, 300_000_000),
    _Level("6.0", 4_177_920, 139_264, 300_000_000),
    _Level("6.2", 16_711_680, 139_264, 1_000_000_000),
)


def level_for(width: int, height: int, frame_rate: Fraction, maxrate_bps: int) -> str:
    """Lowest level for this size, rate and ceiling; the highest there is when none fits."""
    across, down = -(-width // 16), -(-height // 16)
    for level in _LEVELS:
        # A side may be at most sqrt(8 * MaxFS) macroblocks (section A.3.1).
        fits_shape = max(across, down) ** 2 <= 8 * level.macroblocks
        fits_size = across * down <= level.macroblocks and across * down * frame_rate <= level.macroblocks_per_s
        if fits_shape and fits_size and maxrate_bps <= level.max_bps:
            return level.name
    return _LEVELS[-1].name
