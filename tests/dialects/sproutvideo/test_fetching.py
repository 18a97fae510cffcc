"""Uploads by URL, and new media under the same id, over HTTP."""

from typing import Any

import httpx
import pytest

from tests.dialects.house import FORM, House, form
from tests.dialects.sproutvideo.uploading import number, upload

URL = "https://media.example/films/My%20film.mp4?signature=x"


@pytest.mark.parametrize(
    "body",
    [
        {"json": {"source_video_url": URL, "title": "Fetched", "tag_names": ["a"]}},
        {"data": {"source_video_url": URL, "title": "Fetched", "tag_names[]": "a"}},
        {"content": form(("source_video_url", URL), ("title", "Fetched"), ("tag_names", "a")), "headers": FORM},
    ],
)
async def test_a_file_is_fetched(sprout: httpx.AsyncClient, house: House, body: dict[str, Any]) -> None:
    answer = await sprout.post("/videos", **body)
    assert answer.status_code == 200, answer.text
    video = answer.json()
    assert (video["title"], video["state"], len(video["tags"])) == ("Fetched", "inspecting", 1)
    assert (video["source_video_file_size"], video["assets"]["videos"]["source_video_url"]) == (0, None)
    assert [work.name for work in house.work] == ["library.fetch_source"]
    assert "signature" not in answer.text


async def test_the_title_is_the_files_name(sprout: httpx.AsyncClient) -> None:
    assert (await sprout.post("/videos", json={"source_video_url": URL})).json()["title"] == "My film.mp4"


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"source_video_url": "file:///etc/passwd"}, 422),
        ({"source_video_url": "https://"}, 422),
        ({"source_video_url": URL, "privacy": 1}, 422),
        ({"source_video_url": URL, "folder_id": "ffffffffffff"}, 404),
        ({"title": "x"}, 422),
    ],
)
async def test_refused_addresses(sprout: httpx.AsyncClient, house: House, fields: dict[str, Any], status: int) -> None:
    answer = await sprout.post("/videos", json=fields)
    assert (answer.status_code, isinstance(answer.json()["error"], str)) == (status, True), answer.text
    assert (await sprout.get("/videos")).json()["total"] == 0
    assert house.work == []


async def test_replacing(sprout: httpx.AsyncClient, house: House) -> None:
    video = await upload(sprout, "Film", description="kept")
    await house.completed(number(video), 360)
    files = {"source_video": ("better.mov", b"other bytes")}
    answer = await sprout.post(f"/videos/{video['id']}/replace", files=files)
    assert answer.status_code == 200, answer.text
    replaced = answer.json()
    for name in ("id", "title", "description", "security_token", "created_at"):
        assert replaced[name] == video[name]
    assert (await sprout.get("/videos")).json()["total"] == 1


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        ([("source_video", b"x", "notes.txt")], 415),
        ([("source_video", b"", "film.mp4")], 422),
        ([("title", "x")], 422),
        ([("source_video", b"x", "a.mp4"), ("source_video", b"x", "b.mp4")], 422),
    ],
)
async def test_refused_replacements(sprout: httpx.AsyncClient, house: House, parts: list[Any], status: int) -> None:
    video = await upload(sprout)
    await house.completed(number(video), 360)
    before = (await sprout.get(f"/videos/{video['id']}")).json()
    answer = await sprout.post(f"/videos/{video['id']}/replace", content=form(*parts), headers=FORM)
    assert answer.status_code == status, answer.text
    assert (await sprout.get(f"/videos/{video['id']}")).json() == before
    unknown = await sprout.post(
        "/videos/ffffffffffff/replace", content=form(("source_video", b"x", "a.mp4")), headers=FORM
    )
    assert unknown.status_code == 404
