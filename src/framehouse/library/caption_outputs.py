"""Captions as they are stored: an output each, with what it is called in its document; the text as one WebVTT file."""

from dataclasses import dataclass
from datetime import datetime

from framehouse.kernel import PayloadTooLarge, from_hex, to_hex
from framehouse.library.model import Output, OutputId, OutputKind
from framehouse.library.player_model import Caption, CaptionId, CaptionOrigin
from framehouse.library.texts import checked_text
from framehouse.media import webvtt
from framehouse.media.language import UNDETERMINED
from framehouse.media.language_names import own_name
from framehouse.media.subtitle_text import cues_of

CONTENT_MAX_BYTES = 5 * 1024 * 1024
LABEL_MAX = 200
NAMELESS = "Subtitles"  # in a language that nobody told


@dataclass(frozen=True)
class StoredFile:
    """An object that waits for its output, under the prefix that was promised for it."""

    id: OutputId
    prefix: str
    key: str
    size_bytes: int


def as_webvtt(content: str | bytes, language: str) -> str:
    size = len(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    if size > CONTENT_MAX_BYTES:
        problem = f"must have at most {CONTENT_MAX_BYTES} bytes"
        raise PayloadTooLarge(f"the captions' content {problem}", fields={"content": problem})
    return webvtt.write(cues_of(content, language))


def output_of(caption: Caption, file: StoredFile) -> Output:
    about = {"label": caption.label, "origin": caption.origin.value, "created_at": caption.created_at.isoformat()}
    return Output(
        id=file.id,
        video_id=caption.video_id,
        kind=OutputKind.CAPTION,
        name=caption.name,
        object_key=file.key,
        size_bytes=file.size_bytes,
        width=None,
        height=None,
        language=caption.language,
        document=about,
        created_at=caption.updated_at,
    )


def caption_of(output: Output) -> Caption:
    about = output.document or {}
    language = output.language or UNDETERMINED
    return Caption(
        id=id_of(output),
        video_id=output.video_id,
        language=language,
        label=about.get("label") or label_of(None, language),
        origin=CaptionOrigin(about.get("origin", CaptionOrigin.EMBEDDED)),
        name=output.name,
        created_at=datetime.fromisoformat(about["created_at"]) if "created_at" in about else output.created_at,
        updated_at=output.created_at,
    )


def name_of(caption_id: CaptionId) -> str:
    return f"c{to_hex(caption_id)}"


def id_of(output: Output) -> CaptionId:
    """From the name, as an output has a new id with each change; an embedded one's was not changed yet."""
    named_for = from_hex(output.name[1:]) if output.name.startswith("c") else None
    return CaptionId(named_for or output.id)


def label_of(given: str | None, language: str) -> str:
    if given is not None and given.strip():
        return checked_text("label", given, longest=LABEL_MAX)
    return NAMELESS if language == UNDETERMINED else own_name(language)
