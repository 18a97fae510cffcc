"""What a process counts and measures, in Prometheus' terms; the names of the series are part of the interface.

Each process has its own numbers in its own memory, and `GET /metrics` answers those of the api process that was
asked. Those of durable work come from the database (`bootstrap.telemetry`), whichever worker did it. Labels take few
values: a route is its template, never a path; a job its preset; nothing is labelled by tenant or video.
"""

from collections.abc import Mapping

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

CONTENT_TYPE = CONTENT_TYPE_LATEST

REQUEST_BUCKETS_S = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60)
JOB_BUCKETS_S = (0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 14400)
PLAYABLE_BUCKETS_S = (0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600)  # 1 s at the median and 2 s at p95 are the aims

disable_created_metrics()  # a second series per counter that nobody asks for


class _HttpSeries:
    def __init__(self, registry: CollectorRegistry) -> None:
        labels = ("role", "route", "status")
        self.requests = Counter("framehouse_http_requests", "Answered requests.", labels, registry=registry)
        self.duration_s = Histogram(
            "framehouse_http_request_duration_seconds",
            "From the request's head to the answer's end, by the status' first digit.",
            labels,
            buckets=REQUEST_BUCKETS_S,
            registry=registry,
        )
        self.received = Counter(
            "framehouse_http_received_bytes", "Bytes of request bodies.", ("role",), registry=registry
        )
        self.served = Counter("framehouse_http_served_bytes", "Bytes of answers' bodies.", ("role",), registry=registry)


class _WorkSeries:
    def __init__(self, registry: CollectorRegistry) -> None:
        self.jobs = Counter("framehouse_jobs", "Ended durable work.", ("name", "outcome"), registry=registry)
        self.duration_s = Histogram(
            "framehouse_job_duration_seconds",
            "From the start of durable work to its end.",
            ("name", "outcome"),
            buckets=JOB_BUCKETS_S,
            registry=registry,
        )
        self.queue_length = Gauge(
            "framehouse_queue_length", "Durable work that waits for a worker.", ("queue",), registry=registry
        )
        self.videos = Gauge(
            "framehouse_videos", "Videos by state, deleted ones left out.", ("state",), registry=registry
        )
        self.time_to_playable_s = Histogram(
            "framehouse_time_to_playable_seconds",
            "From the completed upload to the first manifest that plays.",
            buckets=PLAYABLE_BUCKETS_S,
            registry=registry,
        )
        self.encode_cpu_s = Counter(
            "framehouse_encode_cpu_seconds", "CPU time of encoders, all cores together.", registry=registry
        )


class Metrics:
    """One per process, passed to who counts; tests make their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)  # memory, CPU and open files of this process
        self._http = _HttpSeries(self.registry)
        self._work = _WorkSeries(self.registry)
        self._queues: set[str] = set()
        self._states: set[str] = set()

    def observe_request(
        self, *, role: str, route: str, status: int, duration_s: float, received_bytes: int = 0, served_bytes: int = 0
    ) -> None:
        """Count one answered request; `role` is the API or surface (adilo, sproutvideo, edge, console)."""
        self._http.requests.labels(role, route, str(status)).inc()
        self._http.duration_s.labels(role, route, f"{status // 100}xx").observe(max(0.0, duration_s))
        self._http.received.labels(role).inc(received_bytes)
        self._http.served.labels(role).inc(served_bytes)

    def observe_job(self, name: str, outcome: str, duration_s: float) -> None:
        """Count one ended encode job by its preset; `outcome` is done, failed or cancelled."""
        self._work.jobs.labels(name, outcome).inc()
        self._work.duration_s.labels(name, outcome).observe(max(0.0, duration_s))

    def set_queue_lengths(self, lengths: Mapping[str, int]) -> None:
        """Replace the gauges; a queue that is not named any more waits for nothing."""
        for queue in self._queues - lengths.keys():
            self._work.queue_length.labels(queue).set(0)
        for queue, length in lengths.items():
            self._work.queue_length.labels(queue).set(length)
        self._queues |= lengths.keys()

    def set_videos(self, by_state: Mapping[str, int]) -> None:
        """Replace the gauges of videos by state; a state that no video has is 0."""
        for state in self._states - by_state.keys():
            self._work.videos.labels(state).set(0)
        for state, count in by_state.items():
            self._work.videos.labels(state).set(count)
        self._states |= by_state.keys()

    def observe_playable(self, duration_s: float) -> None:
        self._work.time_to_playable_s.observe(max(0.0, duration_s))

    def add_encode_cpu(self, cpu_s: float) -> None:
        self._work.encode_cpu_s.inc(max(0.0, cpu_s))


def render(registry: CollectorRegistry) -> bytes:
    """The text exposition format; send it as `CONTENT_TYPE`."""
    return generate_latest(registry)
