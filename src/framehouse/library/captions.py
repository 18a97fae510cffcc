"""Captions of a video: WebVTT files that its owner uploads, and those that were embedded in its source.

A caption is an output. An uploaded one is named for its id; an embedded one has the name of its track in the manifests
until its owner changes it, and from then on is a file beside them as well.

Crash procedure. (1) The file's prefix is noted as garbage, due in two days. (2) The file is put, atomically. (3) One
transaction takes the prefix out of the garbage and records the output. A crash before (3) leaves bytes that
housekeeping removes.
"""

import asyncio
from dataclasses import replace
from datetime import datetime

from framehouse.infra.transaction import Transaction
from framehouse.kernel import UNCHANGED, Conflict, Unchanged, VideoId, new_content_id, to_hex
from framehouse.library.caption_outputs import StoredFile, as_webvtt, caption_of, id_of, label_of, name_of, output_of
from framehouse.library.context import ABANDONED_AFTER, LibraryContext, Owner, output_prefix
from framehouse.library.errors import no_such
from framehouse.library.model import Output, OutputKind, Video, VideoState
from framehouse.library.outputs import (
    CUT,
    FIRST,
    LADDER,
    new_output_id,
    promise_output,
    record_output,
    withdraw_outputs,
)
from framehouse.library.player_model import Caption, CaptionId, CaptionOrigin
from framehouse.library.store import media, videos
from framehouse.library.switch import RETIRED
from framehouse.media import presentation_json
from framehouse.media.language import language_tag

CAPTIONS_MAX = 200  # of one video


async def add_caption(
    context: LibraryContext,
    owner: Owner,
    video_id: VideoId,
    *,
    language: str,
    content: str | bytes,
    label: str | None = None,
    origin: CaptionOrigin = CaptionOrigin.UPLOADED,
    takes_place: bool = False,
) -> Caption:
    """From WebVTT, SubRip or SubStation Alpha; without a label it is called as its language calls itself.

    `language` is a BCP 47 tag or an English name. With `takes_place` those of its origin and language go. Raises
    NotFound for the video, InvalidInput with the field, also for content that cannot be read, PayloadTooLarge, and
    Conflict when the video has too many.
    """
    tag = language_tag(language)
    named = label_of(label, tag)
    file = await _store(context, owner, video_id, content, tag)
    now, caption_id = context.clock.now(), CaptionId(new_content_id())
    caption = Caption(caption_id, video_id, tag, named, origin, name_of(caption_id), now, now)
    async with context.database.write() as tx:
        await _video(tx, owner, video_id, lock=True)
        present = await _outputs(tx, video_id)
        if takes_place:
            old = [each for each in present if _is_alike(caption_of(each), caption)]
            await withdraw_outputs(tx, context.clock, owner.tenant_id, old)
            present = [each for each in present if each not in old]
        if len(present) >= CAPTIONS_MAX:
            raise Conflict(f"a video has at most {CAPTIONS_MAX} captions")
        await record_output(tx, context.clock, owner.tenant_id, output_of(caption, file), file.prefix)
    return caption


def _is_alike(known: Caption, new: Caption) -> bool:
    return (known.origin, known.language) == (new.origin, new.language)


async def list_captions(context: LibraryContext, owner: Owner, video_id: VideoId) -> tuple[Caption, ...]:
    """All of a video, oldest first, the embedded ones too."""
    async with context.database.read() as tx:
        await _video(tx, owner, video_id)
        found = [caption_of(output) for output in await _outputs(tx, video_id)]
    # tracks of a source came at the same time, and are named by number
    return tuple(sorted(found, key=lambda caption: (caption.created_at, len(caption.name), caption.name)))


async def get_caption(context: LibraryContext, owner: Owner, video_id: VideoId, caption_id: CaptionId) -> Caption:
    """Its text is read by `caption_text`."""
    async with context.database.read() as tx:
        await _video(tx, owner, video_id)
        return caption_of(await _find(tx, video_id, caption_id))


async def caption_text(context: LibraryContext, caption: Caption) -> str:
    """The WebVTT file. NotFound when the caption went meanwhile."""
    async with context.database.read() as tx:
        key = (await _find(tx, caption.video_id, caption.id)).object_key
    return b"".join([block async for block in context.storage.read(key)]).decode()


