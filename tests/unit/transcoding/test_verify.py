"""Every rule of the last look, each with a package that breaks only it."""

from dataclasses import replace
from fractions import Fraction

import pytest

from framehouse.media.boxes import InitFacts, SegmentFacts
from framehouse.transcoding.verify import PackagedRendition, verify_package

INIT = InitFacts("vide", 1000, 0, 40, 0, b"", is_encrypted=False, key_id=b"")


def rendition(
    name: str, kind: str = "video", *, shift: int = 0, spans: tuple[int, ...] = (4000, 4000, 2000)
) -> PackagedRendition:
    segments: list[SegmentFacts] = []
    clock = shift
    for span in spans:
        keys = tuple(range(clock, clock + span, 2000))
        segments.append(SegmentFacts(clock, clock, clock + span, span, span // 40, keys, starts_with_sync=True))
        clock += span
    return PackagedRendition(name, kind, INIT, tuple(segments), tuple(Fraction(span, 1000) for span in spans))


def check(*renditions: PackagedRendition, must_be_encrypted: bool = False) -> list[str]:
    return verify_package(
        renditions, duration_s=Fraction(10), frame_s=Fraction(1, 25), frames=250, must_be_encrypted=must_be_encrypted
    )


def test_a_good_package_has_no_problem() -> None:
    assert check(rendition("720p"), rendition("360p"), rendition("audio-en", "audio")) == []


def _without_key(r: PackagedRendition) -> PackagedRendition:
    broken = replace(r.segments[1], starts_with_sync=False)
    return replace(r, segments=(r.segments[0], broken, r.segments[2]))


def _with_hole(r: PackagedRendition) -> PackagedRendition:
    late = replace(r.segments[1], decode_time=4040)
    return replace(r, segments=(r.segments[0], late, r.segments[2]))


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ([rendition("720p", spans=(4000, 4000))], "lasts 8.000 s, the video 10.000 s"),
        ([rendition("720p", shift=80)], "begins at 0.080 s"),
        ([rendition("720p", spans=(4000, 4000, 1960))], "249 frames instead of 250"),
        ([_without_key(rendition("720p"))], "segment 2 does not begin with a key frame"),
        ([_with_hole(rendition("720p"))], "segment 2 does not begin where segment 1 ends"),
        ([replace(rendition("720p"), playlist_s=(Fraction(4), Fraction(4)))], "names 2 segments, there are 3"),
        ([replace(rendition("720p"), playlist_s=(Fraction(4), Fraction(3), Fraction(2)))], "gives segment 2 3.000 s"),
        ([rendition("720p"), rendition("360p", spans=(2000, 4000, 4000))], "different key frames in segment 1"),
        ([rendition("720p"), rendition("360p", spans=(4000, 4000, 1000, 1000))], "has 4 segments, 720p has 3"),
        ([rendition("720p"), rendition("audio-en", "audio", spans=(4000, 4000, 1900))], "-100 ms off the picture"),
        ([rendition("720p"), rendition("audio-en", "audio", spans=(10000,))], "segment of more than 8 s"),
        ([replace(rendition("720p"), segments=())], "has no segments"),
        ([], "nothing in the package"),
    ],
)  # fmt: skip
def test_each_fault_is_named(broken: list[PackagedRendition], words: str) -> None:
    assert any(words in problem for problem in check(*broken)), check(*broken)


def test_tracks_of_sound_without_video_may_differ_in_length() -> None:
    tracks = [rendition("audio-en", "audio"), rendition("audio-de", "audio", spans=(4000, 2000))]
    assert check(*tracks) == []
    assert any("lasts" in problem for problem in check(tracks[1]))


def test_protected_means_encrypted() -> None:
    assert check(rendition("720p"), must_be_encrypted=True) == ["720p is not encrypted."]
    sealed = replace(rendition("720p"), init=replace(INIT, is_encrypted=True))
    assert check(sealed, must_be_encrypted=True) == []
