"""SproutVideo's statistics: counts, plays by a label, engagement, playback sessions; in total or for each day."""

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field

from framehouse.dialects.gateway import Input, Output
from framehouse.dialects.sproutvideo.schemas.values import DATE, Listed, ListQuery


def _is_date(value: object) -> object:
    """Times are cut to their day; bare numbers are no days."""
    if isinstance(value, str) and DATE.match(value):
        return value.strip()[:10]
    raise ValueError("must be a date such as 2026-01-31")


Day = Annotated[date, BeforeValidator(_is_date)]


class DatesQuery(Input):
    start_date: Day | None = Field(None, description="First day (UTC). With one of the dates the answer is by day.")
    end_date: Day | None = Field(None, description="Last day, which is included.")


class GeoQuery(DatesQuery):
    country: Annotated[str, Field(min_length=2, max_length=2, pattern="^[A-Za-z]{2}$")] | None = Field(
        None, description="ISO 3166-1 alpha-2 code of a country whose cities are wanted."
    )


class SessionQuery(DatesQuery, ListQuery):
    vemail: str | None = Field(None, max_length=200, description="Only sessions tagged with this e-mail address.")
    uid: str | None = Field(None, max_length=200, description="Only sessions tagged with this uid.")


class PlayCounts(Output):
    play_count: int
    impression_count: int
    unique_play_count: int
    unique_impression_count: int


class PlayCountsByDate(PlayCounts):
    date: str


class EngagementTotal(Output):
    seconds_watched: int = Field(description="Of all films, in their own time.")


class Engagement(EngagementTotal):
    plays: int
    views: int = Field(description="How often it was shown on a page.")
    visitors: int = Field(description="To how many people.")
    avg_engagement: float
    sessions: int = Field(description="Plays in which something was watched.")
    engagement: list[float] = Field(description="For each second, how often it was watched in a session.")


class SessionViewer(Output):
    id: str
    name: str | None
    email: str | None
    other_videos_watched: int


class SessionGeo(Output):
    country: str | None = Field(description="Null without a database that knows the address.")
    region: str | None
    city: str | None


class VideoSession(Output):
    date: str
    viewer: SessionViewer
    url: str | None
    user_agent: str
    ip_address: str
    playback_type: str
    geo: SessionGeo
    watched: list[int] = Field(description="How often each second was watched.")


class Session(VideoSession):
    video_id: str


class SessionList(Listed):
    sessions: list[Session]


class VideoSessionList(Listed):
    sessions: list[VideoSession]
