"""Adilo's files over HTTP: upload in three steps through signed URLs, list, meta, downloads, delete."""

import re
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from framehouse.kernel import VideoId, from_base64url
from tests.dialects.house import BASE, House, assert_shape, facts

FACTS = facts("adilo")


class Uploader:
    """Does what a client does, one step at a time."""

    def __init__(self, house: House, adilo: httpx.AsyncClient) -> None:
        self.house = house
        self.api = adilo

    async def project(self, **fields: Any) -> str:
        return (await self.api.post("/projects", json={"title": "Talks", **fields})).json()["payload"]["id"]

    async def start(self, project: str, **fields: Any) -> dict[str, str]:
        answer = await self.api.post(
            "/files/upload/start", json={**FACTS["upload_start"], "project_id": project, **fields}
        )
        assert answer.status_code == 200, answer.text
        return answer.json()["payload"]

    async def sign(self, upload: dict[str, str], number: int, **query: str) -> httpx.Response:
        path = f"/files/upload/get-signed-url/{upload['uploadId']}/{number}"
        return await self.api.get(path, params={"key": upload["key"], **query})

    async def put(self, upload: dict[str, str], number: int, data: bytes) -> dict[str, Any]:
        signed = (await self.sign(upload, number)).json()["payload"]
        assert signed["method"] == "PUT"
        stored = await self.house.client.put(signed["url"], content=data, headers=self.house.keys("adilo"))
        assert stored.status_code == 200, stored.text
        return {"PartNumber": number, "ETag": stored.headers["etag"]}

    async def complete(self, upload: dict[str, str], parts: list[dict[str, Any]]) -> httpx.Response:
        body = {"key": upload["key"], "uploadId": upload["uploadId"], "parts": parts}
        return await self.api.post("/files/upload/complete", json=body)

    async def upload(self, project: str, data: bytes = b"ten bytes.", **fields: Any) -> dict[str, Any]:
        upload = await self.start(project, filesize=len(data), **fields)
        answer = await self.complete(upload, [await self.put(upload, 1, data)])
        assert answer.status_code == 200, answer.text
        return answer.json()["payload"]


@pytest.fixture
def uploader(house: House, adilo: httpx.AsyncClient) -> Uploader:
    return Uploader(house, adilo)


def number(file: dict[str, Any]) -> VideoId:
    found = from_base64url(file["id"])
    assert found is not None
    return VideoId(found)


async def test_three_steps(uploader: Uploader, house: House, adilo: httpx.AsyncClient) -> None:
    project = await uploader.project()
    upload = await uploader.start(project, filesize=15.0, title="A talk")
    parts = [
        await uploader.put(upload, 7, b"world"),
        await uploader.put(upload, 2, b"a whole "),
        await uploader.put(upload, 9, b".."),
    ]
    answer = await uploader.complete(upload, sorted(parts, key=lambda part: part["PartNumber"]))
    file = answer.json()["payload"]
    assert_shape(file, FACTS["file"])
    assert re.match(FACTS["id"], file["id"])
    assert file["id"] == file["file_id"] == file["fileId"]
    assert (file["name"], file["type"], file["filesize"], file["project_id"]) == ("A talk", "video", 15, project)
    assert (await uploader.complete(upload, parts)).json() == answer.json()
    assert (await adilo.get(f"/files/{file['id']}")).json()["payload"] == file
    downloads = (await adilo.get(f"/files/{file['id']}/download")).json()["payload"]
    assert (await house.client.get(downloads[0]["url"])).content == b"a whole world.."


async def test_steps_by_form_and_in_other_spellings(uploader: Uploader, adilo: httpx.AsyncClient) -> None:
    fields = {**FACTS["upload_start"], "project_id": "", "PROJECTID": await uploader.project(), "drm_protection": "0"}
    del fields["project_id"]
    upload = (await adilo.post("/files/upload/start", data=fields)).json()["payload"]
    part = await uploader.put(upload, 1, b"ten bytes.")
    form = {
        "KEY": upload["key"],
        "upload_id": upload["uploadId"],
        "parts[0][partnumber]": "1",
        "parts[0][etag]": part["ETag"].strip('"'),
        "projectId": "redundant",
    }
    answer = await adilo.post("/files/upload/complete", data=form)
    assert answer.status_code == 200, answer.text


