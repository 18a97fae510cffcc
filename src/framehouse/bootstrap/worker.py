"""The worker role: runs durable work, renews its lease, gives the work of dead workers back, keeps house."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import structlog

from framehouse import audience, library, speech, transcoding, webhooks
from framehouse.bootstrap.cutters import open_cutters
from framehouse.bootstrap.fetching import register_fetches
from framehouse.bootstrap.services import Services
from framehouse.bootstrap.webhooks import register_deliveries
from framehouse.bootstrap.wiring import CLEAR_AWAY, CLEAR_STATISTICS, DIGEST_SOURCE, PROTECT_PROJECT
from framehouse.infra import leases
from framehouse.infra.outgoing import OutgoingClient, parse_networks
from framehouse.infra.workflows import QueueLimits, WorkRuntime
from framehouse.kernel import ProjectId, SourceId, TemporarilyUnavailable, TenantId, VideoId
from framehouse.playback import PUBLISH_CUT, CutPublisher, LocalSources, forget_plays

RENEWALS_PER_LEASE = 4
ENGINE_PAUSE_S = 10.0
log = structlog.get_logger(__name__)


class WorkerRole:
    """One worker process. `slot` tells workers of one machine apart; a restarted worker keeps its slot and its work."""

    def __init__(self, services: Services, slot: int) -> None:
        self._services = services
        settings = services.settings
        self._executor_id = f"{socket.gethostname()}-{slot}"
        limits = QueueLimits(encode=settings.encodes_per_worker)
        self._runtime = WorkRuntime(settings.database_location, self._executor_id, limits)
        self._started_at = services.clock.now()
        self._cutters = open_cutters(settings, size=1)
        self._sources = LocalSources(services.storage, self._scratch / "sources")
        self._register()

    def _register(self) -> None:
        services = self._services
        context = transcoding.TranscodingContext(
            services.library, services.tools, services.settings, self._executor_id, self._scratch
        )
        transcoding.register(self._runtime, context)
        engines = speech.InstalledEngines(services.settings)
        listening = speech.SpeechContext(services.library, engines, services.tools, services.settings, self._scratch)
        speech.register(self._runtime, listening)
        publisher = CutPublisher(services.library, self._cutters, self._sources)
        self._runtime.register(PUBLISH_CUT, publisher.publish)
        self._runtime.register(CLEAR_AWAY, self._clear_away)
        self._runtime.register(DIGEST_SOURCE, self._digest)
        self._runtime.register(PROTECT_PROJECT, self._protect)
        self._runtime.register(CLEAR_STATISTICS, self._clear_statistics)
        outgoing = OutgoingClient(parse_networks(services.settings.outgoing_private_networks))
        register_fetches(self._runtime, services, outgoing)
        register_deliveries(self._runtime, services, outgoing)

    @property
    def _scratch(self) -> Path:
        return self._services.scratch / self._executor_id

    async def _clear_away(self, tenant: str, video: int) -> None:
        """What follows a deletion: running work ends, then the bytes and the row go."""
        owner = library.Owner(TenantId(UUID(tenant)))
        await transcoding.stop_jobs(self._services.library, self._services.work, owner, VideoId(video))
        await speech.stop_speech(self._services.library, self._services.work, owner.tenant_id, VideoId(video))
        await library.collect_garbage(self._services.library)

    async def _digest(self, tenant: str, video: int, source: int) -> None:
        await library.digest_source(self._services.library, TenantId(UUID(tenant)), VideoId(video), SourceId(source))

    async def _clear_statistics(self, tenant: str, video: int, since_ms: int) -> None:
        """Waits for the audience's engine for as long as that takes."""
        while True:
            try:
                owner, video_id = TenantId(UUID(tenant)), VideoId(video)
                return await audience.clear_video(self._services.audience, owner, video_id, since_ms)
            except TemporarilyUnavailable as error:
                log.warning("a video's statistics are not cleared yet", video=video, error=error.message)
                await asyncio.sleep(ENGINE_PAUSE_S)

    async def _protect(self, tenant: str, project: int) -> None:
        found = await self._services.identity.get_tenant(TenantId(UUID(tenant)))
        owner = library.Owner(found.id, found.storage_quota_bytes)
        await library.protect_project(self._services.library, owner, ProjectId(project))

    async def run(self, stopped: asyncio.Event) -> None:
        """Work until `stopped` is set; the process must end then. What runs is taken up again by the next worker."""
        transcoding.clear_scratch(self._scratch)
        async with self._cutters:
            await self._work(stopped)
        transcoding.clear_scratch(self._scratch)

    async def _work(self, stopped: asyncio.Event) -> None:
        await self._renew()
        await self._runtime.start()
        log.info("worker is ready", executor_id=self._executor_id)
        lease_s = self._services.settings.worker_lease_s
        tasks = [
            asyncio.create_task(self._every(lease_s / RENEWALS_PER_LEASE, self._renew)),
            asyncio.create_task(self._every(lease_s / 2, self._recover)),
            asyncio.create_task(self._every(self._services.settings.housekeeping_s, self._keep_house)),
        ]
        await stopped.wait()
        self._runtime.abandon()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with contextlib.suppress(Exception):
            async with self._services.database.write() as tx:
                await leases.release(tx, self._executor_id)

    async def _every(self, pause_s: float, action: Callable[[], Awaitable[object]]) -> None:
        while True:
            try:
                await action()
            except Exception as error:  # noqa: BLE001  (the next round may succeed; the worker must go on)
                log.warning(
                    "a worker's routine failed and will be repeated", error=repr(error), routine=action.__name__
                )
            await asyncio.sleep(pause_s)

    async def _renew(self) -> None:
        now = self._services.clock.now()
        until = now + timedelta(seconds=self._services.settings.worker_lease_s)
        worker = leases.Worker(self._executor_id, socket.gethostname(), os.getpid(), self._started_at, until)
        async with self._services.database.write() as tx:
            await leases.renew(tx, worker)

    async def _recover(self) -> None:
        async with self._services.database.read() as tx:
            living = await leases.alive(tx, self._services.clock.now())
        await self._runtime.recover({worker.executor_id for worker in living} | {self._executor_id})

    async def _keep_house(self) -> None:
        now = self._services.clock.now()
        await library.expire_uploads(self._services.library)
        await library.collect_garbage(self._services.library)
        await forget_plays(self._services.library)
        await self._services.storage.sweep(timedelta(seconds=self._services.settings.upload_expires_s * 2), now)
        finished = now - timedelta(days=self._services.settings.finished_work_days)
        await self._runtime.forget_finished(finished)
        await webhooks.forget_deliveries(self._services.library, finished)
        async with self._services.database.write() as tx:
            await leases.forget_expired(tx, now - timedelta(days=1))
