"""The account, and the tokens it gives out for uploads without its key."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from framehouse.dialects.gateway import Input, Output
from framehouse.dialects.sproutvideo.schemas.values import Url, UrlOrBlank

TOKEN_LIFE_S = 3600
TOKEN_LIFE_MAX_S = 7 * 86400


def _number(value: object) -> object:
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value


DefaultPrivacy = Annotated[Literal[0, 2, 3], BeforeValidator(_number)]


class AccountEdit(Input):
    company: str | None = Field(None, max_length=200, description="Company.")
    first_name: str | None = Field(None, max_length=200, description="First name of who is responsible.")
    last_name: str | None = Field(None, max_length=200, description="Last name.")
    email: str | None = Field(None, max_length=320, description="E-mail address.")
    download_sd: bool | None = Field(None, description="Whether viewers may download SD versions by default.")
    download_hd: bool | None = Field(None, description="Whether viewers may download HD versions by default.")
    privacy: DefaultPrivacy | None = Field(
        None, description="Privacy level of uploads that name none: 0, 2 or 3; Framehouse's own."
    )
    notification_url: UrlOrBlank | None = Field(
        None, description="Gets every video that is deployed or failed by POST; Framehouse's own."
    )


class Account(Output):
    company: str | None
    first_name: str | None
    last_name: str | None
    email: str | None
    download_sd: bool
    download_hd: bool
    privacy: int
    notification_url: str | None


class UploadTokenCreate(Input):
    return_url: Url | None = Field(None, description="Where the browser is sent to after the upload.")
    seconds_valid: int = Field(
        TOKEN_LIFE_S, ge=1, le=TOKEN_LIFE_MAX_S, description="How long the upload may begin; an hour by default."
    )


class UploadTokenField(Input):
    """What is looked for in a form that comes without a key, before anything else in it counts."""

    token: str | None = Field(None, max_length=500)


class UploadToken(Output):
    token: str = Field(description="Good for one upload; shown once.")
