"""SproutVideo's videos over HTTP: listing, reading, and what the answers hold."""

import re
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from framehouse import library
from tests.dialects.house import BASE, House, assert_shape, facts
from tests.dialects.sproutvideo.uploading import number, upload

FACTS = facts("sproutvideo")


async def test_a_new_video_has_every_documented_field(house: House, sprout: httpx.AsyncClient) -> None:
    video = await upload(sprout, description="About it")
    assert_shape(video, FACTS["video"])
    assert_shape(video["assets"], FACTS["assets"])
    assert_shape(video["assets"]["videos"], FACTS["asset_videos"])
    expected = {
        "title": "Film", "description": "About it", "state": "inspecting", "progress": 0, "width": None, "height": None,
        "duration": None, "password": None, "privacy": 2, "tags": [], "plays": 0, "source_video_file_size": 9,
        "sd_video_file_size": 0, "hd_video_file_size": 0, "created_at": "2026-01-01T00:00:00Z", "state_reason": None,
    }  # fmt: skip
    assert {name: video[name] for name in expected} == expected
    assert (await sprout.get(f"/videos/{video['id']}")).json() == video
    assert (await sprout.get("/videos")).json()["videos"] == [video]


async def test_a_deployed_video(house: House, sprout: httpx.AsyncClient) -> None:
    video = await upload(sprout)
    await house.inspected(number(video))
    working = (await sprout.get(f"/videos/{video['id']}")).json()
    assert (working["state"], working["duration"], working["width"], working["height"]) == (
        "processing",
        63,
        1920,
        1080,
    )


async def test_qualities(house: House, sprout: httpx.AsyncClient) -> None:
    video = await upload(sprout)
    await house.completed(number(video), 240, 360, 720, 1080, 2160)
    done = (await sprout.get(f"/videos/{video['id']}")).json()
    urls = done["assets"]["videos"]
    assert (done["state"], done["progress"]) == ("deployed", 100)
    assert urls["sd_video_url"].endswith("/download/360p.mp4")
    assert urls["hd_video_url"].endswith("/download/2160p.mp4")
    assert urls["hd_video_url"] == urls["4k"]
    assert (urls["480p"], urls["8k"]) == (None, None)
    assert (done["sd_video_file_size"], done["hd_video_file_size"]) == (360_000, 2_160_000)
    assert "?type=hd'" in done["embed_code"]


async def test_only_large_downloads_and_portrait(house: House, sprout: httpx.AsyncClient) -> None:
    large, portrait = await upload(sprout), await upload(sprout)
    await house.completed(number(large), 720, 1080)
    await house.completed(number(portrait), 360, 480, portrait=True)
    urls = (await sprout.get(f"/videos/{large['id']}")).json()["assets"]["videos"]
    assert urls["sd_video_url"] == urls["720p"]
    urls = (await sprout.get(f"/videos/{portrait['id']}")).json()["assets"]["videos"]
    assert (urls["sd_video_url"], urls["hd_video_url"]) == (urls["480p"], None)


async def test_the_embed_code_is_cut_as_clients_cut_it(house: House, sprout: httpx.AsyncClient) -> None:
    video = await upload(sprout)
    found = re.search(r"src='([^']+)'", video["embed_code"])
    assert found
    assert found.group(1) == f"{BASE}/embed/{video['id']}/{video['security_token']}?type=sd"
    assert (await house.client.get(found.group(1))).status_code == 200
    wrong = found.group(1).replace(video["security_token"], "0" * 16)
    assert (await house.client.get(wrong)).status_code == 404


async def test_asset_urls_answer_at_once(house: House, sprout: httpx.AsyncClient) -> None:
    assets = (await upload(sprout))["assets"]
    for url in (*assets["poster_frames"], *assets["thumbnails"]):
        answer = await house.client.get(url)
        assert answer.status_code == 200, url
        assert answer.headers["content-type"].startswith("image/"), url
    source = await house.client.get(assets["videos"]["source_video_url"])
    assert source.content == b"the bytes"


async def test_a_failed_video_says_why(house: House, sprout: httpx.AsyncClient) -> None:
    video = await upload(sprout)
    async with house.library.database.write() as tx:
        await library.mark_failed(tx, house.clock, house.owner.tenant_id, number(video), "this is no video")
    failed = (await sprout.get(f"/videos/{video['id']}")).json()
    assert (failed["state"], failed["state_reason"]) == ("failed", "this is no video")


