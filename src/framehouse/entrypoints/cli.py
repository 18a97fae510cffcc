"""The `framehouse` command."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

from framehouse import identity, transcoding
from framehouse.bootstrap.services import Services, open_services
from framehouse.entrypoints import doctor as doctor_checks
from framehouse.entrypoints import video, viewers, webhooks
from framehouse.entrypoints.roles import run_api, run_audience, run_worker
from framehouse.entrypoints.serve import serve as serve_all
from framehouse.infra.migrations import migrate
from framehouse.infra.settings import Settings
from framehouse.kernel import FramehouseError

READ_BYTES = 1 << 20
Result = TypeVar("Result")

app = typer.Typer(help="Framehouse: a self-hosted video platform.", no_args_is_help=True, add_completion=False)
credentials_app = typer.Typer(help="API credentials of tenants.", no_args_is_help=True)
tenant_app = typer.Typer(help="Tenants.", no_args_is_help=True)
app.add_typer(credentials_app, name="credentials")
app.add_typer(tenant_app, name="tenant")
out, err = Console(), Console(stderr=True)

Tenant = Annotated[str, typer.Option(help="The tenant's slug.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


@app.command()
def serve() -> None:
    """Start the whole platform in the foreground."""
    raise typer.Exit(serve_all(_settings()))


@app.command()
def api() -> None:
    """Start one HTTP process (the database must be migrated: `framehouse migrate`)."""
    raise typer.Exit(run_api(_settings()))


@app.command()
def worker(slot: Annotated[int, typer.Option(help="Tells the workers of one machine apart.")] = 1) -> None:
    """Start one worker process."""
    raise typer.Exit(run_worker(_settings(), slot))


@app.command()
def audience() -> None:
    """Start the audience process, one of an installation."""
    raise typer.Exit(run_audience(_settings()))


@app.command(name="migrate")
def migrate_database() -> None:
    """Create or update the database's tables."""
    settings = _settings()
    migrate(settings.database_location, settings.data_dir)
    out.print("The database is up to date.")


@credentials_app.command("create")
def create_credential(name: Annotated[str, typer.Option()], tenant: Tenant = "demo", as_json: AsJson = False) -> None:
    """Create one credential, spelled for each API. The secrets are shown once."""

    async def create(services: Services) -> dict[str, str]:
        owner = await _tenant(services, tenant)
        issued = await services.identity.issue_credential(owner.id, name)
        return {
            "tenant": owner.slug,
            "tenant_id": str(owner.id),
            "api_key": issued.api_key,
            "public_key": issued.credential.public_key,
            "secret_key": issued.secret_key,
            "client_id": issued.credential.client_id,
            "client_secret": issued.client_secret,
        }

    created = _run(create)
    if as_json:
        print(json.dumps(created))
        return
    for key, value in created.items():
        out.print(f"{key:14} {value}", highlight=False)


@tenant_app.command("create")
def create_tenant(slug: str, name: Annotated[str, typer.Option()] = "", as_json: AsJson = False) -> None:
    """Create a tenant."""

    async def create(services: Services) -> dict[str, str]:
        created = await services.identity.create_tenant(slug, name or slug)
        return {"tenant": created.slug, "tenant_id": str(created.id)}

    created = _run(create)
    print(json.dumps(created) if as_json else f"created tenant {created['tenant']} ({created['tenant_id']})")


