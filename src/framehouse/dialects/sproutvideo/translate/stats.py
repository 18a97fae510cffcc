"""Between SproutVideo's statistics and the audience room's figures."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from framehouse import audience
from framehouse.audience import Counts, Label, Scope, WatchedSession
from framehouse.dialects.sproutvideo import schemas
from framehouse.dialects.sproutvideo.translate.values import timestamp
from framehouse.kernel import InvalidInput, TenantId, VideoId, to_hex

DAYS_MAX = 3660
_DEFINITIONS = {"hd": "High Definition", "sd": "Standard Definition"}
_PLAYBACK_TYPES = {"html5": "HTML5"}
_DEVICES = {"desktop": "Desktop", "mobile": "Mobile", "tablet": "Tablet", "tv": "TV", "console": "Game Console"}
_WORDS: dict[Label, dict[str, str]] = {
    Label.DEFINITION: _DEFINITIONS,
    Label.PLAYBACK_TYPE: _PLAYBACK_TYPES,
    Label.DEVICE_TYPE: _DEVICES,
}


def scope(tenant_id: TenantId, given: schemas.DatesQuery, today: date, video_id: VideoId | None = None) -> Scope:
    """Whole days, UTC; raises InvalidInput for an end before the start and for a range that is too long."""
    start, end = given.start_date, given.end_date
    if start is not None:
        if end is not None and end < start:
            raise InvalidInput("`end_date` is before `start_date`", fields={"end_date": "is before start_date"})
        if ((end or today) - start).days >= DAYS_MAX:
            raise InvalidInput("a range has at most ten years", fields={"end_date": "is too far from start_date"})
    if end == date.max:
        raise InvalidInput("`end_date` is out of range", fields={"end_date": "is out of range"})
    return Scope(
        tenant_id,
        audience.day_ms(start) if start is not None else None,
        audience.day_ms(end + timedelta(days=1)) if end is not None else None,
        (video_id,) if video_id is not None else None,
    )


def counts(found: Counts) -> dict[str, int]:
    return {
        "play_count": found.plays,
        "impression_count": found.impressions,
        "unique_play_count": found.unique_plays,
        "unique_impression_count": found.unique_impressions,
    }


def labelled(name: str, label: Label, found: Sequence[tuple[str, int]]) -> list[dict[str, Any]]:
    """`name` is the vendor's word for the label; null where it is not known."""
    words = _WORDS.get(label, {})
    return [{name: words.get(value, value) or None, "play_count": plays} for value, plays in found]


def engagement(found: audience.Engagement) -> schemas.Engagement:
    sessions = found.sessions
    levels = [times / sessions if sessions else 0.0 for times in found.watched]
    return schemas.Engagement(
        plays=found.plays,
        views=found.impressions,
        visitors=found.visitors,
        seconds_watched=round(found.watched_ms / 1000),
        avg_engagement=sum(levels) / len(levels) if levels else 0.0,
        sessions=sessions,
        engagement=levels,
    )


def session(found: WatchedSession) -> dict[str, Any]:
    played = found.session
    return {
        "date": timestamp(datetime.fromtimestamp(played.started_ms // 1000, UTC)),
        "viewer": {
            "id": str(played.person_id),
            "name": played.viewer.name or None,
            "email": played.viewer.email or None,
            "other_videos_watched": found.other_videos,
        },
        "url": played.page or None,
        "user_agent": played.user_agent,
        "ip_address": played.address,
        "playback_type": played.playback_type,
        "geo": {
            "country": played.location.country or None,
            "region": played.location.region or None,
            "city": played.location.city or None,
        },
        "watched": list(found.watched),
        "video_id": to_hex(played.video_id),
    }
