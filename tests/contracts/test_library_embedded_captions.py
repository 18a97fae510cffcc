"""Captions that were embedded in the source, on SQLite and on PostgreSQL: their place in manifests and beside them."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from framehouse import library
from framehouse.kernel import Conflict
from framehouse.library import CaptionOrigin, OutputKind
from tests.contracts.caption_files import VTT, added, changed, ladder, shown_tracks, text_of
from tests.contracts.library_house import House, open_house
from tests.contracts.query_plans import sent_statements

DAY = timedelta(days=1)


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(database_url, tmp_path) as opened:
        yield opened


async def test_embedded_captions_are_listed_and_read(house: House) -> None:
    owner = house.owner()
    video = await house.video(owner)
    await ladder(house, owner, video, "en", "de")
    uploaded = await added(house, owner, video, "en")
    first, second, third = await library.list_captions(house.context, owner, video.id)
    assert (first.name, first.language, first.label, first.origin) == ("t1", "en", "English", CaptionOrigin.EMBEDDED)
    assert (second.name, second.origin, third) == ("t2", CaptionOrigin.EMBEDDED, uploaded)
    assert await library.get_caption(house.context, owner, video.id, first.id) == first
    assert await text_of(house, first) == VTT
    assert await shown_tracks(house, video) == ["t1", "t2"]


async def test_a_deleted_embedded_caption_leaves_the_manifests_but_those_of_who_watches(house: House) -> None:
    owner = house.owner()
    video = await house.video(owner)
    before = await ladder(house, owner, video, "en", "de")
    first, second = await library.list_captions(house.context, owner, video.id)
    await library.delete_caption(house.context, owner, video.id, first.id)
    assert await shown_tracks(house, video) == ["t2"]
    await library.delete_caption(house.context, owner, video.id, second.id)
    assert await shown_tracks(house, video) == []
    assert await library.list_captions(house.context, owner, video.id) == ()
    watched = await library.output_document(house.context, video.id, before.id)
    assert watched is not None
    assert (watched.document, watched.object_key) == (before.document, before.object_key)
    house.clock.advance(DAY + timedelta(seconds=1))
    await library.collect_garbage(house.context)
    assert await house.storage.stat(f"{before.object_key}1.m4s") is not None
    async with house.database.write() as tx:
        await library.retire_presentations(tx, house.clock, video.id, (library.LADDER,), DAY)
    house.clock.advance(DAY + timedelta(seconds=1))
    await library.collect_garbage(house.context)
    assert await library.output_document(house.context, video.id, before.id) is None
    assert await house.count("outputs") == 0


async def test_a_changed_embedded_caption_stands_beside_the_manifests(house: House) -> None:
    owner = house.owner()
    video = await house.video(owner)
    await ladder(house, owner, video, "und", "de")
    first, second = await library.list_captions(house.context, owner, video.id)
    named = await changed(house, owner, first, language="en")
    assert (named.id, named.origin, named.label, named.name) == (
        first.id, CaptionOrigin.EMBEDDED, "English", f"c{first.id:012x}",
    )  # fmt: skip
    assert named.created_at == first.created_at
    written = await changed(house, owner, second, content=VTT.replace("Welt", "Du"))
    assert (written.id, written.origin, written.label) == (second.id, CaptionOrigin.UPLOADED, "Deutsch")
    assert await shown_tracks(house, video) == []
    house.clock.advance(DAY + timedelta(seconds=1))
    await library.collect_garbage(house.context)
    assert set(await library.list_captions(house.context, owner, video.id)) == {named, written}
    assert (await text_of(house, named), await text_of(house, written)) == (VTT, VTT.replace("Welt", "Du"))
    await library.delete_caption(house.context, owner, video.id, named.id)
    assert await library.list_captions(house.context, owner, video.id) == (written,)


async def test_embedded_captions_of_a_video_that_is_being_made_wait(house: House) -> None:
    owner = house.owner()
    video = await house.video(owner)
    await ladder(house, owner, video, "en")
    uploaded = await added(house, owner, video)
    async with house.database.write() as tx:
        await library.mark_received(tx, house.clock, owner.tenant_id, video.id)
    embedded, _uploaded = await library.list_captions(house.context, owner, video.id)
    for attempt in (
        library.delete_caption(house.context, owner, video.id, embedded.id),
        changed(house, owner, embedded, label="Mine"),
    ):
        with pytest.raises(Conflict, match="being made"):
            await attempt
    assert await shown_tracks(house, video) == ["t1"]
    assert (await changed(house, owner, uploaded, label="Mine")).label == "Mine"


async def test_viewers_get_labels_without_another_query(house: House) -> None:
    owner = house.owner()
    video = await house.video(owner)
    await ladder(house, owner, video, "en", "und", "gsw")
    uploaded = await added(house, owner, video)
    with sent_statements() as sent:
        published = await library.published_video(house.context, video.id)
    assert len(sent) == 2
    assert published is not None
    captions = published.of_kind(OutputKind.CAPTION)
    labels = {output.name: library.caption_of(output).label for output in captions}
    assert labels == {"t1": "English", "t2": "Subtitles", "t3": "gsw", uploaded.name: "Deutsch"}
    assert captions[-1].document is not None
    assert (captions[-1].document["label"], captions[-1].document["origin"]) == ("Deutsch", "uploaded")
    assert (captions[-1].name, captions[-1].language) == (uploaded.name, "de")
    assert published.presentation is not None
    assert published.presentation.document is None
