"""From the facts of a source and a preset to the renditions that are encoded: sizes, rate, bit rates, zero of time.

Rules: never larger than the source; the "p" of a rung is the short side of the 16:9 box (upright: 9:16) that its
picture fits in; square pixels, upright, progressive, SDR BT.709, constant frame rate up to 60. Pure.
"""

from fractions import Fraction

from framehouse.kernel.errors import UnsupportedMedia
from framehouse.media.encode import AudioRendition, Rung, Timeline
from framehouse.media.filters import MIN_SIDE_PX, PictureConversion
from framehouse.media.probe import AudioTrack, MediaInfo, VideoTrack, reason_unplayable
from framehouse.transcoding.frame_rate import constant_rate
from framehouse.transcoding.levels import level_for
from framehouse.transcoding.model import Ladder, OutputKind, Preset

STEPS = (2160, 1440, 1080, 720, 480, 360, 240)
_DISTANCE = Fraction(85, 100)
"""A step is left out when it is this close to the top rung: two rungs of one quality help nobody."""
GOP_S = 2
GOPS_PER_SEGMENT = 2
CRF = 23.0
_FULL_HD_PX = 1920 * 1080
_FULL_HD_BPS = 5_000_000
STEREO_BPS = 128_000
MONO_BPS = 96_000
MAX_AUDIO_TRACKS = 16


def plan_ladder(info: MediaInfo, preset: Preset) -> Ladder:
    """The renditions of a source under a preset.

    Raises UnsupportedMedia, with a sentence for the uploader, when there is nothing to play in the source or
    when a sound-only preset meets a source without sound.
    """
    reason = reason_unplayable(info)
    if reason is None and preset.kind is OutputKind.AUDIO and not info.audio:
        reason = "The file has no audio track, and this preset makes sound only."
    if reason:
        raise UnsupportedMedia(reason)
    audio = _audio_renditions(info.audio)
    video = None if preset.kind is OutputKind.AUDIO else info.video
    if video is None:
        zero = min((track.start_s for track in info.audio), default=Fraction(0))
        timeline = Timeline(zero, info.start_s, info.has_reliable_index)
        conversion = PictureConversion()
        return Ladder(preset.name, (), audio, timeline, conversion, -1, 0, 0, Fraction(info.duration_ms, 1000))
    rate = constant_rate(video)
    timeline = Timeline(_zero(info, video, rate), info.start_s, info.has_reliable_index)
    frames, tail = _frame_count(info, video, rate, timeline)
    return Ladder(
        preset=preset.name,
        rungs=_rungs(video, rate, preset),
        audio=audio,
        timeline=timeline,
        conversion=_conversion(video),
        video_index=video.index,
        frames=frames,
        tail_frames=tail,
        duration_s=frames / rate,
    )


