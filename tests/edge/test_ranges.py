"""Byte ranges and tags as RFC 9110 has them."""

import pytest

from framehouse.edge.ranges import Unsatisfiable, matches, parse_range, range_applies


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=0-", (0, 100)),
        ("bytes=10-19", (10, 20)),
        ("bytes=90-500", (90, 100)),
        ("bytes=-10", (90, 100)),
        ("bytes=-500", (0, 100)),
        ("Bytes = 1 - 2", (1, 3)),
        (None, None),
        ("", None),
        ("bytes=", None),
        ("bytes=-", None),
        ("bytes=20-10", None),
        ("bytes=0-1,5-6", None),
        ("items=0-1", None),
        ("bytes=a-b", None),
        ("bytes=0-9999999999999999999999999999", None),
    ],
)
def test_ranges(value: str | None, expected: tuple[int, int] | None) -> None:
    assert parse_range(value, 100) == expected


@pytest.mark.parametrize(("value", "size"), [("bytes=100-", 100), ("bytes=-0", 100), ("bytes=0-", 0), ("bytes=-1", 0)])
def test_ranges_past_the_end(value: str, size: int) -> None:
    with pytest.raises(Unsatisfiable):
        parse_range(value, size)


def test_tags() -> None:
    assert matches('"a"', "a")
    assert matches('W/"a"', "a")
    assert matches('"b", "a"', "a")
    assert matches("*", "a")
    assert not matches(None, "a")
    assert not matches('"b"', "a")
    assert range_applies(None, "a")
    assert range_applies('"a"', "a")
    assert not range_applies('W/"a"', "a")
    assert not range_applies("Sun, 01 Mar 2026 12:00:00 GMT", "a")
