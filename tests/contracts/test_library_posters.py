"""Poster frames that an owner uploads: chosen at once, made later, given up when they cannot be; on both engines."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from framehouse import library
from framehouse.kernel import FramehouseError, InvalidInput, NotFound, PayloadTooLarge, UnsupportedMedia
from framehouse.library import CUSTOM_POSTER, Output, OutputId, OutputKind, Video, VideoChanges, VideoState
from framehouse.library.posters import PICTURE_MAX_BYTES
from tests.contracts.library_house import House, blocks, open_house
from tests.contracts.replacing import Stage, complete

PNG = b"\x89PNG\r\n\x1a\n" + b"picture"


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(database_url, tmp_path) as opened:
        yield opened


async def plain(house: House) -> Stage:
    """A complete video with generated frames only."""
    return await complete(house, posters=4)


async def made(stage: Stage, number: int) -> Output:
    id_ = library.new_output_id()
    key = f"{library.output_prefix(stage.video.id, id_)}poster/{number}.jpg"
    await stage.house.storage.put(key, b"JPEG!")
    return Output(
        id_, stage.video.id, OutputKind.POSTER, str(number), key, 5, 1280, 720, None, None, stage.house.clock.now()
    )


async def add(stage: Stage, picture: bytes = PNG) -> Video:
    return await library.add_poster(stage.house.context, stage.owner, stage.video.id, blocks(picture))


async def choose(stage: Stage, number: int) -> None:
    await library.change_video(stage.house.context, stage.owner, stage.video.id, VideoChanges(poster_number=number))


def waiting(stage: Stage) -> OutputId:
    """The picture that was told last."""
    return stage.house.told(library.PosterReceived)[-1].output_id


async def succeed(stage: Stage, picture_id: OutputId) -> None:
    """What the work does with a picture that it can decode."""
    house = stage.house
    async with house.database.read() as tx:
        picture = await library.picture_for_work(tx, stage.video.id, picture_id)
    if picture is None:
        return
    poster = await made(stage, CUSTOM_POSTER)
    prefix = library.output_prefix(stage.video.id, poster.id)
    async with house.database.write() as tx:
        await library.promise_output(tx, house.clock, prefix, library.ABANDONED_AFTER)
    async with house.database.write() as tx:
        await library.poster_made(tx, house.clock, stage.owner.tenant_id, picture, [poster], prefix)


async def fail(stage: Stage, picture_id: OutputId) -> None:
    async with stage.house.database.write() as tx:
        await library.poster_failed(
            tx, stage.house.clock, stage.owner.tenant_id, stage.video.id, picture_id, "it is damaged."
        )


@pytest.mark.parametrize(
    "picture",
    [PNG, b"\xff\xd8\xff\xe0jpeg", b"GIF89a" + b"x" * 20, b"RIFF\0\0\0\0WEBPVP8 " + b"x" * 20],
    ids=["png", "jpeg", "gif", "webp"],
)
async def test_a_picture_is_chosen_at_once_and_its_poster_follows(house: House, picture: bytes) -> None:
    stage = await plain(house)
    assert (await add(stage, picture)).poster_number == CUSTOM_POSTER
    assert house.told(library.PosterReceived) == [
        library.PosterReceived(stage.owner.tenant_id, stage.video.id, waiting(stage))
    ]
    assert str(CUSTOM_POSTER) not in await stage.names(OutputKind.POSTER)
    await stage.expect_owned()
    await stage.collect(library.ABANDONED_AFTER * 2)
    await succeed(stage, waiting(stage))
    assert str(CUSTOM_POSTER) in await stage.names(OutputKind.POSTER)
    assert await stage.names(OutputKind.POSTER_SOURCE) == []
    await stage.collect()
    assert [key for key in await house.stored() if key.endswith("picture")] == [], "nobody needs it any more"
    await stage.expect_owned()
    await succeed(stage, waiting(stage))
    await fail(stage, waiting(stage))
    now = await stage.now()
    assert (now.poster_number, now.state_reason) == (CUSTOM_POSTER, None), "a repeated work changes nothing"


async def test_a_picture_that_is_none_leaves_the_choice_as_it_was_and_says_so(house: House) -> None:
    stage = await plain(house)
    await choose(stage, 1)
    before = await stage.now()
    await add(stage)
    await fail(stage, waiting(stage))
    reason = "The uploaded poster frame could not be used: it is damaged."
    assert await stage.now() == replace(before, state_reason=reason, updated_at=house.clock.now())
    await stage.collect()
    assert [key for key in await house.stored() if key.endswith("picture")] == []
    with pytest.raises(InvalidInput):
        await choose(stage, CUSTOM_POSTER)
    await add(stage)
    assert (await stage.now()).state_reason is None, "a new try begins without the old complaint"


async def test_the_last_of_several_pictures_counts(house: House) -> None:
    stage = await plain(house)
    await choose(stage, 1)
    await add(stage, PNG + b"1")
    first = waiting(stage)
    await add(stage, PNG + b"2")
    second = waiting(stage)
    await fail(stage, first)
    await succeed(stage, first)
    now = await stage.now()
    assert (now.poster_number, now.state_reason) == (CUSTOM_POSTER, None), "the second one is still to come"
    await fail(stage, second)
    assert (await stage.now()).poster_number == 1, "what was chosen before both"
    await add(stage)
    await succeed(stage, waiting(stage))
    await add(stage)
    await fail(stage, waiting(stage))
    assert (await stage.now()).poster_number == CUSTOM_POSTER, "the uploaded one that could be made is there still"


async def test_a_choice_that_is_made_meanwhile_stays(house: House) -> None:
    stage = await plain(house)
    await add(stage)
    await choose(stage, 2)
    await fail(stage, waiting(stage))
    assert (await stage.now()).poster_number == 2


async def test_the_reason_of_a_failed_video_is_not_covered_by_its_posters(house: House) -> None:
    stage = await plain(house)
    async with house.database.write() as tx:
        await library.mark_received(tx, house.clock, stage.owner.tenant_id, stage.video.id)
        await library.mark_failed(tx, house.clock, stage.owner.tenant_id, stage.video.id, "No film.")
    await add(stage)
    await fail(stage, waiting(stage))
    now = await stage.now()
    assert (now.state, now.state_reason, now.poster_number) == (VideoState.FAILED, "No film.", 0)


async def test_only_frames_that_there_are_can_be_chosen(house: House) -> None:
    stage = await plain(house)
    for number in (-1, CUSTOM_POSTER, CUSTOM_POSTER + 1):
        with pytest.raises(InvalidInput) as refused:
            await choose(stage, number)
        assert refused.value.fields == {"poster_number": "is unknown"}
    await add(stage)
    await choose(stage, 0)
    await choose(stage, CUSTOM_POSTER)
    await succeed(stage, waiting(stage))
    await choose(stage, 3)
    await choose(stage, CUSTOM_POSTER)
    with pytest.raises(InvalidInput):
        await choose(stage, CUSTOM_POSTER + 1)


@pytest.mark.parametrize(
    ("picture", "problem"),
    [
        (b"", UnsupportedMedia),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", UnsupportedMedia),
        (b"BM bitmap", UnsupportedMedia),
        (b"RIFF\0\0\0\0WAVEfmt ", UnsupportedMedia),
        (PNG + b"x" * PICTURE_MAX_BYTES, PayloadTooLarge),
    ],
    ids=["empty", "svg", "bmp", "wave", "huge"],
)
async def test_what_is_refused_leaves_nothing(house: House, picture: bytes, problem: type[FramehouseError]) -> None:
    stage = await plain(house)
    before, stored = await stage.now(), await house.stored()
    with pytest.raises(problem):
        await add(stage, picture)
    assert await stage.now() == before
    assert await house.stored() == stored


async def test_a_strangers_video_and_a_deleted_one_are_unknown(house: House) -> None:
    stage = await plain(house)
    with pytest.raises(NotFound, match="there is no such video"):
        await library.add_poster(house.context, house.owner(), stage.video.id, blocks(PNG))
    await add(stage)
    await library.delete_video(house.context, stage.owner, stage.video.id)
    await fail(stage, waiting(stage))
    await succeed(stage, waiting(stage))
    with pytest.raises(NotFound, match="there is no such video"):
        await add(stage)
    await stage.collect()
    await stage.collect(library.ABANDONED_AFTER * 2)
    assert await house.stored() == []
