"""`framehouse explain ID`: a video's whole story, from received bytes to complete, in words."""

from typing import Any

from framehouse import library, speech, transcoding, webhooks
from framehouse.bootstrap.services import Services
from framehouse.infra import leases
from framehouse.kernel import NotFound, VideoId, from_base64url, from_hex, from_integer, from_uuid, to_hex

DELIVERIES_TOLD = 10
NOBODY = "none: nothing will move until one is started"


def video_id_of(text: str) -> VideoId:
    """An id in any of its spellings; NotFound when it is none."""
    for read in (from_hex, from_uuid, from_base64url, from_integer):
        found = read(text)
        if found is not None:
            return VideoId(found)
    raise NotFound(f"{text} is no id in any spelling")


async def explain_video(services: Services, text: str) -> dict[str, Any]:
    """`lines` for people; the operator's view, across tenants."""
    published = await library.published_video(services.library, video_id_of(text))
    if published is None:
        raise NotFound(f"there is no video {text}")
    video = published.video
    owner = library.Owner(video.tenant_id)
    reports = await transcoding.explain_jobs(services.library, services.work, owner, video)
    async with services.database.read() as tx:
        living = await leases.alive(tx, services.clock.now())
    lines = [
        f"video {to_hex(video.id)} “{video.title}”: {video.state}, {video.progress_percent}%"
        + (f" — {video.state_reason}" if video.state_reason else ""),
        *_times(video),
        f"presentation served now: {published.presentation.name if published.presentation else 'none yet'}",
        *_replacing(video, reports),
        f"workers alive: {', '.join(worker.executor_id for worker in living) or NOBODY}",
    ]
    for report in reports:
        lines += transcoding.tell(report)
    lines += await transcoding.explain_poster(services.work, video.id)
    if not reports and video.state is library.VideoState.RECEIVED:
        fetch = await library.fetch_of(services.library, owner, video.id)
        lines.append(_fetching(fetch) if fetch else "its inspection has not ended yet")
    lines += [speech.tell(job) for job in await speech.jobs_of(services.library, owner, video.id)]
    deliveries = await webhooks.deliveries_of(services.library, owner.tenant_id, video.id, limit=DELIVERIES_TOLD)
    lines += [webhooks.tell(delivery) for delivery in deliveries.items]
    return {"id": to_hex(video.id), "state": video.state.value, "reason": video.state_reason, "lines": lines}


def _fetching(fetch: library.Fetch) -> str:
    told = f"the source is being fetched: {fetch.received_bytes} bytes so far"
    if fetch.problem and fetch.next_attempt_at:
        told += f"; before, {fetch.problem} (attempt {fetch.attempts + 1} at {fetch.next_attempt_at:%H:%M:%S}Z)"
    return told


def _replacing(video: library.Video, reports: list[transcoding.JobReport]) -> list[str]:
    if video.replacement_source_id is None:
        return []
    begun = any(report.role is library.SourceRole.REPLACEMENT for report in reports)
    told = "its media are being replaced; until then it plays those it has"
    return [told if begun else f"{told}; the inspection of the new ones has not ended yet"]


def _times(video: library.Video) -> list[str]:
    lines = [f"received {video.received_at:%Y-%m-%d %H:%M:%S}Z"] if video.received_at else []
    for name, moment in (("playable", video.playable_at), ("complete", video.complete_at)):
        if moment and video.received_at:
            lines.append(f"{name} after {(moment - video.received_at).total_seconds():.2f} s")
    return lines
