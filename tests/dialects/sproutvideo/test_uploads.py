"""Direct uploads: fields before and after the file, broken forms, cut connections, limits; nothing is left over."""

import tracemalloc
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.types import Message

from tests.dialects.house import FORM, House, form, in_pieces

FILE = ("source_video", b"the bytes", "film.mp4")


async def send(sprout: httpx.AsyncClient, *parts: Any, **more: Any) -> httpx.Response:
    return await sprout.post("/videos", content=form(*parts), headers=more.pop("headers", FORM), **more)


async def assert_nothing_left(house: House, sprout: httpx.AsyncClient) -> None:
    assert (await sprout.get("/videos")).json()["total"] == 0
    assert house.files() == []


async def test_fields_before_the_file(house: House, sprout: httpx.AsyncClient) -> None:
    fields = [
        ("title", "Ein Film"), ("description", "d"), ("privacy", "1"), ("password", "secret"),
        ("prefers_embed_password", "true"), ("tag_names[]", "a"), ("tag_names[]", "b"),
        ("notification_url", "https://example.com/hook"), ("unknown", "x"),
    ]  # fmt: skip
    video = (await send(sprout, *fields, FILE)).json()
    assert (video["title"], video["description"], video["privacy"], video["password"]) == ("Ein Film", "d", 1, "secret")
    assert video["prefers_embed_password"] is True
    assert len(video["tags"]) == 2
    assert (await house.stored(video["id"])).notification_url == "https://example.com/hook"


async def test_fields_after_the_file(house: House, sprout: httpx.AsyncClient) -> None:
    fields = [("title", "Ein Film"), ("privacy", "1"), ("password", "secret"), ("tag_names", "a")]
    video = (await send(sprout, FILE, *fields)).json()
    assert (video["title"], video["privacy"], video["password"], len(video["tags"])) == ("Ein Film", 1, "secret", 1)
    divided = (
        await send(sprout, ("privacy", "1"), ("tag_names[]", "a"), FILE, ("password", "secret"), ("tag_names[]", "b"))
    ).json()
    assert (divided["privacy"], divided["password"], len(divided["tags"])) == (1, "secret", 2)
    assert divided == (await sprout.get(f"/videos/{divided['id']}")).json()


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("new upload.mov", "new upload.mov"),
        ("C:\\films\\a.mp4", "a.mp4"),
        ("../../etc/b.mp4", "b.mp4"),
        ("Äpfel 🍎.MP4", "Äpfel 🍎.MP4"),
        ("film", "film"),
        ("/", "video"),
        ('a"b.mp4', 'a"b.mp4'),
    ],
)
async def test_the_title_is_the_files_name(sprout: httpx.AsyncClient, name: str, title: str) -> None:
    video = (await send(sprout, ("source_video", b"x", name), ("title", " "))).json()
    assert video["title"] == title


async def test_an_encoded_file_name(sprout: httpx.AsyncClient) -> None:
    body = form(FILE).replace(b'filename="film.mp4"', b"filename*=UTF-8''%C3%84pfel.mp4")
    assert (await sprout.post("/videos", content=body, headers=FORM)).json()["title"] == "Äpfel.mp4"


@pytest.mark.parametrize("size", [1, 2, 7, 64, 4096])
async def test_pieces_of_any_size(house: House, sprout: httpx.AsyncClient, size: int) -> None:
    data = b"\r\n--frontie" * 50 + b"\r\n--frontier" + b"x" + bytes(range(256)) * 3 + b"\r\n"
    body = form(("title", "a\r\nb"), ("source_video", data, "film.mp4"), ("description", "ä"))
    answer = await sprout.post("/videos", content=in_pieces(body, size), headers=FORM)
    video = answer.json()
    assert (video["title"], video["description"]) == ("a\r\nb", "ä")
    assert (await house.client.get(video["assets"]["videos"]["source"])).content == data


@pytest.mark.parametrize(
    ("parts", "status", "said"),
    [
        ([("title", "x")], 422, "no file `source_video`"),
        ([("file", b"x", "film.mp4")], 422, "a file named `file` was sent"),
        ([("source_video", "just text")], 422, "no file `source_video`"),
        ([("source_video", b"", "")], 422, "no file `source_video`"),
        ([("source_video", b"", "film.mp4")], 422, "empty"),
        ([FILE, FILE], 422, "more than one file"),
        ([FILE, ("poster", b"x", "poster.jpg")], 422, "more than one file"),
        ([FILE, ("privacy", "9")], 422, "privacy"),
        ([("privacy", "x"), FILE], 422, "privacy"),
        ([("privacy", "1"), FILE], 422, "password"),
        ([FILE, ("privacy", "1")], 422, "password"),
        ([FILE, ("folder_id", "ffffffffffff")], 404, "folder"),
        ([("notification_url", "file:///etc/passwd"), FILE], 422, "notification_url"),
        ([("folder_id", "ffffffffffff"), FILE], 404, "folder"),
        ([("folder_id", "x"), FILE], 404, "folder"),
        ([("title", "\0"), FILE], 422, "title"),
        ([FILE, ("title", "x" * 1001)], 422, "title"),
        ([("description", "x" * 1_100_000), FILE], 413, "bytes"),
        ([FILE, ("description", "x" * 1_100_000)], 413, "bytes"),
        ([*[("a", "b")] * 1000, FILE], 413, "1000 parts"),
        ([("source_video", b"x", "notes.txt")], 415, ".txt"),
    ],
)
async def test_refused_forms(house: House, sprout: httpx.AsyncClient, parts: list[Any], status: int, said: str) -> None:
    answer = await send(sprout, *parts)
    assert answer.status_code == status, answer.text
    assert said in answer.json()["error"]
    await assert_nothing_left(house, sprout)


