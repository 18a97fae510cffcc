"""Adilo's projects over HTTP: create, list with From and To, get; names in any case, bodies in any shape."""

import re
from typing import Any

import httpx
import pytest

from tests.dialects.house import FORM, House, assert_shape, facts, form

FACTS = facts("adilo")


async def create(adilo: httpx.AsyncClient, title: str = "Talks", **fields: Any) -> dict[str, Any]:
    answer = await adilo.post("/projects", json={"title": title, **fields})
    assert answer.status_code == 200, answer.text
    assert_shape(answer.json(), FACTS["envelope"])
    return answer.json()["payload"]


async def test_round_trip(adilo: httpx.AsyncClient) -> None:
    project = await create(adilo, description="d", locked=True, drm="true", private=1, password="p")
    assert_shape(project, FACTS["project"])
    assert re.match(FACTS["id"], project["id"])
    expected = {"title": "Talks", "description": "d", "locked": True, "drm": True, "private": True}
    assert {name: project[name] for name in expected} == expected
    assert (await adilo.get(f"/projects/{project['id']}/")).json()["payload"] == project
    assert "password" not in project


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"content-type": "application/json"}, b'{"Title": "Talks", "LOCKED": "1"}'),
        ({"content-type": "application/json"}, b'{"name": "Talks", "locked": true}'),
        ({"content-type": "application/x-www-form-urlencoded"}, b"title=Talks&locked=true"),
        ({"content-type": "application/x-www-form-urlencoded"}, b'{"title": "Talks", "locked": 1}'),
        (FORM, form(("TITLE", "Talks"), ("locked", "1"))),
    ],
)
async def test_bodies_in_every_shape(adilo: httpx.AsyncClient, headers: dict[str, str], body: bytes) -> None:
    answer = await adilo.post("/projects/", content=body, headers=headers)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["payload"]["title"], answer.json()["payload"]["locked"]) == ("Talks", True)


async def test_positions(adilo: httpx.AsyncClient, house: House) -> None:
    for index in range(5):
        await create(adilo, f"Project {index}")
        house.advance(seconds=1)

    async def page(query: str) -> list[str]:
        answer = await adilo.get(f"/projects?{query}")
        assert answer.status_code == 200, answer.text
        assert answer.json()["meta"]["total"] == 5
        return [project["title"][-1] for project in answer.json()["payload"]]

    assert await page("") == list("01234")
    assert await page("From=1&To=2") == list("01")
    assert await page("From=4&To=50") == list("34")
    assert await page("from=2&TO=1") == ["1"]
    assert await page("From=0&To=1") == ["0"]
    assert await page("From=51&To=50") == []
    assert await page("From=&To=") == list("01234")
    assert await page("To=100000") == list("01234")


@pytest.mark.parametrize("query", ["From=-1", "From=x", "To=0", "To=-5", "To=1.5", "From=99999999999999999999"])
async def test_wrong_positions(adilo: httpx.AsyncClient, query: str) -> None:
    answer = await adilo.get(f"/projects?{query}")
    assert answer.status_code == 422
    assert query.partition("=")[0] in answer.json()["message"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"null", 422),
        (b"{}", 422),
        (b'{"title": ""}', 422),
        (b'{"title": "  "}', 422),
        (b'{"title": "x", "locked": "perhaps"}', 422),
        (b'{"title": "' + b"x" * 1001 + b'"}', 422),
        (b'{"title": "' + b"x" * 2_000_000 + b'"}', 422),
        (b'{"title": "a\\u0000"}', 422),
        (b'{"title": ', 400),
        (b"[1, 2]", 400),
    ],
)
async def test_wrong_bodies(adilo: httpx.AsyncClient, body: bytes, status: int) -> None:
    answer = await adilo.post("/projects", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == status
    assert (answer.json()["status"], answer.json()["payload"]) == ("error", None)
    assert answer.json()["message"]
    assert (await adilo.get("/projects")).json()["payload"] == []


@pytest.mark.parametrize("id_", ["AAAAAAAB", "x", "AAAAAAAA", "%00", "searching"])
async def test_unknown_projects(adilo: httpx.AsyncClient, id_: str) -> None:
    for path in (f"/projects/{id_}", f"/projects/{id_}/files"):
        answer = await adilo.get(path)
        assert (answer.status_code, answer.json()["status"]) == (403, "error")
