"""`framehouse viewers`: what an owner may be asked for by a viewer: all that is known of them, or to forget it."""

import csv
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from framehouse import audience
from framehouse.audience import Scope, ViewSegment
from framehouse.bootstrap.services import Services
from framehouse.identity import Tenant
from framehouse.kernel import to_hex

Run = Callable[[Callable[[Services], Awaitable[Any]]], Any]
FindTenant = Callable[[Services, str], Awaitable[Tenant]]
TenantSlug = Annotated[str, typer.Option("--tenant", help="The tenant's slug.")]
Name = Annotated[str, typer.Argument(help="An identifier, uid, e-mail address, device's number or person's id.")]
Viewer = Annotated[str | None, typer.Option("--viewer", help="Only viewers whose identifier has this in it.")]
File = Annotated[Path | None, typer.Argument(help="CSV file to write; standard output without it.")]
HEAD = (
    "segment", "session", "viewer", "device", "video", "content", "started_at", "finished_at", "from_s", "to_s",
    "site", "country", "region", "city", "browser", "system", "device_type",
)  # fmt: skip


def commands(run: Run, find_tenant: FindTenant) -> typer.Typer:
    """The sub-commands; `run` opens the installation and ends the program with a sentence for what is wrong."""
    app = typer.Typer(help="What is known of viewers.", no_args_is_help=True)

    @app.command("export")
    def export(file: File = None, viewer: Viewer = None, tenant: TenantSlug = "demo") -> None:  # pyright: ignore[reportUnusedFunction]  # typer keeps it
        """Write every view segment as CSV, the oldest first."""

        async def write(services: Services) -> int:
            owner = await find_tenant(services, tenant)
            found = audience.every_segment(services.audience, Scope(owner.id), name_part=viewer)
            if file is None:
                return await _write(sys.stdout, found)
            with file.open("w", encoding="utf-8", newline="") as opened:
                return await _write(opened, found)

        count: int = run(write)
        typer.echo(f"{count} view segments", err=True)

    @app.command("erase")
    def erase(name: Name, tenant: TenantSlug = "demo") -> None:  # pyright: ignore[reportUnusedFunction]  # as above
        """Forget a viewer: nothing of them is in any answer afterwards, and nothing from before is taken any more."""

        async def forget(services: Services) -> int:
            owner = await find_tenant(services, tenant)
            return await audience.erase_viewer(services.audience, owner.id, name)

        count: int = run(forget)
        typer.echo(f"{count} {'person' if count == 1 else 'persons'} erased")

    return app


async def _write(file: TextIO, found: AsyncIterator[ViewSegment]) -> int:
    writer = csv.writer(file)
    writer.writerow(HEAD)
    count = 0
    async for segment in found:
        writer.writerow([_tame(value) for value in _row(segment)])
        count += 1
        if count % 10_000 == 0:
            typer.echo(f"\r{count} …", err=True, nl=False)
    return count


def _row(one: ViewSegment) -> tuple[object, ...]:
    return (
        one.id, one.session_id, one.identifier, one.client_id, to_hex(one.video_id), one.content_type.value,
        _time(one.started_ms), _time(one.finished_ms), one.from_ms / 1000, one.to_ms / 1000,
        "onsite" if one.on_site else "offsite", one.location.country, one.location.region, one.location.city,
        one.device.browser[0], one.device.os[0], one.device.type,
    )  # fmt: skip


def _time(at_ms: int | None) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="milliseconds") if at_ms is not None else ""


def _tame(value: object) -> object:
    """A text that spreadsheets would take for a formula is made one for them to show."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
