"""Upload tokens: one upload without a key, from a browser's form or a script, and where the browser is sent then."""

import asyncio
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.dialects.house import FORM, House, form
from tests.dialects.sproutvideo.uploading import make

FILE = ("source_video", b"the bytes", "film.mp4")
VIDEOS = "/sproutvideo/v1/videos"
BACK = "https://example.com/thanks?from=form"


async def token_of(sprout: httpx.AsyncClient, **fields: object) -> str:
    answer = await make(sprout, "/upload_tokens", **fields)
    assert set(answer) == {"token"}
    return answer["token"]


async def send(house: House, *parts: object, **headers: str) -> httpx.Response:
    """As a stranger: without a key."""
    body = form(*parts)  # type: ignore[arg-type]  # parts of a form
    return await house.client.post(VIDEOS, content=body, headers={**FORM, **headers})


async def test_one_upload_without_a_key(sprout: httpx.AsyncClient, house: House) -> None:
    token = await token_of(sprout)
    answer = await send(house, ("token", token), ("title", "Theirs"), FILE, ("description", "after the file"))
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "*")
    video = answer.json()
    assert (video["title"], video["description"]) == ("Theirs", "after the file")
    assert (await sprout.get(f"/videos/{video['id']}")).json() == video
    again = await send(house, ("token", token), FILE)
    assert (again.status_code, set(again.json())) == (401, {"error"})
    assert (await sprout.get("/videos")).json()["total"] == 1


async def test_the_browser_is_sent_back(sprout: httpx.AsyncClient, house: House) -> None:
    token = await token_of(sprout, return_url=BACK)
    answer = await send(house, ("token", token), FILE)
    assert answer.status_code == 303
    url = urlsplit(answer.headers["location"])
    video = (await sprout.get("/videos")).json()["videos"][0]["id"]
    assert f"{url.scheme}://{url.netloc}{url.path}" == "https://example.com/thanks"
    assert parse_qs(url.query) == {"from": ["form"], "successful": ["true"], "video_id": [video]}


@pytest.mark.parametrize(
    "parts",
    [
        [("title", "x")],
        [("source_video", b"x", "notes.txt")],
        [("source_video", b"", "film.mp4")],
        [("privacy", "1"), FILE],
        [("folder_id", "ffffffffffff"), FILE],
        [FILE, ("privacy", "9")],
        [FILE, FILE],
    ],
)
async def test_the_browser_is_told_what_was_wrong(sprout: httpx.AsyncClient, house: House, parts: list[object]) -> None:
    token = await token_of(sprout, return_url=BACK)
    answer = await send(house, ("token", token), *parts)
    assert answer.status_code == 303
    told = parse_qs(urlsplit(answer.headers["location"]).query)
    assert set(told) == {"from", "error_message"}
    assert (await sprout.get("/videos")).json()["total"] == 0
    assert (await send(house, ("token", token), FILE)).status_code == 303  # the token was not used up
    assert (await sprout.get("/videos")).json()["total"] == 1


@pytest.mark.parametrize("token", ["", "x", "fh_upload_" + "0" * 40, "é", "x" * 501])
async def test_no_token_and_wrong_ones(sprout: httpx.AsyncClient, house: House, token: str) -> None:
    good = await token_of(sprout, return_url=BACK)
    for parts in ([("token", token), FILE], [FILE, ("token", good)], [("token", good[:-1]), FILE], [FILE]):
        answer = await send(house, *parts)
        assert answer.status_code in (401, 422), answer.text
        assert isinstance(answer.json()["error"], str)
        assert answer.headers["access-control-allow-origin"] == "*"
    other = ("return_url", "https://evil.example")
    assert "location" not in (await send(house, ("token", token), other, FILE)).headers
    assert (await sprout.get("/videos")).json()["total"] == 0


async def test_tokens_end(sprout: httpx.AsyncClient, house: House) -> None:
    short, long = await token_of(sprout, seconds_valid=60), await token_of(sprout)
    house.advance(seconds=61)
    assert (await send(house, ("token", short), FILE)).status_code == 401
    assert (await send(house, ("token", long), FILE)).status_code == 200
    for wrong in ({"seconds_valid": 0}, {"seconds_valid": 10**9}, {"return_url": "javascript:x"}):
        assert (await sprout.post("/upload_tokens", json=wrong)).status_code == 422


async def test_of_two_at_once_one_gets_in(sprout: httpx.AsyncClient, house: House) -> None:
    token = await token_of(sprout)
    answers = await asyncio.gather(*(send(house, ("token", token), FILE) for _ in range(3)))
    assert min(answer.status_code for answer in answers) == 200
    assert all(answer.status_code in (401, 409) for answer in answers if answer.status_code != 200)
    assert (await sprout.get("/videos")).json()["total"] == 1
    assert len(house.files()) == 1


async def test_a_token_is_as_good_as_its_account(sprout: httpx.AsyncClient, house: House) -> None:
    token, with_return = await token_of(sprout), await token_of(sprout, return_url=BACK)
    await house.change_tenant(storage_quota_bytes=4)
    assert (await send(house, ("token", token), FILE)).status_code == 413
    await house.change_tenant(storage_quota_bytes=None, rate_limit_per_minute=1)
    assert (await send(house, ("token", token), FILE)).status_code == 503
    house.advance(seconds=60)
    await house.change_tenant(active=False)
    for each in (token, with_return):
        assert (await send(house, ("token", each), FILE)).status_code == 401


async def test_a_token_opens_nothing_else(sprout: httpx.AsyncClient, house: House) -> None:
    token = await token_of(sprout)
    for path in ("/videos", "/account", "/videos/ffffffffffff"):
        answer = await house.client.get(f"/sproutvideo/v1{path}", params={"token": token})
        assert answer.status_code == 401
    body = {"token": token, "source_video_url": "https://example.com/film.mp4"}
    assert (await house.client.post(VIDEOS, json=body)).status_code == 401


async def test_browsers_ask_before(house: House) -> None:
    asked = {"origin": "https://example.com", "access-control-request-method": "POST"}
    answer = await house.client.options(VIDEOS, headers={**asked, "access-control-request-headers": "x-requested-with"})
    assert answer.status_code == 204
    wanted = {"origin": "*", "methods": "POST, OPTIONS", "headers": "x-requested-with"}
    assert {name: answer.headers[f"access-control-allow-{name}"] for name in wanted} == wanted
    elsewhere = await house.client.options("/sproutvideo/v1/account", headers=asked)
    assert "access-control-allow-origin" not in elsewhere.headers
