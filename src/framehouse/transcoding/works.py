"""The durable works of this room: their stable names, queues and ids. An id names its work for ever, so that
enqueuing it again is harmless; `generation` tells a re-run from the run before."""

from framehouse.infra.transaction import Work
from framehouse.infra.workflows import ENCODE, FINISH, INTERACTIVE, LIGHT
from framehouse.kernel import SourceId, TenantId, VideoId, to_hex
from framehouse.library import OutputId

INSPECT = "transcoding.inspect_source"
PREPARE = "transcoding.prepare_source"
ENCODE_PIECE = "transcoding.encode_piece"
FINISH_JOB = "transcoding.finish_job"
MAKE_IMAGES = "transcoding.make_images"
MAKE_POSTER = "transcoding.make_custom_poster"

FIRST_PRIORITY = 1
LADDER_PRIORITY = 10


def inspection(tenant_id: TenantId, video_id: VideoId, source_id: SourceId, generation: int = 0) -> Work:
    return Work(
        INSPECT, INTERACTIVE, f"inspect:{to_hex(source_id)}:{generation}", (str(tenant_id), video_id, source_id)
    )


def preparation(job_id: int) -> Work:
    return Work(PREPARE, FINISH, f"prepare:{to_hex(job_id)}", (job_id,))


def piece(job_id: int, number: int, priority: int) -> Work:
    return Work(ENCODE_PIECE, ENCODE, f"piece:{to_hex(job_id)}:{number}", (job_id, number), priority=priority)


def finishing(job_id: int) -> Work:
    return Work(FINISH_JOB, FINISH, f"finish:{to_hex(job_id)}", (job_id,))


def images(tenant_id: TenantId, video_id: VideoId, source_id: SourceId) -> Work:
    return Work(MAKE_IMAGES, LIGHT, f"images:{to_hex(source_id)}", (str(tenant_id), video_id, source_id))


def custom_poster(tenant_id: TenantId, video_id: VideoId, output_id: OutputId) -> Work:
    """`output_id` is the uploaded picture's."""
    work_id = f"{custom_poster_prefix(video_id)}{to_hex(output_id)}"
    return Work(MAKE_POSTER, LIGHT, work_id, (str(tenant_id), video_id, output_id))


def custom_poster_prefix(video_id: VideoId) -> str:
    return f"poster:{to_hex(video_id)}:"


def prefixes_of(job_id: int) -> list[str]:
    """Ids of all work of a job begin with one of these."""
    return [f"{kind}:{to_hex(job_id)}" for kind in ("prepare", "piece", "finish")]
