"""Signed storage URLs as upload clients use them: PUT of parts from anywhere, and nothing without a signature."""

import errno
import hashlib
from base64 import b64encode
from collections.abc import AsyncIterator

import pytest
from starlette.requests import ClientDisconnect

from framehouse.infra.storage import durable
from tests.edge.house import BASE, House

KEY = "uploads/film.mp4"
PART = b"0123456789" * 1000


async def started(house: House, *, size_limit_bytes: int | None = len(PART), number: int = 1) -> tuple[str, str]:
    """An open upload and the URL of one of its parts."""
    upload = await house.library.storage.start_multipart(KEY, part_size_bytes=len(PART))
    url = await house.library.storage.sign_part_url(
        KEY, upload, number, expires_s=600, size_limit_bytes=size_limit_bytes
    )
    assert url.startswith(BASE + "/storage/")
    return upload, url


async def test_an_upload_in_parts(house: House) -> None:
    upload, url = await started(house)
    # Clients send their API credentials along; they are nobody's business here.
    headers = {"authorization": "Basic eDp5", "content-type": "text/plain"}
    answer = await house.client.put(url, content=PART, headers=headers)
    tag = hashlib.md5(PART).hexdigest()
    assert (answer.status_code, answer.headers["etag"]) == (200, f'"{tag}"')
    assert "ETag" in answer.headers["access-control-expose-headers"]
    assert answer.headers["access-control-allow-origin"] == "*"
    await house.library.storage.complete_multipart(KEY, upload, [(1, answer.headers["etag"])])
    read = await house.library.storage.sign_get_url(KEY, expires_s=60, filename="Fílm.mp4", content_type="video/mp4")
    got = await house.client.get(read, headers={"range": "bytes=10-19"})
    assert (got.status_code, got.content, got.headers["content-type"]) == (206, PART[10:20], "video/mp4")
    assert "filename*=UTF-8''F%C3%ADlm.mp4" in got.headers["content-disposition"]
    assert (await house.client.head(read)).headers["content-length"] == str(len(PART))


async def test_a_part_may_be_sent_again_and_without_a_length(house: House) -> None:
    upload, url = await started(house)

    async def chunks() -> AsyncIterator[bytes]:
        yield PART[:3000]
        yield PART[3000:]

    assert (await house.client.put(url, content=b"old")).status_code == 200
    assert (await house.client.put(url, content=chunks())).status_code == 200
    parts = await house.library.storage.list_parts(KEY, upload)
    assert [(part.number, part.size_bytes) for part in parts] == [(1, len(PART))]


async def test_preflight_allows_what_is_asked_for(house: House) -> None:
    _, url = await started(house)
    headers = {
        "origin": "https://other.example",
        "access-control-request-method": "PUT",
        "access-control-request-headers": "authorization,content-type,x-api-key",
    }
    answer = await house.client.options(url, headers=headers)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-headers"] == "authorization,content-type,x-api-key"
    assert "PUT" in answer.headers["access-control-allow-methods"]
    assert answer.headers["access-control-allow-origin"] == "*"


async def test_what_is_refused_and_how(house: House) -> None:
    upload, url = await started(house)

    async def check(target: str, status: int, code: str, method: str = "PUT", **request: object) -> None:
        answer = await house.client.request(method, target, **{"content": b"x", **request})  # type: ignore[arg-type]
        assert (answer.status_code, f"<Code>{code}</Code>" in answer.text) == (status, True), answer.text
        assert answer.headers["content-type"].startswith("application/xml")
        assert answer.headers["access-control-allow-origin"] == "*"

    await check(url, 413, "EntityTooLarge", content=PART + b"x")
    await check(url.replace("part=1", "part=2"), 403, "SignatureDoesNotMatch")
    await check(url.replace("size_limit=10000", "size_limit=99999"), 403, "SignatureDoesNotMatch")
    await check(url.replace("film", "other"), 403, "SignatureDoesNotMatch")
    await check(url.replace("uploads/film", "uploads/..%2ffilm"), 403, "SignatureDoesNotMatch")
    await check(url + "&x=1", 403, "SignatureDoesNotMatch")
    await check(url.split("?")[0], 403, "SignatureDoesNotMatch")
    await check(url, 403, "SignatureDoesNotMatch", method="GET")
    await check(url, 400, "InvalidRequest", headers={"content-md5": b64encode(b"0" * 16).decode()})
    await check(url, 400, "InvalidRequest", headers={"content-md5": "?"})
    assert await house.library.storage.list_parts(KEY, upload) == []
    await house.library.storage.abort_multipart(KEY, upload)
    await check(url, 404, "NoSuchUpload")
    house.advance(seconds=600)
    await check(url, 403, "AccessDenied")


async def test_too_many_bytes_without_a_length_are_noticed_while_they_come(house: House) -> None:
    upload, url = await started(house)
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(1000):
            sent += 1_000_000
            yield bytes(1_000_000)

    assert (await house.client.put(url, content=endless())).status_code == 413
    assert sent < 10_000_000
    assert await house.library.storage.list_parts(KEY, upload) == []


async def test_a_full_disk_is_507(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    _, url = await started(house)
    monkeypatch.setattr(durable, "write_at", full)  # a full disk cannot be had without root
    answer = await house.client.put(url, content=PART)
    assert (answer.status_code, "InsufficientStorage" in answer.text) == (507, True)


async def test_a_cut_connection_leaves_the_earlier_part(house: House) -> None:
    upload, url = await started(house)
    assert (await house.client.put(url, content=PART)).status_code == 200

    async def cut() -> AsyncIterator[bytes]:
        yield b"x" * 500
        raise ClientDisconnect

    assert (await house.client.put(url, content=cut())).status_code == 400
    parts = await house.library.storage.list_parts(KEY, upload)
    assert [part.etag for part in parts] == [hashlib.md5(PART).hexdigest()]


async def test_a_missing_object_is_not_found(house: House) -> None:
    url = await house.library.storage.sign_get_url("uploads/none", expires_s=60)
    assert (await house.client.get(url)).status_code == 404