async def change_caption(
    context: LibraryContext,
    owner: Owner,
    video_id: VideoId,
    caption_id: CaptionId,
    *,
    language: str | Unchanged = UNCHANGED,
    content: str | bytes | Unchanged = UNCHANGED,
    label: str | Unchanged | None = UNCHANGED,
) -> Caption:
    """Change what is given; a label of None is the language's own name. Raises as `add_caption`.

    An embedded one cannot be changed while its video is being made (Conflict).
    """
    known = await get_caption(context, owner, video_id, caption_id)
    tag = known.language if isinstance(language, Unchanged) else language_tag(language)
    named = label if isinstance(label, Unchanged) else label_of(label, tag)
    file = None if isinstance(content, Unchanged) else await _store(context, owner, video_id, content, tag)
    async with context.database.write() as tx:
        video = await _video(tx, owner, video_id, lock=True)
        old = await _find(tx, video_id, caption_id)
        caption = _changed(caption_of(old), language, tag, named, context.clock.now())
        if old.name != caption.name:
            await _leave_manifests(tx, video, old)
        if file is not None:
            await withdraw_outputs(tx, context.clock, owner.tenant_id, [old])
            caption = replace(caption, origin=CaptionOrigin.UPLOADED)
            await record_output(tx, context.clock, owner.tenant_id, output_of(caption, file), file.prefix)
        else:  # the file stays, under an output that says the rest
            await media.remove_outputs(tx, owner.tenant_id, [old.id])
            same_file = StoredFile(new_output_id(), "", old.object_key, old.size_bytes)
            await media.put_output(tx, owner.tenant_id, output_of(caption, same_file))
    return caption


async def delete_caption(context: LibraryContext, owner: Owner, video_id: VideoId, caption_id: CaptionId) -> Caption:
    """Conflict for an embedded one while its video is being made."""
    async with context.database.write() as tx:
        video = await _video(tx, owner, video_id, lock=True)
        output = await _find(tx, video_id, caption_id)
        if output.name != name_of(caption_id):
            await _leave_manifests(tx, video, output)
        await withdraw_outputs(tx, context.clock, owner.tenant_id, [output])
    return caption_of(output)


async def _store(
    context: LibraryContext, owner: Owner, video_id: VideoId, content: str | bytes, language: str
) -> StoredFile:
    """Steps (1) and (2)."""
    text = await asyncio.to_thread(as_webvtt, content, language)  # some megabytes take a while
    output_id = new_output_id()
    prefix = output_prefix(video_id, output_id)
    async with context.database.write() as tx:
        await _video(tx, owner, video_id)
        await promise_output(tx, context.clock, prefix, ABANDONED_AFTER)
    stored = await context.storage.put(f"{prefix}captions.vtt", text.encode())
    return StoredFile(output_id, prefix, stored.key, stored.size_bytes)


def _changed(caption: Caption, language: str | Unchanged, tag: str, label: str | Unchanged, now: datetime) -> Caption:
    """`tag` and `label` are checked; a label that was only the language's name goes with the language."""
    named = caption.label if isinstance(label, Unchanged) else label
    if isinstance(language, Unchanged):
        tag = caption.language
    elif isinstance(label, Unchanged) and caption.label == label_of(None, caption.language):
        named = label_of(None, tag)
    return replace(caption, language=tag, label=named, name=name_of(caption.id), updated_at=now)


async def _leave_manifests(tx: Transaction, video: Video, embedded: Output) -> None:
    """The presentations get successors without the track. Players that are under way go on with the old ones, which
    go with the bytes that both describe."""
    if video.state in (VideoState.RECEIVED, VideoState.PROCESSING):
        raise Conflict("the video is being made: its embedded captions can be changed once it is ready")
    for output in (await media.outputs_of(tx, [video.id], [OutputKind.PRESENTATION]))[video.id]:
        rest = presentation_json.without_text(output.document or {}, embedded.name)
        if rest is not None and output.name in (CUT, FIRST, LADDER):
            await media.rename_output(tx, video.tenant_id, output.id, f"{RETIRED}{to_hex(output.id)}")
            await media.put_output(tx, video.tenant_id, replace(output, id=new_output_id(), document=rest))


async def _video(tx: Transaction, owner: Owner, video_id: VideoId, *, lock: bool = False) -> Video:
    video = await videos.get(tx, owner.tenant_id, video_id, lock=lock)
    if video is None:
        raise no_such("video")
    return video


async def _outputs(tx: Transaction, video_id: VideoId) -> list[Output]:
    return (await media.outputs_of(tx, [video_id], [OutputKind.CAPTION]))[video_id]


async def _find(tx: Transaction, video_id: VideoId, caption_id: CaptionId) -> Output:
    found = next((output for output in await _outputs(tx, video_id) if id_of(output) == caption_id), None)
    if found is None:
        raise no_such("caption")
    return found
