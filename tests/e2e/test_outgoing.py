"""What goes out of a whole platform: sources fetched from a tenant's server and calls of its webhooks, with workers
killed on the way; and nothing at all to private addresses unless a setting allows it."""

import json
import re
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Event

from framehouse import webhooks
from tests.contracts.tenant_server import Asked, Script, TenantServer, in_turn, says, tenant_server
from tests.e2e.adopted import wait_for
from tests.e2e.conftest import NewPlatform
from tests.e2e.media_recipes import h264_aac
from tests.e2e.platform import Platform

LOCAL: dict[str, object] = {"outgoing_private_networks": "127.0.0.0/8", "worker_lease_s": 2}


def send_url(platform: Platform, url: str, **fields: str) -> str:
    answer = platform.call("POST", "/sproutvideo/v1/videos", data={"source_video_url": url, **fields})
    assert answer.status_code in (200, 201), answer.text
    return answer.json()["id"]


def halts(film: bytes, over: Event) -> Script:
    """Half of the film, then a byte now and then."""

    def script(handler: BaseHTTPRequestHandler, asked: Asked) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(film) + film[: len(film) // 2])
        while not over.wait(0.2):
            handler.wfile.write(b"x")

    return script


def test_a_source_is_fetched_and_a_webhook_delivered_whoever_is_killed(
    new_platform: NewPlatform, tmp_path: Path
) -> None:
    film = h264_aac(tmp_path).read_bytes()
    with tenant_server() as server:
        platform = new_platform(**LOCAL)
        hook = server.on("/hook", in_turn(says(500), says(503), says(204)))
        video_id = _deployed_by_the_second_worker(platform, server, film, hook)
        _delivered_by_the_third_attempt(platform, server, video_id)
        assert f"video.completed to {hook}: delivered" in platform.run("webhooks", "list")
        assert "secret" not in (platform.folder / "serve.log").read_text()
        platform.expect_clean()


def _deployed_by_the_second_worker(platform: Platform, server: TenantServer, film: bytes, hook: str) -> str:
    killed = Event()
    source = server.on("/films/my%20film.mp4", in_turn(halts(film, killed), says(body=film)))
    video_id = send_url(platform, source + "?signature=secret", notification_url=hook)
    assert platform.video(video_id)["state"] == "inspecting"
    half = "SELECT id FROM fetches WHERE received_bytes >= :half"
    wait_for("half of the source", lambda: platform.rows(half, half=len(film) // 2), 20, platform.log)
    told = re.search(r"the source is being fetched: (\d+) bytes so far", platform.run("explain", video_id))
    assert told is not None
    assert len(film) // 2 <= int(told[1]) < len(film)
    platform.kill_role("worker-1")
    killed.set()
    assert platform.wait_state(video_id, "deployed")["source_video_file_size"] == len(film)
    paths = [asked.path for asked in server.asked if asked.method == "GET"]
    assert paths == ["/films/my%20film.mp4?signature=secret"] * 2
    return video_id


def _delivered_by_the_third_attempt(platform: Platform, server: TenantServer, video_id: str) -> None:
    tried = "SELECT id FROM webhook_deliveries WHERE attempts = 1"
    wait_for("the first attempt", lambda: platform.rows(tried), 20, platform.log)
    platform.kill_role("worker-1")
    ended = "SELECT id FROM webhook_deliveries WHERE state = 'delivered'"
    wait_for("the delivery", lambda: platform.rows(ended), 40, platform.log)
    calls = [asked for asked in server.asked if asked.path == "/hook"]
    assert len(calls) == 3
    expect_genuine(platform, calls, video_id)
    assert "delivered, answered 204 (3 attempts)" in platform.run("explain", video_id)


def expect_genuine(platform: Platform, calls: list[Asked], video_id: str) -> None:
    secret = platform.run("webhooks", "secret", "--tenant", platform.key["tenant"]).strip()
    for call in calls:
        assert webhooks.verify(
            secret,
            timestamp=call.headers["x-framehouse-timestamp"],
            body=call.body,
            signature=call.headers["x-framehouse-signature"],
            now=datetime.now(UTC),
            tolerance=timedelta(minutes=2),
        )
        body = json.loads(call.body)
        assert (body["id"], body["state"]) == (video_id, "deployed")
    assert len({call.headers["x-framehouse-delivery"] for call in calls}) == 1
    assert {call.headers["x-framehouse-event"] for call in calls} == {"video.completed"}


def test_nothing_goes_to_private_addresses_without_the_setting(new_platform: NewPlatform) -> None:
    with tenant_server(bind="0.0.0.0") as server:
        platform = new_platform()
        url = server.on("/film.mp4", says(body=b"secret"))
        video_id = send_url(platform, url, notification_url=server.url("/hook"))
        video = platform.wait_state(video_id, "failed", timeout_s=20)
        assert video["state_reason"] == (
            "The source could not be fetched: 127.0.0.1 is not at a public address, and others are not connected to."
        )
        ended = "SELECT id FROM webhook_deliveries WHERE state = 'failed'"
        wait_for("the end of its webhook", lambda: platform.rows(ended), 20, platform.log)
        assert "given up after 1 attempt — 127.0.0.1 is not at a public address" in platform.run("explain", video_id)
        by_name = send_url(platform, f"http://localhost:{server.port}/film.mp4")
        video = platform.wait_state(by_name, "failed", timeout_s=20)
        assert "localhost is not at a public address" in video["state_reason"]
        assert server.asked == []
        platform.expect_clean()
