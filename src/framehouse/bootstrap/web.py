"""The api role's HTTP application: health, metrics, and the dialects, console and edge mounted under it.

One dialect is one sub-application with its own OpenAPI page and error envelope. Lifespans of mounted applications
do not run, so what needs starting is started here.
"""

import shutil
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog
from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.types import ASGIApp

from framehouse.bootstrap.cutters import open_cutters
from framehouse.bootstrap.front import Front
from framehouse.bootstrap.services import Services
from framehouse.bootstrap.telemetry import Telemetry
from framehouse.console import ConsoleContext, create_console, owner_of
from framehouse.dialects import adilo, ibm, sproutvideo, videokit
from framehouse.dialects.context import DialectContext
from framehouse.edge import EdgeContext, create_edge
from framehouse.infra import leases
from framehouse.infra.metrics import CONTENT_TYPE, Metrics
from framehouse.infra.settings import Settings
from framehouse.kernel import FramehouseError
from framehouse.playback import open_playback

Check = Callable[[], Awaitable[None]]
VENDORS = {
    "adilo": adilo.create, "sproutvideo": sproutvideo.create, "ibm": ibm.create, "videokit": videokit.create,
}  # fmt: skip
log = structlog.get_logger(__name__)


def create_app(services: Services) -> ASGIApp:
    """Everything that answers HTTP in one process."""
    settings = services.settings
    metrics = Metrics()
    cutters = open_cutters(settings)
    scratch = services.scratch / f"api-{settings.port}"  # one process of a machine has the port
    shutil.rmtree(scratch, ignore_errors=True)  # copies of sources that a killed process left
    playback = open_playback(
        services.library,
        ticket_min_s=settings.ticket_min_s,
        scratch=scratch,
        cutter=cutters,
    )

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncGenerator[None, None]:
        async with cutters:
            yield
            await playback.close()

    root = FastAPI(lifespan=lifespan, openapi_url=None, docs_url=None, redoc_url=None)
    _add_health(root, services, metrics)
    _add_front_doors(root)
    _add_dialects(root, services)
    console = ConsoleContext(services.identity, services.library, services.work, settings, services.clock)
    root.mount("/console", create_console(console))
    edge = EdgeContext(
        services.library,
        playback,
        settings,
        services.identity,
        services.audience,
        services.signer,
        owner_of(services.identity),
    )
    root.mount("/", create_edge(edge))
    return Front(root, _vendor_hosts(settings), metrics, settings.trusted_proxies)


def _add_dialects(root: FastAPI, services: Services) -> None:
    context = DialectContext(services.identity, services.library, services.settings, services.clock, services.audience)
    for vendor, create in VENDORS.items():
        root.mount(f"/{vendor}", create(context))


def _add_front_doors(root: FastAPI) -> None:
    """People type an address without its last part."""

    def to(path: str) -> Callable[[], Awaitable[RedirectResponse]]:
        async def redirect() -> RedirectResponse:
            return RedirectResponse(path)

        return redirect

    doors = {
        "/": "/console/",
        "/console": "/console/",
        **{f"/{vendor}": f"/{vendor}/docs" for vendor in VENDORS},
    }
    for door, path in doors.items():
        root.add_api_route(door, to(path), methods=["GET", "HEAD"], response_class=RedirectResponse)


def _vendor_hosts(settings: Settings) -> dict[str, str]:
    """Host name to path prefix, for clients that can change only where a vendor's host name points."""
    hosts = {
        "adilo": settings.adilo_hosts,
        "sproutvideo": settings.sproutvideo_hosts,
        "ibm": settings.ibm_hosts,
        "videokit": settings.videokit_hosts,
    }
    return {
        host.strip().lower(): f"/{vendor}"
        for vendor, names in hosts.items()
        for host in names.split(",")
        if host.strip()
    }


def _add_health(root: FastAPI, services: Services, metrics: Metrics) -> None:
    telemetry = Telemetry(services, metrics)
    checks: dict[str, Check] = {
        "database": services.database.check,
        "storage": services.storage.check,
        "workers": _workers(services),
        "audience": services.audience.check,
    }

    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    async def readyz() -> JSONResponse:
        results = {name: await _outcome(check) for name, check in checks.items()}
        ready = all(result == "ok" for result in results.values())
        return JSONResponse({"ready": ready, "checks": results}, status_code=200 if ready else 503)

    async def metrics_page() -> Response:
        return Response(await telemetry.page(), media_type=CONTENT_TYPE)

    root.add_api_route("/healthz", healthz)
    root.add_api_route("/readyz", readyz, response_class=JSONResponse)
    root.add_api_route("/metrics", metrics_page, response_class=Response)


def _workers(services: Services) -> Check:
    async def check() -> None:
        async with services.database.read() as tx:
            if not await leases.alive(tx, services.clock.now()):
                raise FramehouseError("no worker has renewed its lease: work waits until one is started")

    return check


async def _outcome(check: Check) -> str:
    try:
        await check()
    except FramehouseError as error:
        return error.message
    except Exception as error:  # noqa: BLE001  (readiness must answer, whatever a dependency raises)
        log.warning("a readiness check failed", error=repr(error))
        return f"failed: {type(error).__name__}"
    return "ok"
