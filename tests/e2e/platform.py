"""The whole platform as an operator has it: `framehouse serve` in its own process group, data in a temporary folder.

Tests speak to it over HTTP and the command line, look behind it with SQL, and kill what they like. Its descendants
are found even when their parents died (see `adopted`): nothing may be left.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

from framehouse.infra.settings import Settings
from tests.e2e.adopted import (
    adopt_orphans,
    awaited,
    command_of,
    descendants,
    end_with_the_tests,
    free_port,
    wait_for,
)
from tests.e2e.behind import Behind

READY_TIMEOUT_S = 90
END_TIMEOUT_S = 15
CLI = (sys.executable, "-m", "framehouse.entrypoints.cli")


@dataclass
class Platform(Behind):
    """One installation. `settings` are fields of `Settings`, added to those that keep it in `folder`."""

    folder: Path
    settings: dict[str, object] = field(default_factory=dict[str, object])
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    key: dict[str, str] = field(default_factory=dict[str, str])
    _others: set[int] = field(default_factory=set[int])

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def configured(self) -> Settings:
        return Settings(**{**self._own, **self.settings})  # type: ignore[arg-type]

    @property
    def _own(self) -> dict[str, object]:
        """What every platform of the tests has in common; housekeeping comes often, so that nobody waits for it."""
        return {
            "data_dir": self.folder / "data",
            "port": self.port,
            "sample_video": False,
            "log_format": "json",
            "housekeeping_s": 3,
        }

    @property
    def environment(self) -> dict[str, str]:
        given = self.configured.model_dump(include={*self._own, *self.settings})
        chosen = {f"FRAMEHOUSE_{name.upper()}": str(value) for name, value in given.items()}
        clean = {name: value for name, value in os.environ.items() if not name.startswith("FRAMEHOUSE_")}
        return clean | chosen | {"FRAMEHOUSE_CONFIG": str(self.folder / "none.toml")}

    # --- its life ---

    def start(self, *, ready: bool = True) -> None:
        """Start it, wait until every dependency answers, and make a credential the first time."""
        adopt_orphans()
        if not self._others:
            self._others = {os.getpid(), *(process.pid for process in descendants())}
        with (self.folder / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*CLI, "serve"], cwd=self.folder, env=self.environment, stdout=log, stderr=log, process_group=0,
                preexec_fn=end_with_the_tests,
            )  # fmt: skip
        awaited.add(self.process.pid)
        if ready:
            self.wait_ready()
            self.key = self.key or json.loads(self.run("credentials", "create", "--name", "tests", "--json"))

    def wait_ready(self) -> None:
        wait_for("/readyz", self._is_ready, READY_TIMEOUT_S, self.log)

    def _is_ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, f"serve ended with {self.process.returncode}\n{self.log()}"
        try:
            return httpx.get(f"{self.base}/readyz", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def stop(self, number: signal.Signals = signal.SIGINT) -> float:
        """Ctrl-C; how many seconds it took until everything had ended. The exit code must be 0."""
        assert self.process is not None
        began = time.monotonic()
        self.process.send_signal(number)
        code = self.process.wait(END_TIMEOUT_S)
        self.expect_nothing_running()
        self.process = None
        assert code == 0, f"exit code {code}\n{self.log()}"
        return time.monotonic() - began

    def kill_serve(self) -> None:
        """SIGKILL to the parent alone: whatever is below must end by itself."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        self.process = None
        self.expect_nothing_running()

    def kill_everything(self) -> None:
        """SIGKILL to every process at once, as a power cut does."""
        for process in self.processes():
            process.kill()
        assert self.process is not None
        self.process.wait()
        self.process = None
        self.expect_nothing_running()

    def kill_role(self, role: str) -> int:
        """SIGKILL to `api`, `audience` or `worker-N`; its process id."""
        pid = wait_for(f"a process {role}", lambda: self.roles().get(role), 20, self.log)
        os.kill(pid, signal.SIGKILL)
        return pid

    def clean_up(self) -> None:
        """Whatever a failed test left; never raises."""
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(END_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None
        for process in self.processes():
            process.kill()

    # --- its processes ---

    def processes(self) -> list[psutil.Process]:
        return [process for process in descendants() if process.pid not in self._others]

    def roles(self) -> dict[str, int]:
        """Process ids of `api`, `audience` and `worker-N`."""
        if self.process is None:
            return {}
        found: dict[str, int] = {}
        for process in psutil.Process(self.process.pid).children():
            words = command_of(process)
            if "api" in words[3:4]:
                found["api"] = process.pid
            elif "audience" in words[3:4]:
                found["audience"] = process.pid
            elif "worker" in words[3:4]:
                found[f"worker-{words[-1]}"] = process.pid
        return found

    def encoders(self) -> list[psutil.Process]:
        """Running ffmpegs and packagers."""
        return [p for p in self.processes() if re.match(r"ffmpeg|packager", Path([*command_of(p), ""][0]).name)]

    def expect_nothing_running(self) -> None:
        def gone() -> bool:
            return not self.processes()

        wait_for("every process to end", gone, 5, lambda: str([command_of(p) for p in self.processes()]))

    # --- its log and its command line ---

    def log(self, characters: int = 6000) -> str:
        file = self.folder / "serve.log"
        return file.read_text(errors="replace")[-characters:] if file.exists() else ""

    def run(self, *arguments: str, code: int = 0) -> str:
        """Standard output of the `framehouse` command, which must end with that code."""
        done = subprocess.run(
            [*CLI, *arguments], env=self.environment, cwd=self.folder, capture_output=True, text=True, timeout=90
        )
        assert done.returncode == code, f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout

    # --- its HTTP ---

    @contextmanager
    def client(self) -> Iterator[httpx.Client]:
        headers = {
            "SproutVideo-Api-Key": self.key["api_key"],
            "X-Public-Key": self.key["public_key"],
            "X-Secret-Key": self.key["secret_key"],
        }
        with httpx.Client(base_url=self.base, headers=headers, timeout=60) as client:
            yield client

    def send(self, path: Path, **fields: str) -> httpx.Response:
        """A file as multipart/form-data to SproutVideo's API, read from the disk as it goes."""
        with self.client() as client, path.open("rb") as file:
            return client.post("/sproutvideo/v1/videos", data=fields, files={"source_video": (path.name, file)})

    def upload(self, path: Path, **fields: str) -> str:
        """As `send`; the new video's id."""
        answer = self.send(path, **fields)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()["id"]

    def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        with self.client() as client:
            return client.request(method, path, **more)

    def video(self, video_id: str) -> dict[str, Any]:
        answer = self.call("GET", f"/sproutvideo/v1/videos/{video_id}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def wait_state(self, video_id: str, state: str, timeout_s: float = 90) -> dict[str, Any]:
        """The video once it has the state; ends at once when it came to the wrong end."""
        deadline = time.monotonic() + timeout_s
        while True:
            video = self.video(video_id)
            if video["state"] == state:
                return video
            ended = video["state"] in ("deployed", "failed")
            if ended or time.monotonic() > deadline:
                told = self.run("explain", video_id)
                raise AssertionError(f"{video['state']} instead of {state}: {told}\n{self.log()}")
            time.sleep(0.1)

    def embed_url(self, video: dict[str, Any]) -> str:
        found = re.search(r"src='([^']+)'", video["embed_code"])
        assert found, video["embed_code"]
        return found[1]

    def embed(self, video: dict[str, Any]) -> dict[str, Any]:
        """The player's configuration."""
        address, _, query = self.embed_url(video).partition("?")
        answer = httpx.get(f"{address}/config?{query}", timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def expect_clean(self) -> None:
        """Every byte has its row and every row its bytes; no working file is left anywhere.

        The copies of sources that playback keeps on this machine, when they lie in a bucket, may stay while it runs.
        """
        self.collect_garbage()
        work = [key for key in self.stored() if key.split("/")[2] == "work"]
        left = [name for name in self.scratch_files() if not name.startswith("api-")]
        assert (work, left) == ([], []), f"left behind: {work} {left}"
        self.run("fsck")
