"""Publish first, with real files and real children: nothing of the source is lost, doubled or moved by cutting."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Sequence
from fractions import Fraction
from pathlib import Path

import pytest
import pytest_asyncio

from framehouse.kernel.errors import NotFound, UnsupportedMedia
from framehouse.media.segment_plan import CutPlan, NotCuttable, plan
from framehouse.playback.cutting import CutterPool
from tests.e2e.cutting_sources import CUTTABLE, LONG_LOOP, NOT_CUTTABLE, make
from tests.e2e.cutting_tools import (
    boxes,
    decoded_frames,
    ffmpeg,
    fragment,
    packets,
    remux_with_audio_ahead,
    spawn_cutter,
    write_presentation,
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pool() -> AsyncIterator[CutterPool]:
    async with CutterPool(spawn_cutter, size=1, time_limit_s=30) as running:
        yield running


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("name", CUTTABLE)
async def test_cut_segments_are_the_source(pool: CutterPool, tmp_path: Path, name: str) -> None:
    await _check_all(pool, tmp_path, make(tmp_path, name))


async def test_audio_far_ahead_of_its_video(pool: CutterPool, tmp_path: Path) -> None:
    """Matroska has no index of audio: what lies before the key frame that was sought must be found all the same."""
    source = tmp_path / "audio_ahead.mkv"
    remux_with_audio_ahead(make(tmp_path, "moov_at_end.mp4"), source, ahead_s=5)
    await _check_all(pool, tmp_path, source)


async def _check_all(pool: CutterPool, tmp_path: Path, source: Path) -> None:
    name = source.name
    cuts = plan(await pool.index(str(source)))
    folder = tmp_path / "out"
    await write_presentation(pool, source, cuts, folder)
    starts: list[tuple[Fraction, Fraction]] = []
    for track in cuts.tracks:
        whole = folder / track.id / "whole.mp4"
        kind = "v:0" if track.kind == "video" else f"a:{int(track.id[1:]) - 1}"
        before, after = packets(source, kind), packets(whole, "0")
        assert [p.digest for p in after] == [p.digest for p in before], f"{track.id}: packets lost, doubled or moved"
        tolerance = Fraction(1, 700) if source.suffix in (".mkv", ".mka") and kind != "v:0" else Fraction(0)
        lead_s = Fraction(track.lead_ticks, track.timescale)
        late = track.kind == "video" and name.startswith("video_later")
        assert lead_s > 0.6 if late else lead_s < 0.03
        moved = {b.pts_s - a.pts_s for a, b in zip(before[1:], after[1:], strict=True)}
        assert max(moved) - min(moved) <= tolerance, f"{track.id}: presentation times moved against each other"
        starts.append((before[1].pts_s, after[1].pts_s))
        assert abs(after[0].pts_s - (before[0].pts_s - lead_s) - min(moved)) <= tolerance
        _check_continuity(cuts, track.id, folder, name)
        assert b"edts" not in [kind for kind, _ in boxes((folder / track.id / "init.mp4").read_bytes())]
    offsets = [after - before for before, after in starts]
    assert max(offsets) - min(offsets) < Fraction(1, 500), "audio and video moved against each other"
    firsts = [fragment((folder / track.id / "1.m4s").read_bytes()).start / track.timescale for track in cuts.tracks]
    assert min(firsts) < 0.002, "the earliest sample is at the media's zero"
    _check_players(cuts, folder, source)


def _check_continuity(cuts: CutPlan, track_id: str, folder: Path, name: str) -> None:
    """Segments join to the tick, and lie where the manifest says (variable frame rates: within a few frames)."""
    track, shown = cuts.track(track_id), cuts.presentation.track(track_id)
    assert track is not None
    assert shown is not None
    expected = shown.segments.start_ticks  # type: ignore[union-attr]
    # At a variable rate the source's index does not say when exactly a key frame is shown.
    tolerance = 6 * track.frame_ticks if name == "variable_rate.mp4" else 1
    at = None
    for number, duration in enumerate(shown.segments.durations_ticks(), start=1):  # type: ignore[union-attr]
        found = fragment((folder / track_id / f"{number}.m4s").read_bytes())
        assert at in (None, found.start), f"{track_id}/{number} does not begin where the one before ends"
        assert abs(found.first_pts - expected) <= tolerance
        at = found.start + found.duration
        expected += duration


def _check_players(cuts: CutPlan, folder: Path, source: Path) -> None:
    """ffmpeg plays HLS and DASH without a warning, shows the frames of the source, and agrees on the length."""
    for manifest in (folder / "master.m3u8", folder / "manifest.mpd"):
        assert ffmpeg("-i", manifest, "-f", "null", "-", cwd=folder) == ""
    if cuts.presentation.video:
        of_source = decoded_frames(source, "0:v:0")
        assert decoded_frames(folder / "master.m3u8", "0:v:0") == of_source
        assert decoded_frames(folder / "manifest.mpd", "0:v:0") == of_source
    end_s = max(
        Fraction(track.segments.end_ticks - track.presentation_offset_ticks, track.timescale)
        for track in cuts.presentation.segmented()
    )
    assert abs(end_s * 1000 - cuts.presentation.duration_ms) <= 1


@pytest.mark.parametrize("name", NOT_CUTTABLE)
async def test_reasons_for_not_cutting(pool: CutterPool, tmp_path: Path, name: str) -> None:
    index = await pool.index(str(make(tmp_path, name)))
    with pytest.raises(NotCuttable, match=NOT_CUTTABLE[name][1]):
        plan(index)


async def test_trimmed_by_an_edit_list(pool: CutterPool, tmp_path: Path) -> None:
    whole = make(tmp_path, "moov_at_end.mp4")
    trimmed = tmp_path / "trimmed.mp4"
    ffmpeg("-ss", "1", "-i", whole, "-c", "copy", trimmed)
    with pytest.raises(NotCuttable, match="edit list"):
        plan(await pool.index(str(trimmed)))


async def test_what_the_manifest_says_of_the_source(pool: CutterPool, tmp_path: Path) -> None:
    source = make(tmp_path, "two_languages.mp4")
    cuts = plan(await pool.index(str(source)))
    await write_presentation(pool, source, cuts, tmp_path / "out")
    (video,) = cuts.presentation.video
    assert video.codec.startswith("avc1.42") or video.codec.startswith("avc1.4d") or video.codec.startswith("avc1.64")
    assert (video.width, video.height, video.frame_rate) == (160, 90, Fraction(30000, 1001))
    sizes = [(tmp_path / "out" / "v1" / f"{n}.m4s").stat().st_size * 8 for n in range(1, len(video.segments) + 1)]
    rates = [size * video.timescale / d for size, d in zip(sizes, video.segments.durations_ticks(), strict=True)]
    assert video.bandwidth_bps == pytest.approx(max(rates), rel=0.1)
    assert video.average_bps == pytest.approx(sum(sizes) / float(Fraction(video.segments.total_ticks, 30000)), rel=0.1)
    assert [(a.language, a.default, a.codec, a.channels) for a in cuts.presentation.audio] == [
        ("eng", True, "mp4a.40.2", 1),
        ("deu", False, "mp4a.40.2", 1),
    ]
    assert cuts.presentation.duration_ms == pytest.approx(11_011, abs=40)


async def test_rotation_turns_the_manifest_and_stays_in_the_header(pool: CutterPool, tmp_path: Path) -> None:
    upright = make(tmp_path, "silent.mp4")
    turned = tmp_path / "turned.mp4"
    ffmpeg("-display_rotation", "90", "-i", upright, "-c", "copy", turned)
    cuts = plan(await pool.index(str(turned)))
    assert (cuts.presentation.video[0].width, cuts.presentation.video[0].height) == (90, 160)
    await write_presentation(pool, turned, cuts, tmp_path / "out")
    assert decoded_frames(tmp_path / "out" / "v1" / "whole.mp4", "0:v:0") == decoded_frames(turned, "0:v:0")


async def test_broken_files_are_answers(pool: CutterPool, tmp_path: Path) -> None:
    source = make(tmp_path, "moov_at_end.mp4")
    data = source.read_bytes()
    for name, content in {
        "empty.mp4": b"",
        "text.mp4": b"this is a letter, not a film\n" * 200,
        "no_moov.mp4": data[: len(data) // 2],
        "playlist.mp4": b"#EXTM3U\n#EXTINF:1,\n/etc/hostname\n#EXT-X-ENDLIST\n",
    }.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(UnsupportedMedia):
            await pool.index(str(tmp_path / name))
    with pytest.raises(NotFound):
        await pool.index(str(tmp_path / "nowhere.mp4"))
    assert (await pool.index(str(source))).video is not None


async def test_a_source_cut_short_fails_only_where_it_ends(pool: CutterPool, tmp_path: Path) -> None:
    source = make(tmp_path, "faststart.mp4")
    data = source.read_bytes()
    source.write_bytes(data[: len(data) * 6 // 10])
    cuts = plan(await pool.index(str(source)))
    video = cuts.tracks[0]
    assert fragment(await pool.segment(str(source), video, 1)).samples > 0
    with pytest.raises(UnsupportedMedia):
        await pool.segment(str(source), video, video.segment_count)
    assert fragment(await pool.segment(str(source), video, 1)).samples > 0


async def test_killed_child_is_replaced(tmp_path: Path) -> None:
    source = make(tmp_path, "silent.mp4")
    pids: list[int] = []

    def remember(argv: Sequence[str]):
        child = spawn_cutter(argv)

        class Remembering:
            async def __aenter__(self):
                running = await child.__aenter__()
                pids.append(running.pid)
                return running

            async def __aexit__(self, *failure):
                return await child.__aexit__(*failure)

        return Remembering()

    async with CutterPool(remember, size=1) as own:
        first = await own.index(str(source))
        os.kill(pids[0], signal.SIGKILL)
        assert await own.index(str(source)) == first
    assert len(pids) == 2
    assert not Path(f"/proc/{pids[1]}").exists()


async def test_two_hours_are_indexed_at_once(pool: CutterPool, tmp_path: Path) -> None:
    """The index must not depend on reading the film: two hours of samples, opened and indexed in a fraction of 1 s."""
    short, film = tmp_path / "short.mp4", tmp_path / "film.mp4"
    ffmpeg(*LONG_LOOP, short)
    ffmpeg("-stream_loop", "650", "-i", short, "-c", "copy", film)
    begin = time.perf_counter()
    cuts = plan(await pool.index(str(film)))
    first, last = cuts.tracks[0], cuts.tracks[1]
    segments = await asyncio.gather(
        pool.segment(str(film), first, first.segment_count), pool.segment(str(film), last, last.segment_count)
    )
    took_s = time.perf_counter() - begin
    assert cuts.presentation.duration_ms > 7_000_000
    assert all(segments)
    assert took_s < 1.5, f"{took_s:.2f} s"
