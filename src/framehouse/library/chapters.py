"""Chapters of a video, set all at once; and what else the player shows over it."""

from collections.abc import Sequence
from dataclasses import replace

from framehouse.infra.transaction import Transaction
from framehouse.kernel import VideoId
from framehouse.library.context import LibraryContext, Owner
from framehouse.library.errors import no_such
from framehouse.library.player_model import Chapter, PlayerExtras
from framehouse.library.store import player, videos
from framehouse.library.texts import check_time_span, checked_text, refused

CHAPTERS_MAX = 1000


async def set_chapters(
    context: LibraryContext, owner: Owner, video_id: VideoId, chapters: Sequence[Chapter]
) -> tuple[Chapter, ...]:
    """Replace all chapters of a video. Raises NotFound, InvalidInput; answers what `chapters_of` does."""
    checked = _checked(chapters)
    async with context.database.write() as tx:
        if await videos.get(tx, owner.tenant_id, video_id, lock=True) is None:
            raise no_such("video")
        await player.replace_chapters(tx, owner.tenant_id, video_id, checked)
        return await _chapters(tx, video_id)


async def chapters_of(context: LibraryContext, owner: Owner, video_id: VideoId) -> tuple[Chapter, ...]:
    """In order of time, each with its end as far as it is known."""
    async with context.database.read() as tx:
        if await videos.get(tx, owner.tenant_id, video_id) is None:
            raise no_such("video")
        return await _chapters(tx, video_id)


async def player_extras(context: LibraryContext, video_id: VideoId) -> PlayerExtras:
    """What the player shows over a video, whoever's it is: the caller has decided who may watch."""
    async with context.database.read() as tx:
        return PlayerExtras(await player.calls_of(tx, video_id), await _chapters(tx, video_id))


async def _chapters(tx: Transaction, video_id: VideoId) -> tuple[Chapter, ...]:
    """Without an end of its own a chapter lasts to the next one, the last one to the end of the video."""
    found = await player.chapters_of(tx, video_id)
    if not found:
        return ()
    ends = [*(chapter.start_ms for chapter in found[1:]), await player.length_of(tx, video_id)]
    return tuple(
        chapter if chapter.end_ms is not None else replace(chapter, end_ms=end)
        for chapter, end in zip(found, ends, strict=True)
    )


def _checked(chapters: Sequence[Chapter]) -> list[Chapter]:
    if len(chapters) > CHAPTERS_MAX:
        raise refused("chapters", f"are more than {CHAPTERS_MAX}")
    for chapter in chapters:
        check_time_span(chapter.start_ms, chapter.end_ms)
    if len({chapter.start_ms for chapter in chapters}) < len(chapters):
        raise refused("start_ms", "of two chapters is the same")
    return [replace(chapter, title=checked_text("title", chapter.title)) for chapter in chapters]
