"""The page, its files and its headers."""

import json
import re
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request

from framehouse.console import ConsoleContext, routes_pages
from framehouse.console.routes_pages import PAGES, PageRoutes
from framehouse.kernel import TemporarilyUnavailable
from tests.console.conftest import House


@pytest.fixture
async def browser(house: House) -> httpx.AsyncClient:
    return await house.client()


@pytest.mark.parametrize("path", PAGES)
async def test_every_address_gives_the_page_with_a_strict_policy(browser: httpx.AsyncClient, path: str) -> None:
    answer = await browser.get("/console" + path.replace("{id}", "0123456789ab"))
    assert answer.status_code == 200
    policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    for directive in ("script-src", "style-src", "img-src", "connect-src", "frame-src"):
        assert policy[directive] == "'self'"
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|style=", answer.text), "nothing inline"
    assert 'data-base="/console"' in answer.text


async def test_the_page_loads_files_that_may_be_kept_for_ever(browser: httpx.AsyncClient) -> None:
    page = (await browser.get("/console/")).text
    for address, kind in re.findall(r'(?:src|href)="([^"]+\.(js|css))"', page):
        answer = await browser.get(address)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-type"].startswith({"js": "text/javascript", "css": "text/css"}[kind])
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("name", ["manifest.json", ".stamp", "..%2Fplayer%2Fmanifest.json", "missing-ABCDEFGH.js", "a"])
async def test_nothing_else_is_served(browser: httpx.AsyncClient, name: str) -> None:
    answer = await browser.get(f"/console/assets/{name}")
    assert answer.status_code == 404
    assert set(answer.json()) == {"error", "fields"}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nowhere", 404), ("GET", "/api/nowhere", 404), ("PUT", "/api/videos", 405), ("GET", "/api/videos", 401)],
)
async def test_refusals_are_json_and_carry_the_headers(
    browser: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    answer = await browser.request(method, f"/console{path}")
    assert answer.status_code == status
    assert set(answer.json()) == {"error", "fields"}
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["cache-control"] == "no-store"


async def test_a_bucket_elsewhere_may_be_connected_to(house: House) -> None:
    """A signed URL of another origin stands for S3."""
    services = house.services
    elsewhere = services.settings.model_copy(update={"port": 9})
    context = ConsoleContext(services.identity, services.library, services.work, elsewhere, house.clock)
    policy = await PageRoutes(context)._policy()
    assert "connect-src 'self' http://127.0.0.1:8080;" in policy


async def test_a_console_that_is_not_built_says_what_to_do(house: House, tmp_path: Path) -> None:
    services = house.services
    context = ConsoleContext(services.identity, services.library, services.work, services.settings, house.clock)
    scope = {"type": "http", "root_path": "/console", "path": "/console/", "headers": []}
    with pytest.raises(TemporarilyUnavailable, match=r"build-web\.py"):
        await PageRoutes(context, tmp_path).page(Request(scope))


def test_the_build_names_both_files() -> None:
    names = json.loads((routes_pages.WEB_DIR / "manifest.json").read_text())
    assert set(names) == {"console.js", "console.css"}
