"""Publishes a browser-playable source at once: its index becomes manifests, its segments are cut when asked for."""

from uuid import UUID

import structlog

from framehouse import library
from framehouse.kernel import SourceId, TenantId, UnsupportedMedia, VideoId, to_hex
from framehouse.media.segment_plan import plan
from framehouse.playback.cutting import CutterPool
from framehouse.playback.documents import cut_document
from framehouse.playback.local_sources import LocalSources

PUBLISH_CUT = "playback.publish_cut"
log = structlog.get_logger(__name__)


class CutPublisher:
    def __init__(self, context: library.LibraryContext, cutters: CutterPool, sources: LocalSources) -> None:
        self._context, self._cutters, self._sources = context, cutters, sources

    async def publish(self, tenant: str, video_number: int, source_number: int) -> None:
        """Make the video playable, or leave it to the encoder when its source cannot be cut. Idempotent."""
        tenant_id, video_id = TenantId(UUID(tenant)), VideoId(video_number)
        async with self._context.database.read() as tx:
            source = await library.source_for_work(tx, tenant_id, SourceId(source_number))
        if source is None:
            return
        try:
            async with self._sources.use(source.object_key) as path:
                cuts = plan(await self._cutters.index(str(path)))
        except UnsupportedMedia as error:
            log.info("source is not published by cutting", video=to_hex(video_id), why=error.message)
            return
        output_id = library.new_output_id()
        prefix = library.output_prefix(video_id, output_id)
        output = library.Output(
            output_id,
            video_id,
            library.OutputKind.PRESENTATION,
            library.CUT,
            f"{prefix}segments/",
            0,
            None,
            None,
            None,
            cut_document(cuts, source.object_key),
            self._context.clock.now(),
        )
        async with self._context.database.write() as tx:
            video = await library.video_for_work(tx, tenant_id, video_id)
            if video is None or video.source_id != source.id or video.protected or video.playable:
                return  # deleted, given other media, never to be shown clear, or the ladder was faster
            await library.record_output(tx, self._context.clock, tenant_id, output, prefix)
            await library.mark_playable(tx, self._context.clock, tenant_id, video_id)
        segments = len(cuts.presentation.segmented()[0].segments)
        log.info("published by cutting", video=to_hex(video_id), segments=segments)
