"""Who may watch login-protected videos: logins and their access grants."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from framehouse.dialects.gateway import Input, Output, as_list
from framehouse.dialects.sproutvideo.schemas.values import Listed, ListQuery, Moment

Permission = Literal["original", "hd", "sd"]
Permissions = Annotated[list[Permission], BeforeValidator(as_list)]
PLAYS_MAX = 2**31 - 1  # the column's range


class LoginCreate(Input):
    email: str = Field(min_length=1, max_length=320, description="E-mail address.")
    password: str = Field(min_length=1, max_length=1000, description="Password.")


class LoginEdit(Input):
    password: str = Field(min_length=1, max_length=1000, description="The new password; old sign-ins end.")


class Login(Output):
    id: str
    email: str
    access_grants: list[str] = Field(description="Ids of its access grants.")
    created_at: str
    updated_at: str


class LoginList(Listed):
    logins: list[Login]


class GrantListQuery(ListQuery):
    login_id: str | None = Field(None, description="Only grants of this login; Framehouse's own.")
    video_id: str | None = Field(None, description="Only grants for this video; Framehouse's own.")


class GrantEdit(Input):
    clears = frozenset({"access_starts_at", "access_ends_at"})

    allowed_plays: int | None = Field(None, ge=0, le=PLAYS_MAX, description="How often; 0 for any number.")
    access_starts_at: Moment | None = Field(None, description="From when; null for at once.")
    access_ends_at: Moment | None = Field(None, description="Until when; null for ever.")
    download_permissions: Permissions | None = Field(None, description="Of `original`, `hd` and `sd`; none by default.")


class GrantCreate(GrantEdit):
    login_id: str = Field(description="Who may watch.")
    video_id: str = Field(description="What.")


class AccessGrant(Output):
    id: str
    video_id: str
    login_id: str
    access_starts_at: str | None
    access_ends_at: str | None
    allowed_plays: int = Field(description="0 for any number.")
    play_count: int
    download_permissions: list[Permission]
    created_at: str
    updated_at: str


class AccessGrantList(Listed):
    access_grants: list[AccessGrant]
