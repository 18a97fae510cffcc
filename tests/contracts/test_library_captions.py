"""Captions on SQLite and on PostgreSQL: what is read, stored, changed, deleted."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from framehouse import library
from framehouse.kernel import InvalidInput, NotFound, PayloadTooLarge, StorageFull, VideoId
from framehouse.library import Caption, CaptionId, CaptionOrigin, OutputKind
from framehouse.library.caption_outputs import CONTENT_MAX_BYTES
from framehouse.library.captions import CAPTIONS_MAX
from framehouse.library.store import media
from framehouse.library.store.tables import outputs
from tests.contracts.caption_files import VTT, FullStorage, SlowStorage, added, changed, text_of
from tests.contracts.library_house import House, open_house
from tests.contracts.query_plans import insert_rows

DAY = timedelta(days=1)
SUBRIP = "1\r\n00:00:01,500 --> 00:00:03,000\r\nHallo Welt\r\n"
ASS = "[Events]\nDialogue: 0,0:00:01.50,0:00:03.00,Default,,0,0,0,,{\\i1}Hallo Welt"


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(database_url, tmp_path) as opened:
        yield opened


@pytest.mark.parametrize(
    "content", [VTT, VTT.encode(), SUBRIP, SUBRIP.encode("utf-16"), SUBRIP.encode("windows-1252"), ASS.encode()]
)
async def test_a_caption_comes_back_as_webvtt_whatever_it_was(house: House, content: str | bytes) -> None:
    owner = house.owner()
    video = await house.video(owner)
    now = house.clock.now()
    made = await added(house, owner, video, "German", content)
    assert made == Caption(made.id, video.id, "de", "Deutsch", CaptionOrigin.UPLOADED, f"c{made.id:012x}", now, now)
    assert await text_of(house, made) == VTT
    assert await library.get_caption(house.context, owner, video.id, made.id) == made
    assert (await added(house, owner, video, "pt_br", content, label=" Mit Lärm ✓ ")).label == "Mit Lärm ✓"
    listed = await library.list_captions(house.context, owner, video.id)
    assert [(caption.language, caption.label) for caption in listed] == [("de", "Deutsch"), ("pt-BR", "Mit Lärm ✓")]


async def test_changes_touch_what_they_name(house: House) -> None:
    owner = house.owner()
    video = await house.video(owner)
    made = await added(house, owner, video)
    [first] = (await library.outputs_of(house.context, [video.id], [OutputKind.CAPTION]))[video.id]
    later = replace(made, updated_at=house.clock.now())
    assert await changed(house, owner, made, language="fr") == replace(later, language="fr", label="Français")
    assert await changed(house, owner, made, label="Mine") == replace(later, language="fr", label="Mine")
    kept = await changed(house, owner, made, language="en-GB")
    assert (kept.language, kept.label) == ("en-GB", "Mine")
    assert (await changed(house, owner, made, label=None)).label == "English (GB)"
    assert await text_of(house, made) == VTT
    new = await changed(house, owner, made, content=SUBRIP.replace("Welt", "Du"))
    assert await text_of(house, new) == VTT.replace("Welt", "Du")
    assert (new.id, new.name, new.created_at) == (made.id, made.name, made.created_at)
    assert await library.list_captions(house.context, owner, video.id) == (new,)
    [last] = (await library.outputs_of(house.context, [video.id], [OutputKind.CAPTION]))[video.id]
    assert last.id != first.id, "what is kept under the old output's id must not be taken for the new one"
    house.clock.advance(DAY + timedelta(seconds=1))
    assert await library.collect_garbage(house.context) == 1
    assert await text_of(house, new) == VTT.replace("Welt", "Du")
    assert [key for key in await house.stored() if key.endswith(".vtt")] == [last.object_key]


async def test_a_deleted_caption_is_gone_at_once_and_its_bytes_a_day_later(house: House) -> None:
    owner = house.owner()
    video = await house.video(owner)
    kept, gone = await added(house, owner, video), await added(house, owner, video)
    assert await library.delete_caption(house.context, owner, video.id, gone.id) == gone
    assert await library.list_captions(house.context, owner, video.id) == (kept,)
    for ask in (text_of(house, gone), changed(house, owner, gone, label="x")):
        with pytest.raises(NotFound, match=r"^there is no such caption$"):
            await ask
    house.clock.advance(DAY + timedelta(seconds=1))
    await library.collect_garbage(house.context)
    assert len([key for key in await house.stored() if key.endswith(".vtt")]) == 1
    assert await text_of(house, kept) == VTT


async def test_a_stranger_and_another_video_reach_none(house: House) -> None:
    owner, stranger = house.owner(), house.owner()
    video, other, foreign = await house.video(owner), await house.video(owner), await house.video(stranger)
    caption = await added(house, owner, video)
    no_video, no_caption = r"^there is no such video$", r"^there is no such caption$"
    for who, where, what, message in (
        (stranger, video.id, caption.id, no_video),
        (stranger, foreign.id, caption.id, no_caption),
        (owner, VideoId(video.id ^ 1), caption.id, no_video),
        (owner, other.id, caption.id, no_caption),
        (owner, video.id, CaptionId(caption.id ^ 1), no_caption),
    ):
        for ask in (
            library.get_caption(house.context, who, where, what),
            library.change_caption(house.context, who, where, what, label="Mine", content=VTT),
            library.delete_caption(house.context, who, where, what),
        ):
            with pytest.raises(NotFound, match=message):
                await ask
    for ask in (
        library.list_captions(house.context, stranger, video.id),
        library.add_caption(house.context, stranger, video.id, language="de", content=VTT),
    ):
        with pytest.raises(NotFound, match=no_video):
            await ask
    assert await library.list_captions(house.context, owner, video.id) == (caption,)
    assert await house.count("garbage") == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"language": ""}, "language"),
        ({"language": "xx"}, "language"),
        ({"language": "Klingon"}, "language"),
        ({"label": "a" * 201}, "label"),
        ({"label": "a\0b"}, "label"),
        ({"content": ""}, "content"),
        ({"content": "hello"}, "content"),
        ({"content": bytes(range(256)) * 9}, "content"),
        ({"content": "\ud800" * 99}, "content"),
        ({"content": b"x" * (CONTENT_MAX_BYTES + 1)}, "content"),
        ({"content": "é" * (CONTENT_MAX_BYTES // 2 + 1)}, "content"),
    ],
)
async def test_what_is_wrong_is_named_and_stores_nothing(house: House, values: dict[str, Any], field: str) -> None:
    owner = house.owner()
    video = await house.video(owner)
    caption = await added(house, owner, video)
    stored = await house.stored()
    for attempt in (added(house, owner, video, **values), changed(house, owner, caption, **values)):
        with pytest.raises((InvalidInput, PayloadTooLarge)) as refused:
            await attempt
        assert list(refused.value.fields) == [field]
    assert await library.list_captions(house.context, owner, video.id) == (caption,)
    assert (await house.stored(), await house.count("garbage")) == (stored, 0)


async def test_a_file_that_could_not_be_stored_leaves_no_caption_and_a_promise(house: House) -> None:
    owner = house.owner()
    video = await house.video(owner)
    full = replace(house.context, storage=FullStorage(house.context.storage))  # type: ignore[arg-type]  # as far as it is asked
    with pytest.raises(StorageFull):
        await library.add_caption(full, owner, video.id, language="de", content=VTT)
    assert await library.list_captions(house.context, owner, video.id) == ()
    house.clock.advance(3 * DAY)
    assert await library.collect_garbage(house.context) == 1


async def test_a_caption_of_a_video_that_is_deleted_meanwhile_leaves_nothing(house: House) -> None:
    owner = house.owner()
    video = await house.video(owner)

    async def delete() -> None:
        await library.delete_video(house.context, owner, video.id)

    slow = replace(house.context, storage=SlowStorage(house.context.storage, delete))  # type: ignore[arg-type]  # as above
    with pytest.raises(NotFound, match=r"^there is no such video$"):
        await library.add_caption(slow, owner, video.id, language="de", content=VTT)
    house.clock.advance(3 * DAY)
    await library.collect_garbage(house.context)
    assert await house.stored() == []
    assert await house.count("outputs") == 0


async def test_a_caption_that_is_deleted_while_it_is_changed_stays_deleted(house: House) -> None:
    owner = house.owner()
    video = await house.video(owner)
    caption = await added(house, owner, video)

    async def delete() -> None:
        await library.delete_caption(house.context, owner, video.id, caption.id)

    slow = replace(house.context, storage=SlowStorage(house.context.storage, delete))  # type: ignore[arg-type]  # as above
    with pytest.raises(NotFound, match=r"^there is no such caption$"):
        await library.change_caption(slow, owner, video.id, caption.id, content=VTT)
    assert await library.list_captions(house.context, owner, video.id) == ()


async def test_changes_at_once_are_one_after_the_other(house: House) -> None:
    owner = house.owner()
    video = await house.video(owner)
    caption = await added(house, owner, video)
    await asyncio.gather(
        *(changed(house, owner, caption, content=VTT.replace("Welt", f"{number}")) for number in range(4)),
        *(changed(house, owner, caption, label=f"{number}") for number in range(4)),
    )
    [left] = await library.list_captions(house.context, owner, video.id)
    assert left.label in {"0", "1", "2", "3"}
    assert (await text_of(house, left)) in {VTT.replace("Welt", f"{number}") for number in range(4)}


async def test_a_video_has_so_many_and_no_more_however_many_are_added_at_once(house: House) -> None:
    owner = house.owner()
    video = await house.video(owner)
    await added(house, owner, video)
    async with house.database.read() as tx:
        [model] = (await media.outputs_of(tx, [video.id], [OutputKind.CAPTION]))[video.id]
    common = {**vars(model), "kind": model.kind.value, "tenant_id": owner.tenant_id}
    rows = [{**common, "id": number, "name": f"t{number}"} for number in range(1, CAPTIONS_MAX - 1)]
    await insert_rows(house.database, outputs, rows)
    results = await asyncio.gather(*(added(house, owner, video) for _ in range(4)), return_exceptions=True)
    assert sorted(type(each).__name__ for each in results) == ["Caption"] + ["Conflict"] * 3
    assert len(await library.list_captions(house.context, owner, video.id)) == CAPTIONS_MAX
