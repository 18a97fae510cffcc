"""The processes that `framehouse api`, `worker` and `audience` are: set up, run until told to stop, clean up."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable

import structlog
from granian.server.embed import Server

from framehouse.bootstrap.services import open_services
from framehouse.infra.logging import configure_logging
from framehouse.infra.process import EXIT_CONFIG
from framehouse.infra.settings import Settings

BACKLOG = 1024
log = structlog.get_logger(__name__)


def run_api(settings: Settings) -> int:
    """Answer HTTP until SIGTERM or SIGINT; the exit code."""
    # imported here: a worker needs none of it, and every role's memory counts
    from framehouse.bootstrap.web import create_app
    from framehouse.entrypoints.ports import explain_taken_port

    problem = explain_taken_port(settings.host, settings.port)
    if problem:
        print(problem, file=sys.stderr)
        return EXIT_CONFIG

    async def serve(stopped: asyncio.Event) -> None:
        services = open_services(settings)
        # One process without granian's own worker processes, which outlive a killed parent.
        server = Server(
            create_app(services),
            address=settings.host,
            port=settings.port,
            interface="asgi",  # type: ignore[arg-type]  # the enum's value is accepted
            backlog=BACKLOG,
            websockets=False,
            log_enabled=False,
        )
        serving = asyncio.create_task(server.serve())
        stopping = asyncio.create_task(stopped.wait())
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        server.stop()
        await asyncio.wait({serving}, timeout=5)
        await services.close()

    return _run("api", settings, serve)


def run_worker(settings: Settings, slot: int) -> int:
    """Do durable work until SIGTERM or SIGINT; the exit code."""
    from framehouse.bootstrap.worker import WorkerRole  # as above

    async def work(stopped: asyncio.Event) -> None:
        await WorkerRole(open_services(settings), slot).run(stopped)
        logging.shutdown()
        os._exit(0)  # running steps are left as they are (see `WorkRuntime.abandon`); the kernel ends their children

    return _run("worker", settings, work)


def run_audience(settings: Settings) -> int:
    """Keep and answer the audience's facts until SIGTERM or SIGINT; the exit code."""
    from framehouse.entrypoints.audience import serve_audience  # as above

    async def serve(stopped: asyncio.Event) -> None:
        await serve_audience(settings, stopped)

    return _run("audience", settings, serve)


def _run(role: str, settings: Settings, main: Callable[[asyncio.Event], Awaitable[None]]) -> int:
    configure_logging(settings, role)

    async def supervised() -> None:
        stopped = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.add_signal_handler(number, stopped.set)
        await main(stopped)

    try:
        asyncio.run(supervised())
    except Exception:
        log.exception("the role ended by an error", role=role)
        return 1
    return 0
