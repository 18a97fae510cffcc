"""A complete video and its replacement over the house of the contract tests: what transcoding would do, in steps."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from framehouse import library
from framehouse.kernel import SourceId
from framehouse.library import LADDER, MediaFacts, Output, OutputKind, Owner, Video
from tests.contracts.library_house import House, blocks, source_id_of

TICKET_LIFE = timedelta(hours=6)
OLD, NEW = b"the old film", b"the new film, which is longer"
NEW_FACTS = MediaFacts(duration_ms=9000, width=640, height=360, protected=False)


@dataclass
class Stage:
    """One owner's video in a house."""

    house: House
    owner: Owner
    video: Video

    async def now(self) -> Video:
        return await library.get_video(self.house.context, self.owner, self.video.id)

    async def publish(self, kind: OutputKind, name: str, **more: Any) -> Output:
        """By the steps of a real work: promise, bytes, record."""
        house, output_id = self.house, library.new_output_id()
        prefix = library.output_prefix(self.video.id, output_id)
        key = f"{prefix}segments/" if kind is OutputKind.PRESENTATION else f"{prefix}{name}.bin"
        about: dict[str, Any] = {"width": None, "height": None, "language": None, "document": None, **more}
        output = Output(output_id, self.video.id, kind, name, key, 5, created_at=house.clock.now(), **about)
        async with house.database.write() as tx:
            await library.promise_output(tx, house.clock, prefix, timedelta(days=2))
        await house.storage.put(f"{key}1.m4s" if key.endswith("/") else key, b"12345")
        async with house.database.write() as tx:
            await library.record_output(tx, house.clock, self.owner.tenant_id, output, prefix)
        return output

    async def replace(self, data: bytes = NEW, name: str = "new.mov") -> SourceId:
        """The new source's id, once its bytes are here."""
        video = await library.replace_media(self.house.context, self.owner, self.video.id, blocks(data), name)
        assert video.replacement_source_id is not None
        return video.replacement_source_id

    async def switch(self, source_id: SourceId, facts: MediaFacts = NEW_FACTS) -> Output:
        """What a finished job does; the new ladder."""
        house, tenant_id = self.house, self.owner.tenant_id
        async with house.database.write() as tx:
            video = await library.video_for_work(tx, tenant_id, self.video.id)
            source = await library.source_for_work(tx, tenant_id, source_id)
            assert video is not None
            assert source is not None
            await library.switch_media(tx, house.clock, video, source, facts, TICKET_LIFE)
        return await self.publish(OutputKind.PRESENTATION, LADDER)

    async def fail(self, source_id: SourceId, reason: str = "It is no video.") -> None:
        async with self.house.database.write() as tx:
            await library.source_failed(tx, self.house.clock, self.owner.tenant_id, self.video.id, source_id, reason)

    async def served(self) -> Output | None:
        published = await library.published_video(self.house.context, self.video.id)
        return published.presentation if published else None

    async def found(self, output: Output) -> Output | None:
        return await library.output_document(self.house.context, self.video.id, output.id)

    async def names(self, kind: OutputKind) -> list[str]:
        made = await library.outputs_of(self.house.context, [self.video.id], [kind])
        return sorted(output.name for output in made[self.video.id])

    async def sources(self) -> list[bytes]:
        """The bytes of every stored source."""
        keys = await self.house.stored(f"{library.video_prefix(self.video.id)}sources/")
        return [b"".join([block async for block in self.house.storage.read(key)]) for key in keys]

    async def expect_owned(self) -> None:
        """Every stored byte has its row, and every row of a file its bytes: what fsck asks."""
        known = await library.known_keys(self.house.context)
        stored = await self.house.stored()
        assert [key for key in stored if not known.owns(key)] == []
        assert known.files - set(stored) == set()

    async def collect(self, after: timedelta = timedelta(seconds=1)) -> None:
        self.house.clock.advance(after)
        while await library.collect_garbage(self.house.context):
            pass


async def received(house: House, owner: Owner | None = None) -> Stage:
    owner = owner or house.owner()
    return Stage(house, owner, await house.video(owner, data=OLD))


async def complete(house: House, owner: Owner | None = None, *, posters: int = 5) -> Stage:
    """Played from its ladder, with everything that is made of a video."""
    stage = await received(house, owner)
    await house.processing(stage.owner, stage.video.id)
    await stage.publish(OutputKind.PRESENTATION, LADDER)
    await stage.publish(OutputKind.DOWNLOAD, "1080p")
    await stage.publish(OutputKind.DOWNLOAD, "360p")
    await stage.publish(OutputKind.STORYBOARD, "1.jpg")
    await stage.publish(OutputKind.CAPTION, "t1", language="en")
    for number, origin in enumerate(("embedded", "generated", "translated", "uploaded")):
        await stage.publish(OutputKind.CAPTION, f"c{number}", language="en", document={"origin": origin})
    for number in range(posters):
        await stage.publish(OutputKind.POSTER, str(number))
    tenant_id = stage.owner.tenant_id
    async with house.database.write() as tx:
        await library.mark_playable(tx, house.clock, tenant_id, stage.video.id)
        await library.mark_complete(tx, house.clock, tenant_id, stage.video.id)
    house.events.clear()
    house.clock.advance(timedelta(days=3))
    assert source_id_of(await stage.now()) == source_id_of(stage.video)
    return stage
