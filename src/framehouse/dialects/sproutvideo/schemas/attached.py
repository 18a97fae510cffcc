"""What belongs to one video: subtitles and calls to action."""

from pydantic import Field

from framehouse.dialects.gateway import Input, Output
from framehouse.dialects.sproutvideo.schemas.values import Listed, Seconds, Url


class SubtitleCreate(Input):
    language: str = Field(min_length=1, max_length=100, description="Language, as `en` or `pt-BR`.")
    content: str = Field(min_length=1, description="The subtitles as WebVTT or SubRip.")


class SubtitleEdit(Input):
    language: str | None = Field(None, min_length=1, max_length=100, description="Language, as `en` or `pt-BR`.")
    content: str | None = Field(None, min_length=1, description="The subtitles as WebVTT or SubRip.")


class Subtitle(Output):
    id: str
    video_id: str
    language: str
    content: str = Field(description="As WebVTT.")
    created_at: str
    updated_at: str


class SubtitleList(Listed):
    subtitles: list[Subtitle]


class CallToActionCreate(Input):
    text: str = Field(min_length=1, max_length=1000, pattern=r"\S", description="What viewers read.")
    url: Url = Field(description="Where it leads.")
    start_time: Seconds = Field(0, description="Second from which it is shown.")
    end_time: Seconds | None = Field(None, description="Second until which it is shown; null for the end.")


class CallToActionEdit(Input):
    clears = frozenset({"end_time"})

    text: str | None = Field(None, min_length=1, max_length=1000, pattern=r"\S", description="What viewers read.")
    url: Url | None = Field(None, description="Where it leads.")
    start_time: Seconds | None = Field(None, description="Second from which it is shown.")
    end_time: Seconds | None = Field(None, description="Second until which it is shown; null for the end.")


class CallToAction(Output):
    id: str
    video_id: str
    text: str
    url: str
    start_time: int | float = Field(description="In seconds.")
    end_time: int | float | None = Field(description="In seconds.")
    created_at: str
    updated_at: str


class CallToActionList(Listed):
    calls_to_action: list[CallToAction]
