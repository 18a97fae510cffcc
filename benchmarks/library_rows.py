"""Thousands of videos in a library, put into its tables at once, as if each had been uploaded and encoded long ago."""

import secrets
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from framehouse import library
from framehouse.bootstrap.services import Services
from framehouse.kernel import TenantId, VideoId, new_content_id
from framehouse.library.store import tables

PER_TRANSACTION = 500
DOWNLOADS = ((640, 360), (1280, 720), (1920, 1080))


async def fill(services: Services, count: int) -> None:
    """All of the tenant `demo`, created a minute apart, each with three downloads."""
    tenant = await services.identity.tenant_by_slug("demo")
    assert tenant is not None
    now = services.clock.now()
    for first in range(0, count, PER_TRANSACTION):
        async with services.database.write() as tx:
            numbers = range(first, min(first + PER_TRANSACTION, count))
            rows = [_row(tenant.id, number, now - timedelta(minutes=number)) for number in numbers]
            await tx.execute(sa.insert(tables.videos), rows)
            await tx.execute(sa.insert(tables.outputs), [_download(row, *size) for row in rows for size in DOWNLOADS])


def _row(tenant_id: TenantId, number: int, created_at: datetime) -> dict[str, Any]:
    return {
        "id": VideoId(new_content_id()),
        "tenant_id": tenant_id,
        "source_id": new_content_id(),
        "kind": library.VideoKind.VOD.value,
        "title": f"Video {number} of a large library",
        "description": "As long as a description usually is: a sentence or two about what is to be seen in it. " * 2,
        "state": library.VideoState.COMPLETE.value,
        "progress_percent": 100,
        "privacy": library.Privacy.PUBLIC.value,
        "prefers_embed_password": False,
        "protected": False,
        "embed_token": secrets.token_hex(8),
        "ticket_generation": 1,
        "signed_embeds_only": False,
        "allowed_domains": [],
        "allowed_networks": [],
        "asks_email": False,
        "asks_name": False,
        "original_file_name": f"video-{number}.mp4",
        "source_size_bytes": 123_456_789,
        "preset": "dash_hls_1080p",
        "wants_download": True,
        "duration_ms": 600_000 + number,
        "width": 1920,
        "height": 1080,
        "poster_number": 0,
        "settings": {},
        **dict.fromkeys(("created_at", "updated_at", "received_at", "playable_at", "complete_at"), created_at),
    }


def _download(video: dict[str, Any], width: int, height: int) -> dict[str, Any]:
    output_id = library.new_output_id()
    return {
        "id": output_id,
        "tenant_id": video["tenant_id"],
        "video_id": video["id"],
        "kind": library.OutputKind.DOWNLOAD.value,
        "name": f"{height}p",
        "object_key": f"{library.output_prefix(video['id'], output_id)}download/{height}p.mp4",
        "size_bytes": 1_000_000,
        "width": width,
        "height": height,
        "created_at": video["created_at"],
    }
