"""What SproutVideo's API does not have: why a viewer may or may not watch, and what webhooks were sent."""

from ipaddress import ip_address
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from framehouse.dialects.gateway import Input, Output
from framehouse.dialects.sproutvideo.schemas.values import Listed, Lower, Moment
from framehouse.dialects.sproutvideo.schemas.viewers import Permission


def _address(text: str) -> str:
    try:
        return str(ip_address(text.strip())) if text.strip() else ""
    except ValueError:
        raise ValueError("must be an address such as 192.0.2.7") from None


class AccessQuery(Input):
    place: Annotated[Literal["embed", "page"], Lower] = Field("embed", description="Where somebody wants to watch.")
    domain: str | None = Field(None, max_length=300, description="Domain of the page that embeds the player.")
    ip: Annotated[str, Field(max_length=100), AfterValidator(_address)] | None = Field(
        None, description="The viewer's address."
    )
    login_id: str | None = Field(None, description="Login that the viewer signed in with.")
    password: str | None = Field(None, max_length=1000, description="Password that the viewer entered.")
    signed: bool = Field(False, description="Whether the embed's address carries a valid signature.")
    at: Moment | None = Field(None, description="When; by default now.")


class Access(Output):
    allowed: bool
    reason: str | None = Field(description="A word for why not; null when allowed.")
    message: str = Field(description="Why, for the owner.")
    downloads: list[Permission] = Field(description="What the viewer may download now, and is there.")


class Delivery(Output):
    id: str
    event: str
    url: str
    state: str
    attempts: int
    status_code: int | None = Field(description="Of the last attempt's answer.")
    error: str | None = Field(description="Why the last attempt failed.")
    created_at: str
    attempted_at: str | None
    next_attempt_at: str | None


class DeliveryList(Listed):
    deliveries: list[Delivery]
