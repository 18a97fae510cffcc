"""The library over the API: list, search, change, delete, work."""

import pytest

from framehouse import library
from framehouse.kernel import to_hex
from framehouse.library import Video, VideoChanges
from tests.console.conftest import House

VIDEOS = "/console/api/videos"


def one(video: Video) -> str:
    return f"{VIDEOS}/{to_hex(video.id)}"


async def test_a_video_as_the_pages_need_it(house: House) -> None:
    client = await house.signed_in()
    video = await house.video(privacy=library.Privacy.PRIVATE)
    (listed,) = (await client.get(VIDEOS)).json()["videos"]
    assert listed["id"] == to_hex(video.id)
    assert (listed["title"], listed["fileName"], listed["sizeBytes"]) == ("Harbour at dawn", "harbour.mp4", 5)
    assert (listed["state"], listed["progressPercent"], listed["playable"]) == ("received", 0, False)
    assert listed["privacy"] == "private"
    assert listed["receivedAt"] == "2026-01-01T00:00:00+00:00"
    assert listed["posterUrl"] is None
    page = await client.get(listed["watchPath"])
    assert page.status_code == 200, "the owner's own page of a private video"
    assert (await (await house.client()).get(listed["watchPath"])).status_code == 404
    assert (await client.get(listed["embedPath"])).status_code == 200


async def test_pages_and_search(house: House) -> None:
    client = await house.signed_in()
    for number in range(5):
        await house.video(title=f"Film {number}")
        house.clock.advance(library.ABANDONED_AFTER)
    answer = (await client.get(f"{VIDEOS}?offset=1&limit=2")).json()
    assert ([video["title"] for video in answer["videos"]], answer["total"]) == (["Film 3", "Film 2"], 5)
    found = (await client.get(f"{VIDEOS}?search=film+4")).json()
    assert ([video["title"] for video in found["videos"]], found["total"]) == (["Film 4"], 1)


@pytest.mark.parametrize("query", ["offset=-1", "offset=x", "limit=101", "limit=1e3"])
async def test_wrong_numbers_are_named(house: House, query: str) -> None:
    client = await house.signed_in()
    answer = await client.get(f"{VIDEOS}?{query}")
    assert answer.status_code == 422
    assert query.split("=")[0] in answer.json()["fields"]


async def test_changing_only_what_is_sent(house: House) -> None:
    client = await house.signed_in()
    video = await house.video(description="Before")
    changed = (await client.patch(one(video), json={"title": "  Harbour at noon "})).json()
    assert (changed["title"], changed["description"], changed["privacy"]) == ("Harbour at noon", "Before", "public")
    cleared = (await client.patch(one(video), json={"description": None})).json()
    assert cleared["description"] is None
    protected = await client.patch(one(video), json={"privacy": "password", "password": "sesame"})
    assert (protected.json()["privacy"], protected.json()["hasPassword"]) == ("password", True)
    assert "sesame" not in protected.text
    kept = await client.patch(one(video), json={"title": "Again"})
    assert kept.json()["hasPassword"] is True


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": None}, "title"),
        ({"title": "a\0b"}, "title"),
        ({"title": "x" * 1001}, "title"),
        ({"privacy": "secret"}, "privacy"),
        ({"privacy": "password"}, "password"),
        ({"unknown": 1}, "unknown"),
        ([], "body"),
    ],
)
async def test_wrong_changes_are_named_and_change_nothing(house: House, body: object, field: str) -> None:
    client = await house.signed_in()
    video = await house.video()
    answer = await client.patch(one(video), json=body)
    assert answer.status_code == 422
    assert field in answer.json()["fields"]
    assert (await client.get(one(video))).json()["title"] == "Harbour at dawn"


async def test_bodies_that_are_no_json(house: House) -> None:
    client = await house.signed_in()
    url = one(await house.video())
    as_json = {"content-type": "application/json"}
    assert (await client.patch(url, content=b'{"title":', headers=as_json)).status_code == 422
    assert (await client.patch(url, content=b'{"title": "\xff"}', headers=as_json)).status_code == 422
    assert (await client.patch(url, content=b'{"title": "\\ud800"}', headers=as_json)).status_code == 422
    assert (await client.patch(url, content=b" " * (1 << 20) + b"{}", headers=as_json)).status_code == 413
    assert (await client.patch(url, content=b"{}", headers={"content-type": "text/plain"})).status_code == 415


async def test_deleting(house: House) -> None:
    client = await house.signed_in()
    video = await house.video()
    embed_path = (await client.get(one(video))).json()["embedPath"]
    assert (await client.delete(one(video))).status_code == 204
    assert (await client.get(one(video))).status_code == 404
    assert (await client.get(embed_path)).status_code == 404
    assert (await client.delete(one(video))).status_code == 404


async def test_work_cancel_and_run_again(house: House) -> None:
    client = await house.signed_in()
    video = await house.video()
    assert (await client.get(f"{one(video)}/work")).json() == {"lines": ["Its inspection has not ended yet."]}
    idle = await client.post(f"{one(video)}/cancel")
    assert (idle.status_code, idle.json()["error"]) == (409, "No encode of this video is under way.")
    assert (await client.post(f"{one(video)}/run-again")).status_code == 409
    context = house.services.library
    async with context.database.write() as tx:
        await library.mark_failed(tx, house.clock, video.tenant_id, video.id, "It was not a film.")
    failed = (await client.get(one(video))).json()
    assert (failed["state"], failed["reason"]) == ("failed", "It was not a film.")
    again = await client.post(f"{one(video)}/run-again")
    assert (again.status_code, again.json()["state"], again.json()["reason"]) == (200, "received", None)


async def test_a_stricter_level_revokes_what_players_hold(house: House) -> None:
    client = await house.signed_in()
    video = await house.video()
    await client.patch(one(video), json={"privacy": "private"})
    context, owner = house.services.library, library.Owner(video.tenant_id)
    assert (await library.get_video(context, owner, video.id)).ticket_generation == video.ticket_generation + 1
    await library.change_video(context, owner, video.id, VideoChanges(title="Only the title"))
    assert (await library.get_video(context, owner, video.id)).ticket_generation == video.ticket_generation + 1
