"""Subtitles and calls to action."""

from framehouse.dialects.sproutvideo import schemas
from framehouse.dialects.sproutvideo.translate.values import timestamp
from framehouse.kernel import UNCHANGED, to_hex
from framehouse.library import CallToAction, CallToActionChanges, Caption, NewCallToAction


def subtitle(found: Caption, text: str) -> schemas.Subtitle:
    return schemas.Subtitle(
        id=to_hex(found.id),
        video_id=to_hex(found.video_id),
        language=found.language,
        content=text,
        created_at=timestamp(found.created_at),
        updated_at=timestamp(found.updated_at),
    )


def new_call_to_action(given: schemas.CallToActionCreate) -> NewCallToAction:
    return NewCallToAction(
        text=given.text.strip(),
        url=given.url,
        start_ms=_milliseconds(given.start_time),
        end_ms=_milliseconds(given.end_time) if given.end_time is not None else None,
    )


def call_to_action_changes(given: schemas.CallToActionEdit) -> CallToActionChanges:
    """Only what was sent; null and blank clear the end."""
    end_ms = _milliseconds(given.end_time) if given.end_time is not None else None
    return CallToActionChanges(
        text=given.text.strip() if given.text is not None else UNCHANGED,
        url=given.url if given.url is not None else UNCHANGED,
        start_ms=_milliseconds(given.start_time) if given.start_time is not None else UNCHANGED,
        end_ms=end_ms if "end_time" in given.model_fields_set else UNCHANGED,
    )


def call_to_action(found: CallToAction) -> schemas.CallToAction:
    return schemas.CallToAction(
        id=to_hex(found.id),
        video_id=to_hex(found.video_id),
        text=found.text,
        url=found.url,
        start_time=_seconds(found.start_ms),
        end_time=_seconds(found.end_ms) if found.end_ms is not None else None,
        created_at=timestamp(found.created_at),
        updated_at=timestamp(found.updated_at),
    )


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


def _seconds(milliseconds: int) -> int | float:
    """Whole where they are, since most clients send and expect integers."""
    return milliseconds // 1000 if milliseconds % 1000 == 0 else milliseconds / 1000
