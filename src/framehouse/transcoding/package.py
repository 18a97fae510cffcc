"""Packages assembled renditions into CMAF segments, reads back what came out, verifies it, and describes it."""

import asyncio
import base64
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from framehouse.infra.process import run
from framehouse.media import hls
from framehouse.media.boxes import SegmentFacts, find_boxes, parse_init, parse_segment
from framehouse.media.encode import AUDIO_RATE_HZ, AudioRendition, Rung
from framehouse.media.language import UNDETERMINED
from framehouse.media.package import ContentKey, PackagedTrack, key_flags, packager_argv
from framehouse.media.presentation import AudioTrack, Presentation, Protection, SegmentTimeline, TextTrack, VideoTrack
from framehouse.media.presentation_json import to_json
from framehouse.transcoding.assemble import Assembled
from framehouse.transcoding.context import TranscodingContext
from framehouse.transcoding.model import Ladder
from framehouse.transcoding.verify import PackagedRendition, verify_package

SEGMENT_HEAD_BYTES = 256 * 1024  # the boxes before the media of a 4 s segment, with much room
AAC_FRAME_S = Fraction(1024, AUDIO_RATE_HZ)
LICENSE = "license"
AAC_CODEC = "mp4a.40.2"  # AAC-LC, RFC 6381


@dataclass(frozen=True)
class Package:
    """A folder of segments and its description, verified."""

    folder: Path
    presentation: Presentation
    size_bytes: int

    def document(self) -> dict[str, Any]:
        return json.loads(to_json(self.presentation))


class NotPublishable(Exception):
    """Verification found the package wrong; the message lists what."""


async def package(
    context: TranscodingContext,
    ladder: Ladder,
    assembled: Assembled,
    text: Sequence[TextTrack],
    key: ContentKey | None,
    folder: Path,
) -> Package:
    """Segments of every rendition under `folder`, verified. Raises NotPublishable."""
    tracks = _tracks(ladder, assembled)
    for track in tracks:
        (folder / track.track_id).mkdir(parents=True)
    flag_file = _write_key(folder.parent / "key.flags", key) if key else None
    try:
        argv = packager_argv(context.tools.packager, tracks, folder, ladder.segment_s, flag_file=flag_file)
        await run(argv, limits=context.limits(context.settings.encode_timeout_s))
    finally:
        if flag_file is not None:
            flag_file.unlink()
    renditions = [await asyncio.to_thread(read_rendition, folder / track.track_id, track.kind) for track in tracks]
    problems = verify_package(
        renditions,
        duration_s=assembled.duration_s,
        frame_s=1 / ladder.rungs[0].frame_rate if ladder.rungs else AAC_FRAME_S,
        frames=assembled.frames,
        segment_s=ladder.segment_s,
        must_be_encrypted=key is not None,
    )
    if problems:
        raise NotPublishable(" ".join(problems))
    presentation = _describe(ladder, assembled, renditions, folder, text, key)
    for track in tracks:
        (folder / track.track_id / "playlist.m3u8").unlink()  # manifests are written from the description
    for name in ("packager.mpd", "packager.m3u8"):
        (folder / name).unlink(missing_ok=True)
    return Package(folder, presentation, await asyncio.to_thread(_size_of, folder))


