"""What the library promises of videos, on SQLite and on PostgreSQL: whose they are, in what order, in which states."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from framehouse import library
from framehouse.kernel import Conflict, InvalidInput, NotFound, ProjectId, VideoId
from framehouse.library import Owner, Privacy, VideoChanges, VideoQuery, VideoState
from framehouse.library.model import TRANSITIONS, NewVideo
from tests.contracts.library_house import House, open_house, source_id_of


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(database_url, tmp_path) as opened:
        yield opened


async def titles(house: House, owner: Owner, **query: object) -> list[str]:
    page = await library.list_videos(house.context, owner, VideoQuery(**query))  # type: ignore[arg-type]
    return [video.title for video in page.items]


async def test_another_tenants_video_is_answered_as_if_it_did_not_exist(house: House) -> None:
    owner, stranger = house.owner(), house.owner()
    video = await house.video(owner)
    unknown = VideoId(video.id ^ 1)
    for who, what in ((stranger, video.id), (owner, unknown)):
        answers: list[str] = []
        for ask in (
            library.get_video(house.context, who, what),
            library.change_video(house.context, who, what, VideoChanges(title="Mine")),
            library.delete_video(house.context, who, what),
        ):
            with pytest.raises(NotFound) as refused:
                await ask
            answers.append(refused.value.message)
        assert answers == ["there is no such video"] * 3
    assert await titles(house, stranger) == []
    assert await library.source_of(house.context, stranger, video) is None
    assert await titles(house, stranger, ids=[video.id]) == []
    async with house.database.write() as tx:
        assert not await library.mark_playable(tx, house.clock, stranger.tenant_id, video.id)
        assert not await library.mark_failed(tx, house.clock, stranger.tenant_id, video.id, "no")
        await library.mark_progress(tx, stranger.tenant_id, video.id, source_id_of(video), 50)
    assert await library.get_video(house.context, owner, video.id) == video


async def test_pages_are_complete_without_repetition_and_know_the_total(house: House) -> None:
    owner = house.owner()
    for number in range(7):
        await house.video(owner, f"v{number}")
    await house.video(house.owner(), "somebody else's")
    seen: list[str] = []
    for offset in range(0, 9, 3):
        page = await library.list_videos(house.context, owner, VideoQuery(offset=offset, limit=3))
        assert page.total == 7
        seen += [video.title for video in page.items]
    assert seen == [f"v{number}" for number in reversed(range(7))]


async def test_equal_times_are_ordered_by_id_in_both_directions(house: House) -> None:
    owner = house.owner()
    for number in range(4):
        await house.video(owner, f"v{number}")
        house.clock.advance(timedelta(seconds=-1))
    down, up = await titles(house, owner), await titles(house, owner, descending=False)
    assert down == up[::-1]
    assert len(set(down)) == 4


async def test_orders(house: House) -> None:
    owner = house.owner()
    first = await house.video(owner, "beta")
    second = await house.video(owner, "Alpha")
    await house.video(owner, "gamma")
    await house.processing(owner, first.id, 9000)
    house.clock.advance(timedelta(seconds=1))
    await house.processing(owner, second.id, 3000)
    assert await titles(house, owner, order_by="title", descending=False) == ["Alpha", "beta", "gamma"]
    assert await titles(house, owner, order_by="updated_at") == ["Alpha", "beta", "gamma"]
    assert await titles(house, owner, order_by="created_at", descending=False) == ["beta", "Alpha", "gamma"]


async def test_a_length_that_is_not_known_counts_as_the_shortest(house: House) -> None:
    owner = house.owner()
    long, short = await house.video(owner, "long"), await house.video(owner, "short")
    await house.video(owner, "unknown")
    await house.processing(owner, long.id, 9000)
    await house.processing(owner, short.id, 3000)
    assert await titles(house, owner, order_by="duration") == ["long", "short", "unknown"]
    assert await titles(house, owner, order_by="duration", descending=False) == ["unknown", "short", "long"]


async def test_filters(house: House) -> None:
    owner, stranger = house.owner(), house.owner()
    tag = await library.ensure_tag(house.context, owner, "red")
    foreign = await library.ensure_tag(house.context, stranger, "red")
    project = await library.create_project(house.context, owner, "A project")
    tagged = await house.video(owner, "tagged", tag_ids=(tag.id, foreign.id))
    await house.video(owner, "filed", project_id=project.id)
    await house.video(owner, "closed", privacy=Privacy.PRIVATE)
    await house.video(stranger, "foreign", tag_ids=(foreign.id,))
    await house.processing(owner, tagged.id)
    assert tagged.tag_ids == (tag.id,)
    assert await titles(house, owner, tag_id=tag.id) == ["tagged"]
    assert await titles(house, owner, tag_id=foreign.id) == []
    assert await titles(house, owner, tag_name="red") == ["tagged"]
    assert await titles(house, owner, project_id=project.id) == ["filed"]
    assert await titles(house, owner, privacy=Privacy.PRIVATE) == ["closed"]
    assert await titles(house, owner, states=[VideoState.PROCESSING]) == ["tagged"]
    assert await titles(house, owner, states=[]) == []
    assert await titles(house, owner, ids=[]) == []
    assert await titles(house, owner, ids=[tagged.id], privacy=Privacy.PRIVATE) == []


async def test_tags_are_replaced_and_made_once(house: House) -> None:
    owner = house.owner()
    red = await library.ensure_tag(house.context, owner, "red")
    assert (await library.ensure_tag(house.context, owner, "red")).id == red.id
    blue = await library.ensure_tag(house.context, owner, "blue")
    foreign = await library.ensure_tag(house.context, house.owner(), "red")
    video = await house.video(owner, tag_ids=(red.id, red.id))
    assert video.tag_ids == (red.id,)
    changed = await library.change_video(
        house.context, owner, video.id, VideoChanges(tag_ids=(blue.id, foreign.id, blue.id))
    )
    assert changed.tag_ids == (blue.id,)
    cleared = await library.change_video(house.context, owner, video.id, VideoChanges(tag_ids=()))
    assert cleared.tag_ids == ()


async def test_one_tag_wanted_by_many_at_once_is_made_once(house: House) -> None:
    owner = house.owner()
    made = await asyncio.gather(*(library.ensure_tag(house.context, owner, "new") for _ in range(8)))
    assert len({tag.id for tag in made}) == 1
    assert await house.count("tags") == 1


async def test_changes_touch_only_what_is_given_and_stricter_access_revokes_tickets(house: House) -> None:
    owner = house.owner()
    video = await house.video(owner, description="Old")
    renamed = await library.change_video(house.context, owner, video.id, VideoChanges(title="New"))
    assert (renamed.title, renamed.description) == ("New", "Old")
    assert renamed.ticket_generation == video.ticket_generation
    closed = VideoChanges(privacy=Privacy.PASSWORD, password="open sesame")
    locked = await library.change_video(house.context, owner, video.id, closed)
    assert locked.ticket_generation == video.ticket_generation + 1
    assert locked.password_sealed is not None
    assert "sesame" not in locked.password_sealed
    assert house.context.secrets.decrypt(locked.password_sealed) == "open sesame"
    with pytest.raises(InvalidInput, match="needs a password"):
        await library.change_video(house.context, owner, video.id, VideoChanges(password=None))
    with pytest.raises(InvalidInput, match="title"):
        await library.change_video(house.context, owner, video.id, VideoChanges(title="  "))
    with pytest.raises(InvalidInput, match="poster"):
        await library.change_video(house.context, owner, video.id, VideoChanges(poster_number=4))
    assert await library.get_video(house.context, owner, video.id) == locked


async def test_a_video_cannot_be_put_into_another_tenants_project(house: House) -> None:
    owner = house.owner()
    foreign = await library.create_project(house.context, house.owner(), "Theirs")
    video = await house.video(owner)
    for project in (foreign.id, ProjectId(foreign.id ^ 1)):
        with pytest.raises(NotFound, match="no such project"):
            await house.video(owner, project_id=project)
        with pytest.raises(NotFound, match="no such project"):
            await library.change_video(house.context, owner, video.id, VideoChanges(project_id=project))
    assert (await library.get_video(house.context, owner, video.id)).project_id is None


async def test_a_password_video_needs_its_password_before_any_byte_is_read(house: House) -> None:
    owner = house.owner()
    new = NewVideo(title="t", file_name="t.mp4", privacy=Privacy.PASSWORD)

    async def never():
        raise AssertionError("a byte was asked for")
        yield b""

    with pytest.raises(InvalidInput, match="password"):
        await library.receive_video(house.context, owner, new, never())
    assert await house.count("videos") == 0


async def put_into(house: House, owner: Owner, video_id: VideoId, state: VideoState) -> None:
    """By the shortest allowed way from `received`."""
    if state in (VideoState.PROCESSING, VideoState.COMPLETE):
        await house.processing(owner, video_id)
    async with house.database.write() as tx:
        if state is VideoState.COMPLETE:
            await library.mark_complete(tx, house.clock, owner.tenant_id, video_id)
        if state is VideoState.FAILED:
            await library.mark_failed(tx, house.clock, owner.tenant_id, video_id, "because")


async def move(house: House, owner: Owner, video_id: VideoId, to: VideoState) -> bool:
    async with house.database.write() as tx:
        who = (tx, house.clock, owner.tenant_id, video_id)
        if to is VideoState.RECEIVED:
            return await library.mark_received(*who)
        if to is VideoState.PROCESSING:
            return await library.mark_inspected(*who, duration_ms=1, width=None, height=None)
        if to is VideoState.COMPLETE:
            return await library.mark_complete(*who)
        return await library.mark_failed(*who, "because")


@pytest.mark.parametrize("start", VideoState)
@pytest.mark.parametrize("end", VideoState)
async def test_states_change_only_as_the_table_says(house: House, start: VideoState, end: VideoState) -> None:
    owner = house.owner()
    video = await house.video(owner)
    await put_into(house, owner, video.id, start)
    told = len(house.events)
    if start is end:
        assert await move(house, owner, video.id, end) is False
    elif end in TRANSITIONS[start]:
        assert await move(house, owner, video.id, end) is True
    else:
        with pytest.raises(Conflict, match=f"{start} cannot become {end}"):
            await move(house, owner, video.id, end)
    now = await library.get_video(house.context, owner, video.id)
    assert now.state is (end if start is end or end in TRANSITIONS[start] else start)
    announced = end in (VideoState.COMPLETE, VideoState.FAILED) and start is not end and end in TRANSITIONS[start]
    assert len(house.events) - told == announced
    assert (now.state_reason == "because") is (now.state is VideoState.FAILED)


async def test_progress_never_runs_backwards_and_ends_with_completion(house: House) -> None:
    owner = house.owner()
    video = await house.video(owner)

    async def after(percent: int) -> int:
        async with house.database.write() as tx:
            await library.mark_progress(tx, owner.tenant_id, video.id, source_id_of(video), percent)
        return (await library.get_video(house.context, owner, video.id)).progress_percent

    assert await after(30) == 0, "nothing is encoded before the inspection"
    await house.processing(owner, video.id)
    assert [await after(percent) for percent in (30, 20, 100)] == [30, 30, 99]
    await move(house, owner, video.id, VideoState.COMPLETE)
    assert await after(50) == 100


async def test_playable_is_told_once_and_stays(house: House) -> None:
    owner = house.owner()
    video = await house.video(owner)
    since = house.clock.now()
    for first in (True, False):
        async with house.database.write() as tx:
            assert await library.mark_playable(tx, house.clock, owner.tenant_id, video.id) is first
        house.clock.advance(timedelta(minutes=1))
    assert (await library.get_video(house.context, owner, video.id)).playable_at == since
    assert len(house.told(library.VideoBecamePlayable)) == 1
