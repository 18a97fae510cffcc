"""One upload as most clients do it."""

from typing import Any

import httpx

from framehouse.kernel import VideoId, from_hex


async def upload(sprout: httpx.AsyncClient, title: str = "Film", **fields: Any) -> dict[str, Any]:
    files = {"source_video": ("film.mp4", b"the bytes", "text/plain")}
    answer = await sprout.post("/videos", data={"title": title, **fields}, files=files)
    assert answer.status_code == 200, answer.text
    return answer.json()


def number(video: dict[str, Any]) -> VideoId:
    found = from_hex(video["id"])
    assert found is not None
    return VideoId(found)
