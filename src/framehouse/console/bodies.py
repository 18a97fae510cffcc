"""What the console's own pages send: small JSON objects, checked before anything looks at them."""

from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from starlette.requests import Request

from framehouse.kernel import InvalidInput, PayloadTooLarge, UnsupportedMedia
from framehouse.library import Privacy

BODY_BYTES_MAX = 1 << 20  # 10,000 parts with their ETags fit in
PARTS_MAX = 10_000
Model = TypeVar("Model", bound="Body")


def _text(value: str) -> str:
    if "\0" in value:  # in no database's text
        raise ValueError("has characters that are not text")
    return value


# After the constraints: a blank is stripped before its length is looked at only when those come first.
IS_TEXT = AfterValidator(_text)
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000), IS_TEXT]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class SignInBody(Body):
    email: Annotated[str, StringConstraints(max_length=1000), IS_TEXT]
    password: Annotated[str, StringConstraints(max_length=4096), IS_TEXT]


class VideoBody(Body):
    """Changes; a field that is not sent stays as it is."""

    title: Name = ""
    description: Annotated[str, StringConstraints(max_length=20_000), IS_TEXT] | None = None
    privacy: Annotated[Privacy, Field(strict=False)] = Privacy.PUBLIC
    password: Annotated[str, StringConstraints(min_length=1, max_length=1000), IS_TEXT] | None = None


class UploadBody(Body):
    file_name: Name
    size_bytes: Annotated[int, Field(ge=1)]
    mime_type: Annotated[str, StringConstraints(max_length=200), IS_TEXT] | None = None


class PartBody(Body):
    number: Annotated[int, Field(ge=1, le=PARTS_MAX)]
    etag: Annotated[str, StringConstraints(max_length=200), IS_TEXT]


class CompleteBody(Body):
    parts: Annotated[list[PartBody], Field(max_length=PARTS_MAX)]


async def read_body(request: Request, model: type[Model]) -> Model:
    """Raises UnsupportedMedia for anything but JSON, PayloadTooLarge, InvalidInput with the wrong fields.

    A page of another site can send other kinds of bodies without asking, JSON it cannot (Fetch standard, CORS).
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise UnsupportedMedia("Send JSON.")
    body = bytearray()
    async for block in request.stream():
        body += block
        if len(body) > BODY_BYTES_MAX:
            raise PayloadTooLarge(f"A request has at most {BODY_BYTES_MAX} bytes.")
    try:
        return model.model_validate_json(bytes(body))
    except ValidationError as error:
        raise _invalid(error) from None


def _invalid(error: ValidationError) -> InvalidInput:
    fields: dict[str, str] = {}
    for problem in error.errors(include_url=False, include_context=False, include_input=False):
        name = ".".join(str(part) for part in problem["loc"]) or "body"
        fields.setdefault(name, problem["msg"].removeprefix("Value error, "))
    return InvalidInput("; ".join(f"{name}: {text}" for name, text in fields.items()), fields=fields)


def read_number(request: Request, name: str, default: int, maximum: int) -> int:
    """A whole number of the query, from 0 to `maximum`. Raises InvalidInput."""
    given = request.query_params.get(name)
    if given is None:
        return default
    if not (given.isascii() and given.isdigit() and len(given) <= 9 and int(given) <= maximum):
        raise InvalidInput(f"{name} is a number from 0 to {maximum}", fields={name: "is out of range"})
    return int(given)