def _size_of(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _tracks(ladder: Ladder, assembled: Assembled) -> list[PackagedTrack]:
    video = [PackagedTrack(video_id(rung), "video", assembled.video[rung.name]) for rung in ladder.rungs]
    audio = [
        PackagedTrack(audio_id(number), "audio", assembled.audio[rendition.name], rendition.language)
        for number, rendition in enumerate(ladder.audio, start=1)
    ]
    return [*video, *audio]


def video_id(rung: Rung) -> str:
    return f"v{rung.name}"


def audio_id(number: int) -> str:
    return f"a{number}"


def _write_key(path: Path, key: ContentKey) -> Path:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(key_flags(key))
    return path


def read_rendition(folder: Path, kind: str) -> PackagedRendition:
    """The facts of one packaged track; reads only the boxes before each segment's media."""
    playlist = hls.parse_media((folder / "playlist.m3u8").read_text())
    init = parse_init((folder / "init.mp4").read_bytes())
    count = len(list(folder.glob("*.m4s")))
    segments: list[SegmentFacts] = []
    for number in range(1, count + 1):
        with (folder / f"{number}.m4s").open("rb") as file:
            segments.append(parse_segment(file.read(SEGMENT_HEAD_BYTES), init))
    durations = tuple(duration_s for duration_s, _uri in playlist.segments)
    return PackagedRendition(folder.name, kind, init, tuple(segments), durations)


def _describe(
    ladder: Ladder,
    assembled: Assembled,
    renditions: Sequence[PackagedRendition],
    folder: Path,
    text: Sequence[TextTrack],
    key: ContentKey | None,
) -> Presentation:
    by_name = {rendition.name: rendition for rendition in renditions}
    return Presentation(
        duration_ms=round(assembled.duration_s * 1000),
        video=tuple(_video_track(rung, by_name[video_id(rung)], folder) for rung in ladder.rungs),
        audio=tuple(
            _audio_track(rendition, by_name[audio_id(number)], folder)
            for number, rendition in enumerate(ladder.audio, start=1)
        ),
        text=tuple(text),
        protection=_protection(key, folder, renditions[0].name) if key else None,
    )


def _video_track(rung: Rung, packaged: PackagedRendition, folder: Path) -> VideoTrack:
    peak, average = _rates(packaged, folder)
    profile = packaged.init.codec_config[1:4].hex()  # AVCProfileIndication, compatibility, AVCLevelIndication
    return VideoTrack(
        id=packaged.name,
        codec=f"avc1.{profile}",
        timescale=packaged.init.timescale,
        segments=_timeline(packaged),
        bandwidth_bps=peak,
        average_bps=average,
        width=rung.width,
        height=rung.height,
        frame_rate=rung.frame_rate,
    )


def _audio_track(rendition: AudioRendition, packaged: PackagedRendition, folder: Path) -> AudioTrack:
    peak, average = _rates(packaged, folder)
    return AudioTrack(
        id=packaged.name,
        codec=AAC_CODEC,
        timescale=packaged.init.timescale,
        segments=_timeline(packaged),
        bandwidth_bps=peak,
        average_bps=average,
        language=rendition.language,
        name=rendition.title or (rendition.language if rendition.language != UNDETERMINED else "Audio"),
        channels=rendition.channels,
        sample_rate_hz=AUDIO_RATE_HZ,
        default=rendition.is_default,
    )


def _timeline(packaged: PackagedRendition) -> SegmentTimeline:
    return SegmentTimeline.of((s.duration for s in packaged.segments), start_ticks=packaged.segments[0].decode_time)


def _rates(packaged: PackagedRendition, folder: Path) -> tuple[int, int]:
    """Peak of any segment and average, in bit/s."""
    sizes = [(folder / packaged.name / f"{n}.m4s").stat().st_size for n in range(1, len(packaged.segments) + 1)]
    seconds = [packaged.seconds(segment.duration) for segment in packaged.segments]
    peak = max(int(8 * size / span) for size, span in zip(sizes, seconds, strict=True))
    return peak, int(8 * sum(sizes) / sum(seconds))


def _protection(key: ContentKey, folder: Path, track: str) -> Protection:
    init = (folder / track / "init.mp4").read_bytes()
    pssh = tuple(base64.b64encode(init[box.start : box.end]).decode() for box in find_boxes(init, "moov/pssh"))
    # HLS resolves the address against a track's playlist: under the same ticket as the media. DASH players resolve
    # one in the manifest against their page, so there it comes with the player's configuration.
    return Protection(key_id=key.key_id.hex(), pssh=pssh, hls_key_uri=f"../{LICENSE}")
