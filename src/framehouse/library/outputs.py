"""Outputs of a video: recorded by the rooms that make them, looked up by the rooms that serve them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from framehouse.infra.transaction import Transaction
from framehouse.kernel import Clock, TenantId, VideoId, new_content_id
from framehouse.library.context import LibraryContext
from framehouse.library.model import Output, OutputId, OutputKind, Source, Video
from framehouse.library.store import media, videos

CUT = "cut"  # the presentation whose segments are cut from the source on demand
FIRST = "first"  # the lowest useful rung, while the ladder is being encoded
LADDER = "ladder"  # the presentation of the encoded renditions
REVOKED_AT_ONCE = 1000  # databases limit the parameters of a statement
RETIRED_OUTPUT_LIFE = timedelta(days=1)  # players that are under way keep their manifests and segments this long


@dataclass(frozen=True)
class PublishedVideo:
    """What serving a video takes; for viewers, who have no tenant."""

    video: Video
    outputs: tuple[Output, ...]

    @property
    def presentation(self) -> Output | None:
        """The best presentation: the encoded ladder once it is published, what came first until then."""
        found = {output.name: output for output in self.outputs if output.kind is OutputKind.PRESENTATION}
        return found.get(LADDER) or found.get(CUT) or found.get(FIRST)

    def of_kind(self, kind: OutputKind) -> tuple[Output, ...]:
        return tuple(output for output in self.outputs if output.kind is kind)


def new_output_id() -> OutputId:
    return OutputId(new_content_id())


async def promise_output(tx: Transaction, clock: Clock, prefix: str, within: timedelta) -> None:
    """Note a prefix before its bytes are written: unless `record_output` claims it in time, it is removed."""
    await media.add_garbage(tx, prefix, clock.now() + within)


async def record_output(tx: Transaction, clock: Clock, tenant_id: TenantId, output: Output, prefix: str) -> None:
    """Publish an output whose bytes are durable under the prefix; what it replaces is removed a day later."""
    await media.claim_from_garbage(tx, prefix)
    replaced = await media.put_output(tx, tenant_id, output)
    if replaced is not None:
        await media.add_garbage(tx, replaced, clock.now() + RETIRED_OUTPUT_LIFE)


async def retire_presentations(
    tx: Transaction, clock: Clock, video_id: VideoId, names: Sequence[str], life: timedelta
) -> None:
    """Remove presentations, rows and bytes, once the tickets of who watches them now are over."""
    found = await media.outputs_of(tx, [video_id], [OutputKind.PRESENTATION], documents=False)
    for output in found[video_id]:
        if output.name in names:
            await media.add_garbage(tx, output.object_key, clock.now() + life)


async def withdraw_outputs(tx: Transaction, clock: Clock, tenant_id: TenantId, made: Sequence[Output]) -> None:
    """Nobody finds them any more; their bytes are removed a day later."""
    await media.remove_outputs(tx, tenant_id, [output.id for output in made])
    for output in made:
        await media.add_garbage(tx, output.object_key, clock.now() + RETIRED_OUTPUT_LIFE)


async def discard(tx: Transaction, clock: Clock, prefix: str) -> None:
    """Everything under the prefix has served its purpose; housekeeping removes it."""
    await media.add_garbage(tx, prefix, clock.now())


async def published_video(context: LibraryContext, video_id: VideoId) -> PublishedVideo | None:
    """A video with its outputs, whoever's it is: the caller checks a ticket or signature. Of documents only those of
    captions come along, which are small."""
    async with context.database.read() as tx:
        video = await videos.get_unscoped(tx, video_id)
        if video is None:
            return None
        found = await media.outputs_of(tx, [video_id], documents=(OutputKind.CAPTION,))
    return PublishedVideo(video, tuple(found[video_id]))


async def output_document(context: LibraryContext, video_id: VideoId, output_id: OutputId) -> Output | None:
    """One output with its document; unscoped as above."""
    async with context.database.read() as tx:
        return await media.get_output(tx, video_id, output_id)


@dataclass(frozen=True)
class TicketTerms:
    """What a video's tickets are checked against: the generation that valid ones carry, the networks it has."""

    tenant_id: TenantId
    generation: int
    networks: tuple[str, ...]


async def ticket_terms(tx: Transaction, video_id: VideoId) -> TicketTerms | None:
    """None when the video is gone. Unscoped as above."""
    video = await videos.get_unscoped(tx, video_id)
    return TicketTerms(video.tenant_id, video.ticket_generation, video.allowed_networks) if video is not None else None


async def revoke_tickets(tx: Transaction, tenant_id: TenantId, video_ids: Iterable[VideoId]) -> None:
    """Void the playback tickets that are out; who may still watch gets a new one."""
    ids = sorted(set(video_ids))
    for start in range(0, len(ids), REVOKED_AT_ONCE):
        await videos.raise_ticket_generation(tx, tenant_id, ids[start : start + REVOKED_AT_ONCE])


async def source_for_work(tx: Transaction, tenant_id: TenantId, source_id: Any) -> Source | None:
    return await media.get_source(tx, tenant_id, source_id)


async def record_media_info(tx: Transaction, source: Source, media_info: dict[str, Any]) -> None:
    """Keep the probe's answer with the source."""
    await media.record_media_info(tx, source.id, media_info)


async def video_for_work(tx: Transaction, tenant_id: TenantId, video_id: VideoId, *, lock: bool = True) -> Video | None:
    """The video, locked for who will change it; None when it was deleted meanwhile."""
    return await videos.get(tx, tenant_id, video_id, lock=lock)


@dataclass(frozen=True)
class KnownKeys:
    """What the database says is stored: single objects, and folders whose every object is owned. What is being removed
    is among the folders, also where it is one object: it may be gone already."""

    files: frozenset[str]
    folders: frozenset[str]

    def owns(self, key: str) -> bool:
        parents = (key[: index + 1] for index, letter in enumerate(key) if letter == "/")
        return key in self.files or key in self.folders or any(parent in self.folders for parent in parents)


async def known_keys(context: LibraryContext) -> KnownKeys:
    """Of all tenants; for the operator's check. Garbage that is noted counts as owned: it is being removed."""
    async with context.database.read() as tx:
        files, folders = await media.every_key(tx)
    return KnownKeys(frozenset(files), frozenset(folders))
