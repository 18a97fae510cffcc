"""Replacing a video's media: the old ones play until the new ones are ready, and a failure costs nothing; on both
engines."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from framehouse import library
from framehouse.library import CUT, LADDER, OutputKind, VideoQuery, VideoState
from tests.contracts.library_house import House, open_house, source_id_of
from tests.contracts.replacing import NEW, NEW_FACTS, OLD, TICKET_LIFE, complete, received

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(database_url, tmp_path) as opened:
        yield opened


async def test_while_its_media_are_replaced_a_video_is_processed_and_plays_as_before(house: House) -> None:
    stage = await complete(house)
    before, ladder = await stage.now(), await stage.served()
    source_id = await stage.replace()
    now = await stage.now()
    assert now == replace(
        before,
        state=VideoState.PROCESSING,
        progress_percent=0,
        replacement_source_id=source_id,
        updated_at=house.clock.now(),
    )
    assert now.media_state is VideoState.COMPLETE
    assert await stage.served() == ladder
    assert house.events == [
        library.ReplacementReceived(stage.owner.tenant_id, now.id, source_id, keeps_statistics=True)
    ]
    assert sorted(await stage.sources()) == sorted([OLD, NEW])
    await stage.expect_owned()
    await stage.collect(30 * DAY)
    assert len(await stage.sources()) == 2, "a replacement that is admitted is no garbage"
    for states, found in (([VideoState.COMPLETE], 0), ([VideoState.PROCESSING], 1)):
        page = await library.list_videos(house.context, stage.owner, VideoQuery(states=states))
        assert page.total == found
    census = await library.take_census(house.context, house.clock.now(), house.clock.now())
    assert census.videos_by_state == {"processing": 1}


async def test_progress_is_that_of_the_replacement_and_never_runs_backwards(house: House) -> None:
    stage = await complete(house)
    source_id = await stage.replace()
    seen: list[int] = []
    for of, percent in ((source_id, 30), (source_id, 20), (source_id_of(stage.video), 90), (source_id, 100)):
        async with house.database.write() as tx:
            await library.mark_progress(tx, stage.owner.tenant_id, stage.video.id, of, percent)
        seen.append((await stage.now()).progress_percent)
    assert seen == [30, 30, 30, 99]
    await stage.fail(source_id)
    assert (await stage.now()).progress_percent == 100


async def test_the_switch_gives_a_video_all_of_its_new_media_at_once(house: House) -> None:
    stage = await complete(house)
    before = await stage.now()
    source_id = await stage.replace()
    house.clock.advance(SECOND)
    ladder = await stage.switch(source_id)
    assert await stage.now() == replace(
        before,
        source_id=source_id,
        source_size_bytes=len(NEW),
        original_file_name="new.mov",
        duration_ms=9000,
        width=640,
        height=360,
        updated_at=house.clock.now(),
    )
    tenant_id, video_id = stage.owner.tenant_id, stage.video.id
    assert house.events[1:] == [
        library.SourceWithdrawn(tenant_id, video_id, source_id_of(before)),
        library.MediaReplaced(tenant_id, video_id, source_id),
        library.VideoCompleted(tenant_id, video_id),
    ]
    assert await stage.served() == ladder
    assert await stage.names(OutputKind.DOWNLOAD) == await stage.names(OutputKind.STORYBOARD) == []
    assert await stage.names(OutputKind.CAPTION) == ["c3"], "only what its owner uploaded"
    assert await stage.names(OutputKind.POSTER) == list("01234"), "they stay until the new ones are made"
    await stage.expect_owned()
    await stage.collect(30 * DAY)
    assert await stage.sources() == [NEW]
    assert await stage.names(OutputKind.PRESENTATION) == [LADDER]
    await stage.expect_owned()
    assert await house.count("garbage") == 0
    assert await house.count("sources") == 1


async def test_who_watches_the_old_media_keeps_them_for_the_life_of_a_ticket(house: House) -> None:
    stage = await complete(house)
    old, cut = await stage.served(), await stage.publish(OutputKind.PRESENTATION, CUT)
    assert old is not None
    new = await stage.switch(await stage.replace())
    await stage.collect(TICKET_LIFE - SECOND)
    for output in (old, cut):
        kept = await stage.found(output)
        assert kept is not None
        assert kept.object_key == output.object_key
        assert await house.storage.stat(f"{output.object_key}1.m4s") is not None
    assert sorted(await stage.sources()) == sorted([OLD, NEW]), "segments may still be cut from the old source"
    assert await stage.served() == new
    await stage.collect(2 * SECOND)
    assert (await stage.found(old), await stage.found(cut)) == (None, None)
    assert await stage.sources() == [NEW]
    await stage.expect_owned()


async def test_an_old_source_that_nobody_cuts_from_goes_at_once(house: House) -> None:
    stage = await complete(house)
    await stage.switch(await stage.replace())
    await stage.collect()
    assert await stage.sources() == [NEW]
    assert await house.count("sources") == 1


async def test_new_media_without_a_picture_take_only_the_generated_frames_away(house: House) -> None:
    stage = await complete(house)
    await stage.switch(await stage.replace(), replace(NEW_FACTS, width=None, height=None))
    assert await stage.names(OutputKind.POSTER) == ["4"]


async def test_media_are_replaced_again_and_again_and_each_viewer_keeps_what_is_watched(house: House) -> None:
    stage = await complete(house)
    ladders = [await stage.served()]
    for number in range(3):
        house.clock.advance(SECOND)
        ladders.append(await stage.switch(await stage.replace(b"film %d" % number)))
    assert [await stage.found(ladder) is not None for ladder in ladders if ladder] == [True] * 4
    assert await stage.served() == ladders[-1]
    await stage.collect(30 * DAY)
    assert [await stage.found(ladder) is not None for ladder in ladders if ladder] == [False] * 3 + [True]
    assert await stage.sources() == [b"film 2"]


async def test_a_replacement_that_fails_leaves_the_video_as_it_was_and_says_so(house: House) -> None:
    stage = await complete(house)
    before = await stage.now()
    source_id = await stage.replace()
    house.clock.advance(SECOND)
    await stage.fail(source_id)
    await stage.fail(source_id, "told twice")
    reason = "The replacement failed: It is no video."
    assert await stage.now() == replace(before, state_reason=reason, updated_at=house.clock.now())
    tenant_id, video_id = stage.owner.tenant_id, stage.video.id
    assert house.events[1:] == [
        library.SourceWithdrawn(tenant_id, video_id, source_id),
        library.ReplacementFailed(tenant_id, video_id, "It is no video."),
    ]
    await stage.expect_owned()
    await stage.collect()
    assert await stage.sources() == [OLD]
    assert await house.count("sources") == 1
    await stage.switch(await stage.replace())
    assert (await stage.now()).state_reason is None


async def test_a_failed_video_gets_well_by_a_replacement_or_stays_failed(house: House) -> None:
    stage = await received(house)
    await stage.fail(source_id_of(stage.video), "Not a film.")
    await stage.fail(await stage.replace(b"nothing either"))
    now = await stage.now()
    assert (now.state, now.state_reason) == (VideoState.FAILED, "The replacement failed: It is no video.")
    house.events.clear()
    await stage.switch(await stage.replace())
    now = await stage.now()
    assert (now.state, now.playable_at, now.complete_at) == (VideoState.COMPLETE, house.clock.now(), house.clock.now())
    assert house.told(library.VideoBecamePlayable)


async def test_the_work_on_the_first_media_goes_on_beside_a_replacement(house: House) -> None:
    """What it comes to counts if the replacement fails."""
    stage = await received(house)
    source_id = await stage.replace()
    assert (await stage.now()).state is VideoState.PROCESSING
    await house.processing(stage.owner, stage.video.id, duration_ms=777)
    async with house.database.write() as tx:
        await library.mark_complete(tx, house.clock, stage.owner.tenant_id, stage.video.id)
    now = await stage.now()
    assert (now.state, now.media_state, now.progress_percent) == (VideoState.PROCESSING, VideoState.COMPLETE, 0)
    async with house.database.write() as tx:
        await library.record_duration(tx, stage.owner.tenant_id, stage.video.id, source_id, 1)
    await stage.fail(source_id)
    now = await stage.now()
    assert (now.state, now.progress_percent, now.duration_ms) == (VideoState.COMPLETE, 100, 777)


async def test_a_second_replacement_supersedes_the_first(house: House) -> None:
    stage = await complete(house)
    first = await stage.replace(b"the first try")
    second = await stage.replace(NEW)
    assert (await stage.now()).replacement_source_id == second
    assert house.told(library.SourceWithdrawn) == [
        library.SourceWithdrawn(stage.owner.tenant_id, stage.video.id, first)
    ]
    await stage.fail(first, "late news of what nobody waits for")
    assert (await stage.now()).replacement_source_id == second
    await stage.collect()
    assert sorted(await stage.sources()) == sorted([OLD, NEW])
    await stage.expect_owned()


async def test_of_replacements_at_the_same_moment_one_is_left(house: House) -> None:
    stage = await complete(house)
    await asyncio.gather(*(stage.replace(b"film %d" % number) for number in range(5)))
    await stage.collect()
    assert len(await stage.sources()) == 2
    assert await house.count("sources") == 2
    assert len(house.told(library.SourceWithdrawn)) == 4
    await stage.expect_owned()
