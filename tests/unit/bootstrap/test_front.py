"""What every request passes first: vendor host names become path prefixes, answers carry a request id, tokens stay
out of the log."""

from typing import Any

import httpx
import pytest
import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from framehouse.bootstrap.front import Front
from framehouse.infra.metrics import Metrics, render


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope)
    prefix = request.state.vendor_host_prefix if hasattr(request.state, "vendor_host_prefix") else "-"
    status = 404 if "missing" in request.url.path else 200
    await PlainTextResponse(f"{scope['path']} {prefix}", status)(scope, receive, send)


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def client(metrics: Metrics) -> httpx.AsyncClient:
    front = Front(echo, {"api.sproutvideo.com": "/sproutvideo"}, metrics)
    return httpx.AsyncClient(transport=httpx.ASGITransport(front), base_url="http://house.example")


@pytest.mark.parametrize(
    ("url", "answer"),
    [
        ("http://house.example/sproutvideo/v1/videos", "/sproutvideo/v1/videos -"),
        ("http://api.sproutvideo.com/v1/videos", "/sproutvideo/v1/videos /sproutvideo"),
        ("http://API.SproutVideo.com:8080/v1/videos", "/sproutvideo/v1/videos /sproutvideo"),
        ("http://api.sproutvideo.com/sproutvideo/v1/videos", "/sproutvideo/v1/videos -"),
        ("http://api.sproutvideo.com/embed/1/2", "/embed/1/2 -"),
        ("http://api.sproutvideo.com/watch/abc", "/watch/abc -"),
        ("http://videos.api.sproutvideo.com/v1/videos", "/v1/videos -"),
    ],
)
async def test_a_vendors_host_name_stands_for_its_prefix(client: httpx.AsyncClient, url: str, answer: str) -> None:
    assert (await client.get(url)).text == answer


async def test_every_answer_has_a_request_id_of_its_own(client: httpx.AsyncClient) -> None:
    first, second = await client.get("/a"), await client.get("/missing")
    assert len(first.headers["x-request-id"]) == 16
    assert first.headers["x-request-id"] != second.headers["x-request-id"]


async def test_requests_are_counted_by_room_and_status(client: httpx.AsyncClient, metrics: Metrics) -> None:
    await client.get("/sproutvideo/v1/videos")
    await client.get("/embed/missing")
    page = render(metrics.registry).decode()
    assert 'framehouse_http_requests_total{role="api",route="/sproutvideo",status="200"} 1.0' in page
    assert 'framehouse_http_requests_total{role="api",route="/embed",status="404"} 1.0' in page


async def test_tokens_stay_out_of_the_log(client: httpx.AsyncClient) -> None:
    with structlog.testing.capture_logs() as lines:
        await client.get("/embed/58683da9bf5e/secret-token/config")
        await client.get("/assets/58683da9bf5e/secret-signature/poster/0.jpg")
        await client.get("/media/secret-ticket/58683da9bf5e/1/master.m3u8")
    logged: list[Any] = [line.get("path") for line in lines]
    assert logged == ["/embed/58683da9bf5e", "/assets/58683da9bf5e"]
