"""Subtitles and translations: what is asked for, and how far each is."""

from pydantic import Field

from framehouse.dialects.adilo.schemas.files import File
from framehouse.dialects.adilo.schemas.values import Lenient
from framehouse.dialects.gateway import Output


class SubtitleRequest(Lenient):
    also = {"fileId": "file_id"}  # noqa: RUF012  (a ClassVar of the base class)

    file_id: str = Field(description="The file's id.")
    language: str = Field(min_length=1, max_length=100, description='English name ("Spanish") or code ("es").')


class LanguageQuery(Lenient):
    language: str = Field(min_length=1, max_length=100, description='English name ("Spanish") or code ("es").')


class OptionalLanguageQuery(Lenient):
    language: str | None = Field(None, max_length=100, description="Ours: only a subtitle in this language.")


class Subtitle(Output):
    file_id: str
    language: str = Field(description="English name.")
    language_code: str = Field(description="BCP 47.")
    origin: str = Field(description="`uploaded`, `embedded`, `generated` or `translated`.")
    status: str = Field(description="`waiting`, `queued`, `running`, `done` or `failed`.")
    progress: int = Field(description="Percent.")
    reason: str | None = Field(description="What it waits for, or why it failed.")
    url: str | None = Field(description="The WebVTT file, once it is done.")


class FileMeta(File):
    subtitles: list[Subtitle]
    translations: list[Subtitle]
