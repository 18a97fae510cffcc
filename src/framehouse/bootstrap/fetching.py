"""Sources by URL, wired: the worker's outgoing client, the tenant's quota and the time limit."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from framehouse import library
from framehouse.bootstrap.services import Services
from framehouse.bootstrap.wiring import FETCH_SOURCE
from framehouse.infra.outgoing import OutgoingClient
from framehouse.infra.workflows import WorkRuntime
from framehouse.kernel import TenantId


def register_fetches(runtime: WorkRuntime, services: Services, outgoing: OutgoingClient) -> None:
    """Called once by each worker before it starts."""
    context, timeout_s = services.library, services.settings.fetch_timeout_s

    async def fetch(tenant: str, fetch_id: int, attempt: int) -> None:
        found = await services.identity.get_tenant(TenantId(UUID(tenant)))
        owner = library.Owner(found.id, found.storage_quota_bytes)
        await library.fetch_source(context, outgoing, owner, fetch_id, attempt, timeout_s=timeout_s)

    async def failed(arguments: Sequence[Any], error: BaseException) -> None:
        tenant, fetch_id, attempt = arguments
        problem = f"an internal error ended the work ({type(error).__name__}); the log has its details"
        await library.give_up_fetch(context, library.Owner(TenantId(UUID(tenant))), fetch_id, attempt, problem)

    runtime.register(FETCH_SOURCE, fetch, on_failure=failed)
