"""Segments over HTTP from one core: our edge, which checks a ticket, beside nginx with sendfile on the same files."""

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import httpx

from benchmarks.accounts import MIB, cpu_s, pin, rss_bytes
from benchmarks.figures import interleaved, median
from benchmarks.installation import Installation, installation
from benchmarks.nginx import nginx
from benchmarks.run import NotMeasured, Run
from benchmarks.table import Table, Verdict
from benchmarks.wire import path_of
from framehouse import library
from framehouse.bootstrap.services import Services
from framehouse.media.presentation import Presentation, SegmentTimeline, VideoTrack
from framehouse.playback import embed_path, ladder_document

SIZES = {"large": ("2 MB", 2_000_000), "small": ("200 KB", 200_000)}
SEGMENTS = 8  # one digit, so that all answers are equally long
CONNECTIONS = 8
REACH = 0.75
FLAT_MIB = 16
# Whether the client copies what it gets, as every program on the same machine does, or discards it inside the kernel,
# as if a network card had fetched it: then no core but the server's can be the limit.
CLIENTS = {"copies": True, "discards": False}


@dataclass(frozen=True)
class Seen:
    requests_per_s: float
    bytes_per_s: float
    p99_s: float
    cpu_share: float
    """Of the server's core."""


@dataclass(frozen=True)
class Server:
    name: str
    pid: int
    address: tuple[str, int]
    paths: dict[str, list[str]]


def measure(run: Run) -> Table:
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        raise NotMeasured("server and client need a core each")
    folder = run.new_folder("delivery")
    with installation(folder, ready=False, encode_workers=0, sample_video=False) as house:
        embed, files = house.platform.inside(_published)
        root = Path(os.path.commonpath([file.parent for each in files.values() for file in each]))
        with nginx(folder, root) as yardstick:
            ours = Server("framehouse", house.platform.roles()["api"], house.address, _our_paths(house, embed))
            paths = {name: [f"/{file.relative_to(root)}" for file in each] for name, each in files.items()}
            theirs = Server(f"nginx {yardstick.version}", yardstick.pid, yardstick.address, paths)
            for server in (ours, theirs):
                pin(server.pid, cores[:1])
            return _measure(run, (ours, theirs), cores[1])


def _measure(run: Run, servers: tuple[Server, Server], client_core: int) -> Table:
    seconds = 1.5 if run.quick else 4.0
    ways = {
        (server.name, size, client): lambda server=server, size=size, client=client: _load(
            server, size, seconds, client_core, copies=CLIENTS[client]
        )
        for size in SIZES
        for client in CLIENTS
        for server in servers
    }
    for server in servers:
        _load(server, "large", 1, client_core, copies=True)  # caches, and memory as it is under load
    before = {server.name: rss_bytes(server.pid) for server in servers}
    seen = interleaved(ways, rounds=1 if run.quick else 5, budget_s=run.budget_s)
    after = {server.name: rss_bytes(server.pid) for server in servers}
    return _table(seen, servers, before, after, seconds)


def _load(server: Server, size: str, seconds: float, client_core: int, *, copies: bool) -> Seen:
    plan = {"address": server.address, "paths": server.paths[size], "seconds": seconds}
    plan |= {"connections": CONNECTIONS, "copies": copies}
    before = cpu_s(server.pid)
    client = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.drain", json.dumps(plan)], stdout=subprocess.PIPE, text=True
    )
    pin(client.pid, [client_core])
    told, _ = client.communicate(timeout=seconds + 30)
    if client.returncode:
        raise NotMeasured(f"the client failed on {server.name}")
    counts = json.loads(told)
    return Seen(
        counts["requests_per_s"], counts["bytes_per_s"], counts["p99_s"], (cpu_s(server.pid) - before) / seconds
    )


def _our_paths(house: Installation, embed: str) -> dict[str, list[str]]:
    config = httpx.get(f"{house.platform.base}{embed}/config").json()
    base = path_of(config["manifests"]["hls"]).removesuffix("master.m3u8")
    return {name: [f"{base}{name}/{number}.m4s" for number in range(1, SEGMENTS + 1)] for name in SIZES}


