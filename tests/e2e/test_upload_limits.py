"""Large uploads through the api process: its memory stays flat, cut connections leave nothing, and parts that are
wrong, repeated, too large, out of order or too late are answered as documented."""

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil
import pytest

from tests.e2e.adopted import wait_for
from tests.e2e.part_upload import PartUpload
from tests.e2e.platform import Platform

MIB = 1024 * 1024
BLOCK = bytes(range(256)) * 4096  # 1 MiB that no file system stores as a hole
GROWTH_MAX_BYTES = 60 * MIB
RESIDENT_MAX_BYTES = 250 * MIB
SIZES_MIB = [pytest.param(300, id="300MB"), pytest.param(1536, id="1.5GB", marks=pytest.mark.soak)]


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """Its limit leaves room for the largest upload here, and not for much more."""
    shared = Platform(tmp_path_factory.mktemp("platform"), {"upload_max_bytes": 1600 * MIB})
    try:
        shared.start()
        yield shared
        shared.stop()
        assert shared.scratch_files() == []
    finally:
        shared.clean_up()


@dataclass
class Memory:
    """Watches the resident size of the api process, from a thread, ten times a second."""

    platform: Platform
    before: int = 0
    peak: int = 0
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Memory":
        self._process = psutil.Process(self.platform.roles()["api"])
        self.before = self.peak = self._process.memory_info().rss
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def _watch(self) -> None:
        while not self._over.wait(0.1):
            self.peak = max(self.peak, self._process.memory_info().rss)

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def expect_flat(self) -> None:
        told = f"{self.before / MIB:.0f} MiB before, {self.peak / MIB:.0f} MiB at most"
        assert self.peak - self.before < GROWTH_MAX_BYTES, told
        assert self.peak < RESIDENT_MAX_BYTES, told


def form(size_mib: int, *, name: str = "big.mp4") -> Iterator[bytes]:
    """The body of a multipart form with one file of that size."""
    head = f'--b\r\nContent-Disposition: form-data; name="source_video"; filename="{name}"\r\n'
    yield f"{head}Content-Type: video/mp4\r\n\r\n".encode()
    for _ in range(size_mib):
        yield BLOCK
    yield b"\r\n--b--\r\n"


FORM = {"Content-Type": "multipart/form-data; boundary=b"}


def warm(platform: Platform) -> None:
    """What is imported and cached at the first upload does not count as growth."""
    answer = platform.call("POST", "/sproutvideo/v1/videos", content=form(2), headers=FORM)
    assert answer.status_code in (200, 201), answer.text


def stored_bytes(platform: Platform, video_id: str) -> int:
    found = platform.rows("SELECT size_bytes, object_key FROM sources WHERE video_id = :id", id=int(video_id, 16))
    files = list((platform.folder / "data" / "media").rglob(found[0]["object_key"].rpartition("sources/")[2]))
    assert [file.stat().st_size for file in files] == [found[0]["size_bytes"]]
    return found[0]["size_bytes"]


@pytest.mark.timeout(900)
@pytest.mark.parametrize("size_mib", SIZES_MIB)
def test_memory_stays_flat_while_a_form_arrives(platform: Platform, size_mib: int) -> None:
    warm(platform)
    with Memory(platform) as memory:
        answer = platform.call("POST", "/sproutvideo/v1/videos", content=form(size_mib), headers=FORM, timeout=600)
    assert answer.status_code in (200, 201), answer.text
    assert answer.json()["source_video_file_size"] == size_mib * MIB
    assert stored_bytes(platform, answer.json()["id"]) == size_mib * MIB
    memory.expect_flat()
    platform.call("DELETE", f"/sproutvideo/v1/videos/{answer.json()['id']}")


def put_mib(upload: PartUpload, number: int, size_mib: int) -> None:
    upload.put(number, (BLOCK for _ in range(size_mib)), size_mib * MIB)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("size_mib", SIZES_MIB)
def test_memory_stays_flat_while_parts_arrive(platform: Platform, size_mib: int) -> None:
    warm(platform)
    part_mib = 50
    sizes = [part_mib] * (size_mib // part_mib) + [size_mib % part_mib] * (size_mib % part_mib > 0)
    with Memory(platform) as memory:
        upload = PartUpload(platform, size_mib * MIB)
        for number in reversed(range(1, len(sizes) + 1)):  # the last part first
            put_mib(upload, number, sizes[number - 1])
        began = time.monotonic()
        answer = upload.complete()
        took_s = time.monotonic() - began
    assert answer.status_code == 200, answer.text
    assert took_s < 5, "completing does not copy"
    payload = answer.json()["payload"]
    assert payload["filesize"] == size_mib * MIB
    memory.expect_flat()
    assert platform.call("DELETE", f"/adilo/v1/files/{payload['id']}").status_code == 200


def media_files(platform: Platform) -> set[Path]:
    return {file for file in (platform.folder / "data" / "media").rglob("*") if file.is_file()}


def count(platform: Platform, table: str) -> int:
    return platform.rows(f"SELECT count(*) AS number FROM {table}")[0]["number"]


def settle(platform: Platform) -> None:
    """Wait until what earlier tests deleted is gone."""
    wait_for(
        "no garbage that is due",
        lambda: not platform.rows("SELECT id FROM videos WHERE deleted_at IS NOT NULL"),
        60,
        platform.log,
    )


def test_a_connection_that_is_cut_leaves_no_object_and_no_row(platform: Platform) -> None:
    settle(platform)
    files, rows = media_files(platform), (count(platform, "videos"), count(platform, "sources"))
    head = (
        f"POST /sproutvideo/v1/videos HTTP/1.1\r\nHost: x\r\nSproutVideo-Api-Key: {platform.key['api_key']}\r\n"
        f"Content-Type: {FORM['Content-Type']}\r\nContent-Length: {50 * MIB}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", platform.port)) as connection:
        connection.sendall(head.encode())
        for block in form(20):
            if not block.startswith(b"\r\n--b--"):
                connection.sendall(block)
        wait_for("bytes on the disk", lambda: media_files(platform) - files, 10, platform.log)
    wait_for("no bytes on the disk", lambda: media_files(platform) == files, 10, lambda: str(media_files(platform)))
    assert (count(platform, "videos"), count(platform, "sources")) == rows


