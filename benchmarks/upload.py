"""Uploads of two gigabytes, as a form and in parts, beside writing, hashing and syncing the same bytes."""

import hashlib
import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import wire
from benchmarks.accounts import MIB, cpu_s, peak_bytes, reset_peak, rss_bytes
from benchmarks.figures import interleaved, median
from benchmarks.installation import Installation, installation
from benchmarks.run import Run
from benchmarks.table import Table, Verdict
from framehouse.kernel import from_hex, to_base64url

SIZE_BYTES, QUICK_SIZE_BYTES = 2_000_000_000, 200_000_000
BLOCK_BYTES = 1 << 20
REACH_MIB = 150
PARALLEL = 3


@dataclass(frozen=True)
class Seen:
    wall_s: float
    cpu_s: float = 0
    peak_bytes: int = 0
    before_bytes: int = 0
    complete_s: float = 0


def measure(run: Run) -> Table:
    size = QUICK_SIZE_BYTES if run.quick else SIZE_BYTES
    source = _source(run, size)
    with installation(run.new_folder("upload")) as house:
        target = house.platform.folder / "data" / "limit"
        ways: dict[str, Callable[[], Seen]] = {
            "limit: write + fsync": lambda: _written(source, target, is_hashed=False),
            "limit: write + MD5 + fsync, one thread": lambda: _written(source, target, is_hashed=True),
            "multipart/form-data": lambda: _as_form(house, source),
            f"parts of 50 MB, {PARALLEL} at a time": lambda: _in_parts(house, source),
        }
        timed = {name: _settled(action) for name, action in ways.items()}
        seen = interleaved(timed, rounds=1 if run.quick else 3, budget_s=run.budget_s)
    table = _table(seen, size)
    table.notes.append(
        f"{size / 1e9:g} GB of random bytes on the data folder's disk; the file comes from the page cache, and the "
        "client (sendfile) shares the machine. The time of the parts includes signing their URLs and completing."
    )
    return table


def _source(run: Run, size: int) -> Path:
    path = run.folder / f"random-{size}.bin"
    if not path.exists():
        block = os.urandom(16 * BLOCK_BYTES)
        with path.open("wb") as file:
            for offset in range(0, size, len(block)):
                file.write(block[: size - offset])
    return path


def _settled(action: Callable[[], Seen]) -> Callable[[], Seen]:
    """Nothing left to write back from what was measured before."""

    def settled() -> Seen:
        os.sync()
        return action()

    return settled


def _written(source: Path, target: Path, *, is_hashed: bool) -> Seen:
    digest = hashlib.md5(usedforsecurity=False)
    began, cpu_before = time.monotonic(), time.process_time()
    with source.open("rb") as reader, target.open("wb") as writer:
        while block := reader.read(BLOCK_BYTES):
            if is_hashed:
                digest.update(block)
            writer.write(block)
        writer.flush()
        os.fsync(writer.fileno())
    seen = Seen(time.monotonic() - began, time.process_time() - cpu_before)
    target.unlink()
    return seen


def _watched(house: Installation, action: Callable[[], tuple[str, float]]) -> Seen:
    """`action` gives the video's id and how long completing took."""
    api = house.platform.roles()["api"]
    reset_peak(api)
    before, cpu_before, began = rss_bytes(api), cpu_s(api), time.monotonic()
    file_id, complete_s = action()
    seen = Seen(time.monotonic() - began, cpu_s(api) - cpu_before, peak_bytes(api), before, complete_s)
    house.delete(file_id)
    return seen


def _as_form(house: Installation, source: Path) -> Seen:
    def send() -> tuple[str, float]:
        headers = {"SproutVideo-Api-Key": house.platform.key["api_key"]}
        answer = wire.post_form(house.address, "/sproutvideo/v1/videos", headers, "source_video", source)
        assert answer.status in (200, 201), answer
        return _adilo_id(answer.body), 0

    return _watched(house, send)


def _in_parts(house: Installation, source: Path) -> Seen:
    def send() -> tuple[str, float]:
        upload = house.send_parts(source, parallel=PARALLEL)
        began = time.monotonic()
        return house.complete(upload)["id"], time.monotonic() - began

    return _watched(house, send)


def _adilo_id(body: bytes) -> str:
    """One id, four spellings."""
    found = from_hex(json.loads(body)["id"])
    assert found is not None, body
    return to_base64url(found)


def _table(seen: dict[str, list[Seen]], size: int) -> Table:
    table = Table(["", "s", "MB/s", "of the limit", "server CPU s", "completing ms", "api RSS before", "at most MiB"])
    wall = {name: median([each.wall_s for each in every]) for name, every in seen.items()}
    limit = wall[list(seen)[1]]  # every upload is hashed, so writing alone is not its limit
    peak = 0
    for name, every in seen.items():
        most = max(each.peak_bytes for each in every)
        peak = max(peak, most)
        table.add(
            name,
            f"{wall[name]:.1f}",
            f"{size / wall[name] / 1e6:.0f}",
            f"{limit / wall[name]:.2f}",
            f"{median([each.cpu_s for each in every]):.1f}",
            f"{median([each.complete_s for each in every]) * 1000:.0f}" if every[0].complete_s else "",
            f"{max(each.before_bytes for each in every) / MIB:.0f}" if most else "",
            f"{most / MIB:.0f}" if most else "",
        )
    told = f"{peak / MIB:.0f} MiB"
    table.verdicts.append(
        Verdict("api process's memory during uploads", f"< {REACH_MIB} MiB", told, peak < REACH_MIB * MIB)
    )
    return table
