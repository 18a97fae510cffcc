"""One presentation as players see it: its manifests as bytes, and which names below its base exist.

Built from an output's document, immutable, kept by `catalogue`. Where a segment's bytes come from is in `segments`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from hashlib import blake2b

from framehouse.library import Output
from framehouse.media import dash, hls
from framehouse.media.presentation import AudioTrack, Presentation, TextTrack, VideoTrack
from framehouse.playback.addresses import DASH_NAME, HLS_NAME
from framehouse.playback.documents import CutSource, read_document

HLS_TYPE = "application/vnd.apple.mpegurl"  # RFC 8216 section 4
DASH_TYPE = "application/dash+xml"  # ISO/IEC 23009-1, annex C
TEXT_TYPE = "text/vtt; charset=utf-8"
SD_HEIGHT = 480
INIT_NUMBER = 0
_NUMBER = re.compile(r"[1-9][0-9]{0,6}\Z")


@dataclass(frozen=True)
class Manifest:
    body: bytes
    content_type: str
    etag: str


@dataclass(frozen=True)
class MediaFile:
    """A file below the presentation's base. `number` is a segment's, from 1; INIT_NUMBER for the init segment."""

    key: str
    content_type: str
    track_id: str
    number: int


@dataclass
class Publication:
    """`key_prefix` is the storage folder, with its final slash."""

    output: Output
    presentation: Presentation
    cut: CutSource | None
    _manifests: dict[tuple[str, bool], Manifest] = field(default_factory=dict[tuple[str, bool], Manifest])

    @property
    def key_prefix(self) -> str:
        return self.output.object_key.rstrip("/") + "/"

    def manifest(self, name: str, *, sd_only: bool = False) -> Manifest | None:
        """`master.m3u8`, `manifest.mpd` or `{track}/playlist.m3u8`; None for any other name. Written once, kept.

        `sd_only` leaves out what is larger than standard definition, as far as something remains.
        """
        known = self._manifests.get((name, sd_only))
        if known is not None:
            return known
        write = self._writer(name, sd_only)
        if write is None:
            return None
        body = write().encode()
        content_type = DASH_TYPE if name == DASH_NAME else HLS_TYPE
        made = Manifest(body, content_type, blake2b(body, digest_size=12).hexdigest())
        self._manifests[name, sd_only] = made
        return made

    def file(self, name: str) -> MediaFile | None:
        """The init segment, segment or text file of that name; None when the presentation has no such file."""
        folder, _, leaf = name.partition("/")
        if not leaf:
            text = self.presentation.track(folder.removesuffix(".vtt")) if folder.endswith(".vtt") else None
            return MediaFile(self.key_prefix + text.url, TEXT_TYPE, text.id, 0) if isinstance(text, TextTrack) else None
        track = self.presentation.track(folder)
        if track is None or isinstance(track, TextTrack):
            return None
        number = _number(track, leaf)
        if number is None:
            return None
        content_type = "video/mp4" if isinstance(track, VideoTrack) else "audio/mp4"
        return MediaFile(f"{self.key_prefix}{track.id}/{leaf}", content_type, track.id, number)

    def _writer(self, name: str, sd_only: bool) -> Callable[[], str] | None:
        shown = without_hd(self.presentation) if sd_only else self.presentation
        if name == HLS_NAME:
            return lambda: hls.write_multivariant(shown)
        if name == DASH_NAME:
            return lambda: dash.write_mpd(shown)
        track_id, _, leaf = name.partition("/")
        track = self.presentation.track(track_id) if leaf == "playlist.m3u8" else None
        if isinstance(track, TextTrack):
            return lambda: hls.write_text_media(track, self.presentation.duration_ms)
        if track is not None:
            return lambda: hls.write_media(track, self.presentation.protection)
        return None


def open_publication(output: Output) -> Publication:
    """Raises InvalidInput if the output's document cannot be read."""
    return Publication(output, *read_document(output.document))


def without_hd(presentation: Presentation) -> Presentation:
    """Only video whose short side is at most SD_HEIGHT; the smallest one if all are larger."""
    if not presentation.video:
        return presentation
    small = tuple(track for track in presentation.video if _short_side(track) <= SD_HEIGHT)
    return replace(presentation, video=small or (min(presentation.video, key=_short_side),))


def _short_side(track: VideoTrack) -> int:
    return min(track.width, track.height)


def _number(track: VideoTrack | AudioTrack, leaf: str) -> int | None:
    """The segment's number, if the track names a segment so and has that many."""
    if leaf == track.init_name:
        return INIT_NUMBER
    before, _, after = track.segment_name.partition("{number}")
    digits = leaf.removeprefix(before).removesuffix(after)
    if not _NUMBER.match(digits) or track.segment_name.format(number=digits) != leaf:
        return None
    return int(digits) if int(digits) <= len(track.segments) else None
