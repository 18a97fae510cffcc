"""MPEG-DASH manifests (ISO/IEC 23009-1) written from a presentation: static, one period, numbered segments with a
timeline. HLS is in `hls`, the model in `presentation`.
"""

import base64
import binascii
import re
from itertools import groupby
from uuid import UUID
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from framehouse.kernel.errors import InvalidInput
from framehouse.media.presentation import (
    AudioTrack,
    Presentation,
    Protection,
    TextTrack,
    VideoTrack,
    language_tag,
)

_CLEAR_KEY = "urn:uuid:e2719d58-a985-b3c9-781a-b030af78d30e"
_ROLE = "urn:mpeg:dash:role:2011"
_CHANNELS = "urn:mpeg:dash:23003:3:audio_channel_configuration:2011"
_Segmented = VideoTrack | AudioTrack


def write_mpd(presentation: Presentation) -> str:
    """The manifest, to lie at the presentation's base. Raises InvalidInput for a `pssh` that is not a box."""
    root = Element(
        "MPD",
        {
            "xmlns": "urn:mpeg:dash:schema:mpd:2011",
            "xmlns:cenc": "urn:mpeg:cenc:2013",
            "profiles": "urn:mpeg:dash:profile:isoff-live:2011",
            "type": "static",
            "mediaPresentationDuration": _duration(presentation.duration_ms),
            "minBufferTime": "PT4S",
        },
    )
    period = SubElement(root, "Period", {"id": "0", "start": "PT0S"})
    for tracks in _video_sets(presentation.video):
        _video_set(period, tracks, presentation.protection)
    for tracks in _audio_sets(presentation.audio):
        _audio_set(period, tracks, presentation.protection)
    for track in presentation.text:
        if track.kind != "chapters":
            _text_set(period, track)
    for number, adaptation_set in enumerate(period):
        adaptation_set.set("id", str(number))
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _video_sets(tracks: tuple[VideoTrack, ...]) -> list[list[VideoTrack]]:
    def family(track: VideoTrack) -> str:
        return track.codec.split(".")[0]

    return [list(group) for _, group in groupby(sorted(tracks, key=family), key=family)]


def _audio_sets(tracks: tuple[AudioTrack, ...]) -> list[list[AudioTrack]]:
    """A player may switch only between renditions of the same sound: codec, language, name, channels."""

    def kind(track: AudioTrack) -> tuple[bool, str, str, str, int]:
        return (not track.default, track.codec.split(".")[0], track.language, track.name, track.channels)

    return [list(group) for _, group in groupby(sorted(tracks, key=kind), key=kind)]


def _video_set(period: Element, tracks: list[VideoTrack], protection: Protection | None) -> None:
    node = _adaptation_set(period, "video", "video/mp4", list(tracks))
    node.set("maxWidth", str(max(track.width for track in tracks)))
    node.set("maxHeight", str(max(track.height for track in tracks)))
    _protect(node, protection)
    SubElement(node, "Role", {"schemeIdUri": _ROLE, "value": "main"})
    shared = _share_template(node, list(tracks))
    for track in tracks:
        rate = track.frame_rate
        representation = _representation(node, track)
        representation.set("width", str(track.width))
        representation.set("height", str(track.height))
        representation.set(
            "frameRate", str(rate.numerator) if rate.denominator == 1 else f"{rate.numerator}/{rate.denominator}"
        )
        representation.set("sar", "1:1")
        if not shared:
            _template(representation, track)


def _audio_set(period: Element, tracks: list[AudioTrack], protection: Protection | None) -> None:
    node = _adaptation_set(period, "audio", "audio/mp4", list(tracks))
    _set_language(node, tracks[0].language)
    _protect(node, protection)
    _label(node, tracks[0].name)
    SubElement(node, "Role", {"schemeIdUri": _ROLE, "value": "main" if tracks[0].default else "alternate"})
    shared = _share_template(node, list(tracks))
    for track in tracks:
        representation = _representation(node, track)
        representation.set("audioSamplingRate", str(track.sample_rate_hz))
        SubElement(
            representation, "AudioChannelConfiguration", {"schemeIdUri": _CHANNELS, "value": str(track.channels)}
        )
        if not shared:
            _template(representation, track)