async def test_pages_have_absolute_links_with_the_filters(sprout: httpx.AsyncClient, house: House) -> None:
    for index in range(5):
        await upload(sprout, f"Film {index}")
        house.advance(seconds=1)
    first = (await sprout.get("/videos?per_page=2&privacy=2&order_by=title&order_dir=asc&x=%C3%A4&page=1")).json()
    assert_shape(first, FACTS["list"])
    assert (first["total"], first["previous_page"]) == (5, None)
    link = urlsplit(first["next_page"])
    assert f"{link.scheme}://{link.netloc}{link.path}" == f"{BASE}/sproutvideo/v1/videos"
    wanted = {
        "per_page": ["2"],
        "privacy": ["2"],
        "order_by": ["title"],
        "order_dir": ["asc"],
        "x": ["ä"],
        "page": ["2"],
    }
    assert parse_qs(link.query) == wanted
    titles, page = [], first
    for _ in range(2):
        titles += [video["title"] for video in page["videos"]]
        page = (await sprout.get(page["next_page"])).json()
    titles += [video["title"] for video in page["videos"]]
    assert titles == [f"Film {index}" for index in range(5)]
    assert page["next_page"] is None
    assert parse_qs(urlsplit(page["previous_page"]).query)["page"] == ["2"]
    past = (await sprout.get("/videos?page=9&per_page=2")).json()
    assert (past["videos"], past["total"], past["next_page"]) == ([], 5, None)
    assert parse_qs(urlsplit(past["previous_page"]).query)["page"] == ["3"]


async def test_exact_last_page_and_the_largest_page(sprout: httpx.AsyncClient) -> None:
    for _ in range(2):
        await upload(sprout)
    assert (await sprout.get("/videos?per_page=1&page=2")).json()["next_page"] is None
    assert (await sprout.get("/videos?per_page=2")).json()["next_page"] is None
    assert "per_page=100" not in (await sprout.get("/videos?per_page=1")).json()["next_page"]
    many = await sprout.get("/videos?per_page=1000")
    assert (many.status_code, many.json()["total"]) == (200, 2)


async def test_newest_first_unless_asked(sprout: httpx.AsyncClient, house: House) -> None:
    for title in ("b", "a", "c"):
        await upload(sprout, title)
        house.advance(seconds=1)

    async def titles(query: str) -> str:
        return "".join(video["title"] for video in (await sprout.get(f"/videos?{query}")).json()["videos"])

    assert await titles("") == "cab"
    assert await titles("order_dir=asc") == "bac"
    assert await titles("order_by=title&order_dir=ASC") == "abc"
    assert await titles("page=1&per_page=25&page=") == "cab"


async def test_filters(sprout: httpx.AsyncClient, house: House) -> None:
    tagged = await upload(sprout, "tagged", tag_names="red, or so", privacy="0")
    await upload(sprout, "plain")
    await house.inspected(number(tagged))
    assert len(tagged["tags"]) == 1

    async def titles(query: str) -> list[str]:
        return [video["title"] for video in (await sprout.get(f"/videos?{query}")).json()["videos"]]

    assert await titles(f"tag_id={tagged['tags'][0]}") == ["tagged"]
    assert await titles("tag_name=red,%20or%20so") == ["tagged"]
    assert await titles("privacy=0") == ["tagged"]
    assert await titles("state=inspecting") == ["plain"]
    assert await titles("state=Processing") == ["tagged"]
    for nothing in ("tag_id=ffffffffffff", "tag_id=x", "tag_name=blue", "folder_id=a1", "playlist_id=a1", "privacy=3"):
        assert await titles(nothing) == [], nothing


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=-1", "page=x", "page=1.5", "page=99999999999999999999", "per_page=0", "per_page=abc", "privacy=4",
     "privacy=public", "state=done", "order_by=id", "order_dir=up", "tag_name=%00"],
)  # fmt: skip
async def test_wrong_queries_name_their_field(sprout: httpx.AsyncClient, query: str) -> None:
    answer = await sprout.get(f"/videos?{query}")
    assert answer.status_code == 422
    name = query.partition("=")[0]
    assert name in answer.json()["error"]
    assert name in answer.json()["errors"]
