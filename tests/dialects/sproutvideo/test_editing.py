"""SproutVideo's videos over HTTP: editing and deleting with bodies in every shape, right and wrong."""

import httpx
import pytest

from framehouse.identity import Role
from tests.dialects.house import FORM, House, form
from tests.dialects.sproutvideo.uploading import upload


async def test_editing_changes_only_what_is_sent(sprout: httpx.AsyncClient, house: House) -> None:
    video = await upload(sprout, "Before", description="kept", tag_names="a")
    house.advance(seconds=5)
    changed = (await sprout.put(f"/videos/{video['id']}", json={"title": "After", "id": "x", "unknown": [1]})).json()
    assert changed == {**video, "title": "After", "updated_at": "2026-01-01T00:00:05Z"}
    cleared = (await sprout.put(f"/videos/{video['id']}", json={"description": None, "tags": []})).json()
    assert (cleared["title"], cleared["description"], cleared["tags"]) == ("After", None, [])


async def test_password_and_poster(sprout: httpx.AsyncClient) -> None:
    address = f"/videos/{(await upload(sprout))['id']}"
    missing = await sprout.put(address, json={"privacy": 1})
    assert (missing.status_code, missing.json()["errors"]) == (422, {"password": "is missing"})
    body = {"privacy": "1", "password": 12345, "prefers_embed_password": 1, "posterframe_number": "3"}
    video = (await sprout.put(address, json=body)).json()
    assert (video["privacy"], video["password"], video["prefers_embed_password"]) == (1, "12345", True)
    assert video["selected_poster_frame_number"] == 3
    assert (await sprout.put(address, json={"posterframe_number": 4})).status_code == 422


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"{}", b" \n", b'{"title": null}'])
@pytest.mark.parametrize("content_type", ["application/json", "application/x-www-form-urlencoded", ""])
async def test_empty_bodies_change_nothing(sprout: httpx.AsyncClient, body: bytes, content_type: str) -> None:
    video = await upload(sprout)
    answer = await sprout.put(f"/videos/{video['id']}", content=body, headers={"content-type": content_type})
    assert (answer.status_code, answer.json()["title"]) == (200, "Film")


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"content-type": "application/json"}, b'{"title": "New"}'),
        ({"content-type": "application/x-www-form-urlencoded"}, b'{"title": "New"}'),
        ({"content-type": "application/x-www-form-urlencoded"}, b"title=New"),
        ({}, b'  {"title": "New"}'),
        (FORM, form(("title", "New"))),
        (FORM, form(("title", "Old"), ("title", "New"))),
    ],
)
async def test_bodies_in_every_shape(sprout: httpx.AsyncClient, headers: dict[str, str], body: bytes) -> None:
    video = await upload(sprout)
    answer = await sprout.put(f"/videos/{video['id']}/?", content=body, headers=headers)
    assert (answer.status_code, answer.json()["title"]) == (200, "New")


