"""Subtitles and translations: captions that are there, and the work on those that are not yet."""

from collections.abc import Sequence

from framehouse.dialects.adilo import schemas
from framehouse.dialects.context import DialectContext
from framehouse.dialects.gateway import Links
from framehouse.kernel import InvalidInput, to_base64url
from framehouse.library import Caption, CaptionOrigin, Video
from framehouse.playback import AssetKind, asset_path
from framehouse.speech import SpeechJob, SpeechKind, SpeechState, language_of

# Of several subtitles: those that people wrote before those that a machine heard.
_PREFERRED = (CaptionOrigin.UPLOADED, CaptionOrigin.EMBEDDED, CaptionOrigin.GENERATED)
_ORIGINS = {SpeechKind.RECOGNITION: CaptionOrigin.GENERATED, SpeechKind.TRANSLATION: CaptionOrigin.TRANSLATED}


def best_subtitle(captions: Sequence[Caption], language_code: str | None = None) -> Caption | None:
    """The newest of the best kind, not counting translations; in one language where it is given."""
    wanted = [each for each in captions if language_code is None or _base(each.language) == language_code]
    for origin in _PREFERRED:
        found = [each for each in wanted if each.origin is origin]
        if found:
            return max(found, key=lambda caption: caption.updated_at)
    return None


def translation_in(captions: Sequence[Caption], language_code: str) -> Caption | None:
    """The newest translation in a language."""
    found = [
        each
        for each in captions
        if each.origin is CaptionOrigin.TRANSLATED and _base(each.language) == _base(language_code)
    ]
    return max(found, key=lambda caption: caption.updated_at, default=None)


def subtitle(context: DialectContext, links: Links, video: Video, caption: Caption) -> schemas.Subtitle:
    return schemas.Subtitle(
        file_id=to_base64url(video.id),
        language=_name(caption.language),
        language_code=caption.language,
        origin=caption.origin.value,
        status=SpeechState.DONE.value,
        progress=100,
        reason=None,
        url=links.viewer(asset_path(context.assets, video, AssetKind.CAPTION, f"{caption.name}.vtt")),
    )


def work(job: SpeechJob) -> schemas.Subtitle:
    """What a job stands at; its result has a URL once it is there."""
    return schemas.Subtitle(
        file_id=to_base64url(job.video_id),
        language=_name(job.language),
        language_code=job.language,
        origin=_ORIGINS[job.kind].value,
        status=job.state.value,
        progress=100 if job.state is SpeechState.DONE else job.progress_percent,
        reason=job.reason,
        url=None,
    )


def with_subtitles(
    context: DialectContext,
    links: Links,
    video: Video,
    file: schemas.File,
    captions: Sequence[Caption],
    jobs: Sequence[SpeechJob],
) -> schemas.FileMeta:
    """Those that are there, then the last work on each that is not."""
    there = [subtitle(context, links, video, caption) for caption in captions]
    newest: dict[tuple[SpeechKind, str], SpeechJob] = {}
    for job in jobs:
        newest.setdefault((job.kind, job.language), job)  # they come newest first
    there += [work(job) for job in newest.values() if job.state is not SpeechState.DONE]
    translated = CaptionOrigin.TRANSLATED.value
    return schemas.FileMeta(
        **file.model_dump(),
        subtitles=[each for each in there if each.origin != translated],
        translations=[each for each in there if each.origin == translated],
    )


def missing(sentence: str, jobs: Sequence[SpeechJob], kind: SpeechKind, language_code: str | None = None) -> str:
    """The document's sentence, and what is known of the work on what is missing."""
    found = (job for job in jobs if job.kind is kind and language_code in (None, job.language))
    job = next(found, None)
    if job is None or job.state is SpeechState.DONE:
        return sentence
    if job.state is SpeechState.FAILED:
        return f"{sentence}: making it failed. {job.reason or ''}".strip()
    waits = f": {job.reason}" if job.reason else ""
    return f"{sentence} yet: it is {job.state.value}, {job.progress_percent} percent{waits}"


def _name(tag: str) -> str:
    try:
        return language_of(tag).name
    except InvalidInput:  # uploaded elsewhere, in a language that Adilo does not name
        return tag


def _base(tag: str) -> str:
    return tag.partition("-")[0]
