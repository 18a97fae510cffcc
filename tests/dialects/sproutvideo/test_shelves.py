"""Tags and folders over HTTP."""

import httpx
import pytest

from tests.dialects.house import House, assert_shape, facts
from tests.dialects.sproutvideo.uploading import make, pages_of, upload

FACTS = facts("sproutvideo")


async def test_tags(sprout: httpx.AsyncClient, house: House) -> None:
    made = await make(sprout, "/tags", name=" boats ")
    assert_shape(made, FACTS["tag"])
    assert made["name"] == "boats"
    video = await upload(sprout, **{"tags[]": made["id"]})
    assert (await sprout.get(f"/tags/{made['id']}")).json() == made
    house.advance(seconds=5)
    renamed = (await sprout.put(f"/tags/{made['id']}", json={"name": "ships"})).json()
    assert renamed == {**made, "name": "ships", "updated_at": "2026-01-01T00:00:05Z"}
    assert (await sprout.get("/videos?tag_name=ships")).json()["total"] == 1
    assert (await sprout.delete(f"/tags/{made['id']}")).json() == renamed
    assert (await sprout.get(f"/tags/{made['id']}")).json() == {"error": "there is no such tag"}
    assert (await sprout.get(f"/videos/{video['id']}")).json()["tags"] == []


async def test_a_name_is_there_once(sprout: httpx.AsyncClient) -> None:
    await make(sprout, "/tags", name="b")
    a = await make(sprout, "/tags", name="a")
    assert (await sprout.post("/tags", json={"name": "b"})).status_code == 409
    assert (await sprout.put(f"/tags/{a['id']}", json={"name": "b"})).status_code == 409
    assert (await sprout.put(f"/tags/{a['id']}", json={"name": "a"})).status_code == 200
    assert [tag["name"] for tag in await pages_of(sprout, "/tags", "tags")] == ["a", "b"]


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": " "}, {"name": "x" * 256}, {"name": ["a"]}])
@pytest.mark.parametrize("path", ["/tags", "/folders"])
async def test_refused_names(sprout: httpx.AsyncClient, path: str, body: dict[str, object]) -> None:
    if path == "/folders" and body == {"name": "x" * 256}:
        body = {"name": "x" * 1001}
    answer = await sprout.post(path, json=body)
    assert (answer.status_code, "name" in answer.json()["errors"]) == (422, True)


async def test_folders(sprout: httpx.AsyncClient, house: House) -> None:
    made = await make(sprout, "/folders", name="2026")
    assert_shape(made, FACTS["folder"])
    assert made["parent_id"] is None
    inner = await make(sprout, "/folders", name="May", parent_id=made["id"])
    assert (await sprout.get(f"/folders/{inner['id']}")).json() == inner
    house.advance(seconds=5)
    renamed = (await sprout.put(f"/folders/{inner['id']}", json={"name": "June"})).json()
    assert renamed == {**inner, "name": "June", "updated_at": "2026-01-01T00:00:05Z"}
    moved = (await sprout.put(f"/folders/{inner['id']}", json={"parent_id": ""})).json()
    assert (moved["name"], moved["parent_id"]) == ("June", None)
    back = (await sprout.put(f"/folders/{inner['id']}", json={"parent_id": made["id"]})).json()
    assert back["parent_id"] == made["id"]


async def test_a_folder_is_not_inside_itself(sprout: httpx.AsyncClient) -> None:
    outer = (await make(sprout, "/folders", name="a"))["id"]
    inner = (await make(sprout, "/folders", name="b", parent_id=outer))["id"]
    for folder, parent in ((outer, outer), (outer, inner)):
        assert (await sprout.put(f"/folders/{folder}", json={"parent_id": parent})).status_code == 409
    assert (await sprout.get(f"/folders/{outer}")).json()["parent_id"] is None


async def test_lists_of_folders(sprout: httpx.AsyncClient, house: House) -> None:
    a = (await make(sprout, "/folders", name="a"))["id"]
    house.advance(seconds=1)
    await make(sprout, "/folders", name="b")
    await make(sprout, "/folders", name="c", parent_id=a)

    async def names(path: str) -> list[str]:
        return [folder["name"] for folder in await pages_of(sprout, path, "folders")]

    assert await names("/folders") == await names("/folders?parent_id=") == ["a", "b"]
    assert await names(f"/folders?parent_id={a}") == ["c"]
    assert await names("/folders?parent_id=ffffffffffff") == await names("/folders?parent_id=x") == []


async def filled_folder(sprout: httpx.AsyncClient) -> tuple[str, str, str]:
    folder = (await make(sprout, "/folders", name="a"))["id"]
    inner = (await make(sprout, "/folders", name="b", parent_id=folder))["id"]
    video = (await upload(sprout, folder_id=folder))["id"]
    assert (await sprout.get(f"/videos?folder_id={folder}")).json()["total"] == 1
    return folder, inner, video


async def test_what_was_in_a_deleted_folder_moves_to_the_root(sprout: httpx.AsyncClient) -> None:
    folder, inner, video = await filled_folder(sprout)
    assert (await sprout.delete(f"/folders/{folder}")).json()["id"] == folder
    assert (await sprout.get(f"/folders/{folder}")).status_code == 404
    assert (await sprout.get(f"/folders/{inner}")).json()["parent_id"] is None
    assert (await sprout.get(f"/videos/{video}")).json()["folder_id"] is None


@pytest.mark.parametrize(
    ("query", "body"),
    [
        ("?delete_all=true", b""),
        ("?delete_all=1", b"null"),
        ("", b'{"delete_all": true}'),
        ("?delete_all=false", b"delete_all=1"),
    ],
)
async def test_delete_all(sprout: httpx.AsyncClient, query: str, body: bytes) -> None:
    folder, inner, video = await filled_folder(sprout)
    answer = await sprout.request("DELETE", f"/folders/{folder}{query}", content=body)
    assert answer.status_code == 200, answer.text
    for path in (f"/folders/{folder}", f"/folders/{inner}", f"/videos/{video}"):
        assert (await sprout.get(path)).status_code == 404, path


async def test_a_video_moves(sprout: httpx.AsyncClient) -> None:
    folder = (await make(sprout, "/folders", name="a"))["id"]
    video = (await upload(sprout))["id"]
    assert (await sprout.put(f"/videos/{video}", json={"folder_id": folder})).json()["folder_id"] == folder
    assert (await sprout.put(f"/videos/{video}", json={"title": "x"})).json()["folder_id"] == folder
    for unknown in ("ffffffffffff", "?"):
        assert (await sprout.put(f"/videos/{video}", json={"folder_id": unknown})).status_code == 404
    for root in (None, ""):
        await sprout.put(f"/videos/{video}", json={"folder_id": folder})
        assert (await sprout.put(f"/videos/{video}", json={"folder_id": root})).json()["folder_id"] is None
