"""Adilo's contacts over HTTP: listed, got, deleted, and all of them as a CSV file under a signed URL."""

import csv
import io
from typing import Any

import httpx
import pytest

from framehouse import library
from framehouse.library import Video
from tests.dialects.adilo.test_files import Uploader, number
from tests.dialects.house import House


@pytest.fixture
async def film(house: House, adilo: httpx.AsyncClient) -> Video:
    uploader = Uploader(house, adilo)
    file = await uploader.upload(await uploader.project(), title="Harbour")
    return await library.get_video(house.library, house.owner, number(file))


async def leave(house: House, film: Video, email: str, name: str | None = "Ada", *, consent: bool = True) -> None:
    await library.record_contact(house.library, film, email=email, name=name, consent=consent)
    house.advance(seconds=1)


async def lines(house: House, adilo: httpx.AsyncClient) -> list[list[str]]:
    url = (await adilo.get("/contacts/download")).json()["payload"]["url"]
    answer = await house.client.get(url)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"
    return list(csv.reader(io.StringIO(answer.text, newline="")))


async def test_contacts_are_listed_got_and_deleted(house: House, adilo: httpx.AsyncClient, film: Video) -> None:
    await leave(house, film, "ada@example.com")
    await leave(house, film, "bob@example.com", None, consent=False)
    listed = (await adilo.get("/contacts")).json()
    assert listed["meta"]["total"] == 2
    ada, bob = listed["payload"]
    assert (ada["email"], ada["name"], ada["consent"], ada["file_title"]) == ("ada@example.com", "Ada", True, "Harbour")
    assert (bob["email"], bob["name"], bob["consent"]) == ("bob@example.com", None, False)
    assert [each["email"] for each in (await adilo.get("/contacts?From=2&To=1")).json()["payload"]] == [bob["email"]]
    assert (await adilo.get("/contacts?From=3")).json()["payload"] == []
    assert (await adilo.get(f"/contacts/{ada['id']}")).json()["payload"] == ada
    assert (await adilo.delete(f"/contacts/{ada['id']}")).json()["payload"] == ada
    for path in (f"/contacts/{ada['id']}", "/contacts/1", "/contacts/x", "/contacts/99999999999999999999"):
        for method in ("GET", "DELETE"):
            answer = await adilo.request(method, path)
            assert (answer.status_code, answer.json()["status"]) == (403, "error")
    await library.delete_video(house.library, house.owner, film.id)
    (left,) = (await adilo.get("/contacts")).json()["payload"]
    assert (left["file_id"], left["file_title"]) == (None, None)


async def test_the_file_has_all_and_no_formulas(house: House, adilo: httpx.AsyncClient, film: Video) -> None:
    assert len(await lines(house, adilo)) == 1
    await leave(house, film, "ada@example.com", '=HYPERLINK("http://evil.example")')
    await leave(house, film, "bob@example.com", 'Bob "B", Jr.', consent=False)
    for count in range(1200):
        await library.record_contact(house.library, film, email=f"v{count}@example.com", name=None, consent=True)
    head, ada, bob, *rest = await lines(house, adilo)
    assert head[:4] == ["id", "name", "email", "consent"]
    assert ada[1:4] == ['\'=HYPERLINK("http://evil.example")', "ada@example.com", "yes"]
    assert bob[1:4] == ['Bob "B", Jr.', "bob@example.com", "no"]
    assert {row[2] for row in rest} == {f"v{count}@example.com" for count in range(1200)}
    assert len(rest) == 1200


async def test_only_the_signed_url_opens_it_and_for_an_hour(
    house: House, adilo: httpx.AsyncClient, film: Video
) -> None:
    await leave(house, film, "ada@example.com")
    url: str = (await adilo.get("/contacts/download")).json()["payload"]["url"]
    token = url.rpartition("/")[2].removesuffix(".csv")
    for place in range(0, len(token) - 1, 3):
        other = "A" if token[place] != "A" else "B"
        forged = url.replace(token, token[:place] + other + token[place + 1 :])
        assert (await house.client.get(forged)).status_code == 404
    for odd in ("x", "é", "A" * 5000, ""):
        assert (await house.client.get(url.replace(token, odd))).status_code == 404
    async with house.api("adilo", house.stranger) as stranger:
        foreign: dict[str, Any] = (await stranger.get("/contacts/download")).json()["payload"]
        assert "ada" not in (await house.client.get(foreign["url"])).text
    house.advance(seconds=3590)
    assert (await house.client.get(url)).status_code == 200
    house.advance(seconds=10)
    assert (await house.client.get(url)).status_code == 404