def test_a_part_whose_connection_is_cut_can_be_sent_again(platform: Platform) -> None:
    upload = PartUpload(platform, 2 * MIB)
    path = upload.url(1).removeprefix(platform.base)
    with socket.create_connection(("127.0.0.1", platform.port)) as connection:
        connection.sendall(f"PUT {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {2 * MIB}\r\n\r\n".encode() + BLOCK)
    put_mib(upload, 1, 2)
    answer = upload.complete()
    assert answer.status_code == 200, answer.text
    assert answer.json()["payload"]["filesize"] == 2 * MIB


def test_a_form_without_its_last_boundary_leaves_nothing(platform: Platform) -> None:
    settle(platform)
    rows = count(platform, "videos")
    body = b"".join(form(1)).removesuffix(b"\r\n--b--\r\n")
    answer = platform.call("POST", "/sproutvideo/v1/videos", content=body, headers=FORM)
    assert answer.status_code == 400
    assert "last boundary" in answer.text
    assert count(platform, "videos") == rows


def test_a_file_over_the_limit_is_refused(platform: Platform) -> None:
    answer = platform.call(
        "POST", "/adilo/v1/files/upload/start", json=PartUpload(platform, 1).started_with | {"filesize": 2**40}
    )
    assert answer.status_code == 403
    assert "larger than" in answer.text


def test_a_part_over_the_declared_size_is_refused(platform: Platform) -> None:
    upload = PartUpload(platform, MIB)
    answer = httpx.put(upload.url(1), content=BLOCK + b"x")
    assert answer.status_code == 413
    assert "EntityTooLarge" in answer.text
    chunked = httpx.put(upload.url(1), content=iter([BLOCK, b"x"]))  # no Content-Length says it beforehand
    assert chunked.status_code == 413
    put_mib(upload, 1, 1)
    assert upload.complete().status_code == 200


def test_more_than_was_declared_is_refused_at_the_end(platform: Platform) -> None:
    upload = PartUpload(platform, 3 * MIB)
    put_mib(upload, 1, 2)
    put_mib(upload, 2, 2)
    answer = upload.complete()
    assert answer.status_code == 422
    assert f"more than the {3 * MIB}" in answer.text


def test_less_than_was_declared_is_refused_and_can_be_completed_later(platform: Platform) -> None:
    upload = PartUpload(platform, 3 * MIB)
    put_mib(upload, 1, 2)
    answer = upload.complete()
    assert answer.status_code == 422
    assert "incomplete" in answer.text
    put_mib(upload, 2, 1)
    assert upload.complete().status_code == 200


def test_wrong_lists_are_refused_and_lose_nothing(platform: Platform) -> None:
    upload = PartUpload(platform, 2 * MIB)
    put_mib(upload, 2, 1)
    put_mib(upload, 1, 1)
    put_mib(upload, 1, 1)
    etags = upload.etags
    for wrong in (
        [],
        [(1, '"' + "0" * 32 + '"'), (2, etags[2])],
        [(2, etags[2]), (1, etags[1])],
        [(1, etags[1]), (1, etags[1])],
        [(1, etags[1]), (3, etags[2])],
        [(0, etags[1])],
    ):
        assert upload.complete(wrong).status_code == 422, wrong
    first, again = upload.complete(), upload.complete()
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json()["payload"]["id"] == again.json()["payload"]["id"]


def test_after_its_expiry_an_upload_is_over(platform: Platform) -> None:
    upload = PartUpload(platform, 2 * MIB)
    put_mib(upload, 1, 1)
    url = upload.url(2)
    with platform.writing() as connection:
        connection.exec_driver_sql("UPDATE uploads SET expires_at = 1 WHERE state = 'open'")
    late = upload.sign(2)
    assert late.status_code == 422
    assert "start a new one" in late.text
    assert upload.complete().status_code == 422
    wait_for("the worker to end it", lambda: _state(platform) == {"aborted"}, 75, platform.log)
    answer = httpx.put(url, content=BLOCK)
    assert answer.status_code == 404
    assert "NoSuchUpload" in answer.text


def _state(platform: Platform) -> set[str]:
    return {row["state"] for row in platform.rows("SELECT state FROM uploads WHERE expires_at = 1")}


def test_a_url_that_was_changed_or_is_too_old_is_refused(platform: Platform) -> None:
    url = PartUpload(platform, MIB).url(1)
    assert httpx.put(url[:-1] + ("0" if url[-1] != "0" else "1"), content=BLOCK).status_code == 403
    assert httpx.put(url.replace("part=1", "part=2"), content=BLOCK).status_code == 403
    assert httpx.get(url).status_code == 403
