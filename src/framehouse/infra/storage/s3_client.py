"""The S3 client of aiobotocore behind a typed face, and its errors as ours. Nothing else imports it."""

from collections.abc import AsyncIterator, Generator, Mapping
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import Any, Protocol, cast

from aiobotocore.config import AioConfig  # pyright: ignore[reportMissingTypeStubs]  (it ships none)
from aiobotocore.session import get_session  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]  (untyped)
from botocore.exceptions import (  # pyright: ignore[reportMissingTypeStubs]  (it ships none)
    BotoCoreError,
    ClientError,
)

from framehouse.infra.storage.model import InvalidPart
from framehouse.kernel.errors import (
    FramehouseError,
    InvalidInput,
    NotFound,
    PayloadTooLarge,
    StorageFull,
    TemporarilyUnavailable,
)

# ruff: noqa: N803 (the arguments' names are Amazon's)

Answer = dict[str, Any]


class RangeStartsPastEnd(InvalidInput):
    """The object has no byte where the range begins (an empty object has none at all)."""


ERRORS: Mapping[str, tuple[type[FramehouseError], str]] = {
    "NoSuchKey": (NotFound, "No such object."),
    "404": (NotFound, "No such object."),
    "NoSuchUpload": (NotFound, "No such upload; it may have been completed, aborted or expired."),
    "InvalidPart": (InvalidPart, "A part named is missing or has another ETag."),
    "InvalidPartOrder": (InvalidPart, "Parts must be in ascending order."),
    "EntityTooSmall": (InvalidPart, "Every part but the last must have at least 5 MiB."),
    "EntityTooLarge": (PayloadTooLarge, "The storage does not take this many bytes at once."),
    "InvalidRange": (RangeStartsPastEnd, "The range starts after the end of the object."),
    "BadDigest": (InvalidInput, "The part's MD5 is not the one given: it was damaged on its way."),
    "InvalidDigest": (InvalidInput, "The MD5 given is not one."),
    "QuotaExceeded": (StorageFull, "The storage is full; nothing that was stored is harmed."),
    "XMinioStorageFull": (StorageFull, "The storage is full; nothing that was stored is harmed."),
    "InsufficientStorage": (StorageFull, "The storage is full; nothing that was stored is harmed."),
}


class S3Client(Protocol):
    """The calls of the S3 API used here (names and arguments are Amazon's)."""

    async def get_object(self, *, Bucket: str, Key: str, Range: str) -> Answer: ...
    async def head_object(self, *, Bucket: str, Key: str) -> Answer: ...
    async def head_bucket(self, *, Bucket: str) -> Answer: ...
    async def create_bucket(self, *, Bucket: str) -> Answer: ...
    async def delete_object(self, *, Bucket: str, Key: str) -> Answer: ...
    async def list_objects_v2(self, **arguments: Any) -> Answer: ...
    async def create_multipart_upload(self, *, Bucket: str, Key: str) -> Answer: ...
    async def list_parts(self, **arguments: Any) -> Answer: ...
    async def list_multipart_uploads(self, **arguments: Any) -> Answer: ...
    async def complete_multipart_upload(self, **arguments: Any) -> Answer: ...
    async def abort_multipart_upload(self, *, Bucket: str, Key: str, UploadId: str) -> Answer: ...
    async def generate_presigned_url(self, ClientMethod: str, Params: Mapping[str, Any], ExpiresIn: int) -> str: ...


class Body(Protocol):
    """An object's bytes on their way in."""

    def iter_chunks(self, chunk_size: int) -> AsyncIterator[bytes]: ...
    def close(self) -> None: ...


def open_client(
    endpoint: str | None, region: str, access_key: str | None, secret_key: str | None
) -> AbstractAsyncContextManager[S3Client]:
    """A client for one event loop. Without keys the usual AWS_* settings and roles are asked."""
    config = AioConfig(
        signature_version="s3v4",
        s3={"addressing_style": "path" if endpoint else "auto"},  # self-hosted S3 seldom has bucket host names
        request_checksum_calculation="when_required",  # the newer CRC trailers are unknown to most other S3
        response_checksum_validation="when_required",
        retries={"max_attempts": 4, "mode": "standard"},
        connect_timeout=5,
        read_timeout=60,
        max_pool_connections=64,
    )
    client = get_session().create_client(  # pyright: ignore[reportUnknownMemberType]  (untyped)
        "s3",
        region_name=region,
        endpoint_url=endpoint,
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        config=config,
    )
    return cast(AbstractAsyncContextManager[S3Client], client)


@contextmanager
def s3_errors() -> Generator[None, None, None]:
    """Amazon's error codes, and those of other servers, as our own errors."""
    try:
        yield
    except ClientError as error:
        answer = cast(Answer, error.response)  # pyright: ignore[reportUnknownMemberType]  (untyped)
        raise translated(str(answer.get("Error", {}).get("Code", ""))) from error
    except BotoCoreError as error:
        raise TemporarilyUnavailable(f"The object storage does not answer: {type(error).__name__}.") from error


def translated(code: str) -> FramehouseError:
    kind, message = ERRORS.get(
        code, (TemporarilyUnavailable, f"The object storage refused the request: {code or 'no code'}.")
    )
    return kind(message)