async def _published(services: Services) -> tuple[str, dict[str, list[Path]]]:
    """A video whose segments are random bytes of the wanted sizes; its embed path and the stored files."""
    tenant = await services.identity.tenant_by_slug("demo")
    assert tenant is not None
    owner, context = library.Owner(tenant.id), services.library
    video = await library.receive_video(context, owner, library.NewVideo("bench", "bench.mp4"), _once(b"source"))
    output_id = library.new_output_id()
    prefix = library.output_prefix(video.id, output_id)
    files: dict[str, list[Path]] = {name: [] for name in SIZES}
    for name, (_, size) in SIZES.items():
        for number in range(1, SEGMENTS + 1):
            key = f"{prefix}{name}/{number}.m4s"
            await context.storage.put(key, os.urandom(size))
            path = context.storage.local_path(key)
            assert path is not None, "the default storage is the file system"
            files[name].append(path)
    document = ladder_document(_presentation())
    output = library.Output(
        output_id, video.id, library.OutputKind.PRESENTATION, library.LADDER, prefix, 1, None, None, None, document,
        context.clock.now(),
    )  # fmt: skip
    async with context.database.write() as tx:
        await library.record_output(tx, context.clock, owner.tenant_id, output, prefix)
        await library.mark_inspected(tx, context.clock, owner.tenant_id, video.id, duration_ms=1, width=2, height=2)
        await library.mark_playable(tx, context.clock, owner.tenant_id, video.id)
    return embed_path(video), files


async def _once(data: bytes) -> AsyncIterator[bytes]:
    yield data


def _presentation() -> Presentation:
    timeline = SegmentTimeline.of([4000] * SEGMENTS)

    def rung(name: str, rate_bps: int) -> VideoTrack:
        return VideoTrack(name, "avc1.64001e", 1000, timeline, rate_bps, rate_bps, 640, 360, Fraction(25))

    return Presentation(4000 * SEGMENTS, tuple(rung(name, 2 * size) for name, (_, size) in SIZES.items()), (), ())


def _table(
    seen: dict[tuple[str, str, str], list[Seen]],
    servers: tuple[Server, Server],
    before: dict[str, int],
    after: dict[str, int],
    seconds: float,
) -> Table:
    ours, theirs = servers
    table = Table(["segments", "client", "server", "requests/s", "GB/s", "of nginx", "p99 ms", "CPU us each"])
    for size, (label, _) in SIZES.items():
        for client in CLIENTS:
            every = {server.name: seen[server.name, size, client] for server in servers}
            rate = {name: median([each.requests_per_s for each in loads]) for name, loads in every.items()}
            for name, loads in every.items():
                table.add(
                    label,
                    client,
                    name,
                    f"{rate[name]:.0f}",
                    f"{median([each.bytes_per_s for each in loads]) / 1e9:.2f}",
                    f"{rate[name] / rate[theirs.name]:.2f}",
                    f"{median([each.p99_s for each in loads]) * 1000:.1f}",
                    f"{median([each.cpu_share / each.requests_per_s for each in loads]) * 1e6:.0f}",
                )
            ratio = rate[ours.name] / rate[theirs.name]
            what = f"{label} segments, client {client}"
            table.verdicts.append(Verdict(what, f">= {REACH} of nginx", f"{ratio:.2f}", ratio >= REACH))
    grown = (after[ours.name] - before[ours.name]) / MIB
    told = f"{before[ours.name] / MIB:.0f} MiB before, {after[ours.name] / MIB:.0f} after"
    table.verdicts.append(Verdict("memory of the api process", "flat", told, grown <= FLAT_MIB))
    loads = len(seen[ours.name, "large", "copies"])
    table.notes.append(
        f"Server on one core, client on another, {CONNECTIONS} kept connections, medians of {loads} interleaved loads "
        f"of {seconds:g} s; nginx without ticket and log. CPU is the server's. A client that copies what it "
        "gets is what runs on the same machine; one that discards is as near as loopback comes to a network card."
    )
    return table
