"""Byte streams on their way in: gathered into batches worth a trip to a thread, and counted."""

from collections.abc import AsyncIterable, AsyncIterator

from framehouse.kernel.errors import InvalidInput, PayloadTooLarge

BATCH_BYTES = 1024 * 1024


async def batches(
    data: bytes | AsyncIterable[bytes],
    *,
    batch_bytes: int = BATCH_BYTES,
    size_limit_bytes: int | None = None,
    size_bytes: int | None = None,
) -> AsyncIterator[bytes]:
    """The same bytes in pieces of about `batch_bytes`; at most one piece is held.

    PayloadTooLarge as soon as there are more than `size_limit_bytes`; InvalidInput when the stream
    is not as long as `size_bytes` says (a cut connection may look like an end).
    """
    total = 0
    pending: list[bytes] = []
    pending_bytes = 0
    async for chunk in _chunks(data):
        total += len(chunk)
        check_size(total, size_limit_bytes)
        if size_bytes is not None and total > size_bytes:
            raise InvalidInput(f"The body is longer than the {size_bytes} bytes it declared.")
        pending.append(chunk)
        pending_bytes += len(chunk)
        if pending_bytes >= batch_bytes:
            batch = b"".join(pending)
            pending, pending_bytes = [], 0
            yield batch
    if size_bytes is not None and total != size_bytes:
        raise InvalidInput(f"The body ended after {total} of the {size_bytes} bytes it declared.")
    if pending:
        yield b"".join(pending)


def check_size(size_bytes: int, size_limit_bytes: int | None) -> None:
    if size_limit_bytes is not None and size_bytes > size_limit_bytes:
        raise PayloadTooLarge(f"More than the {size_limit_bytes} bytes that were declared or are allowed.")


async def _chunks(data: bytes | AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    if isinstance(data, bytes):
        view = memoryview(data)
        for start in range(0, len(data), BATCH_BYTES):
            yield bytes(view[start : start + BATCH_BYTES])
        return
    async for chunk in data:
        yield chunk