@pytest.mark.parametrize(
    "body",
    ["tags[]={a}&tags[]={b}", "tags[0]={a}&tags[1]={b}", "tags={a}&tags={b}", "tags={a},{b}", "tags={a}&tags[]={b}",
     '{{"tags": ["{a}", "{b}"]}}', '{{"tags": "{a},{b}"}}'],
)  # fmt: skip
async def test_tags_in_every_shape(sprout: httpx.AsyncClient, body: str) -> None:
    a, b = [(await upload(sprout, tag_names=name))["tags"][0] for name in ("a", "b")]
    video = await upload(sprout)
    answer = await sprout.put(
        f"/videos/{video['id']}",
        content=body.format(a=a, b=b).encode(),
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert answer.json()["tags"] == sorted([a, b])
    for clear in (b"tags=", b"tags[]="):
        answer = await sprout.put(f"/videos/{video['id']}", content=clear, headers={"content-type": "text/plain"})
        assert answer.json()["tags"] == []


async def test_unknown_tags_are_left_out(sprout: httpx.AsyncClient) -> None:
    video = await upload(sprout, tag_names="a")
    edited = await sprout.put(f"/videos/{video['id']}", json={"tags": [video["tags"][0], "ffffffffffff", "?"]})
    assert edited.json()["tags"] == video["tags"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b'{"title": "x"', 400),
        (b'"text"', 400),
        (b"[1]", 400),
        (b"NaN", 400),
        (b'{"title": NaN}', 400),
        (b"[" * 100_000, 400),
        (b'{"title": ' + b"9" * 5000 + b"}", 400),
        (b"\xff\xfe", 400),
        (b'{"title": ""}', 422),
        (b'{"title": {"a": 1}}', 422),
        (b'{"title": ["x"]}', 422),
        (b'{"title": "\\u0000"}', 422),
        (b'{"description": "\\ud800"}', 422),
        (b'{"privacy": 9}', 422),
        (b'{"privacy": true}', 200),
        (b'{"prefers_embed_password": "perhaps"}', 422),
        (b'{"tags": {"a": {"b": "c"}}}', 422),
        (b'{"title": "' + b"x" * 1001 + b'"}', 422),
        (b'{"description": "' + b"x" * 2_000_000 + b'"}', 413),
    ],
)
async def test_wrong_bodies(sprout: httpx.AsyncClient, body: bytes, status: int) -> None:
    video = await upload(sprout, password="p")
    answer = await sprout.put(f"/videos/{video['id']}", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == status, answer.text
    if status != 200:
        assert isinstance(answer.json()["error"], str)
        assert (await sprout.get(f"/videos/{video['id']}")).json() == video


async def test_a_file_is_not_lost_silently(sprout: httpx.AsyncClient) -> None:
    video = await upload(sprout)
    for name, status in (("picture", 422), ("custom_poster_frame", 415)):
        body = form(("title", "x"), (name, b"no picture", "poster.jpg"))
        answer = await sprout.put(f"/videos/{video['id']}", content=body, headers=FORM)
        assert (answer.status_code, set(answer.json()["errors"])) == (status, {name})
    assert (await sprout.get(f"/videos/{video['id']}")).json() == video


async def test_deleting_answers_the_last_data(sprout: httpx.AsyncClient, house: House) -> None:
    video = await upload(sprout)
    assert (await sprout.delete(f"/videos/{video['id']}/?x=1")).json() == video
    for answer in (
        await sprout.get(f"/videos/{video['id']}"),
        await sprout.put(f"/videos/{video['id']}", json={}),
        await sprout.delete(f"/videos/{video['id']}"),
    ):
        assert (answer.status_code, answer.json()) == (404, {"error": "there is no such video"})
    assert (await sprout.get("/videos")).json()["total"] == 0


@pytest.mark.parametrize(
    ("query", "content", "headers"),
    [
        ("?_method=delete", b"", {}),
        ("?_method=DELETE", b"{}", {"content-type": "application/json"}),
        ("", b'{"_method": "delete"}', {"content-type": "application/json"}),
        ("/", b"_method=delete", {"content-type": "application/x-www-form-urlencoded"}),
        ("", form(("_method", "delete")), FORM),
    ],
)
async def test_delete_by_post(sprout: httpx.AsyncClient, query: str, content: bytes, headers: dict[str, str]) -> None:
    video = await upload(sprout)
    answer = await sprout.post(f"/videos/{video['id']}{query}", content=content, headers=headers)
    assert (answer.status_code, answer.json()["id"]) == (200, video["id"])
    assert (await sprout.get("/videos")).json()["total"] == 0


async def test_put_by_post_keeps_the_body(sprout: httpx.AsyncClient) -> None:
    video = await upload(sprout)
    answer = await sprout.post(f"/videos/{video['id']}", json={"_method": "put", "title": "New"})
    assert answer.json()["title"] == "New"
    refused = await sprout.post(f"/videos/{video['id']}", json={"_method": "patch", "title": "Other"})
    assert (refused.status_code, set(refused.json())) == (405, {"error"})


@pytest.mark.parametrize(
    "id_", ["ffffffffffff", "FFFFFFFFFFFF", "x", "1", "000000000000", "%00", "a" * 500, "..%2f", "ä"]
)
async def test_unknown_ids(sprout: httpx.AsyncClient, id_: str) -> None:
    answer = await sprout.get(f"/videos/{id_}")
    assert answer.status_code == 404
    assert set(answer.json()) == {"error"}


async def test_a_viewers_key_only_reads(house: House, sprout: httpx.AsyncClient) -> None:
    video = await upload(sprout)
    async with house.api("sproutvideo", await house.role_key(Role.VIEWER)) as reader:
        assert (await reader.get(f"/videos/{video['id']}")).status_code == 200
        for answer in (
            await reader.put(f"/videos/{video['id']}", json={"title": "x"}),
            await reader.delete(f"/videos/{video['id']}"),
            await reader.post("/videos", files={"source_video": b"x"}),
        ):
            assert (answer.status_code, set(answer.json())) == (403, {"error"})
