"""Projects on SQLite and on PostgreSQL: changed, found, deleted with what is in them, and protecting it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from framehouse import library
from framehouse.kernel import InvalidInput, NotFound
from framehouse.library import NewVideo, Owner, Project, ProjectChanges, ProtectionDue, VideoChanges, VideoDeleted
from tests.contracts.library_house import House, open_house
from tests.contracts.replacing import complete


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(database_url, tmp_path) as opened:
        yield opened


async def made(house: House, owner: Owner, title: str = "Talks", **about: Any) -> Project:
    project = await library.create_project(house.context, owner, title, **about)
    house.clock.advance(timedelta(seconds=1))
    return project


async def change(house: House, owner: Owner, project: Project, **changes: Any) -> Project:
    return await library.change_project(house.context, owner, project.id, ProjectChanges(**changes))


async def found(house: House, owner: Owner, text: str, **window: int) -> tuple[list[str], int]:
    page = await library.search_projects(house.context, owner, text, **window)
    return sorted(project.title for project in page.items), page.total


async def test_only_what_is_given_changes(house: House) -> None:
    owner = house.owner()
    project = await made(house, owner, description="All of them", password="sesame")
    changed = await change(house, owner, project, title=" New ", locked=True)
    assert (changed.title, changed.locked, changed.description) == ("New", True, "All of them")
    assert changed.password_sealed == project.password_sealed
    cleared = await change(house, owner, project, description=None, password="")
    assert (cleared.title, cleared.description, cleared.password_sealed) == ("New", None, None)
    with pytest.raises(InvalidInput):
        await change(house, owner, project, title="  ")
    with pytest.raises(NotFound):
        await change(house, house.owner(), project, title="mine")


async def test_rules_of_access_void_the_tickets_of_its_videos(house: House) -> None:
    owner = house.owner()
    project = await made(house, owner)
    inside, outside = await house.video(owner, project_id=project.id), await house.video(owner)

    async def generations() -> list[int]:
        videos = [await library.get_video(house.context, owner, each.id) for each in (inside, outside)]
        return [video.ticket_generation for video in videos]

    assert await generations() == [1, 1]
    await change(house, owner, project, title="other", description="words")
    assert await generations() == [1, 1]
    for step, changes in enumerate(({"private": True}, {"locked": True}, {"password": "x"}), 2):
        await change(house, owner, project, **changes)
        assert await generations() == [step, 1]
    read = await library.get_video(house.context, owner, inside.id)
    assert (read.project_private, read.project_locked) == (True, True)
    other = await made(house, owner, "Open")
    await library.change_video(house.context, owner, inside.id, VideoChanges(project_id=other.id))
    read = await library.get_video(house.context, owner, inside.id)
    assert (read.ticket_generation, read.project_private, read.project_locked) == (5, False, False)


async def test_search_finds_words_and_their_beginnings(house: House) -> None:
    owner = house.owner()
    await made(house, owner, "Harbour evenings")
    await made(house, owner, "Été à la mer", description="evening swims")
    await made(house, house.owner(), "A stranger's harbour")
    gone = await made(house, owner, "Harbour, old")
    await library.delete_project(house.context, owner, gone.id)
    assert await found(house, owner, "HARB") == (["Harbour evenings"], 1)
    assert await found(house, owner, "even") == (["Harbour evenings", "Été à la mer"], 2)
    assert await found(house, owner, "ete mer") == (["Été à la mer"], 1)
    assert await found(house, owner, "evening harbour mer") == ([], 0)
    assert await found(house, owner, "even", offset=5) == ([], 2)
    for nothing in ("", " ", "%", '"', "' OR 1", "*:*"):
        assert (await found(house, owner, nothing))[0] == []
    first, second = (await library.search_projects(house.context, owner, "even", limit=2)).items
    assert first.created_at <= second.created_at


async def test_a_deleted_project_takes_everything_with_it(house: House) -> None:
    owner = house.owner()
    project, other = await made(house, owner), await made(house, owner, "Other")
    folder = await library.create_folder(house.context, owner, "f", project_id=project.id)
    inner = await library.create_folder(house.context, owner, "g", parent_id=folder.id)
    videos = [await house.video(owner, f"v{n}", project_id=project.id) for n in range(2)]
    videos.append(await house.video(owner, "in a folder", folder_id=inner.id))
    kept = await house.video(owner, "kept", project_id=other.id)
    assert (await library.get_video(house.context, owner, videos[2].id)).project_id == project.id
    with pytest.raises(NotFound):
        await library.delete_project(house.context, house.owner(), project.id)
    assert await library.delete_project(house.context, owner, project.id) == 3
    for video in videos:
        with pytest.raises(NotFound):
            await library.get_video(house.context, owner, video.id)
    for gone in (folder, inner):
        with pytest.raises(NotFound):
            await library.get_folder(house.context, owner, gone.id)
    with pytest.raises(NotFound):
        await library.delete_project(house.context, owner, project.id)
    assert {event.video_id for event in house.events if isinstance(event, VideoDeleted)} == {v.id for v in videos}
    assert (await library.search_videos(house.context, owner, "v0")).total == 0
    house.clock.advance(timedelta(seconds=1))
    while await library.collect_garbage(house.context):
        pass
    assert await house.stored(f"videos/{videos[0].id:012x}/") == []
    assert (await library.get_video(house.context, owner, kept.id)).title == "kept"


async def test_an_upload_for_a_deleted_project_ends(house: House) -> None:
    owner = house.owner()
    project = await made(house, owner)
    new = NewVideo(title="late", file_name="late.mp4", project_id=project.id)
    upload = await library.start_upload(house.context, owner, new, size_bytes=4)
    await library.delete_project(house.context, owner, project.id)
    with pytest.raises(NotFound):
        await library.complete_upload(house.context, owner, upload.id, [(1, "0" * 32)])
    ended = await library.get_upload(house.context, owner, upload.id)
    assert ended.state is library.UploadState.ABORTED


async def test_what_is_in_a_protecting_project_gets_encrypted_media(house: House) -> None:
    stage = await complete(house)
    owner = stage.owner
    project = await made(house, owner)
    await library.change_video(house.context, owner, stage.video.id, VideoChanges(project_id=project.id))
    making = await house.video(owner, "making", project_id=project.id)
    await change(house, owner, project, protected=True)
    assert [event for event in house.events if isinstance(event, ProtectionDue)] == [
        ProtectionDue(owner.tenant_id, project.id)
    ]
    for _ in range(2):  # again is without effect
        await library.protect_project(house.context, owner, project.id)
        video = await stage.now()
        assert video.replacement_source_id is not None
        async with house.database.read() as tx:
            source = await library.source_for_work(tx, owner.tenant_id, video.replacement_source_id)
        assert source is not None
        assert (source.protected, source.keeps_statistics) == (True, True)
    assert len(await stage.sources()) == 2
    assert (await library.get_video(house.context, owner, making.id)).replacement_source_id is None
    await library.protect_project(house.context, house.owner(), project.id)


async def test_moving_into_a_protecting_project_is_noticed(house: House) -> None:
    owner = house.owner()
    project, plain = await made(house, owner, protected=True), await made(house, owner, "Plain")
    video = await house.video(owner)
    await library.change_video(house.context, owner, video.id, VideoChanges(project_id=plain.id))
    assert not any(isinstance(event, ProtectionDue) for event in house.events)
    await library.change_video(house.context, owner, video.id, VideoChanges(project_id=project.id))
    folder = await library.create_folder(house.context, owner, "f", project_id=plain.id)
    await library.change_folder(
        house.context, owner, folder.id, library.FolderChanges(parent_id=None, project_id=project.id)
    )
    due = [event for event in house.events if isinstance(event, ProtectionDue)]
    assert due == [ProtectionDue(owner.tenant_id, project.id)] * 2
