"""What most of these tests begin with: one upload as most clients do it, and things made by one request."""

from typing import Any

import httpx

from framehouse.kernel import VideoId, from_hex


async def upload(sprout: httpx.AsyncClient, title: str = "Film", **fields: Any) -> dict[str, Any]:
    files = {"source_video": ("film.mp4", b"the bytes", "text/plain")}
    answer = await sprout.post("/videos", data={"title": title, **fields}, files=files)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def make(sprout: httpx.AsyncClient, path: str, **fields: Any) -> dict[str, Any]:
    answer = await sprout.post(path, json=fields)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def pages_of(sprout: httpx.AsyncClient, path: str, name: str) -> list[dict[str, Any]]:
    """All items of a list, read one by one through its links."""
    found: list[dict[str, Any]] = []
    link: str | None = f"{path}{'&' if '?' in path else '?'}per_page=1"
    while link is not None:
        page = (await sprout.get(link)).json()
        assert len(page[name]) <= 1
        found += page[name]
        link = page["next_page"]
    return found


def number(video: dict[str, Any]) -> VideoId:
    found = from_hex(video["id"])
    assert found is not None
    return VideoId(found)
