"""Presentations as one compact JSON text, the form in which they are stored.

Timelines stay run-length coded: two hours of 4 s segments are a few bytes for a regular track and at most some
20 kB for audio whose segments alternate in length. Readers accept every earlier `v`.
"""

import json
from dataclasses import fields
from fractions import Fraction
from typing import Any, TypeVar, cast

from framehouse.kernel.errors import InvalidInput
from framehouse.media.presentation import (
    AudioTrack,
    Presentation,
    Protection,
    Run,
    SegmentTimeline,
    TextTrack,
    VideoTrack,
)

VERSION = 1
_Model = TypeVar("_Model", VideoTrack, AudioTrack, TextTrack, Protection)
_Json = dict[str, Any]


def to_json(presentation: Presentation) -> str:
    body = {
        "v": VERSION,
        "duration_ms": presentation.duration_ms,
        "video": [_dump(track) for track in presentation.video],
        "audio": [_dump(track) for track in presentation.audio],
        "text": [_dump(track) for track in presentation.text],
        "protection": _dump(presentation.protection) if presentation.protection else None,
    }
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False)


def from_json(text: str) -> Presentation:
    """Raises InvalidInput if the text is not a presentation that this version reads."""
    try:
        body = json.loads(text)
        if body["v"] != VERSION:
            raise InvalidInput(f"Presentation version {body['v']} is newer than this program.")
        return Presentation(
            duration_ms=int(body["duration_ms"]),
            video=tuple(_load(VideoTrack, each) for each in body["video"]),
            audio=tuple(_load(AudioTrack, each) for each in body["audio"]),
            text=tuple(_load(TextTrack, each) for each in body["text"]),
            protection=_load(Protection, body["protection"]) if body["protection"] else None,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidInput(f"The stored presentation cannot be read: {error!r}") from error


def without_text(body: dict[str, Any], track_id: str) -> dict[str, Any] | None:
    """The stored form (as a tree) without one of its text tracks; None where it has no such track."""
    tracks = [each for each in body.get("text", ()) if each["id"] != track_id]
    return {**body, "text": tracks} if len(tracks) < len(body.get("text", ())) else None


def _dump(model: VideoTrack | AudioTrack | TextTrack | Protection) -> _Json:
    """Fields that have their default value are left out."""
    body: _Json = {}
    for field in fields(model):
        value = getattr(model, field.name)
        if value == field.default:
            continue
        if isinstance(value, SegmentTimeline):
            value = [value.start_ticks, *(n for run in value.runs for n in (run.duration_ticks, run.count))]
        elif isinstance(value, Fraction):
            value = [value.numerator, value.denominator]
        body[field.name] = value
    return body


def _load(model: type[_Model], body: _Json) -> _Model:
    values = dict(body)
    if "segments" in values:
        start, *flat = cast("list[int]", values["segments"])
        runs = tuple(Run(d, n) for d, n in zip(flat[::2], flat[1::2], strict=True))
        values["segments"] = SegmentTimeline(runs, start)
    if "frame_rate" in values:
        values["frame_rate"] = Fraction(*values["frame_rate"])
    if "pssh" in values:
        values["pssh"] = tuple(values["pssh"])
    return model(**values)
