"""What an output's document says of a presentation, as JSON for the database, in both directions.

The ladder's document is the presentation itself (`media.presentation_json`). The cut source's has the presentation,
the cuts and the key of the source they are made from.
"""

import json
from dataclasses import asdict, dataclass
from itertools import accumulate
from typing import Any

from framehouse.kernel import InvalidInput
from framehouse.media import presentation_json
from framehouse.media.presentation import Presentation, SegmentTimeline
from framehouse.media.segment_plan import CutPlan, CutTrack


@dataclass(frozen=True)
class CutSource:
    """Where the segments come from when they are not stored yet."""

    source_key: str
    tracks: dict[str, CutTrack]


def ladder_document(presentation: Presentation) -> dict[str, Any]:
    return json.loads(presentation_json.to_json(presentation))


def cut_document(plan: CutPlan, source_key: str) -> dict[str, Any]:
    """Bounds are run-length coded: two hours stay a few kilobytes."""
    return {
        "presentation": ladder_document(plan.presentation),
        "source_key": source_key,
        "cuts": [_cut_to_json(track) for track in plan.tracks],
    }


def read_document(document: dict[str, Any] | None) -> tuple[Presentation, CutSource | None]:
    """Raises InvalidInput if the document is not one of the two."""
    if document is None:
        raise InvalidInput("the output has no description to play from")
    if "cuts" not in document:
        return presentation_json.from_json(json.dumps(document)), None
    try:
        presentation = presentation_json.from_json(json.dumps(document["presentation"]))
        tracks = {each["id"]: _cut_from_json(each) for each in document["cuts"]}
        return presentation, CutSource(str(document["source_key"]), tracks)
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidInput(f"the stored cuts cannot be read: {error!r}") from error


def _cut_to_json(track: CutTrack) -> dict[str, Any]:
    lengths = (end - begin for begin, end in zip(track.bounds, track.bounds[1:], strict=False))
    runs = SegmentTimeline.of(lengths).runs
    body = asdict(track)
    body["bounds"] = [track.bounds[0], *(number for run in runs for number in (run.duration_ticks, run.count))]
    return body


def _cut_from_json(body: dict[str, Any]) -> CutTrack:
    first, *flat = body["bounds"]
    lengths = (length for length, count in zip(flat[::2], flat[1::2], strict=True) for _ in range(count))
    fields: dict[str, Any] = {**body, "bounds": tuple(accumulate(lengths, initial=first))}
    return CutTrack(**fields)
