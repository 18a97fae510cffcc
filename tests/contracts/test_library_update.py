"""Updates in one PUT on SQLite and on PostgreSQL: which one is open, and what it wishes for the new media."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from framehouse import library
from framehouse.kernel import Conflict, InvalidInput, NotFound, SourceId
from framehouse.library import Upload, UploadState, Video
from framehouse.library.store import media
from tests.contracts.library_house import House, blocks, open_house
from tests.contracts.replacing import Stage, complete


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(database_url, tmp_path) as opened:
        yield opened


async def start(stage: Stage, **more: Any) -> None:
    context = stage.house.context
    await library.start_update(context, stage.owner, stage.video.id, "new.mp4", **{"size_bytes": 12, **more})
    stage.house.clock.advance(timedelta(seconds=1))


async def last(stage: Stage) -> Upload:
    async with stage.house.database.read() as tx:
        upload = await media.last_replacement_upload(tx, stage.owner.tenant_id, stage.video.id)
    assert upload is not None
    return upload


async def put(stage: Stage, data: bytes = b"twelve bytes") -> None:
    """What the signed URL does."""
    upload = await last(stage)
    await stage.house.storage.put_part(upload.object_key, upload.multipart_id, 1, blocks(data))


async def finish(stage: Stage) -> Video:
    return await library.complete_update(stage.house.context, stage.owner, stage.video.id)


async def test_one_update_is_open(house: House) -> None:
    stage = await complete(house)
    with pytest.raises(Conflict):
        await finish(stage)
    await start(stage)
    first = await last(stage)
    await start(stage)
    given_up = await library.get_upload(house.context, stage.owner, first.id)
    assert given_up.state is UploadState.ABORTED
    with pytest.raises(InvalidInput):
        await finish(stage)
    await put(stage, b"only ten..")
    with pytest.raises(InvalidInput):
        await finish(stage)
    await put(stage)
    done = await finish(stage)
    assert done.replacement_source_id is not None
    assert (await finish(stage)).replacement_source_id == done.replacement_source_id
    for stranger in (house.owner(),):
        with pytest.raises(NotFound):
            await library.complete_update(house.context, stranger, stage.video.id)


@pytest.mark.parametrize("keeps", [True, False])
async def test_statistics_go_on_or_begin_anew(house: House, keeps: bool) -> None:
    stage = await complete(house)
    await start(stage, keeps_statistics=keeps, protected=True)
    await put(stage)
    source_id = (await finish(stage)).replacement_source_id
    assert source_id is not None
    async with house.database.read() as tx:
        source = await library.source_for_work(tx, stage.owner.tenant_id, SourceId(source_id))
    assert source is not None
    assert (source.protected, source.keeps_statistics) == (True, keeps)
    assert (await stage.now()).statistics_since is None
    await stage.switch(SourceId(source_id))
    assert (await stage.now()).statistics_since == (None if keeps else house.clock.now())
