"""The people of a team."""

from pydantic import Field

from framehouse.dialects.adilo.schemas.values import Lenient
from framehouse.dialects.gateway import NameList, Output


class UserCreate(Lenient):
    name: str = Field(min_length=1, max_length=200, description="Name of the user.")
    email: str = Field(min_length=1, max_length=254, description="E-mail address to sign in with.")
    password: str = Field(min_length=10, max_length=1024, description="Password; at least 10 characters.")
    permissions: NameList = Field(description="What the user may do: names of permissions.")


class UserUpdate(Lenient):
    name: str | None = Field(None, min_length=1, max_length=200, description="Name of the user.")
    email: str | None = Field(None, min_length=1, max_length=254, description="E-mail address to sign in with.")
    password: str | None = Field(None, min_length=10, max_length=1024, description="New password.")
    permissions: NameList | None = Field(None, description="Replaces what the user may do.")


class User(Output):
    id: int
    user_id: int
    name: str
    email: str
    permissions: list[str]
    created_at: str = Field(description='"YYYY-MM-DD HH:MM:SS" in UTC.')