async def test_the_supported_extensions_are_listed(sprout: httpx.AsyncClient) -> None:
    answer = await send(sprout, ("source_video", b"x", "setup.EXE"))
    extensions = answer.json()["supported_file_extensions"]
    assert answer.status_code == 415
    assert {"mp4", "mov", "mkv", "mp3", "webm"} <= set(extensions)
    assert "exe" not in extensions


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("multipart/form-data; boundary=other", form(FILE), 400),
        ("multipart/form-data", form(FILE), 400),
        ('multipart/form-data; boundary=""', form(FILE), 400),
        ("multipart/form-data; boundary=" + "x" * 500, form(FILE), 400),
        ("multipart/form-data; boundary=frontier", b"", 400),
        ("multipart/form-data; boundary=frontier", form(FILE)[:-10], 400),
        ("multipart/form-data; boundary=frontier", form(FILE)[:60], 400),
        ("multipart/form-data; boundary=frontier", b"--frontier\r\nX: y\r\n\r\nz\r\n--frontier--\r\n", 400),
        ("multipart/form-data; boundary=frontier", b"--frontier\r\n" + b"X: " + b"y" * 100_000, 400),
        ("application/json", b'{"title": "x"}', 422),
        ("application/x-www-form-urlencoded", b"title=x", 422),
        ("", b"", 422),
        ("video/mp4", b"the bytes", 422),
    ],
)
async def test_broken_forms(
    house: House, sprout: httpx.AsyncClient, content_type: str, body: bytes, status: int
) -> None:
    answer = await sprout.post("/videos", content=body, headers={"content-type": content_type})
    assert answer.status_code == status, answer.text
    assert isinstance(answer.json()["error"], str)
    await assert_nothing_left(house, sprout)


async def test_a_cut_connection_leaves_nothing(house: House, sprout: httpx.AsyncClient) -> None:
    body = form(("source_video", b"x" * 3_000_000, "film.mp4"))
    messages: list[Message] = [
        {"type": "http.request", "body": body[:1_500_000], "more_body": True},
        {"type": "http.request", "body": body[1_500_000:2_500_000], "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent: list[Message] = []

    async def receive() -> Message:
        return messages.pop(0) if len(messages) > 1 else messages[0]

    async def send_(message: Message) -> None:
        sent.append(message)

    headers = {**FORM, **house.keys("sproutvideo"), "host": "films.example"}
    scope = {
        "type": "http", "method": "POST", "path": "/sproutvideo/v1/videos", "query_string": b"", "http_version": "1.1",
        "scheme": "http", "root_path": "", "client": ("127.0.0.1", 1), "server": ("films.example", 80),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    await house.app(scope, receive, send_)
    assert sent == []
    await assert_nothing_left(house, sprout)


async def test_over_the_quota(house: House, sprout: httpx.AsyncClient) -> None:
    await house.change_tenant(storage_quota_bytes=1000)
    large = await send(sprout, ("source_video", b"x" * 2000, "film.mp4"))
    assert (large.status_code, set(large.json())) == (413, {"error"})
    await assert_nothing_left(house, sprout)
    assert (await send(sprout, ("source_video", b"x" * 600, "film.mp4"))).status_code == 200
    assert (await send(sprout, ("source_video", b"x" * 600, "film.mp4"))).status_code == 413
    assert (await sprout.get("/videos")).json()["total"] == 1


async def test_the_accounts_default_privacy(house: House, sprout: httpx.AsyncClient) -> None:
    await house.change_tenant(default_privacy="private")
    assert (await send(sprout, FILE)).json()["privacy"] == 0
    assert (await send(sprout, FILE, ("privacy", "2"))).json()["privacy"] == 2


async def test_memory_stays_flat(house: House, sprout: httpx.AsyncClient) -> None:
    """48 MB through a form may not cost more than a few chunks."""
    chunk, count = bytes(64 * 1024), 768
    head, _, tail = form(("source_video", b"#", "film.mp4"), ("title", "Large")).partition(b"#")

    async def body() -> AsyncIterator[bytes]:
        yield head
        for _ in range(count):
            yield chunk
        yield tail

    tracemalloc.start()
    answer = await sprout.post("/videos", content=body(), headers=FORM)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert answer.json()["source_video_file_size"] == len(chunk) * count
    assert peak_bytes < 12_000_000
