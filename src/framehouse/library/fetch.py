"""Sources by URL: the video exists at once, its bytes follow as durable work.

Crash procedure. (1) One transaction inserts the video and its fetch and schedules the first try. (2) A try notes a
prefix of its own as garbage, due in two days. (3) Bytes are written below it and made durable by the storage. (4) One
transaction takes the prefix out of the garbage, inserts the source, which enqueues its inspection, and removes the
fetch. A crash before (4) repeats the work from (2) under another name, and what was left goes with the garbage; after
(4) the work finds no fetch and ends. A try that fails records why and schedules the next in the same transaction; the
last one fails the video.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

import structlog

from framehouse.infra.outgoing import (
    Answer,
    Limits,
    OutgoingClient,
    OutgoingRefused,
    OutgoingTimedOut,
    check_url,
    host_of,
    told_status,
)
from framehouse.infra.storage import ObjectInfo
from framehouse.infra.transaction import Transaction
from framehouse.kernel import (
    FramehouseError,
    InvalidInput,
    SourceId,
    StorageFull,
    TemporarilyUnavailable,
    VideoId,
    new_content_id,
    to_hex,
)
from framehouse.library.context import ABANDONED_AFTER, LibraryContext, Owner, source_key, source_prefix
from framehouse.library.events import FetchScheduled
from framehouse.library.model import NewVideo, Video
from framehouse.library.progress import mark_failed
from framehouse.library.receive import (
    admit_source,
    check_free_space,
    check_new_video,
    check_room,
    insert_video,
    title_from,
    within_room,
)
from framehouse.library.store import fetches, media, videos
from framehouse.library.store.fetches import Fetch

PAUSES_S = (5, 30, 120, 600)  # after the first, second … try
NOTE_EVERY = timedelta(seconds=2)
SLOW_START = timedelta(seconds=60)
SLOWEST_BYTES_PER_S = 8 * 1024  # less would hold one of a worker's few fetches for hours
FILE_NAME_MAX = 200
NAMELESS = "source"
WORTH_ANOTHER_TRY = frozenset({408, 425, 429})
log = structlog.get_logger(__name__)


class _Gone(FramehouseError):
    """The video was deleted, or another attempt was faster."""


async def receive_from_url(context: LibraryContext, owner: Owner, new: NewVideo, url: str) -> Video:
    """A video whose source a worker fetches; an empty title or file name is taken from the URL's path.

    Raises as `receive_video` does for what can be known before; what the fetch meets fails the video with a reason.
    """
    url = check_url(url)
    file_name = new.file_name or file_name_in(url)
    new = replace(new, file_name=file_name, title=new.title.strip() or title_from(file_name))
    check_free_space(context, 0)
    now = context.clock.now()
    video_id, fetch_id = VideoId(new_content_id()), new_content_id()
    sealed = context.secrets.encrypt(url)
    async with context.database.write() as tx:
        await check_new_video(tx, owner, new)
        await check_room(context, tx, owner, 0)
        await insert_video(context, tx, owner, new, video_id)
        await fetches.insert(tx, Fetch(fetch_id, owner.tenant_id, video_id, sealed, 0, 0, None, now, now))
        await tx.emit(FetchScheduled(owner.tenant_id, video_id, fetch_id, 0, 0))
        video = await videos.get(tx, owner.tenant_id, video_id)
    assert video is not None  # inserted above
    return video


def file_name_in(url: str) -> str:
    """The last part of a URL's path, fit to be shown; `source` when it has none. The URL need not be checked."""
    try:
        name = unquote(PurePosixPath(urlsplit(url).path).name)
    except ValueError:
        return NAMELESS
    return "".join(c for c in name if c.isprintable() and c not in "/\\")[-FILE_NAME_MAX:].strip() or NAMELESS


async def fetch_of(context: LibraryContext, owner: Owner, video_id: VideoId) -> Fetch | None:
    """How far the source of a video has come; None when it is not being fetched."""
    async with context.database.read() as tx:
        return await fetches.of_video(tx, owner.tenant_id, video_id)


async def fetch_source(
    context: LibraryContext, outgoing: OutgoingClient, owner: Owner, fetch_id: int, attempt: int, *, timeout_s: float
) -> None:
    """One try, as durable work: steps (2) to (4). Idempotent."""
    source_id = SourceId(new_content_id())
    async with context.database.write() as tx:
        fetch = await fetches.get(tx, owner.tenant_id, fetch_id)
        if fetch is None or fetch.attempts != attempt:
            return
        key, prefix = source_key(fetch.video_id, source_id), source_prefix(fetch.video_id, source_id)
        await media.add_garbage(tx, prefix, context.clock.now() + ABANDONED_AFTER)
    try:
        stored = await _store(context, outgoing, owner, fetch, key, timeout_s)
        await _admit(context, owner, fetch, source_id, stored, prefix)
    except FramehouseError as error:
        async with context.database.write() as tx:
            await media.add_garbage(tx, prefix, context.clock.now())
        await _after(context, owner, fetch, error)


