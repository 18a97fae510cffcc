"""What is in a media file: the argument vector for ffprobe and the reading of its JSON answer.

Pure: nothing is run here. The facts are in `info`, their judgement in `playable`; both are at hand from here.
"""

import json
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from framehouse.media.info import AudioTrack, MediaInfo, SubtitleTrack, VideoTrack, tracks_text
from framehouse.media.language import to_bcp47
from framehouse.media.playable import is_browser_playable, reason_unplayable
from framehouse.media.probe_fields import Fields, bit_depth_of, display_size

__all__ = [
    "AudioTrack",
    "MediaInfo",
    "SubtitleTrack",
    "VideoTrack",
    "is_browser_playable",
    "parse_probe",
    "probe_argv",
    "reason_unplayable",
    "tracks_text",
]

TEXT_SUBTITLES = frozenset(
    {"subrip", "srt", "webvtt", "mov_text", "ass", "ssa", "text", "subviewer", "microdvd", "ttml"}
)
HDR_TRANSFERS = frozenset({"smpte2084", "arib-std-b67"})


def probe_argv(ffprobe: str | Path, source: str | Path) -> list[str]:
    """ffprobe on a local file, answering JSON on standard output; never opens anything but that file."""
    return [
        str(ffprobe),
        *("-v", "error"),
        # A playlist or a reference movie must not make us fetch other files or addresses.
        *("-protocol_whitelist", "file"),
        # Bounded look-ahead: enough for a TS whose audio begins late, not a way to make us read 100 GB.
        *("-analyzeduration", "20000000", "-probesize", "50000000"),
        *("-print_format", "json", "-show_format", "-show_streams"),
        f"file:{source}",
    ]


def parse_probe(text: str | bytes, *, size_bytes: int | None = None) -> MediaInfo:
    """ffprobe's JSON as facts. An answer without streams gives a MediaInfo without tracks, never an error.

    `size_bytes` is the file's size when the caller knows it (ffprobe answers nothing for an empty file).
    """
    try:
        loaded: object = json.loads(text or "{}")
    except ValueError:
        loaded = {}
    root = Fields(loaded)
    form = root.child("format")
    streams = root.children("streams")
    videos = [s for s in streams if s.text("codec_type") == "video" and not s.child("disposition").flag("attached_pic")]
    audios = [s for s in streams if s.text("codec_type") == "audio" and s.integer("channels") > 0]
    subtitles = [s for s in streams if s.text("codec_type") == "subtitle"]
    tags = form.child("tags")
    tag_is_end = (tags.text("encoder") or tags.text("ENCODER")).startswith("Lavf")
    size = size_bytes if size_bytes is not None else form.integer("size")
    tracks = tuple(_audio(s, tag_is_end) for s in audios)
    video = _video(videos[0], tag_is_end) if videos else None
    if video is not None and _is_cover_art(form.text("format_name"), video, tracks):
        video = None
    return MediaInfo(
        container=tuple(name for name in form.text("format_name").split(",") if name),
        duration_ms=round(_duration(form, video, tracks) * 1000),
        size_bytes=size,
        bit_rate_bps=form.integer("bit_rate"),
        start_s=form.seconds("start_time"),
        video=video,
        audio=tracks,
        subtitles=tuple(_subtitle(s) for s in subtitles),
    )


def _duration(form: Fields, video: VideoTrack | None, audio: Sequence[AudioTrack]) -> Fraction:
    """Seconds from the first track's start to the last one's end; the container's figure when a track has none.

    The tracks come first because Matroska's figure counts from zero, not from the first frame.
    """
    tracks = [*([video] if video else []), *audio]
    if not tracks or any(track.duration_s <= 0 for track in tracks):
        return max([form.seconds("duration"), *(track.duration_s for track in tracks)])
    return max(t.start_s + t.duration_s for t in tracks) - min(t.start_s for t in tracks)


def _is_cover_art(format_name: str, video: VideoTrack, audio: Sequence[AudioTrack]) -> bool:
    """A picture inside a music file that its container did not flag as attached."""
    is_picture = video.codec in {"mjpeg", "png"}
    return bool(audio) and is_picture and (format_name in {"mp3", "flac", "ogg"} or video.frames == 1)


def _video(s: Fields, tag_is_end: bool) -> VideoTrack:
    average, base = s.ratio("avg_frame_rate"), s.ratio("r_frame_rate")
    rotation = _rotation(s)
    sample_aspect = s.ratio("sample_aspect_ratio")
    if not Fraction(1, 10) <= sample_aspect <= 10:
        # Unknown (0:1) or nonsense: square pixels, as players do.
        sample_aspect = Fraction(1)
    width, height = s.integer("width"), s.integer("height")
    shown = display_size(width, height, sample_aspect, rotation)
    transfer = s.text("color_transfer")
    return VideoTrack(
        index=s.integer("index"),
        codec=s.text("codec_name"),
        profile=s.text("profile"),
        level=s.integer("level"),
        pix_fmt=s.text("pix_fmt"),
        bit_depth=bit_depth_of(s.text("pix_fmt"), s.integer("bits_per_raw_sample")),
        width=width,
        height=height,
        sample_aspect=sample_aspect,
        display_width=shown[0],
        display_height=shown[1],
        rotation_degrees=rotation,
        frame_rate=average,
        base_rate=base,
        is_vfr=bool(average and base and abs(average - base) > base / 100),
        is_interlaced=s.text("field_order") in {"tt", "bb", "tb", "bt"},
        color_transfer=transfer,
        color_primaries=s.text("color_primaries"),
        color_space=s.text("color_space"),
        color_range=s.text("color_range"),
        is_hdr=transfer in HDR_TRANSFERS,
        start_s=s.start(),
        duration_s=s.duration(tag_is_end=tag_is_end),
        frames=s.integer("nb_frames"),
    )


def _rotation(s: Fields) -> int:
    """ffprobe reports the display matrix's angle counter-clockwise; odd angles are taken as upright."""
    for data in s.children("side_data_list"):
        if data.text("side_data_type") == "Display Matrix":
            turned = -data.integer("rotation") % 360
            return turned if turned in {90, 180, 270} else 0
    return 0


def _audio(s: Fields, tag_is_end: bool) -> AudioTrack:
    return AudioTrack(
        index=s.integer("index"),
        codec=s.text("codec_name"),
        profile=s.text("profile"),
        channels=s.integer("channels"),
        layout=s.text("channel_layout"),
        sample_rate_hz=s.integer("sample_rate"),
        language=to_bcp47(s.child("tags").text("language")),
        title=s.child("tags").text("title"),
        is_default=s.child("disposition").flag("default"),
        start_s=s.start(),
        duration_s=s.duration(tag_is_end=tag_is_end),
    )


def _subtitle(s: Fields) -> SubtitleTrack:
    disposition = s.child("disposition")
    return SubtitleTrack(
        index=s.integer("index"),
        codec=s.text("codec_name"),
        language=to_bcp47(s.child("tags").text("language")),
        title=s.child("tags").text("title"),
        is_text=s.text("codec_name") in TEXT_SUBTITLES,
        is_default=disposition.flag("default"),
        is_forced=disposition.flag("forced"),
    )
