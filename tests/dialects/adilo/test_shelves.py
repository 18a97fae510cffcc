"""Adilo's projects that change, search and end, and the folders in them, over HTTP."""

from typing import Any

import httpx
import pytest

from tests.dialects.adilo.test_files import Uploader
from tests.dialects.house import House

UNKNOWN = "BBBBBBBB"


@pytest.fixture
def uploader(house: House, adilo: httpx.AsyncClient) -> Uploader:
    return Uploader(house, adilo)


async def folder(adilo: httpx.AsyncClient, project: str, **fields: Any) -> dict[str, Any]:
    answer = await adilo.post("/folders", json={"Name": "f", "project_id": project, **fields})
    assert answer.status_code == 200, answer.text
    return answer.json()["payload"]


def refused(answer: httpx.Response, status: int) -> None:
    assert (answer.status_code, answer.json()["status"], answer.json()["payload"]) == (status, "error", None)


@pytest.mark.parametrize("form", [False, True])
async def test_a_project_is_updated(adilo: httpx.AsyncClient, uploader: Uploader, form: bool) -> None:
    project = await uploader.project(description="Old", password="p")
    fields: dict[str, Any] = {"Title": "New", "Locked": "true" if form else True, "Private": "1" if form else True}
    body: dict[str, Any] = {"data": fields} if form else {"json": fields}
    answer = (await adilo.put(f"/projects/{project}", **body)).json()["payload"]
    assert (answer["title"], answer["description"]) == ("New", "Old")
    assert (answer["locked"], answer["private"], answer["drm"]) == (True, True, False)
    assert (await adilo.get(f"/projects/{project}")).json()["payload"] == answer
    assert (await adilo.put(f"/projects/{project}", json={})).json()["payload"] == answer
    refused(await adilo.put(f"/projects/{project}", json={"title": ""}), 422)
    refused(await adilo.put(f"/projects/{project}", json={"locked": "perhaps"}), 422)
    refused(await adilo.put(f"/projects/{UNKNOWN}", json={"title": "x"}), 403)


async def test_a_projects_privacy_shows_on_its_files(adilo: httpx.AsyncClient, uploader: Uploader) -> None:
    project = await uploader.project(private=True)
    file = await uploader.upload(project)
    assert file["private"] is True
    await adilo.put(f"/projects/{project}", json={"private": False})
    assert (await adilo.get(f"/files/{file['id']}")).json()["payload"]["private"] is False


async def test_deleting_a_project_says_what_goes(adilo: httpx.AsyncClient, uploader: Uploader) -> None:
    project = await uploader.project()
    files = [await uploader.upload(project) for _ in range(2)]
    inside = await folder(adilo, project)
    answer = (await adilo.delete(f"/projects/{project}")).json()
    assert answer["payload"] == {"id": project, "files": 2}
    assert "2" in answer["message"]
    for path in (f"/files/{files[0]['id']}", f"/folders/{inside['id']}", f"/projects/{project}"):
        refused(await adilo.get(path), 403)
    refused(await adilo.delete(f"/projects/{project}"), 403)
    assert (await adilo.get("/projects")).json()["payload"] == []


async def test_projects_are_searched(house: House, adilo: httpx.AsyncClient, uploader: Uploader) -> None:
    for title, description in (("Harbour", "evening"), ("Été", None), ("Harvest", "")):
        await uploader.project(title=title, description=description)
        house.advance(seconds=1)
    found = (await adilo.get("/projects/search/har")).json()
    assert ([each["title"] for each in found["payload"]], found["meta"]["total"]) == (["Harbour", "Harvest"], 2)
    assert [each["title"] for each in (await adilo.get("/projects/search/ete")).json()["payload"]] == ["Été"]
    second = (await adilo.get("/projects/search/har", params={"From": 2, "To": 5})).json()
    assert [each["title"] for each in second["payload"]] == ["Harvest"]
    past = (await adilo.get("/projects/search/har", params={"From": 9})).json()
    assert (past["payload"], past["meta"]["total"]) == ([], 2)
    for odd in ("%25", "a%2Fb", "%22", "%20"):
        assert (await adilo.get(f"/projects/search/{odd}")).json()["payload"] == []
    refused(await adilo.get("/projects/search/har", params={"From": "x"}), 422)