async def _store(
    context: LibraryContext, outgoing: OutgoingClient, owner: Owner, fetch: Fetch, key: str, timeout_s: float
) -> ObjectInfo:
    """Step (3). What is too large is refused when the server announces it, or as soon as it is."""
    url = context.secrets.decrypt(fetch.url_sealed)
    limits = Limits(total_s=timeout_s, answer_bytes=context.upload_max_bytes)
    async with outgoing.stream("GET", url, limits=limits) as answer:
        _check_answer(answer, host_of(url))
        async with context.database.read() as tx:
            room = await check_room(context, tx, owner, answer.length_bytes or 0)
        check_free_space(context, answer.length_bytes or 0)
        watched = _watched(context, owner, fetch, host_of(url), answer.blocks())
        stored = await context.storage.put(key, within_room(room, owner, watched))
    if not stored.size_bytes:
        raise InvalidInput("the file is empty")
    return stored


def _check_answer(answer: Answer, host: str) -> None:
    status = answer.status
    if status != HTTPStatus.OK:
        worth_it = 500 <= status < 600 or status in WORTH_ANOTHER_TRY
        raise (TemporarilyUnavailable if worth_it else OutgoingRefused)(f"{host} answered {told_status(status)}")
    if answer.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise OutgoingRefused(f"{host} sends the file compressed, which it was asked not to do")


async def _watched(
    context: LibraryContext, owner: Owner, fetch: Fetch, host: str, blocks: AsyncIterator[bytes]
) -> AsyncIterator[bytes]:
    """The same bytes; how many came is noted now and then, which also shows whether they are still wanted."""
    received = 0
    began = noted_at = context.clock.now()
    async for block in blocks:
        received += len(block)
        yield block
        now = context.clock.now()
        if now - noted_at < NOTE_EVERY:
            continue
        noted_at = now
        async with context.database.write() as tx:
            if not await fetches.note_received(tx, owner.tenant_id, fetch.id, received):
                raise _Gone("the video is gone")
        elapsed = now - began
        if elapsed > SLOW_START and received < SLOWEST_BYTES_PER_S * elapsed.total_seconds():
            raise TemporarilyUnavailable(f"{host} sends less than {SLOWEST_BYTES_PER_S // 1024} KiB a second")


async def _admit(
    context: LibraryContext, owner: Owner, fetch: Fetch, source_id: SourceId, stored: ObjectInfo, prefix: str
) -> None:
    """Step (4)."""
    async with context.database.write() as tx:
        video = await _awaiting(tx, owner, fetch.id, fetch.video_id)
        if video is None:
            raise _Gone("the video is gone")
        await media.claim_from_garbage(tx, prefix)
        await admit_source(context, tx, owner, video.id, source_id, stored, video.original_file_name)
        await fetches.remove(tx, owner.tenant_id, fetch.id)
    log.info("source fetched", video=to_hex(fetch.video_id), size_bytes=stored.size_bytes)


async def _awaiting(tx: Transaction, owner: Owner, fetch_id: int, video_id: VideoId) -> Video | None:
    """The locked video, while its source is still to come: the fetch is asked for under the lock."""
    video = await videos.get(tx, owner.tenant_id, video_id, lock=True)
    return video if await fetches.get(tx, owner.tenant_id, fetch_id) is not None else None


async def _after(context: LibraryContext, owner: Owner, fetch: Fetch, error: FramehouseError) -> None:
    """What becomes of the fetch when a try came to nothing."""
    problem, tries = error.message, fetch.attempts + 1
    log.info("a source was not fetched", video=to_hex(fetch.video_id), problem=problem, tries=tries)
    if isinstance(error, _Gone):
        return
    passing = isinstance(error, TemporarilyUnavailable | StorageFull) and not isinstance(error, OutgoingTimedOut)
    if not passing or tries > len(PAUSES_S):
        await give_up_fetch(context, owner, fetch.id, fetch.attempts, problem)
        return
    pause_s = PAUSES_S[tries - 1]
    at = context.clock.now() + timedelta(seconds=pause_s)
    async with context.database.write() as tx:
        if await fetches.note_failure(tx, owner.tenant_id, fetch.id, fetch.attempts, problem, at):
            await tx.emit(FetchScheduled(owner.tenant_id, fetch.video_id, fetch.id, tries, pause_s))


async def give_up_fetch(context: LibraryContext, owner: Owner, fetch_id: int, attempt: int, problem: str) -> None:
    """Fail the video after that attempt; without effect when the fetch has ended or gone on."""
    after = f" after {attempt + 1} tries" if attempt else ""
    async with context.database.write() as tx:
        fetch = await fetches.get(tx, owner.tenant_id, fetch_id)
        if fetch is None or fetch.attempts != attempt:
            return
        if await _awaiting(tx, owner, fetch_id, fetch.video_id) is not None:
            reason = f"The source could not be fetched{after}: {problem.rstrip('.')}."
            await mark_failed(tx, context.clock, owner.tenant_id, fetch.video_id, reason)
            await fetches.remove(tx, owner.tenant_id, fetch_id)
