"""Text subtitles that are embedded in the source, as WebVTT files of the video."""

from dataclasses import dataclass
from pathlib import Path

import structlog

from framehouse.infra.process import ProcessFailed, run
from framehouse.kernel import InvalidInput
from framehouse.media import webvtt
from framehouse.media.captions import captions_argv
from framehouse.media.encode import Timeline
from framehouse.media.language import UNDETERMINED
from framehouse.media.presentation import TextTrack
from framehouse.media.probe import MediaInfo, SubtitleTrack
from framehouse.transcoding.context import TranscodingContext

MAX_TRACKS = 32
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Caption:
    """One WebVTT file and the track that the manifests name."""

    track: TextTrack
    file: Path


async def extract_captions(
    context: TranscodingContext, info: MediaInfo, timeline: Timeline, source: Path, folder: Path
) -> list[Caption]:
    """Every readable text track; `timeline` is that of this very file, not of a copy.

    A broken track is left out and logged: it must not cost the video.
    """
    tracks = [track for track in info.subtitles if track.is_text][:MAX_TRACKS]
    if not tracks:
        return []
    raw = {track.index: folder / f"subtitle{track.index}.vtt" for track in tracks}
    argv = captions_argv(context.tools.ffmpeg, source, timeline, tracks, raw)
    try:
        await run(argv, limits=context.limits(context.settings.encode_timeout_s), check=False)
    except ProcessFailed as error:
        log.warning("embedded subtitles were left out", why=str(error))
        return []
    return [
        caption
        for number, track in enumerate(tracks, start=1)
        if (caption := _caption(track, number, raw[track.index], folder)) is not None
    ]


def _caption(track: SubtitleTrack, number: int, raw: Path, folder: Path) -> Caption | None:
    try:
        cues = webvtt.parse(raw.read_text(encoding="utf-8", errors="replace"))
    except (OSError, InvalidInput):
        return None
    text = TextTrack(
        id=f"t{number}",
        language=track.language,
        name=track.title or (track.language if track.language != UNDETERMINED else f"Subtitles {number}"),
        default=track.is_default,
        forced=track.is_forced,
    )
    file = folder / text.url
    file.write_text(webvtt.write(cues), encoding="utf-8")
    return Caption(text, file)
