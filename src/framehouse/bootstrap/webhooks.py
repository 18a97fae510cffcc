"""Webhooks, wired: whose URLs are told what happens to a video, and which dialect renders what they are told."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from framehouse import webhooks
from framehouse.bootstrap.services import Services
from framehouse.dialects.context import DialectContext
from framehouse.infra.outgoing import OutgoingClient
from framehouse.infra.workflows import WorkRuntime
from framehouse.kernel import TenantId, VideoId


def register_deliveries(runtime: WorkRuntime, services: Services, outgoing: OutgoingClient) -> None:
    """Called once by each worker before it starts."""
    render = partial(_render, services)

    async def deliver(tenant: str, delivery: int, attempt: int) -> None:
        await webhooks.deliver(services.library, outgoing, render, TenantId(UUID(tenant)), delivery, attempt)

    async def failed(arguments: Sequence[Any], error: BaseException) -> None:
        tenant, delivery, attempt = arguments
        problem = f"an internal error ended the attempt ({type(error).__name__}); the log has its details"
        await webhooks.fail_attempt(services.library, TenantId(UUID(tenant)), delivery, attempt, problem)

    runtime.register(webhooks.DELIVER_WORK, deliver, on_failure=failed)


async def _render(services: Services, tenant_id: TenantId, video_id: VideoId) -> bytes | None:
    from framehouse.dialects import sproutvideo  # 14 MB of web framework that a worker without webhooks does not need

    context = DialectContext(services.identity, services.library, services.settings, services.clock, services.audience)
    return await sproutvideo.notification(context, await services.identity.get_tenant(tenant_id), video_id)
