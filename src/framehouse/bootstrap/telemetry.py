"""What `/metrics` says of durable work, whichever worker did it: read from the database when it is asked for.

Each api process counts from its own start; what happened since the last scrape is added to its counters.
"""

from framehouse import library, transcoding
from framehouse.bootstrap.services import Services
from framehouse.infra.metrics import Metrics, render


class Telemetry:
    def __init__(self, services: Services, metrics: Metrics) -> None:
        self._services = services
        self._metrics = metrics
        self._seen_until = services.clock.now()

    async def page(self) -> bytes:
        """The text exposition format."""
        after, until = self._seen_until, self._services.clock.now()
        self._seen_until = until
        videos = await library.take_census(self._services.library, after, until)
        encodes = await transcoding.encodes_between(self._services.library, after, until)
        self._metrics.set_videos(videos.videos_by_state)
        for seconds in videos.seconds_to_playable:
            self._metrics.observe_playable(seconds)
        for preset, state, seconds in encodes.ended:
            self._metrics.observe_job(preset, state, seconds)
        self._metrics.add_encode_cpu(encodes.cpu_s)
        self._metrics.set_queue_lengths(await self._services.work.queue_lengths())
        return render(self._metrics.registry)