@app.command()
def upload(
    file: Path,
    title: Annotated[str, typer.Option(help="Default: the file's name.")] = "",
    preset: Annotated[str, typer.Option(help="Default: the setting `default_preset`.")] = "",
    tenant: Tenant = "demo",
    as_json: AsJson = False,
) -> None:
    """Put a file into the library and start its encode."""
    from framehouse import library  # keeps `--help` fast
    from framehouse.kernel import to_hex

    if not file.is_file():
        _fail(f"there is no file {file}")
    if preset and preset not in transcoding.PRESETS:
        _fail(f"there is no preset {preset}; choose one of {', '.join(sorted(transcoding.PRESETS))}")

    size_bytes = file.stat().st_size

    async def send(services: Services) -> dict[str, str]:
        owner = await _tenant(services, tenant)
        new = library.NewVideo(
            title=title or library.title_from(file.name),
            file_name=file.name,
            preset=preset or services.settings.default_preset,
        )
        with _upload_bar() as bar:
            task = bar.add_task(file.name, total=size_bytes)
            blocks = _blocks(file, lambda count: bar.advance(task, count))
            video = await library.receive_video(
                services.library, library.Owner(owner.id, owner.storage_quota_bytes), new, blocks
            )
        embed = f"{services.settings.local_url}/embed/{to_hex(video.id)}/{video.embed_token}"
        return {"id": to_hex(video.id), "title": video.title, "embed_url": embed}

    sent = _run(send)
    print(json.dumps(sent) if as_json else f"{sent['id']}  {sent['title']}\n{sent['embed_url']}")


@app.command()
def explain(
    content_id: Annotated[str, typer.Argument(help="A video's id in any spelling.")], as_json: AsJson = False
) -> None:
    """Say what a video's work has done, does now, and waits for."""
    from framehouse.entrypoints.explain import explain_video  # keeps `--help` fast

    told = _run(lambda services: explain_video(services, content_id))
    print(json.dumps(told, default=str) if as_json else "\n".join(told["lines"]))


@app.command()
def doctor() -> None:
    """Check this machine and these settings; the exit code says how many checks failed."""
    results = doctor_checks.examine(_settings())
    for result in results:
        mark = "[green]ok[/green]  " if result.ok else "[red]fail[/red]"
        out.print(f"{mark} {result.name}: {result.told}", highlight=False)
    raise typer.Exit(sum(not result.ok for result in results))


@app.command()
def fsck(
    repair: Annotated[bool, typer.Option(help="Remove bytes that nothing refers to.")] = False,
) -> None:
    """Compare the database with the storage: every row's bytes there, every byte owned."""
    from framehouse.entrypoints.fsck import examine_storage  # keeps `--help` fast

    report = _run(lambda services: examine_storage(services, repair=repair))
    for line in report.lines:
        out.print(line, highlight=False)
    raise typer.Exit(1 if report.problems else 0)


def main() -> None:
    app()


def _settings() -> Settings:
    try:
        return Settings()  # type: ignore[call-arg]  # every field has a default
    except ValidationError as error:
        for problem in error.errors():
            err.print(f"setting {'.'.join(map(str, problem['loc']))}: {problem['msg']}", highlight=False)
        raise typer.Exit(78) from error


def _run(action: Callable[[Services], Awaitable[Result]]) -> Result:
    settings = _settings()

    async def run() -> Result:
        migrate(settings.database_location, settings.data_dir)
        services = open_services(settings)
        try:
            return await action(services)
        finally:
            await services.close()

    try:
        return asyncio.run(run())
    except FramehouseError as error:
        _fail(error.message)


def _fail(message: str) -> NoReturn:
    err.print(f"framehouse: {message}", highlight=False)
    sys.exit(1)


async def _tenant(services: Services, slug: str) -> identity.Tenant:
    tenant = await services.identity.tenant_by_slug(slug)
    if tenant is None:
        _fail(f"there is no tenant {slug}; create it: framehouse tenant create {slug}")
    return tenant


async def _blocks(file: Path, moved: Callable[[int], None]) -> AsyncIterator[bytes]:
    with file.open("rb") as source:
        while block := await asyncio.to_thread(source.read, READ_BYTES):
            yield block
            moved(len(block))


def _upload_bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=err,
    )


app.add_typer(webhooks.commands(_run, _tenant), name="webhooks")
app.add_typer(video.commands(_run), name="video")
app.add_typer(viewers.commands(_run, _tenant), name="viewers")

if __name__ == "__main__":
    main()
