"""The library's pure rules: the table of states, which presentation is served, which keys have an owner."""

from datetime import UTC, datetime
from typing import Any, cast

import pytest

from framehouse.kernel import VideoId
from framehouse.library import KnownKeys, Output, OutputId, OutputKind, PublishedVideo, Video, VideoState
from framehouse.library.model import TRANSITIONS


def test_every_state_has_its_row_and_a_way_to_a_good_end() -> None:
    assert set(TRANSITIONS) == set(VideoState)
    for start in VideoState:
        reached, new = {start}, {start}
        while new:
            new = {end for state in new for end in TRANSITIONS[state]} - reached
            reached |= new
        assert VideoState.COMPLETE in reached, f"{start} is a dead end"
        assert start not in TRANSITIONS[start]


def test_nothing_that_is_complete_can_fail_by_late_work() -> None:
    assert VideoState.FAILED not in TRANSITIONS[VideoState.COMPLETE]


def an_output(name: str, kind: OutputKind = OutputKind.PRESENTATION) -> Output:
    return Output(OutputId(1), VideoId(1), kind, name, "k", 1, None, None, None, None, datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("names", "served"),
    [
        ([], None),
        (["first"], "first"),
        (["cut", "first"], "cut"),
        (["first", "cut"], "cut"),
        (["ladder", "cut", "first"], "ladder"),
        (["first", "ladder"], "ladder"),
    ],
)
def test_the_ladder_is_served_before_the_cut_before_the_first(names: list[str], served: str | None) -> None:
    video = cast("Video", None)  # not looked at
    others = (an_output("ladder", OutputKind.DOWNLOAD),)
    published = PublishedVideo(video, (*others, *(an_output(name) for name in names)))
    assert (published.presentation.name if published.presentation else None) == served


@pytest.mark.parametrize(
    ("key", "owned"),
    [
        ("videos/1/sources/2/media", True),
        ("videos/1/sources/2/media2", False),
        ("videos/1/sources/2/media/x", False),
        ("videos/1/outputs/3/segments/v/1.m4s", True),
        ("videos/1/outputs/3/segments", False),
        ("videos/1/outputs/33/segments/v/1.m4s", False),
        ("videos/9", False),
    ],
)
def test_a_key_is_owned_as_a_file_or_below_a_folder(key: str, owned: bool) -> None:
    known = KnownKeys(frozenset({"videos/1/sources/2/media"}), frozenset({"videos/1/outputs/3/segments/"}))
    assert known.owns(key) is owned


def test_a_video_can_be_described_by_its_columns_alone() -> None:
    """`PublishedVideo` and `Video` stay plain data: equal by value, not changeable."""
    first: Any = an_output("ladder")
    assert first == an_output("ladder")
    with pytest.raises(AttributeError):
        first.name = "other"
