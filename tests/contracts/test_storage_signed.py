"""URLs that carry their own permission, asked over real HTTP: S3 itself, or the edge over the file system."""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import httpx
import pytest

from framehouse.infra.storage import (
    BadSignature,
    SignedObject,
    SignedPart,
    UrlExpired,
    UrlSigner,
    attachment,
    read_signed_request,
)
from framehouse.kernel import FakeClock
from framehouse.kernel.errors import InvalidInput
from tests.contracts.storages import MIB, PART, SIGNER, md5, whole

KEY = "uploads/film.mp4"


@pytest.fixture
async def http():
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        yield client


async def test_parts_put_to_signed_urls(storage, http):
    upload = await storage.start_multipart(KEY, part_size_bytes=PART)
    datas = {1: os.urandom(PART), 2: os.urandom(1234)}
    parts = []
    for number, data in datas.items():
        url = await storage.sign_part_url(KEY, upload, number, expires_s=60)
        answer = await http.put(url, content=data)
        assert answer.status_code == 200
        assert answer.headers["etag"] == f'"{md5(data)}"'
        parts.append((number, answer.headers["etag"]))
    await storage.complete_multipart(KEY, upload, parts)
    assert await whole(storage, KEY) == datas[1] + datas[2]


async def test_objects_got_from_signed_urls(storage, http):
    await storage.put(KEY, b"the film")
    plain = await http.get(await storage.sign_get_url(KEY, expires_s=60))
    assert (plain.status_code, plain.content) == (200, b"the film")
    name = 'Žluťoučký "kůň" 映画/1.mp4'
    url = await storage.sign_get_url(KEY, expires_s=60, filename=name, content_type="video/mp4")
    named = await http.get(url)
    assert named.content == b"the film"
    assert named.headers["content-type"].startswith("video/mp4")
    disposition = named.headers["content-disposition"]
    assert disposition.startswith('attachment; filename="')
    assert unquote(disposition.partition("filename*=UTF-8''")[2]) == "Žluťoučký kůň 映画1.mp4"


async def test_expired_and_forged_urls_are_refused(storage, http):
    await storage.put(KEY, b"the film")
    await storage.put("uploads/other.mp4", b"another")
    upload = await storage.start_multipart(KEY, part_size_bytes=PART)
    put_url = await storage.sign_part_url(KEY, upload, 1, expires_s=60)
    get_url = await storage.sign_get_url(KEY, expires_s=60, filename="film.mp4")
    forged = [
        ("PUT", put_url.replace("film.mp4", "other.mp4")),
        ("PUT", put_url.replace("part=1", "part=2").replace("partNumber=1", "partNumber=2")),
        ("PUT", get_url),
        ("GET", put_url),
        ("GET", get_url.replace("film.mp4", "other.mp4", 1)),
        ("GET", get_url.partition("?")[0]),
        ("GET", get_url + "&filename=x"),
        ("GET", get_url[:-1] + ("0" if get_url[-1] != "0" else "1")),
    ]
    for method, url in forged:
        answer = await http.request(method, url, content=b"x" if method == "PUT" else None)
        assert answer.status_code in (400, 403, 405), (method, url, answer.status_code)
    short = await storage.sign_get_url(KEY, expires_s=2)
    assert (await http.get(short)).status_code == 200
    await asyncio.sleep(3.2)  # the server's own clock decides, and it counts whole seconds
    assert (await http.get(short)).status_code == 403
    assert await storage.list_parts(KEY, upload) == []


@pytest.mark.parametrize("storage_url", ["files"], indirect=True)
async def test_a_url_bounds_its_part(storage, http):
    upload = await storage.start_multipart(KEY)
    url = await storage.sign_part_url(KEY, upload, 1, expires_s=60, size_limit_bytes=MIB)

    async def unknown_length():
        for _ in range(3):
            yield bytes(MIB)

    assert (await http.put(url, content=bytes(MIB + 1))).status_code == 413
    assert (await http.put(url, content=unknown_length())).status_code == 413
    assert (await http.put(url.replace(str(MIB), str(9 * MIB)), content=b"x")).status_code == 403
    assert await storage.list_parts(KEY, upload) == []
    assert (await http.put(url, content=bytes(MIB))).status_code == 200


async def test_a_connection_cut_in_a_part(storage):
    upload = await storage.start_multipart(KEY, part_size_bytes=PART)
    url = httpx.URL(await storage.sign_part_url(KEY, upload, 1, expires_s=60))
    _, writer = await asyncio.open_connection(url.host, url.port)
    target = url.raw_path.decode()
    writer.write(f"PUT {target} HTTP/1.1\r\nHost: {url.netloc.decode()}\r\nContent-Length: {PART}\r\n\r\n".encode())
    writer.write(bytes(MIB))
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert await storage.list_parts(KEY, upload) == []
    assert await storage.stat(KEY) is None


def test_the_signer_refuses_what_it_did_not_sign():
    clock = FakeClock(datetime(2026, 5, 1, 12, tzinfo=UTC))
    path, expires_at = "/storage/a/b.mp4", clock.now() + timedelta(seconds=60)
    query = SIGNER.sign("GET", path, expires_at, filename="ä & b=c.mp4")
    assert SIGNER.verify("GET", path, query, clock.now()) == {"filename": "ä & b=c.mp4"}
    assert SIGNER.verify("HEAD", path, query, clock.now()) == {"filename": "ä & b=c.mp4"}
    other = UrlSigner(b"another secret of the tests")
    wrong = [("PUT", path, query), ("GET", path + "x", query), ("GET", path, ""), ("GET", path, "signature=x")]
    wrong += [("GET", path, query + "&x=1"), ("GET", path, query + "&filename=x"), ("GET", path, query.upper())]
    wrong += [("GET", path, other.sign("GET", path, expires_at))]
    for method, asked, given in wrong:
        with pytest.raises(BadSignature):
            SIGNER.verify(method, asked, given, clock.now())
    clock.advance(timedelta(seconds=60))
    with pytest.raises(UrlExpired):
        SIGNER.verify("GET", path, query, clock.now())
    with pytest.raises(InvalidInput):
        UrlSigner(b"short")


def test_reading_signed_requests():
    now = datetime(2026, 5, 1, 12, tzinfo=UTC)
    path, later = "/storage/a/b.mp4", now + timedelta(hours=1)
    put = SIGNER.sign("PUT", path, later, multipart="abc", part=7, size_limit=99)
    assert read_signed_request(SIGNER, "PUT", path, put, now) == SignedPart("a/b.mp4", "abc", 7, 99)
    get = SIGNER.sign("GET", path, later, content_type="video/mp4")
    assert read_signed_request(SIGNER, "HEAD", path, get, now) == SignedObject("a/b.mp4", None, "video/mp4")
    unfit = [
        ("GET", path, SIGNER.sign("GET", path, later, multipart="abc")),
        ("PUT", path, SIGNER.sign("PUT", path, later)),
    ]
    unfit += [("DELETE", path, SIGNER.sign("DELETE", path, later)), ("GET", "/x", SIGNER.sign("GET", "/x", later))]
    for method, asked, query in unfit:
        with pytest.raises(BadSignature):
            read_signed_request(SIGNER, method, asked, query, now)


def test_a_download_name_cannot_break_out_of_its_header():
    assert (
        attachment('a"\r\nSet-Cookie: x/../b')
        == "attachment; filename=\"aSet-Cookie: x..b\"; filename*=UTF-8''aSet-Cookie%3A%20x..b"
    )
    assert attachment("") == "attachment; filename=\"download\"; filename*=UTF-8''download"
