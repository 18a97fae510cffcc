"""HTTP Live Streaming playlists (RFC 8216 and draft-pantos-hls-rfc8216bis): written from a presentation, and the
media playlists of a packager read back. DASH is in `dash`, the model in `presentation`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from framehouse.kernel.errors import InvalidInput
from framehouse.media.presentation import (
    AudioTrack,
    Presentation,
    Protection,
    SegmentTimeline,
    TextTrack,
    VideoTrack,
    language_tag,
)

MICROSECONDS = 1_000_000
# EXT-X-MAP in playlists with media segments needs 6 (RFC 8216 section 7); fragmented MP4 is commonly declared as 7.
VERSION = 7
_TEXT_GROUP = "text"


def write_multivariant(presentation: Presentation) -> str:
    """The multivariant playlist (RFC 8216 section 4.3.4): one variant per video track and audio group."""
    lines = ["#EXTM3U", f"#EXT-X-VERSION:{VERSION}", "#EXT-X-INDEPENDENT-SEGMENTS"]
    lines += [_audio_media(track) for track in presentation.audio]
    lines += [_text_media(track) for track in _shown(presentation.text)]
    for variant in _variants(presentation):
        lines += variant
    return "\n".join(lines) + "\n"


def write_media(track: VideoTrack | AudioTrack, protection: Protection | None = None) -> str:
    """The media playlist of one track (RFC 8216 section 4.3.3), to lie in the track's folder.

    Durations are rounded from their running sum to microseconds, so that hours of them do not drift. A track that
    begins after the presentation has that lead in its first EXTINF, so that playlist time is presentation time.
    """
    durations = list(_durations_us(track))
    lines = [
        "#EXTM3U",
        f"#EXT-X-VERSION:{VERSION}",
        f"#EXT-X-TARGETDURATION:{_target_duration(durations)}",
        "#EXT-X-MEDIA-SEQUENCE:1",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        "#EXT-X-INDEPENDENT-SEGMENTS",
    ]
    if protection:
        lines.append(_key(protection))
    lines.append(f"#EXT-X-MAP:URI={_quoted(track.init_name)}")
    for number, duration_us in enumerate(durations, start=1):
        lines += [f"#EXTINF:{_seconds(duration_us)},", track.segment_name.format(number=number)]
    return "\n".join([*lines, "#EXT-X-ENDLIST"]) + "\n"


def write_text_media(track: TextTrack, duration_ms: int) -> str:
    """The playlist of a WebVTT side file: one segment as long as the presentation (RFC 8216 section 3.5)."""
    duration_us = max(1, duration_ms) * 1000
    lines = [
        "#EXTM3U",
        f"#EXT-X-VERSION:{VERSION}",
        f"#EXT-X-TARGETDURATION:{_target_duration([duration_us])}",
        "#EXT-X-MEDIA-SEQUENCE:1",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        f"#EXTINF:{_seconds(duration_us)},",
        f"../{track.url}",
        "#EXT-X-ENDLIST",
    ]
    return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class MediaPlaylist:
    """What was read from a media playlist; durations in seconds, exactly as written."""

    target_duration_s: int
    map_uri: str | None
    segments: tuple[tuple[Fraction, str], ...]
    ended: bool

    def timeline(self, timescale: int, start_ticks: int = 0) -> SegmentTimeline:
        """The durations in ticks, rounded from their running sum so that they do not drift."""
        ends = [0]
        total = Fraction(0)
        for duration_s, _ in self.segments:
            total += duration_s
            ends.append(round(total * timescale))
        return SegmentTimeline.of((b - a for a, b in pairwise(ends)), start_ticks)


def parse_media(text: str) -> MediaPlaylist:
    """Reads a media playlist with whole files as segments. Raises InvalidInput for anything else (byte ranges too)."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines or lines[0] != "#EXTM3U":
        raise InvalidInput("This is not an HLS playlist: it does not begin with #EXTM3U.")
    target, map_uri, ended, pending = 0, None, False, None
    segments: list[tuple[Fraction, str]] = []
    for line in lines[1:]:
        if line.startswith(("#EXT-X-BYTERANGE", "#EXT-X-STREAM-INF")):
            raise InvalidInput(f"A media playlist of whole files was expected, not one with {line.split(':')[0]}.")
        if line.startswith("#EXTINF:"):
            pending = _decimal(line.removeprefix("#EXTINF:").split(",")[0])
        elif line.startswith("#EXT-X-TARGETDURATION:"):
            target = int(_decimal(line.split(":", 1)[1]))
        elif line.startswith("#EXT-X-MAP:"):
            found = re.search(r'URI="([^"]*)"', line)
            map_uri = found.group(1) if found else None
        elif line == "#EXT-X-ENDLIST":
            ended = True
        elif not line.startswith("#"):
            if pending is None:
                raise InvalidInput(f"The segment {line!r} has no #EXTINF before it.")
            segments.append((pending, line))
            pending = None
    return MediaPlaylist(target, map_uri, tuple(segments), ended)


