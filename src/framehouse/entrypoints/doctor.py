"""`framehouse doctor`: is everything there that the platform needs, and does it answer?"""

import asyncio
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from framehouse.bootstrap.services import open_services
from framehouse.entrypoints.ports import explain_taken_port
from framehouse.infra.process import Limits, run
from framehouse.infra.settings import Settings
from framehouse.infra.tools import locate_tools

GIB = 1024**3


@dataclass(frozen=True)
class Check:
    name: str
    ok: bool
    told: str


def examine(settings: Settings) -> list[Check]:
    """Every check, also after one failed."""
    tools = locate_tools(settings)
    return [
        _attempt("python", lambda: sys.version.split()[0]),
        _attempt("ffmpeg", lambda: _version(tools.ffmpeg, "-version")),
        _attempt("ffprobe", lambda: _version(tools.ffprobe, "-version")),
        _attempt("packager", lambda: _version(tools.packager, "--version")),
        _attempt("disk", lambda: _disk(settings)),
        _attempt("database and storage", lambda: asyncio.run(_stores(settings))),
        _attempt("player", lambda: _player()),
        Check("port", *_port(settings)),
    ]


def _attempt(name: str, check: Callable[[], str]) -> Check:
    try:
        return Check(name, True, check())
    except Exception as error:  # noqa: BLE001  (whatever is wrong is what the doctor tells)
        return Check(name, False, str(error) or type(error).__name__)


def _version(program: Path, flag: str) -> str:
    completed = asyncio.run(run([program, flag], limits=Limits(wall_s=20)))
    return completed.stdout.decode(errors="replace").splitlines()[0][:100]


def _disk(settings: Settings) -> str:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.data_dir).free
    if free < settings.free_space_min_bytes:
        raise RuntimeError(f"only {free / GIB:.1f} GiB free in {settings.data_dir}")
    return f"{free / GIB:.1f} GiB free in {settings.data_dir}"


async def _stores(settings: Settings) -> str:
    services = open_services(settings)
    try:
        await services.database.check()
        await services.storage.check()
    finally:
        await services.close()
    return "both answer"


def _player() -> str:
    folder = Path(__file__).parent.parent / "web" / "player"
    if not folder.is_dir():
        raise RuntimeError("the player is not built: run `make run` once, or scripts/build-web.py")
    return f"{len(list(folder.iterdir()))} files"


def _port(settings: Settings) -> tuple[bool, str]:
    problem = explain_taken_port(settings.host, settings.port)
    return (False, f"{problem} (or the platform is running already)") if problem else (True, f"{settings.port} is free")
