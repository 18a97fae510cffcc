"""Lists of videos for callers that keep what they made of each: only what they do not know yet is read in full."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from framehouse.infra.transaction import Transaction
from framehouse.kernel import VideoId
from framehouse.library.context import LibraryContext, Owner
from framehouse.library.model import Output, OutputKind, Page, Video
from framehouse.library.store import media, versions, videos
from framehouse.library.store.videos import VideoQuery


@dataclass(frozen=True)
class VideoVersion:
    """One video as it is now. `fingerprint` changes with everything that is stored of it (see `store.versions`);
    `video` is None where the caller knows the fingerprint, or where the video was deleted at this very moment."""

    fingerprint: int
    video: Video | None
    outputs: tuple[Output, ...]


async def list_versions(
    context: LibraryContext,
    owner: Owner,
    query: VideoQuery,
    kinds: Sequence[OutputKind],
    is_known: Callable[[int], bool],
) -> Page[VideoVersion]:
    """A page with the outputs of some kinds, all of one moment."""
    async with context.database.read() as tx:
        found, total = await versions.page(tx, owner.tenant_id, query, kinds)
        unknown = [video_id for video_id, fingerprint in found if not is_known(fingerprint)]
        loaded = await _loaded(tx, owner, unknown, kinds)
    nothing: tuple[Video | None, tuple[Output, ...]] = (None, ())
    return Page(tuple(VideoVersion(fingerprint, *loaded.get(id_, nothing)) for id_, fingerprint in found), total)


async def _loaded(
    tx: Transaction, owner: Owner, ids: list[VideoId], kinds: Sequence[OutputKind]
) -> dict[VideoId, tuple[Video, tuple[Output, ...]]]:
    if not ids:
        return {}
    made = await media.outputs_of(tx, ids, kinds, documents=False)
    return {video.id: (video, tuple(made[video.id])) for video in await videos.by_ids(tx, owner.tenant_id, ids)}
