"""Lists by fingerprint on both databases: what changes of a video changes its fingerprint, nothing else does."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from framehouse import library
from framehouse.infra.database import UtcDateTime
from framehouse.kernel import VideoId, new_content_id
from framehouse.library import Output, OutputKind, Owner, VideoChanges, VideoQuery, VideoVersion
from framehouse.library.store.tables import videos
from tests.contracts.library_house import House, open_house

DOWNLOADS = [OutputKind.DOWNLOAD]
NOT_OF_ONE_LIST = {"tenant_id", "deleted_at", "id"}
OTHER_VALUES: list[tuple[type[Any], Any]] = [
    (sa.String, "0123456789"),
    (sa.Boolean, None),  # the opposite
    (sa.Integer, 4711),
    (UtcDateTime, datetime(2031, 1, 1, tzinfo=UTC)),
    (sa.JSON, ["other"]),
]


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(database_url, tmp_path) as opened:
        yield opened


async def versions(house: House, owner: Owner, known: set[int] | None = None, **query: Any) -> list[VideoVersion]:
    seen = known or set()
    page = await library.list_versions(house.context, owner, VideoQuery(**query), DOWNLOADS, seen.__contains__)
    return list(page.items)


async def fingerprint(house: House, owner: Owner) -> int:
    """Of the only video, without reading it."""
    page = await library.list_versions(house.context, owner, VideoQuery(), DOWNLOADS, lambda _: True)
    [only] = page.items
    return only.fingerprint


async def test_it_is_the_list_in_its_order(house: House) -> None:
    owner = house.owner()
    made = [await house.video(owner, title) for title in ("b", "a", "c")]
    await house.video(house.owner(), "a stranger's")
    found = await versions(house, owner, order_by="title", descending=False)
    assert [version.video.title for version in found if version.video] == ["a", "b", "c"]
    assert len({version.fingerprint for version in found}) == 3
    page = await library.list_versions(house.context, owner, VideoQuery(limit=1), DOWNLOADS, set[int]().__contains__)
    assert (page.total, [version.video for version in page.items]) == (3, [made[2]])


async def test_only_what_is_not_known_is_read(house: House) -> None:
    owner = house.owner()
    first, second = await house.video(owner, "first"), await house.video(owner, "second")
    known = {version.fingerprint for version in await versions(house, owner)}
    assert [version.video for version in await versions(house, owner, known)] == [None, None]
    changed = await library.change_video(house.context, owner, first.id, VideoChanges(title="changed"))
    assert [version.video for version in await versions(house, owner, known)] == [None, changed]
    await library.delete_video(house.context, owner, second.id)
    assert [version.video for version in await versions(house, owner, known)] == [changed]


@pytest.mark.parametrize("column", [column.name for column in videos.c if column.name not in NOT_OF_ONE_LIST])
async def test_every_column_counts(house: House, column: str) -> None:
    owner = house.owner()
    video = await house.video(owner)
    before = await fingerprint(house, owner)
    assert await fingerprint(house, owner) == before
    if column in ("project_id", "folder_id"):
        return await _shelved(house, owner, video.id, column, before)
    kind = videos.c[column].type
    value = next(other for of, other in OTHER_VALUES if isinstance(kind, of))
    value = sa.not_(videos.c[column]) if isinstance(kind, sa.Boolean) else value
    async with house.database.write() as tx:
        await tx.execute(sa.update(videos).where(videos.c.id == video.id).values({column: value}))
    assert await fingerprint(house, owner) != before
    return None


async def _shelved(house: House, owner: Owner, video_id: VideoId, column: str, before: int) -> None:
    project = await library.create_project(house.context, owner, "Films")
    shelf: dict[str, Any] = {"project_id": project.id}
    if column == "folder_id":
        shelf = {"folder_id": (await library.create_folder(house.context, owner, "Old")).id}
    await library.change_video(house.context, owner, video_id, VideoChanges(**shelf))
    assert await fingerprint(house, owner) != before


async def test_tags_and_outputs_count(house: House) -> None:
    owner = house.owner()
    video = await house.video(owner)
    seen = [await fingerprint(house, owner)]
    tag = await library.ensure_tag(house.context, owner, "red")
    async with house.database.write() as tx:
        await tx.execute(
            sa.text("INSERT INTO video_tags (video_id, tag_id) VALUES (:video, :tag)"),
            {"video": video.id, "tag": tag.id},
        )
    seen.append(await fingerprint(house, owner))
    for kind, counts in ((OutputKind.DOWNLOAD, True), (OutputKind.DOWNLOAD, True), (OutputKind.POSTER, False)):
        about = ("720p", f"videos/x/{new_content_id()}/720p.mp4", 1, 1280, 720, None, None, house.clock.now())
        output = Output(library.new_output_id(), video.id, kind, *about)
        async with house.database.write() as tx:
            await library.record_output(tx, house.clock, owner.tenant_id, output, "videos/x/")
        now = await fingerprint(house, owner)
        assert (now != seen[-1]) == counts
        if counts:
            seen.append(now)
    assert len(set(seen)) == len(seen)


async def test_nothing_of_nothing(house: House) -> None:
    assert await versions(house, house.owner()) == []
