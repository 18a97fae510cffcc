"""What the tests of captions do: add and change them, and make the source's own; and storages that are full or slow."""

from datetime import timedelta
from typing import Any

from framehouse import library
from framehouse.infra.storage import ObjectInfo
from framehouse.kernel import StorageFull
from framehouse.library import Caption, Output, OutputKind, Owner, Video
from tests.contracts.library_house import House

VTT = "WEBVTT\n\n00:00:01.500 --> 00:00:03.000\nHallo Welt\n"


async def added(
    house: House, owner: Owner, video: Video, language: str = "de", content: Any = VTT, **more: Any
) -> Caption:
    made = await library.add_caption(house.context, owner, video.id, language=language, content=content, **more)
    house.clock.advance(timedelta(seconds=1))
    return made


async def changed(house: House, owner: Owner, caption: Caption, **changes: Any) -> Caption:
    return await library.change_caption(house.context, owner, caption.video_id, caption.id, **changes)


async def text_of(house: House, caption: Caption) -> str:
    return await library.caption_text(house.context, caption)


async def ladder(house: House, owner: Owner, video: Video, *languages: str) -> Output:
    """A complete video whose source had text tracks, as the encode records it."""
    output_id = library.new_output_id()
    prefix = library.output_prefix(video.id, output_id)
    tracks = [{"id": f"t{number}", "language": language} for number, language in enumerate(languages, start=1)]
    about = (1, None, None)
    now = house.clock.now()
    made = Output(
        output_id, video.id, OutputKind.PRESENTATION, library.LADDER, f"{prefix}segments/", *about, None,
        {"v": 1, "text": tracks}, now,
    )  # fmt: skip
    await house.storage.put(f"{prefix}segments/1.m4s", b"1")
    await house.processing(owner, video.id)
    async with house.database.write() as tx:
        await library.record_output(tx, house.clock, owner.tenant_id, made, prefix)
    for track in tracks:
        key = f"{prefix}caption/{track['id']}.vtt"
        await house.storage.put(key, VTT.encode())
        id_, language = library.new_output_id(), track["language"]
        of_track = Output(id_, video.id, OutputKind.CAPTION, track["id"], key, *about, language, None, now)
        async with house.database.write() as tx:
            await library.record_output(tx, house.clock, owner.tenant_id, of_track, prefix)
    async with house.database.write() as tx:
        await library.mark_complete(tx, house.clock, owner.tenant_id, video.id)
    house.clock.advance(timedelta(seconds=1))
    return made


async def shown_tracks(house: House, video: Video) -> list[str]:
    """The text tracks in the manifests that new players get."""
    published = await library.published_video(house.context, video.id)
    assert published is not None
    assert published.presentation is not None
    output = await library.output_document(house.context, video.id, published.presentation.id)
    assert output is not None
    assert output.document is not None
    return [track["id"] for track in output.document["text"]]


class FullStorage:
    def __init__(self, storage: Any) -> None:
        self._storage = storage

    def __getattr__(self, name: str) -> Any:
        return getattr(self._storage, name)

    async def put(self, key: str, data: bytes) -> ObjectInfo:
        raise StorageFull("the disk is full")


class SlowStorage(FullStorage):
    """Something happens between the promise and the record."""

    def __init__(self, storage: Any, meanwhile: Any) -> None:
        super().__init__(storage)
        self._meanwhile = meanwhile

    async def put(self, key: str, data: bytes) -> ObjectInfo:
        stored = await self._storage.put(key, data)
        await self._meanwhile()
        return stored
