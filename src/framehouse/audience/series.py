"""Measures by buckets of time or by a property, and peaks of concurrent watching."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from framehouse.audience.context import AudienceContext
from framehouse.audience.model import ContentType, Scope
from framehouse.audience.store import series
from framehouse.audience.store.series import HOUR_S, MINUTE_S, Bucket, Change, Measure, Property, Zone
from framehouse.kernel import VideoId


@dataclass(frozen=True)
class Peak:
    """`content_type` and `video_id` are None when all content was taken as one."""

    content_type: ContentType | None
    video_id: VideoId | None
    start_s: int
    viewers: int


async def total(context: AudienceContext, scope: Scope, measure: Measure) -> int:
    return await series.total(context.engine, scope, measure)


async def by_property(
    context: AudienceContext, scope: Scope, measure: Measure, label: Property
) -> list[tuple[str, int]]:
    """Labels in order, "" where it is not known; without those of which the measure is 0."""
    return await series.by_property(context.engine, scope, measure, label)


async def by_time(
    context: AudienceContext, scope: Scope, measure: Measure, bucket: Bucket, zone: Zone
) -> list[tuple[int, int]]:
    """First seconds (since 1970) of the zone's minutes, hours, days or months with their values, in order; without
    those of which the measure is 0."""
    return await series.by_time(context.engine, scope, measure, bucket, zone)


async def peaks(context: AudienceContext, scope: Scope, bucket: Bucket, zone: Zone, *, each_video: bool) -> list[Peak]:
    """The greatest number of play sessions that watched at the same time, for each minute or hour in which one did, in
    order of time. The period must have both ends."""
    size_s = MINUTE_S if bucket is Bucket.MINUTE else HOUR_S
    changes = await series.concurrency(context.engine, scope, size_s, zone.shift_s, each_video=each_video)
    found = [
        peak
        for _, group in groupby(changes, lambda change: (change.content_type, change.video_id))
        for peak in _filled(list(group), size_s, each_video=each_video)
    ]
    return sorted(found, key=lambda peak: (peak.start_s, peak.content_type or "", peak.video_id or 0))


def _filled(changes: list[Change], size_s: int, *, each_video: bool) -> Iterator[Peak]:
    """Also the buckets between two changes: who watches goes on watching."""
    watching = 0
    for index, change in enumerate(changes):
        carried = watching if change.first_s > change.bucket_s else 0
        most, watching = max(change.most, carried), change.last
        content = ContentType(change.content_type) if each_video else None
        video = change.video_id if each_video else None
        if most > 0:
            yield Peak(content, video, change.bucket_s, most)
        until_s = changes[index + 1].bucket_s if index + 1 < len(changes) else change.bucket_s
        if watching > 0:
            for start_s in range(change.bucket_s + size_s, until_s, size_s):
                yield Peak(content, video, start_s, watching)