async def test_folders_nest_move_and_end(house: House, adilo: httpx.AsyncClient, uploader: Uploader) -> None:
    first, second = await uploader.project(), await uploader.project(title="Second")
    top = await folder(adilo, first)
    house.advance(seconds=1)
    inner = await folder(adilo, first, name="inner", parent_id=top["id"])
    assert (inner["parent_id"], inner["folder_id"], inner["name"]) == (top["id"], inner["id"], "inner")
    file = await uploader.upload(first, folder_id=inner["id"])
    listed = (await adilo.get(f"/projects/{first}/folders")).json()
    assert ([each["id"] for each in listed["payload"]], listed["meta"]["total"]) == ([top["id"], inner["id"]], 2)
    past = await adilo.get(f"/projects/{first}/folders", params={"From": 3})
    assert past.json()["payload"] == []

    renamed = (await adilo.put(f"/folders/{inner['id']}", data={"Name": "renamed"})).json()["payload"]
    assert (renamed["name"], renamed["parent_id"]) == ("renamed", top["id"])
    refused(await adilo.put(f"/folders/{top['id']}", json={"parent_id": inner["id"]}), 422)
    refused(await adilo.put(f"/folders/{top['id']}", json={"project_id": UNKNOWN}), 422)

    moved = (await adilo.put(f"/folders/{inner['id']}", json={"project_id": second})).json()["payload"]
    assert (moved["project_id"], moved["parent_id"]) == (second, None)
    followed = (await adilo.get(f"/files/{file['id']}")).json()["payload"]
    assert (followed["project_id"], followed["folder_id"]) == (second, inner["id"])
    back = await adilo.put(f"/folders/{inner['id']}", json={"project_id": first, "parent_id": top["id"]})
    assert back.json()["payload"]["parent_id"] == top["id"]

    assert (await adilo.delete(f"/folders/{top['id']}")).json()["payload"]["id"] == top["id"]
    for path in (f"/folders/{top['id']}", f"/folders/{inner['id']}", f"/files/{file['id']}"):
        refused(await adilo.get(path), 403)
    refused(await adilo.delete(f"/folders/{top['id']}"), 403)
    assert (await adilo.get(f"/projects/{first}/files")).json()["payload"] == []


async def test_folders_need_a_name_and_a_project(adilo: httpx.AsyncClient, uploader: Uploader) -> None:
    project, other = await uploader.project(), await uploader.project()
    elsewhere = await folder(adilo, other)
    for body in ({}, {"name": ""}, {"name": "x"}, {"project_id": project}):
        refused(await adilo.post("/folders", json=body), 422)
    for place in ({"project_id": UNKNOWN}, {"project_id": project, "parent_id": elsewhere["id"]}, {"project_id": "x"}):
        refused(await adilo.post("/folders", json={"name": "x", **place}), 404)
    refused(await adilo.get(f"/projects/{UNKNOWN}/folders"), 403)


async def test_a_file_is_updated_in_one_put(adilo: httpx.AsyncClient, uploader: Uploader, house: House) -> None:
    file = await uploader.upload(await uploader.project())
    path = f"/files/{file['id']}/update"
    about = {
        "filename": "new.mp4", "filesize": 12, "duration_seconds": 3, "duration_string": "00:00:03",
        "mime_type": "video/mp4", "drm_protection": False,
    }  # fmt: skip
    refused(await adilo.put(f"{path}/complete"), 422)
    for name in about:
        less = {key: str(value).lower() for key, value in about.items() if key != name}
        refused(await adilo.get(f"{path}/get-signed-url", params=less), 422)
    refused(await adilo.get(f"/files/{UNKNOWN}/update/get-signed-url", params={"filesize": "x"}), 403)
    given_up = (await adilo.request("GET", f"{path}/get-signed-url", json=about)).json()["payload"]
    house.advance(seconds=1)
    query = {key: str(value).lower() for key, value in about.items()} | {"clear_statistics": "true"}
    signed = (await adilo.get(f"{path}/get-signed-url", params=query)).json()["payload"]
    assert signed["method"] == "PUT"
    refused(await adilo.put(f"{path}/complete"), 422)  # nothing was PUT yet
    assert (await house.client.put(given_up["url"], content=b"twelve bytes")).status_code != 200
    assert (await house.client.put(signed["url"], content=b"more than twelve")).status_code != 200
    assert (await house.client.put(signed["url"], content=b"twelve bytes")).status_code == 200
    answer = await adilo.put(f"{path}/complete")
    assert answer.status_code == 200, answer.text
    done = answer.json()["payload"]
    assert (done["id"], done["status"]) == (file["id"], "processing")
    assert (await adilo.put(f"{path}/complete")).status_code == 200
    refused(await adilo.put(f"/files/{UNKNOWN}/update/complete"), 403)
