"""Which file a quality means."""

from datetime import UTC, datetime

import pytest

from framehouse.kernel import VideoId
from framehouse.library import Output, OutputId, OutputKind
from framehouse.playback import hd_download, sd_download


def made(*sizes: tuple[int, int]) -> list[Output]:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    return [
        Output(OutputId(n), VideoId(7), OutputKind.DOWNLOAD, str(n), "k", 1, *size, None, None, now)
        for n, size in enumerate(sizes)
    ]


@pytest.mark.parametrize(
    ("sizes", "sd", "hd"),
    [
        ([], None, None),
        ([(640, 360)], (640, 360), None),
        ([(640, 360), (854, 480), (1280, 720), (1920, 1080)], (854, 480), (1920, 1080)),
        ([(1920, 1080), (1280, 720)], (1280, 720), (1920, 1080)),  # nothing small: the smallest
        ([(480, 854), (1080, 1920)], (480, 854), (1080, 1920)),  # portrait counts by its shorter side
        ([(960, 540)], (960, 540), None),
    ],
)
def test_the_choice(sizes: list[tuple[int, int]], sd: tuple[int, int] | None, hd: tuple[int, int] | None) -> None:
    def size(output: Output | None) -> tuple[int | None, int | None] | None:
        return (output.width, output.height) if output else None

    assert size(sd_download(made(*sizes))) == sd
    assert size(hd_download(made(*sizes))) == hd
