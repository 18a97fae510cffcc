"""The series that `GET /metrics` promises, by name, as Prometheus' own parser reads them."""

from prometheus_client.parser import text_string_to_metric_families

from framehouse.infra.metrics import CONTENT_TYPE, Metrics, render


def samples(metrics: Metrics) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    families = text_string_to_metric_families(render(metrics.registry).decode())
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


def value(metrics: Metrics, series: str, /, **labels: str) -> float | None:
    return samples(metrics).get((series, tuple(sorted(labels.items()))))


def test_requests_by_role_route_and_status() -> None:
    metrics = Metrics()
    route = "/sproutvideo/v1/videos/{id}"
    for status, duration_s in ((200, 0.004), (200, 0.3), (404, 0.001)):
        metrics.observe_request(
            role="sproutvideo", route=route, status=status, duration_s=duration_s, received_bytes=10, served_bytes=100
        )
    labels = {"role": "sproutvideo", "route": route}
    assert value(metrics, "framehouse_http_requests_total", status="200", **labels) == 2
    assert value(metrics, "framehouse_http_requests_total", status="404", **labels) == 1
    name = "framehouse_http_request_duration_seconds"
    assert value(metrics, f"{name}_bucket", status="2xx", le="0.005", **labels) == 1
    assert value(metrics, f"{name}_count", status="2xx", **labels) == 2
    assert value(metrics, "framehouse_http_received_bytes_total", role="sproutvideo") == 30
    assert value(metrics, "framehouse_http_served_bytes_total", role="sproutvideo") == 300


def test_work_queues_and_times() -> None:
    metrics = Metrics()
    metrics.observe_job("transcoding.encode_chunk", "done", 3)
    metrics.observe_job("transcoding.encode_chunk", "failed", -1)  # a clock stepped
    metrics.observe_playable(0.8)
    metrics.add_encode_cpu(12.5)
    name = "transcoding.encode_chunk"
    assert value(metrics, "framehouse_jobs_total", name=name, outcome="done") == 1
    assert value(metrics, "framehouse_job_duration_seconds_sum", name=name, outcome="done") == 3
    assert value(metrics, "framehouse_job_duration_seconds_sum", name=name, outcome="failed") == 0
    assert value(metrics, "framehouse_time_to_playable_seconds_bucket", le="1.0") == 1
    assert value(metrics, "framehouse_encode_cpu_seconds_total") == 12.5


def test_a_queue_that_is_gone_waits_for_nothing() -> None:
    metrics = Metrics()
    metrics.set_queue_lengths({"encode": 4, "finish": 1})
    metrics.set_queue_lengths({"encode": 2})
    assert value(metrics, "framehouse_queue_length", queue="encode") == 2
    assert value(metrics, "framehouse_queue_length", queue="finish") == 0


def test_registries_are_apart_and_name_their_process() -> None:
    one, two = Metrics(), Metrics()
    one.observe_playable(1)
    assert value(two, "framehouse_time_to_playable_seconds_count") == 0
    assert (value(one, "process_resident_memory_bytes") or 0) > 0
    assert CONTENT_TYPE.startswith("text/plain")
