"""An upload as the browser does it: parts to signed URLs of the page's own origin, resumed, completed, given up."""

from datetime import timedelta

import httpx

from framehouse.identity import TenantChanges
from tests.console.conftest import House

UPLOADS = "/console/api/uploads"


async def start(client: httpx.AsyncClient, size_bytes: int = 10) -> str:
    answer = await client.post(UPLOADS, json={"file_name": "boats.mov", "size_bytes": size_bytes})
    assert answer.status_code == 201, answer.text
    assert answer.json()["partSizeBytes"] == 16 * 1024 * 1024
    assert answer.json()["parts"] == []
    return f"{UPLOADS}/{answer.json()['id']}"


async def put(client: httpx.AsyncClient, upload: str, number: int, data: bytes) -> httpx.Response:
    signed = (await client.post(f"{upload}/parts/{number}")).json()["url"]
    assert signed.startswith("/storage/"), "the page may only connect to its own origin"
    return await client.put(signed, content=data)


async def test_parts_out_of_order_become_a_video(house: House) -> None:
    client = await house.signed_in()
    upload = await start(client)
    second = await put(client, upload, 2, b"world")
    assert second.status_code == 200, second.text
    listed = (await client.get(upload)).json()["parts"]
    assert listed == [{"number": 2, "sizeBytes": 5, "etag": second.headers["etag"].strip('"')}]
    first = await put(client, upload, 1, b"hello")
    parts = [{"number": n, "etag": answer.headers["etag"].strip('"')} for n, answer in ((1, first), (2, second))]
    done = await client.post(f"{upload}/complete", json={"parts": parts})
    assert done.status_code == 201, done.text
    assert (done.json()["title"], done.json()["sizeBytes"], done.json()["state"]) == ("boats", 10, "received")
    again = await client.post(f"{upload}/complete", json={"parts": []})
    assert again.json()["id"] == done.json()["id"], "a repeated request makes no second video"
    ended = (await client.get(upload)).json()
    assert (ended["state"], ended["parts"]) == ("completed", [])
    assert (await client.get("/console/api/videos")).json()["total"] == 1


async def test_what_is_missing_is_said_and_nothing_is_lost(house: House) -> None:
    client = await house.signed_in()
    upload = await start(client)
    etag = (await put(client, upload, 1, b"hello")).headers["etag"].strip('"')
    short = await client.post(f"{upload}/complete", json={"parts": [{"number": 1, "etag": etag}]})
    assert short.status_code == 422
    assert "5 bytes of the 10" in short.json()["error"]
    wrong = await client.post(f"{upload}/complete", json={"parts": [{"number": 1, "etag": "0" * 32}]})
    assert wrong.status_code == 422
    rest = (await put(client, upload, 2, b"world")).headers["etag"].strip('"')
    parts = [{"number": 1, "etag": etag}, {"number": 2, "etag": rest}]
    assert (await client.post(f"{upload}/complete", json={"parts": parts})).status_code == 201


async def test_more_than_was_declared_is_refused(house: House) -> None:
    client = await house.signed_in()
    upload = await start(client, 4)
    assert (await put(client, upload, 1, b"hello")).status_code == 413
    assert (await client.get(upload)).json()["parts"] == []


async def test_giving_up(house: House) -> None:
    client = await house.signed_in()
    upload = await start(client)
    await put(client, upload, 1, b"hello")
    assert (await client.delete(upload)).status_code == 204
    assert (await client.get(upload)).json()["state"] == "aborted"
    assert (await client.post(f"{upload}/parts/1")).status_code == 409
    assert (await client.get("/console/api/videos")).json()["total"] == 0


async def test_an_expired_upload_says_so(house: House) -> None:
    client = await house.signed_in()
    upload = await start(client)
    house.clock.advance(timedelta(days=7, seconds=1))
    answer = await client.post(f"{upload}/parts/1")
    assert (answer.status_code, answer.json()["error"]) == (409, "the upload has ended: start a new one")


async def test_the_quota_and_the_default_privacy_count(house: House) -> None:
    client = await house.signed_in()
    changes = TenantChanges(storage_quota_bytes=10, default_privacy="private")
    await house.services.identity.update_tenant(house.tenants["studio"], changes)
    refused = await client.post(UPLOADS, json={"file_name": "a.mp4", "size_bytes": 11})
    assert refused.status_code == 413
    assert "quota" in refused.json()["error"]
    upload = await start(client, 5)
    etag = (await put(client, upload, 1, b"hello")).headers["etag"].strip('"')
    done = await client.post(f"{upload}/complete", json={"parts": [{"number": 1, "etag": etag}]})
    assert done.json()["privacy"] == "private"


async def test_an_empty_or_nameless_file_is_refused(house: House) -> None:
    client = await house.signed_in()
    for body in ({"file_name": "a.mp4", "size_bytes": 0}, {"file_name": " ", "size_bytes": 1}):
        assert (await client.post(UPLOADS, json=body)).status_code == 422