async def test_signed_urls_lead_back_the_callers_way(uploader: Uploader, house: House) -> None:
    upload = await uploader.start(await uploader.project())
    url = (await uploader.sign(upload, 1)).json()["payload"]["url"]
    assert url.startswith(f"{BASE}/storage/")
    elsewhere = {"host": "media.example:8443"}
    path = f"/files/upload/get-signed-url/{upload['uploadId']}/1"
    other = await uploader.api.get(path, params={"KEY": upload["key"]}, headers=elsewhere)
    assert urlsplit(other.json()["payload"]["url"]).netloc == "media.example:8443"
    preflight = await house.client.options(
        url, headers={"origin": "https://app.example", "access-control-request-method": "PUT"}
    )
    assert preflight.status_code in (200, 204)


async def test_audio_and_meta(uploader: Uploader, house: House, adilo: httpx.AsyncClient) -> None:
    file = await uploader.upload(await uploader.project(), filename="song.mp3", mime_type="audio/mp3")
    assert file["type"] == "audio"
    await house.inspected(number(file), None, None)
    meta = (await adilo.get(f"/files/{file['id']}/meta")).json()["payload"]
    assert re.match(FACTS["upload_date"], meta["upload_date"])
    assert (meta["title"], meta["type"], meta["duration_formatted"]) == ("song.mp3", "audio", "00:01:03")


async def test_downloads_per_quality(uploader: Uploader, house: House, adilo: httpx.AsyncClient) -> None:
    file = await uploader.upload(await uploader.project())
    await house.completed(number(file), 360, 1080, 720)
    downloads = (await adilo.get(f"/files/{file['id']}/download")).json()["payload"]
    assert [each["quality"] for each in downloads] == ["1080p", "720p", "360p", "original"]
    assert downloads[0]["url"].endswith("/download/1080p.mp4")


async def test_files_of_a_project(uploader: Uploader, house: House, adilo: httpx.AsyncClient) -> None:
    project, other = await uploader.project(), await uploader.project()
    for name in ("c.mp4", "a.mp4", "b.mp4"):
        await uploader.upload(project, filename=name)
        house.advance(seconds=1)
    await uploader.upload(other)

    async def names(query: str) -> list[str]:
        answer = (await adilo.get(f"/projects/{project}/files?{query}")).json()
        assert answer["meta"]["total"] == 3
        return [file["name"] for file in answer["payload"]]

    assert await names("") == ["c.mp4", "a.mp4", "b.mp4"]
    assert await names("From=2&To=1") == ["a.mp4"]
    assert await names("From=4") == []


async def test_privacy_and_protection_of_the_project(uploader: Uploader) -> None:
    file = await uploader.upload(await uploader.project(private=True, drm=True))
    assert (file["private"], file["drm_protection"]) == (True, True)


async def test_deleting(uploader: Uploader, adilo: httpx.AsyncClient) -> None:
    project = await uploader.project()
    file = await uploader.upload(project)
    assert (await adilo.delete(f"/files/{file['id']}/")).status_code == 200
    for answer in (await adilo.get(f"/files/{file['id']}"), await adilo.delete(f"/files/{file['id']}")):
        assert (answer.status_code, answer.json()["status"]) == (403, "error")
    assert (await adilo.get(f"/projects/{project}/files")).json()["payload"] == []


