"""Publishing by cutting is for the source that a video plays, as long as nothing plays yet; on both engines."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import pytest

from framehouse.kernel import SourceId, VideoId
from framehouse.library import CUT, LADDER, OutputKind
from framehouse.media.source_index import AudioIndex, SourceIndex
from framehouse.playback import CutPublisher, CutterPool, LocalSources
from tests.contracts.library_house import House, open_house, source_id_of
from tests.contracts.replacing import Stage, received

SOUND = AudioIndex(
    stream=0, codec="mp4a.40.2", timescale=48000, first_pts_ticks=0, end_pts_ticks=480_000, frame_ticks=1024,
    average_bps=128_000, sample_rate_hz=48000, channels=2, language="eng", title="", default=True,
)  # fmt: skip


class Cutters:
    """Finds ten seconds of sound in everything."""

    async def index(self, path: str) -> SourceIndex:
        assert Path(path).is_file()
        return SourceIndex("mov", 1000, None, (SOUND,))


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(database_url, tmp_path) as opened:
        yield opened


async def publish(stage: Stage, source_id: SourceId) -> list[str]:
    """The presentations there are after it."""
    house = stage.house
    sources = LocalSources(house.storage, Path("/nonexistent"))
    publisher = CutPublisher(house.context, cast("CutterPool", Cutters()), sources)
    await publisher.publish(str(stage.owner.tenant_id), VideoId(stage.video.id), source_id)
    return await stage.names(OutputKind.PRESENTATION)


async def test_a_source_is_published_once(house: House) -> None:
    stage = await received(house)
    assert await publish(stage, source_id_of(stage.video)) == [CUT]
    first = await stage.served()
    assert (await stage.now()).playable
    assert await publish(stage, source_id_of(stage.video)) == [CUT]
    assert await stage.served() == first


async def test_what_is_to_replace_it_and_what_was_replaced_is_not_published(house: House) -> None:
    stage = await received(house)
    replacement = await stage.replace()
    assert await publish(stage, replacement) == []
    ladder = await stage.switch(replacement)
    assert await publish(stage, source_id_of(stage.video)) == [LADDER]
    assert await stage.served() == ladder
