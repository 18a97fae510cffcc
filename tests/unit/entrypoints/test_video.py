"""`framehouse video` against an installation of its own: what is set is shown, what is wrong changes nothing."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from framehouse import library
from framehouse.bootstrap.services import Services, open_services
from framehouse.entrypoints.cli import app
from framehouse.infra.migrations import migrate
from framehouse.infra.settings import Settings
from framehouse.kernel import to_base64url, to_hex
from framehouse.library import NewVideo, Owner

Command = Callable[..., tuple[int, str]]


async def _bytes() -> AsyncIterator[bytes]:
    yield b"film"


async def _received(services: Services) -> int:
    tenant = await services.identity.create_tenant("films", "Films")
    new = NewVideo(title="Harbour", file_name="harbour.mp4")
    video = await library.receive_video(services.library, Owner(tenant.id), new, _bytes())
    await services.close()
    return video.id


@pytest.fixture
def video(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv("FRAMEHOUSE_DATA_DIR", str(tmp_path))
    settings = Settings.model_validate({"data_dir": tmp_path})
    migrate(settings.database_location, settings.data_dir)
    return asyncio.run(_received(open_services(settings)))


@pytest.fixture
def command() -> Command:
    def run(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["video", *arguments])
        return done.exit_code, done.output

    return run


def shown(command: Command, video: int) -> dict[str, Any]:
    code, told = command("show", to_base64url(video), "--json")
    assert code == 0, told
    return json.loads(told)


def test_chapters_calls_and_the_gate_are_set_and_shown(video: int, command: Command) -> None:
    code, told = command(
        "set", to_hex(video), "--chapter", "1:30 The pier", "--chapter", "0 Start", "--ask-email", "--ask-name",
        "--call-to-action", "10-25.5 https://example.com/more Read more", "--no-skippable",
    )  # fmt: skip
    assert code == 0, told
    assert "gate asks for email and name" in told
    about = shown(command, video)
    assert about["chapters"] == [{"start_s": 0, "title": "Start"}, {"start_s": 90, "title": "The pier"}]
    assert about["calls_to_action"] == [
        {"start_s": 10, "end_s": 25.5, "text": "Read more", "url": "https://example.com/more", "skippable": False}
    ]
    assert about["gate"] == {"email": True, "name": True}
    code, _ = command("set", to_hex(video), "--no-chapters", "--no-ask-name")
    assert code == 0
    changed = shown(command, video)
    assert changed == about | {"chapters": [], "gate": {"email": True, "name": False}}


@pytest.mark.parametrize(
    "wrong",
    [
        ("--chapter", "soon Start"), ("--chapter", "1:2:3:4 Start"), ("--chapter", "0"), ("--chapter", "-5 Start"),
        ("--call-to-action", "5 https://example.com"), ("--call-to-action", "9-5 https://example.com Ask"),
        ("--call-to-action", "5 javascript:alert(1) Ask"), ("--call-to-action", "x https://example.com Ask"),
    ],
)  # fmt: skip
def test_what_is_wrong_changes_nothing(video: int, command: Command, wrong: tuple[str, str]) -> None:
    command("set", to_hex(video), "--chapter", "0 Start", "--call-to-action", "1 https://example.com Ask")
    before = shown(command, video)
    code, told = command("set", to_hex(video), "--ask-email", *wrong)
    assert code == 1
    assert "Traceback" not in told
    assert shown(command, video) == before


def test_an_unknown_video(video: int, command: Command) -> None:
    assert command("show", "ffffffffffff")[0] == 1
    assert command("set", "no id", "--ask-email")[0] == 1
