"""Binds this room's durable works to its use cases, and says what a failure of each means for the video."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from framehouse import library
from framehouse.infra.process import ProcessFailed
from framehouse.infra.workflows import WorkRuntime
from framehouse.kernel import FramehouseError, SourceId, TenantId, VideoId
from framehouse.transcoding import works
from framehouse.transcoding.context import TranscodingContext
from framehouse.transcoding.custom_poster import make_custom_poster
from framehouse.transcoding.encode import encode_piece
from framehouse.transcoding.finish import fail_job, finish_job
from framehouse.transcoding.images import make_images
from framehouse.transcoding.inspect import inspect_source
from framehouse.transcoding.prepare import prepare_source


def register(runtime: WorkRuntime, context: TranscodingContext) -> None:
    """Called once by each worker before it starts."""

    async def inspect(tenant: str, video: int, source: int) -> None:
        await inspect_source(context, tenant, video, source)

    async def prepare(job: int) -> None:
        await prepare_source(context, job)

    async def encode(job: int, number: int) -> None:
        await encode_piece(context, job, number)

    async def finish(job: int) -> None:
        await finish_job(context, job)

    async def images(tenant: str, video: int, source: int) -> None:
        await make_images(context, tenant, video, source)

    async def poster(tenant: str, video: int, picture: int) -> None:
        await make_custom_poster(context, tenant, video, picture)

    async def inspection_failed(arguments: Sequence[Any], error: BaseException) -> None:
        tenant_id, video_id = TenantId(UUID(arguments[0])), VideoId(arguments[1])
        async with context.library.database.write() as tx:
            await library.source_failed(
                tx, context.clock, tenant_id, video_id, SourceId(arguments[2]), reason_for(error)
            )

    async def job_failed(arguments: Sequence[Any], error: BaseException) -> None:
        await fail_job(context, arguments[0], reason_for(error))

    async def poster_failed(arguments: Sequence[Any], error: BaseException) -> None:
        tenant_id, video_id = TenantId(UUID(arguments[0])), VideoId(arguments[1])
        async with context.library.database.write() as tx:
            await library.poster_failed(
                tx, context.clock, tenant_id, video_id, library.OutputId(arguments[2]), reason_for(error)
            )

    runtime.register(works.INSPECT, inspect, on_failure=inspection_failed)
    runtime.register(works.PREPARE, prepare, on_failure=job_failed)
    runtime.register(works.ENCODE_PIECE, encode, on_failure=job_failed)
    runtime.register(works.FINISH_JOB, finish, on_failure=job_failed)
    runtime.register(works.MAKE_IMAGES, images)
    runtime.register(works.MAKE_POSTER, poster, on_failure=poster_failed)


def reason_for(error: BaseException) -> str:
    """A sentence for the owner; what only a developer understands is in the log under the job's id."""
    if isinstance(error, FramehouseError):
        return error.message
    if isinstance(error, ProcessFailed):
        return f"The encoder failed: {error}"
    return f"An internal error ended the work ({type(error).__name__}); the log has its details. Run it again."
