"""Videos as they are answered, with what their object needs besides: their downloads, and tags by name."""

from framehouse import library
from framehouse.dialects.gateway import Call
from framehouse.dialects.sproutvideo import schemas, translate
from framehouse.library import OutputKind, Video, VideoChanges


async def answer(call: Call, video: Video) -> schemas.Video:
    downloads = await library.outputs_of(call.library, [video.id], [OutputKind.DOWNLOAD])
    plays = await call.context.audience.play_counts.of(call.owner.tenant_id, [video.id])
    return translate.video(call.context, call.links, video, downloads.get(video.id, []), plays[video.id])


async def with_named_tags(call: Call, video: Video, names: list[str]) -> Video:
    """The video with tags by name beside the ones it has; those that are missing are made."""
    if not names:
        return video
    tags = [await library.ensure_tag(call.library, call.owner, name) for name in names]
    changes = VideoChanges(tag_ids=(*video.tag_ids, *(tag.id for tag in tags)))
    return await library.change_video(call.library, call.owner, video.id, changes)
