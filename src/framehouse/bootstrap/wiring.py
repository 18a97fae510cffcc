"""Which room's event starts which room's work."""

from framehouse import library, speech, transcoding, webhooks
from framehouse.identity import LoginRevoked, find_tenant
from framehouse.infra.events import EventBus
from framehouse.infra.settings import Settings
from framehouse.infra.transaction import Transaction, Work
from framehouse.infra.workflows import FETCH, INTERACTIVE, LIGHT
from framehouse.kernel import Clock, new_content_id, to_hex
from framehouse.library import (
    FetchScheduled,
    MediaReplaced,
    PosterReceived,
    ProtectionDue,
    ReplacementFailed,
    ReplacementReceived,
    SourceReceived,
    SourceWithdrawn,
    StatisticsBegunAnew,
    VideoCompleted,
    VideoDeleted,
    VideoFailed,
)
from framehouse.playback import PUBLISH_CUT, end_login, forget_video

CLEAR_AWAY = "library.clear_away"
DIGEST_SOURCE = "library.digest_source"
FETCH_SOURCE = "library.fetch_source"
PROTECT_PROJECT = "library.protect_project"
CLEAR_STATISTICS = "audience.clear_video"


def subscribe(bus: EventBus, settings: Settings, clock: Clock) -> None:
    """Every process that writes needs this, since events are handled in the writer's transaction."""
    _connect_sources(bus, settings, clock)
    _connect_videos(bus)
    _connect_webhooks(bus, clock)
    _connect_speech(bus, clock)


def _connect_sources(bus: EventBus, settings: Settings, clock: Clock) -> None:
    """What follows from the bytes that arrive."""

    async def inspect(tx: Transaction, event: SourceReceived | ReplacementReceived) -> None:
        await tx.enqueue(transcoding.inspection(event.tenant_id, event.video_id, event.source_id))

    async def end_work(tx: Transaction, event: SourceWithdrawn) -> None:
        await transcoding.end_source_work(tx, clock, event)

    async def digest(tx: Transaction, event: SourceReceived | MediaReplaced) -> None:
        arguments = (str(event.tenant_id), event.video_id, event.source_id)
        await tx.enqueue(Work(DIGEST_SOURCE, LIGHT, f"digest:{to_hex(event.source_id)}", arguments))

    async def make_poster(tx: Transaction, event: PosterReceived) -> None:
        await tx.enqueue(transcoding.custom_poster(event.tenant_id, event.video_id, event.output_id))

    async def publish_cut(tx: Transaction, event: transcoding.SourceInspected) -> None:
        if settings.publish_first and event.browser_playable and not event.protected:
            arguments = (str(event.tenant_id), event.video_id, event.source_id)
            await tx.enqueue(Work(PUBLISH_CUT, INTERACTIVE, f"cut:{to_hex(event.source_id)}", arguments))

    async def fetch(tx: Transaction, event: FetchScheduled) -> None:
        arguments = (str(event.tenant_id), event.fetch_id, event.attempt)
        work_id = f"fetch:{to_hex(event.fetch_id)}:{event.attempt}"
        await tx.enqueue(Work(FETCH_SOURCE, FETCH, work_id, arguments, delay_s=event.pause_s or None))

    bus.subscribe(SourceReceived, inspect)
    bus.subscribe(SourceReceived, digest)
    bus.subscribe(ReplacementReceived, inspect)
    bus.subscribe(SourceWithdrawn, end_work)
    bus.subscribe(MediaReplaced, digest)
    bus.subscribe(PosterReceived, make_poster)
    bus.subscribe(transcoding.SourceInspected, publish_cut)
    bus.subscribe(FetchScheduled, fetch)


def _connect_videos(bus: EventBus) -> None:
    async def collect(tx: Transaction, event: VideoDeleted) -> None:
        arguments = (str(event.tenant_id), event.video_id)
        await tx.enqueue(Work(CLEAR_AWAY, LIGHT, f"clear:{to_hex(event.video_id)}", arguments))

    async def protect(tx: Transaction, event: ProtectionDue) -> None:
        arguments = (str(event.tenant_id), event.project_id)
        work_id = f"protect:{to_hex(event.project_id)}:{to_hex(new_content_id())}"  # each time for what is there then
        await tx.enqueue(Work(PROTECT_PROJECT, FETCH, work_id, arguments))

    async def protect_late(tx: Transaction, event: VideoCompleted) -> None:
        await library.protect_completed(tx, event.tenant_id, event.video_id)

    async def begin_anew(tx: Transaction, event: StatisticsBegunAnew) -> None:
        since_ms = round(event.since.timestamp() * 1000)
        work_id = f"statistics:{to_hex(event.video_id)}:{since_ms}"
        await tx.enqueue(Work(CLEAR_STATISTICS, LIGHT, work_id, (str(event.tenant_id), event.video_id, since_ms)))

    bus.subscribe(StatisticsBegunAnew, begin_anew)
    bus.subscribe(ProtectionDue, protect)
    bus.subscribe(VideoCompleted, protect_late)
    bus.subscribe(VideoDeleted, collect)
    bus.subscribe(VideoDeleted, forget_video)
    bus.subscribe(LoginRevoked, end_login)


def _connect_webhooks(bus: EventBus, clock: Clock) -> None:
    async def tell_completed(tx: Transaction, event: VideoCompleted) -> None:
        await _tell(tx, clock, event, webhooks.VIDEO_COMPLETED)

    async def tell_failed(tx: Transaction, event: VideoFailed) -> None:
        await _tell(tx, clock, event, webhooks.VIDEO_FAILED)

    async def tell_replacement_failed(tx: Transaction, event: ReplacementFailed) -> None:
        await _tell(tx, clock, event, webhooks.REPLACEMENT_FAILED)

    bus.subscribe(VideoCompleted, tell_completed)
    bus.subscribe(VideoFailed, tell_failed)
    bus.subscribe(ReplacementFailed, tell_replacement_failed)


def _connect_speech(bus: EventBus, clock: Clock) -> None:
    """Captions may be asked for before the video's file was looked at."""

    async def begin(tx: Transaction, event: transcoding.SourceInspected) -> None:
        await speech.media_is_known(tx, clock, event.tenant_id, event.video_id)

    async def give_up(tx: Transaction, event: VideoFailed) -> None:
        await speech.media_is_refused(tx, clock, event.tenant_id, event.video_id, event.reason)

    async def end_old(tx: Transaction, event: MediaReplaced) -> None:
        await speech.media_is_replaced(tx, clock, event.tenant_id, event.video_id)

    bus.subscribe(transcoding.SourceInspected, begin)
    bus.subscribe(MediaReplaced, end_old)
    bus.subscribe(VideoFailed, give_up)


async def _tell(
    tx: Transaction, clock: Clock, event: VideoCompleted | VideoFailed | ReplacementFailed, name: str
) -> None:
    """A video's own URL, and its tenant's for all videos."""
    video = await library.video_for_work(tx, event.tenant_id, event.video_id, lock=False)
    tenant = await find_tenant(tx, event.tenant_id)
    urls = [video.notification_url if video else None, tenant.profile.notification_url if tenant else None]
    await webhooks.announce(tx, clock, event.tenant_id, event.video_id, name, urls)