def _variants(presentation: Presentation) -> Iterator[list[str]]:
    groups: dict[str, list[AudioTrack]] = {}
    for track in presentation.audio:
        groups.setdefault(track.group, []).append(track)
    has_text = bool(_shown(presentation.text))
    if not presentation.video:
        for group, tracks in groups.items():
            yield _variant(None, group, tracks, has_text)
    for video in presentation.video:
        for group, tracks in groups.items():
            yield _variant(video, group, tracks, has_text)
        if not groups:
            yield _variant(video, None, [], has_text)


def _variant(video: VideoTrack | None, group: str | None, audio: list[AudioTrack], has_text: bool) -> list[str]:
    """Bandwidths are those of the video with the heaviest audio of the group (RFC 8216 section 4.3.4.2)."""
    peak = (video.bandwidth_bps if video else 0) + max((t.bandwidth_bps for t in audio), default=0)
    average = (video.average_bps if video else 0) + max((t.average_bps for t in audio), default=0)
    used = ([video.codec] if video else []) + [track.codec for track in audio]
    codecs = dict.fromkeys(used)
    attributes = [f"BANDWIDTH={peak}", f"AVERAGE-BANDWIDTH={average}", f"CODECS={_quoted(','.join(codecs))}"]
    if video:
        attributes += [f"RESOLUTION={video.width}x{video.height}", f"FRAME-RATE={float(video.frame_rate):.3f}"]
    if group:
        attributes.append(f"AUDIO={_quoted(group)}")
    if has_text:
        attributes.append(f"SUBTITLES={_quoted(_TEXT_GROUP)}")
    if video:
        attributes.append("CLOSED-CAPTIONS=NONE")
    track_id = video.id if video else audio[0].id
    return ["#EXT-X-STREAM-INF:" + ",".join(attributes), f"{track_id}/playlist.m3u8"]


def _audio_media(track: AudioTrack) -> str:
    attributes = ["TYPE=AUDIO", f"GROUP-ID={_quoted(track.group)}", f"NAME={_quoted(track.name or track.id)}"]
    attributes += _language(track.language)
    attributes += [f"DEFAULT={_yes(track.default)}", "AUTOSELECT=YES", f'CHANNELS="{track.channels}"']
    attributes.append(f'URI="{track.id}/playlist.m3u8"')
    return "#EXT-X-MEDIA:" + ",".join(attributes)


def _text_media(track: TextTrack) -> str:
    attributes = ["TYPE=SUBTITLES", f"GROUP-ID={_quoted(_TEXT_GROUP)}", f"NAME={_quoted(track.name or track.id)}"]
    attributes += _language(track.language)
    attributes += [f"DEFAULT={_yes(track.default)}", "AUTOSELECT=YES", f"FORCED={_yes(track.forced)}"]
    if track.kind == "captions":
        attributes.append(
            'CHARACTERISTICS="public.accessibility.transcribes-spoken-dialog,public.accessibility.describes-music-and-sound"'
        )
    attributes.append(f'URI="{track.id}/playlist.m3u8"')
    return "#EXT-X-MEDIA:" + ",".join(attributes)


def _shown(text: tuple[TextTrack, ...]) -> list[TextTrack]:
    return [track for track in text if track.kind in ("subtitles", "captions")]


def _key(protection: Protection) -> str:
    """`cbcs` is SAMPLE-AES; the key itself is behind the URI (KEYFORMAT identity, RFC 8216 section 4.3.2.4)."""
    if not protection.hls_key_uri:
        raise InvalidInput("A protected track needs the address of its key to be written as HLS.")
    attributes = ["METHOD=SAMPLE-AES", f"URI={_quoted(protection.hls_key_uri)}", 'KEYFORMAT="identity"']
    attributes += [f"KEYID=0x{protection.key_id.upper()}", 'KEYFORMATVERSIONS="1"']
    if protection.iv:
        attributes.append(f"IV=0x{protection.iv.upper()}")
    return "#EXT-X-KEY:" + ",".join(attributes)


def _durations_us(track: VideoTrack | AudioTrack) -> Iterator[int]:
    ticks, before_us = track.segments.start_ticks - track.presentation_offset_ticks, 0
    for duration in track.segments.durations_ticks():
        ticks += duration
        now_us = round(Fraction(ticks * MICROSECONDS, track.timescale))
        yield max(1, now_us - before_us)
        before_us = now_us


def _target_duration(durations_us: list[int]) -> int:
    """Each EXTINF rounded to the nearest integer is at most this (RFC 8216 section 4.3.3.1)."""
    return max(1, (max(durations_us) + MICROSECONDS // 2) // MICROSECONDS)


def _seconds(duration_us: int) -> str:
    return f"{duration_us // MICROSECONDS}.{duration_us % MICROSECONDS:06d}"


def _decimal(text: str) -> Fraction:
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,12})?", text.strip()):
        raise InvalidInput(f"{text!r} is not a duration in seconds.")
    return Fraction(text.strip())


def _language(language: str) -> list[str]:
    tag = language_tag(language)
    return [f"LANGUAGE={_quoted(tag)}"] if tag else []


def _yes(value: bool) -> str:
    return "YES" if value else "NO"


def _quoted(text: str) -> str:
    """A quoted string holds no quotation mark and no line break (RFC 8216 section 4.2), and there is no escape."""
    printable = re.sub("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", " ", text)
    return '"' + printable.replace('"', "'") + '"'
