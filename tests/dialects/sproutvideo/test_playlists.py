"""Playlists over HTTP."""

import re

import httpx
import pytest

from tests.dialects.house import BASE, House, assert_shape, facts
from tests.dialects.sproutvideo.uploading import make, pages_of, upload

FACTS = facts("sproutvideo")


async def test_round_trip(sprout: httpx.AsyncClient, house: House) -> None:
    a, b = [(await upload(sprout, title))["id"] for title in "ab"]
    made = await make(sprout, "/playlists", title=" Sea ", videos=[b, a])
    assert_shape(made, FACTS["playlist"])
    assert re.match(FACTS["id"], made["id"])
    assert re.match(FACTS["time"], made["created_at"])
    assert (made["title"], made["privacy"], made["password"], made["videos"]) == ("Sea", 0, "", [b, a])
    assert (await sprout.get(f"/playlists/{made['id']}/")).json() == made
    house.advance(seconds=5)
    edit = {"title": "Lake", "privacy": 1, "password": "deep", "videos": [a]}
    edited = (await sprout.put(f"/playlists/{made['id']}", json=edit)).json()
    assert edited == {**made, **edit, "updated_at": "2026-01-01T00:00:05Z"}
    assert (await sprout.put(f"/playlists/{made['id']}", json={"videos": []})).json()["videos"] == []
    last = (await sprout.delete(f"/playlists/{made['id']}")).json()
    assert (last["id"], last["title"]) == (made["id"], "Lake")
    assert (await sprout.get(f"/playlists/{made['id']}")).json() == {"error": "there is no such playlist"}
    assert (await sprout.get("/videos")).json()["total"] == 2


async def test_the_embed_code_plays(sprout: httpx.AsyncClient, house: House) -> None:
    video = (await upload(sprout, "Harbour"))["id"]
    playlist = await make(sprout, "/playlists", title="Sea", privacy=2, videos=[video])
    found = re.search(r"src='([^']+)'", playlist["embed_code"])
    assert found
    assert found.group(1) == f"{BASE}/playlist/{playlist['id']}/{playlist['security_token']}"
    page = await house.client.get(found.group(1))
    assert (page.status_code, "Harbour" in page.text) == (200, True)


async def test_lists(sprout: httpx.AsyncClient, house: House) -> None:
    for title in "abc":
        await make(sprout, "/playlists", title=title)
        house.advance(seconds=1)
    page = (await sprout.get("/playlists?page=1&per_page=2")).json()
    assert_shape(page, FACTS["list"])
    assert (page["total"], [each["title"] for each in page["playlists"]]) == (3, ["c", "b"])
    assert [each["title"] for each in await pages_of(sprout, "/playlists", "playlists")] == ["c", "b", "a"]


async def test_videos_of_a_playlist_are_a_filter(sprout: httpx.AsyncClient) -> None:
    ids = [(await upload(sprout, title))["id"] for title in "abc"]
    playlist = await make(sprout, "/playlists", title="x", videos=[ids[2], ids[0]])
    page = (await sprout.get(f"/videos?playlist_id={playlist['id']}&order_by=title&order_dir=asc")).json()
    assert [video["title"] for video in page["videos"]] == ["a", "c"]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 422, "title"),
        ({"title": " "}, 422, "title"),
        ({"title": "x", "privacy": 3}, 422, "privacy"),
        ({"title": "x", "privacy": 1}, 422, "password"),
        ({"title": "x", "videos": {"a": 1}}, 422, "videos"),
        ({"title": "x" * 1001}, 422, "title"),
    ],
)
async def test_refusals(sprout: httpx.AsyncClient, body: dict[str, object], status: int, field: str) -> None:
    answer = await sprout.post("/playlists", json=body)
    assert answer.status_code == status, answer.text
    assert field in answer.json()["errors"]
    assert (await sprout.get("/playlists")).json()["total"] == 0


async def test_unknown_videos_and_those_of_others(sprout: httpx.AsyncClient, house: House) -> None:
    async with house.api("sproutvideo", house.stranger) as other:
        foreign = (await upload(other))["id"]
    own = (await upload(sprout))["id"]
    answers = [
        await sprout.post("/playlists", json={"title": "x", "videos": [own, id_]})
        for id_ in (foreign, "ffffffffffff", "?", "")
    ]
    assert answers[0].status_code == answers[1].status_code == answers[2].status_code
    assert [answer.json().get("error") for answer in answers[:3]] == [answers[0].json().get("error")] * 3
    assert answers[3].json()["videos"] == [own]  # a blank is no id