def _zero(info: MediaInfo, video: VideoTrack, rate: Fraction) -> Fraction:
    """The presentation's zero in source time: whole frames before the first picture, so that every picture of a
    constant-rate source falls exactly on the grid; at most one frame of sound before it is lost."""
    earliest = min([video.start_s, *(track.start_s for track in info.audio)])
    return video.start_s - ((video.start_s - earliest) * rate // 1) / rate


def _frame_count(info: MediaInfo, video: VideoTrack, rate: Fraction, timeline: Timeline) -> tuple[int, int]:
    """Frames of the grid until the video's end, plus repetitions of the last one until the sound's end."""
    total_s = Fraction(info.duration_ms, 1000)
    video_end = video.start_s + (video.duration_s or total_s) - timeline.zero_s
    sound_ends = [track.start_s + track.duration_s for track in info.audio if track.duration_s]
    frames = max(1, round(video_end * rate))
    missing = (max(sound_ends, default=timeline.zero_s) - timeline.zero_s) * rate - frames
    tail = -(-missing // 1) if missing > 0 else 0
    return frames + tail, tail


def _conversion(video: VideoTrack) -> PictureConversion:
    guessed = ""
    if video.color_space in {"", "reserved"} and video.pix_fmt.startswith("yuv"):
        # What players do with untagged material: standard definition is BT.601, the rest BT.709.
        is_hd = max(video.width, video.height) >= 1280 or min(video.width, video.height) >= 720
        guessed = "bt709" if is_hd else "bt601"
    return PictureConversion(
        deinterlace=video.is_interlaced,
        hdr_transfer=video.color_transfer if video.is_hdr else "",
        hdr_primaries=_named(video.color_primaries, {"bt709", "smpte432"}, "bt2020"),
        hdr_matrix=_named(video.color_space, {"bt709", "bt2020c"}, "bt2020nc"),
        in_matrix=guessed,
    )


def _named(value: str, known: set[str], otherwise: str) -> str:
    return value if value in known else otherwise


def _rungs(video: VideoTrack, rate: Fraction, preset: Preset) -> tuple[Rung, ...]:
    width, height = video.display_width, video.display_height
    longer, shorter = max(width, height), min(width, height)
    native = max(Fraction(shorter), longer * Fraction(9, 16))
    top = min(Fraction(preset.max_height), native)
    steps = [top]
    if preset.kind is OutputKind.ADAPTIVE:
        steps += [Fraction(step) for step in STEPS if step <= top * _DISTANCE]
    return tuple(_rung(width, height, step / native, round(step), rate) for step in steps)


def _rung(width: int, height: int, scale: Fraction, step: int, rate: Fraction) -> Rung:
    # The only enlargement: a picture below one macroblock gets a longer side of 16 px and black borders.
    scale = max(scale, Fraction(MIN_SIDE_PX, max(width, height)))
    content_width, content_height = _even(width * scale), _even(height * scale)
    coded_width, coded_height = max(MIN_SIDE_PX, content_width), max(MIN_SIDE_PX, content_height)
    maxrate = _maxrate(coded_width * coded_height, rate)
    gop = max(1, round(GOP_S * rate))
    return Rung(
        name=f"{step}p",
        width=coded_width,
        height=coded_height,
        content_width=content_width,
        content_height=content_height,
        frame_rate=rate,
        gop_frames=gop,
        segment_frames=gop * GOPS_PER_SEGMENT,
        timescale=_timescale(rate),
        crf=CRF,
        maxrate_bps=maxrate,
        bufsize_bps=2 * maxrate,
        profile="high",
        level=level_for(coded_width, coded_height, rate, maxrate),
    )


def _even(side: Fraction) -> int:
    """4:2:0 colour needs even sides; rounded to the nearest, never below 2."""
    return max(2, 2 * round(side / 2 - Fraction(1, 1000)))


def _maxrate(pixels: int, rate: Fraction) -> int:
    """Ceiling in bit/s: 5 Mbit/s at 1080p, growing less than the picture does, and half as much again above 30 fps."""
    base = _FULL_HD_BPS * (pixels / _FULL_HD_PX) ** 0.85 * (1.5 if rate > 31 else 1.0)
    return max(64_000, round(base / 1000) * 1000)


def _timescale(rate: Fraction) -> int:
    """Ticks per second in which a frame is a whole number of ticks; at least 12000."""
    return rate.numerator * -(-12_000 // rate.numerator)


def _audio_renditions(tracks: tuple[AudioTrack, ...]) -> tuple[AudioRendition, ...]:
    """One stereo (or mono) rendition per track. Surround is always mixed down: every browser and phone plays
    stereo AAC, and a second surround rendition would be chosen by few and stored by all."""
    chosen = tracks[:MAX_AUDIO_TRACKS]
    default = next((n for n, track in enumerate(chosen) if track.is_default), 0)
    names: list[str] = []
    for track in chosen:
        name = f"audio-{track.language}"
        names.append(name if name not in names else f"{name}-{len(names) + 1}")
    return tuple(
        AudioRendition(
            name=names[number],
            source_index=track.index,
            language=track.language,
            title=track.title,
            channels=min(2, track.channels),
            bitrate_bps=MONO_BPS if track.channels == 1 else STEREO_BPS,
            is_default=number == default,
        )
        for number, track in enumerate(chosen)
    )
