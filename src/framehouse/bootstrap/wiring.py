"""Which room's event starts which room's work."""

from framehouse import transcoding
from framehouse.infra.events import EventBus
from framehouse.infra.settings import Settings
from framehouse.infra.transaction import Transaction, Work
from framehouse.infra.workflows import INTERACTIVE, LIGHT
from framehouse.kernel import to_hex
from framehouse.library import SourceReceived, VideoDeleted
from framehouse.playback import PUBLISH_CUT

CLEAR_AWAY = "library.clear_away"


def subscribe(bus: EventBus, settings: Settings) -> None:
    """Every process that writes needs this, since events are handled in the writer's transaction."""

    async def inspect(tx: Transaction, event: SourceReceived) -> None:
        await tx.enqueue(transcoding.inspection(event.tenant_id, event.video_id, event.source_id))

    async def publish_cut(tx: Transaction, event: transcoding.SourceInspected) -> None:
        if settings.publish_first and event.browser_playable and not event.protected:
            arguments = (str(event.tenant_id), event.video_id, event.source_id)
            await tx.enqueue(Work(PUBLISH_CUT, INTERACTIVE, f"cut:{to_hex(event.source_id)}", arguments))

    async def collect(tx: Transaction, event: VideoDeleted) -> None:
        arguments = (str(event.tenant_id), event.video_id)
        await tx.enqueue(Work(CLEAR_AWAY, LIGHT, f"clear:{to_hex(event.video_id)}", arguments))

    bus.subscribe(SourceReceived, inspect)
    bus.subscribe(transcoding.SourceInspected, publish_cut)
    bus.subscribe(VideoDeleted, collect)