def _text_set(period: Element, track: TextTrack) -> None:
    node = SubElement(period, "AdaptationSet", {"contentType": "text", "mimeType": "text/vtt"})
    _set_language(node, track.language)
    _label(node, track.name)
    role = {"captions": "caption", "descriptions": "description"}.get(track.kind, "subtitle")
    SubElement(node, "Role", {"schemeIdUri": _ROLE, "value": role})
    if track.default:
        SubElement(node, "Role", {"schemeIdUri": _ROLE, "value": "main"})
    if track.forced:
        SubElement(node, "Role", {"schemeIdUri": _ROLE, "value": "forced-subtitle"})
    representation = SubElement(node, "Representation", {"id": track.id, "bandwidth": "1000"})
    SubElement(representation, "BaseURL").text = track.url


def _adaptation_set(period: Element, content: str, mime: str, tracks: list[_Segmented]) -> Element:
    node = SubElement(period, "AdaptationSet", {"contentType": content, "mimeType": mime, "startWithSAP": "1"})
    if len({(track.timescale, track.segments) for track in tracks}) == 1:
        node.set("segmentAlignment", "true")
    return node


def _representation(node: Element, track: _Segmented) -> Element:
    return SubElement(
        node, "Representation", {"id": track.id, "codecs": track.codec, "bandwidth": str(track.bandwidth_bps)}
    )


def _share_template(node: Element, tracks: list[_Segmented]) -> bool:
    """Writes the timeline once if all representations have the same, which keeps a ladder's manifest small."""
    same = {(t.timescale, t.segments, t.presentation_offset_ticks, t.init_name, t.segment_name) for t in tracks}
    if len(same) == 1:
        _template(node, tracks[0])
    return len(same) == 1


def _template(node: Element, track: _Segmented) -> None:
    """SegmentTemplate with SegmentTimeline and $Number$ (ISO/IEC 23009-1, 5.3.9.4 and 5.3.9.6)."""
    template = SubElement(
        node,
        "SegmentTemplate",
        {
            "timescale": str(track.timescale),
            "initialization": f"$RepresentationID$/{track.init_name}",
            "media": "$RepresentationID$/" + track.segment_name.replace("{number}", "$Number$"),
            "startNumber": "1",
        },
    )
    if track.presentation_offset_ticks:
        template.set("presentationTimeOffset", str(track.presentation_offset_ticks))
    timeline = SubElement(template, "SegmentTimeline")
    for position, run in enumerate(track.segments.runs):
        entry = SubElement(timeline, "S")
        if position == 0:
            entry.set("t", str(track.segments.start_ticks))
        entry.set("d", str(run.duration_ticks))
        if run.count > 1:
            entry.set("r", str(run.count - 1))


def _protect(node: Element, protection: Protection | None) -> None:
    """ContentProtection for common encryption and each system in `pssh` (ISO/IEC 23001-7, 11.2)."""
    if not protection:
        return
    SubElement(
        node,
        "ContentProtection",
        {
            "schemeIdUri": "urn:mpeg:dash:mp4protection:2011",
            "value": protection.scheme,
            "cenc:default_KID": str(UUID(protection.key_id)),
        },
    )
    if protection.license_url:
        clear_key = SubElement(node, "ContentProtection", {"schemeIdUri": _CLEAR_KEY, "value": "ClearKey1.0"})
        attributes = {"xmlns:dashif": "https://dashif.org/CPS", "licenseType": "EME-1.0"}
        laurl = SubElement(clear_key, "dashif:Laurl", attributes)
        laurl.text = _printable(protection.license_url)
    for box in protection.pssh:
        system = SubElement(node, "ContentProtection", {"schemeIdUri": f"urn:uuid:{_system_id(box)}"})
        SubElement(system, "cenc:pssh").text = box


def _system_id(box_base64: str) -> UUID:
    try:
        box = base64.b64decode(box_base64, validate=True)
    except binascii.Error as error:
        raise InvalidInput("A pssh is given in base64.") from error
    if len(box) < 32 or box[4:8] != b"pssh":
        raise InvalidInput("A pssh is a whole 'pssh' box (ISO/IEC 23001-7, 8.1).")
    return UUID(bytes=box[12:28])


def _label(node: Element, name: str) -> None:
    """The schema wants it before Role (ISO/IEC 23009-1, 5.3.7)."""
    if name:
        SubElement(node, "Label").text = _printable(name)


def _set_language(node: Element, language: str) -> None:
    tag = language_tag(language)
    if tag:
        node.set("lang", tag)


def _duration(duration_ms: int) -> str:
    return f"PT{duration_ms // 1000}.{duration_ms % 1000:03d}S"


def _printable(text: str) -> str:
    """XML 1.0 has no spelling at all for most control characters, surrogates and two non-characters."""
    return re.sub("[^\t\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", " ", text)
