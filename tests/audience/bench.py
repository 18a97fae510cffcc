"""An installation with a crowd's reports in it, and clients of the APIs that answer of it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from framehouse import library
from framehouse.kernel import VideoId
from framehouse.library import NewVideo
from tests.audience.crowd import BEGIN, END, Crowd, make_crowd, send
from tests.dialects.house import BASE, House

TITLES = ("Harbour", "Market", "Night train")
LOS_ANGELES = ZoneInfo("America/Los_Angeles")


@dataclass
class Bench:
    house: House
    crowd: Crowd
    videos: list[VideoId]
    ibm: httpx.AsyncClient
    sprout: httpx.AsyncClient

    async def stats(self, path: str, **query: Any) -> Any:
        answer = await self.sprout.get(f"/stats/{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def ask(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """All of a series of IBM's, page after page."""
        asked = {"date_time_from": BEGIN.isoformat(), "date_time_to": END.isoformat(), "_limit": 1000} | query
        found: list[dict[str, Any]] = []
        answer = await self.ibm.get(path, params=asked)
        while True:
            assert answer.status_code == 200, answer.text
            page = answer.json()
            found += page["data"]
            if page["pagination"]["next"] is None:
                assert len(found) == page["pagination"]["count"]
                return found
            answer = await self.ibm.get(page["pagination"]["next"]["href"])

    async def series(self, path: str, **query: Any) -> dict[str, int]:
        return {row["attributes"]["point"]: row["attributes"]["value"] for row in await self.ask(path, **query)}


async def token(house: House) -> str:
    own = house.own
    form = {
        "grant_type": "client_credentials", "client_id": own.credential.client_id,
        "client_secret": own.client_secret, "token_type": "jwt",
    }  # fmt: skip
    answer = await house.client.post("/ibm/oauth2/token", data=form)
    assert answer.status_code == 200, answer.text
    return answer.json()["access_token"]


@pytest.fixture
async def bench(house: House) -> AsyncIterator[Bench]:
    crowd = make_crowd()
    house.clock.time = END + timedelta(days=1)
    videos: list[VideoId] = []

    async def data() -> AsyncIterator[bytes]:
        yield b"bytes"

    for title, duration_ms in zip(TITLES, crowd.durations_ms, strict=True):
        new = NewVideo(title=title, file_name="a.mp4")
        video = await library.receive_video(house.library, house.owner, new, data())
        async with house.library.database.write() as tx:
            await library.mark_inspected(
                tx, house.clock, house.owner.tenant_id, video.id, duration_ms=duration_ms, width=640, height=360
            )
        videos.append(video.id)
    await send(house.audience, house.owner.tenant_id, videos, crowd, TITLES)
    transport = httpx.ASGITransport(house.app)
    headers = {"Authorization": await token(house)}
    async with (
        httpx.AsyncClient(transport=transport, base_url=f"{BASE}/ibm/v1", headers=headers) as ibm,
        house.api("sproutvideo") as sprout,
    ):
        yield Bench(house, crowd, videos, ibm, sprout)


def ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
