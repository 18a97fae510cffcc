"""Cut plans as one compact JSON text, the form in which they are stored beside their presentation."""

import json
from dataclasses import asdict
from itertools import accumulate, pairwise
from typing import Any

from framehouse.kernel.errors import InvalidInput
from framehouse.media import presentation_json
from framehouse.media.presentation import Run, SegmentTimeline
from framehouse.media.segment_plan import CutPlan, CutTrack

VERSION = 1


def to_json(plan: CutPlan) -> str:
    """Bounds are written as the first one and then run lengths of their distances."""
    tracks: list[dict[str, Any]] = []
    for track in plan.tracks:
        body = asdict(track)
        timeline = SegmentTimeline.of((b - a for a, b in pairwise(track.bounds)), track.bounds[0])
        body["bounds"] = [timeline.start_ticks, *(n for run in timeline.runs for n in (run.duration_ticks, run.count))]
        tracks.append(body)
    return json.dumps(
        {"v": VERSION, "tracks": tracks, "presentation": presentation_json.to_json(plan.presentation)},
        separators=(",", ":"),
        ensure_ascii=False,
    )


def from_json(text: str) -> CutPlan:
    """Raises InvalidInput if the text is not a cut plan that this version reads."""
    try:
        body = json.loads(text)
        if body["v"] != VERSION:
            raise InvalidInput(f"Cut plan version {body['v']} is newer than this program.")
        tracks: list[CutTrack] = []
        for track in body["tracks"]:
            track["bounds"] = _bounds(track["bounds"])
            tracks.append(CutTrack(**track))
        return CutPlan(tuple(tracks), presentation_json.from_json(body["presentation"]))
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidInput(f"The stored cut plan cannot be read: {error!r}") from error


def _bounds(flat: list[int]) -> tuple[int, ...]:
    start, *runs = flat
    timeline = SegmentTimeline(tuple(Run(d, n) for d, n in zip(runs[::2], runs[1::2], strict=True)))
    return tuple(accumulate(timeline.durations_ticks(), initial=start))
