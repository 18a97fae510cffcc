"""`framehouse serve`: the whole platform in one foreground process tree."""

import asyncio
import secrets
import sys
from datetime import timedelta

from framehouse.bootstrap.services import Services, open_services
from framehouse.entrypoints.ports import explain_taken_port
from framehouse.entrypoints.sample import publish_sample
from framehouse.identity import Role as UserRole
from framehouse.infra.logging import configure_logging
from framehouse.infra.migrations import migrate
from framehouse.infra.process import EXIT_CONFIG, Role, ServiceGroup
from framehouse.infra.settings import Settings
from framehouse.kernel import TenantId
from framehouse.playback import watch_path

DEMO = "demo"
DEMO_EMAIL = "demo@framehouse.local"
GRACE_S = 8.0
SAMPLE_LENGTH = timedelta(seconds=12)


def serve(settings: Settings) -> int:
    """Migrate, make the first tenant, start every role, restart what crashes, end all on Ctrl-C."""
    configure_logging(settings, "serve")
    problem = explain_taken_port(settings.host, settings.port)
    if problem:
        print(problem, file=sys.stderr)
        return EXIT_CONFIG
    print("Framehouse: preparing the database …", flush=True)
    migrate(settings.database_location, settings.data_dir)
    asyncio.run(_first_start(settings))
    print(f"Framehouse: starting on {settings.local_url} (Ctrl-C stops everything)", flush=True)
    return ServiceGroup(_roles(settings), grace_s=GRACE_S).run()


def _roles(settings: Settings) -> list[Role]:
    command = [sys.executable, "-m", "framehouse.entrypoints.cli"]
    roles = [Role("api", [*command, "api"]), Role("audience", [*command, "audience"])]
    slots = range(1, settings.encode_workers + 1)
    workers = [Role(f"worker-{n}", [*command, "worker", "--slot", str(n)]) for n in slots]
    return [*roles, *workers]


async def _first_start(settings: Settings) -> None:
    services = open_services(settings)
    try:
        if await services.identity.tenants():
            return
        tenant = await services.identity.create_tenant(DEMO, "Demo")
        password = secrets.token_urlsafe(12)
        await services.identity.create_user(tenant.id, DEMO_EMAIL, "Demo", password, UserRole.ADMIN, ())
        sample = await _publish_sample(services, tenant.id)
        print(
            "\n  First start: the tenant `demo` was created. Shown once, so keep it:\n"
            f"    console   {settings.local_url}/console\n"
            f"    e-mail    {DEMO_EMAIL}\n"
            f"    password  {password}\n"
            + (f"  A film to watch in a few seconds: {settings.local_url}{sample}\n" if sample else "")
            + "  API keys: .venv/bin/framehouse credentials create --name my-app --tenant demo --json\n",
            flush=True,
        )
    finally:
        await services.close()


async def _publish_sample(services: Services, tenant_id: TenantId) -> str | None:
    """The path of the sample's page."""
    if not services.settings.sample_video:
        return None
    print("Framehouse: making a short sample video …", flush=True)
    video = await publish_sample(services, tenant_id, SAMPLE_LENGTH)
    return watch_path(video.id)
