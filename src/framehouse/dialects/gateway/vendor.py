"""What a vendor's room says of itself: names, how callers show who they are, how errors are spelled."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from framehouse.dialects.gateway.errors import ErrorStyle
from framehouse.identity import Identity, Principal

Authenticate = Callable[[Request, Identity], Awaitable[Principal | None]]


@dataclass(frozen=True)
class Vendor:
    """`security_schemes` are OpenAPI's, all of them needed together; `who` says in a sentence what a key is."""

    title: str
    description: str
    who: str
    security_schemes: Mapping[str, Mapping[str, Any]]
    authenticate: Authenticate
    errors: ErrorStyle
