"""A running platform to measure: `framehouse serve` as an operator starts it, in the run's folder, ended afterwards."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from benchmarks import wire
from tests.e2e.platform import Platform

PART_BYTES = 50_000_000
UNLIMITED = 100_000_000  # requests a minute: the limit is not what is measured
QUIET_S = 0.5


@contextmanager
def installation(folder: Path, *, ready: bool = True, **settings: object) -> Iterator["Installation"]:
    """`ready=False`: only until it answers, for one without workers, which never is ready."""
    platform = Platform(folder, {"rate_limit_per_minute": UNLIMITED, **settings})
    try:
        platform.start(ready=ready)
        if not ready:
            _wait_for_answers(platform)
        yield Installation(platform)
    finally:
        platform.clean_up()


def _wait_for_answers(platform: Platform) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{platform.base}/healthz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError(f"the platform does not answer\n{platform.log()}")


@dataclass
class Installation:
    """What benchmarks do with a platform: upload in parts, delete, wait until nothing works any more."""

    platform: Platform
    _projects: list[str] = field(default_factory=list[str])

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", self.platform.port

    def api(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        """A request to Adilo's API, which has uploads in parts; its payload."""
        answer = self.platform.call(method, f"/adilo/v1{path}", **more)
        assert answer.status_code == 200, answer.text
        return answer.json()["payload"]

    def send_parts(self, file: Path, *, parallel: int) -> "Upload":
        """Everything up to the request that completes the upload."""
        size = file.stat().st_size
        if not self._projects:
            self._projects.append(self.api("POST", "/projects", json={"title": "bench"})["id"])
        about = {"filename": file.with_suffix(".mp4").name, "filesize": size, "mime_type": "video/mp4"}
        about |= {"duration_seconds": 1, "duration_string": "00:00:01", "drm_protection": False}
        upload = self.api("POST", "/files/upload/start", json={**about, "project_id": self._projects[0]})
        count = -(-size // PART_BYTES)
        signed = [
            self.api("GET", f"/files/upload/get-signed-url/{upload['uploadId']}/{n}", params={"key": upload["key"]})
            for n in range(1, count + 1)
        ]
        etags = wire.put_parts(self.address, [each["url"] for each in signed], file, PART_BYTES, parallel=parallel)
        # This API reads names in any case.
        parts = [{"partnumber": number, "etag": etag} for number, etag in enumerate(etags, 1)]
        return Upload({"key": upload["key"], "uploadId": upload["uploadId"], "parts": parts})

    def complete(self, upload: "Upload") -> dict[str, Any]:
        """The file as the API answers it: `id`, `embed_url`."""
        return self.api("POST", "/files/upload/complete", json=upload.completion)

    def delete(self, file_id: str) -> None:
        """And wait until its work has ended, so that it does not disturb what is measured next."""
        self.api("DELETE", f"/files/{file_id}")
        deadline = time.monotonic() + 30
        while self.platform.encoders() and time.monotonic() < deadline:
            time.sleep(0.1)
        self.platform.collect_garbage()
        time.sleep(QUIET_S)


@dataclass(frozen=True)
class Upload:
    completion: dict[str, Any]