@pytest.mark.parametrize("missing", sorted({*FACTS["upload_start"], "project_id"}))
async def test_start_needs_every_documented_field(uploader: Uploader, adilo: httpx.AsyncClient, missing: str) -> None:
    fields = {**FACTS["upload_start"], "project_id": await uploader.project()}
    del fields[missing]
    answer = await adilo.post("/files/upload/start", json=fields)
    assert (answer.status_code, answer.json()["errors"]) == (422, {missing: "is missing"})


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        ("filesize", 0, 422),
        ("filesize", -1, 422),
        ("filesize", 1.5, 422),
        ("filesize", "x", 422),
        ("filesize", 1e300, 422),
        ("filesize", 2**50, 403),
        ("duration_seconds", -1, 422),
        ("duration_seconds", "x", 422),
        ("drm_protection", "perhaps", 422),
        ("filename", "", 422),
        ("filename", "a\0b", 422),
        ("mime_type", "", 422),
        ("project_id", "AAAAAAAB", 403),
        ("project_id", "?", 403),
        ("folder_id", "AAAAAAAB", 403),
        ("folder_id", "?", 403),
    ],
)
async def test_wrong_starts(
    uploader: Uploader, adilo: httpx.AsyncClient, field: str, value: object, status: int
) -> None:
    fields = {**FACTS["upload_start"], "project_id": await uploader.project(), field: value}
    answer = await adilo.post("/files/upload/start", json=fields)
    assert answer.status_code == status, answer.text


async def test_wrong_parts_can_be_corrected(uploader: Uploader) -> None:
    upload = await uploader.start(await uploader.project())
    one, two = await uploader.put(upload, 1, b"ten "), await uploader.put(upload, 2, b"bytes.")
    wrong: list[list[Any]] = [
        [],
        [one],
        [two, one],
        [one, one],
        [one, {**two, "ETag": "0" * 32}],
        [one, {**two, "PartNumber": 3}],
        [one, {**two, "PartNumber": 10_001}],
        [one, {"PartNumber": 2}],
        ["x"],
    ]
    for parts in wrong:
        answer = await uploader.complete(upload, parts)
        assert (answer.status_code, answer.json()["status"]) == (422, "error"), parts
    assert (await uploader.complete(upload, [one, two])).status_code == 200


async def test_keys_and_numbers_are_checked(uploader: Uploader) -> None:
    project = await uploader.project()
    upload, other = await uploader.start(project), await uploader.start(project)
    assert (await uploader.sign({**upload, "key": other["key"]}, 1)).status_code == 403
    assert (await uploader.sign(upload, 0)).status_code == 422
    assert (await uploader.sign(upload, 10_001)).status_code == 422
    path = f"/files/upload/get-signed-url/{upload['uploadId']}"
    assert (await uploader.api.get(f"{path}/1")).status_code == 422
    assert (await uploader.api.get(f"{path}/x?key={upload['key']}")).status_code == 422
    part = await uploader.put(upload, 1, b"ten bytes.")
    assert (await uploader.complete({**upload, "key": other["key"]}, [part])).status_code == 403
    assert (await uploader.complete({**upload, "uploadId": other["uploadId"]}, [part])).status_code == 403


async def test_the_declared_size_is_held(uploader: Uploader, house: House) -> None:
    upload = await uploader.start(await uploader.project())
    url = (await uploader.sign(upload, 1)).json()["payload"]["url"]
    assert (await house.client.put(url, content=b"x" * 11)).status_code == 413
    parts = [await uploader.put(upload, 1, b"x" * 8), await uploader.put(upload, 2, b"x" * 8)]
    assert (await uploader.complete(upload, parts)).status_code == 422


async def test_an_expired_upload(uploader: Uploader, house: House) -> None:
    upload = await uploader.start(await uploader.project())
    part = await uploader.put(upload, 1, b"ten bytes.")
    house.advance(seconds=house.settings.upload_expires_s + 1)
    assert (await uploader.complete(upload, [part])).status_code == 422
    assert (await uploader.sign(upload, 2)).status_code == 422


async def test_over_the_quota(uploader: Uploader, house: House) -> None:
    project = await uploader.project()
    await house.change_tenant(storage_quota_bytes=5)
    answer = await uploader.api.post("/files/upload/start", json={**FACTS["upload_start"], "project_id": project})
    assert (answer.status_code, answer.json()["status"]) == (403, "error")
