"""Publish first, over HTTP: manifests at once, each segment cut from the real source once, kept, and playable."""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import imageio_ffmpeg
import pytest

from framehouse.infra.database import Database
from framehouse.infra.process import Limits, spawn
from framehouse.kernel import NotFound, TemporarilyUnavailable
from framehouse.library import CUT, OutputKind, Video
from framehouse.media.segment_plan import CutPlan, CutTrack, plan
from framehouse.playback import CutterPool, cut_document, read_document
from tests.edge.house import House, open_house

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
RECIPE = (
    "-f lavfi -i testsrc2=s=320x180:r=25:d=10 -f lavfi -i sine=440:r=48000:d=10 -c:v libx264 -preset ultrafast -bf 2 "
    "-g 25 -pix_fmt yuv420p -c:a aac -b:a 64k"
)


class CountingCutter:
    """The real pool; counts what it is asked to cut and can be told to fail."""

    def __init__(self, pool: CutterPool) -> None:
        self._pool = pool
        self.asked: list[tuple[str, int]] = []
        self.failure: Exception | None = None

    async def init_segment(self, path: str, track: CutTrack) -> bytes:
        return await self._pool.init_segment(path, track)

    async def segment(self, path: str, track: CutTrack, number: int) -> bytes:
        self.asked.append((track.id, number))
        if self.failure is not None:
            raise self.failure
        return await self._pool.segment(path, track, number)


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("source") / "film.mp4"
    subprocess.run([FFMPEG, "-v", "error", *RECIPE.split(), str(path)], check=True, timeout=60)
    return path


@pytest.fixture
async def pool() -> AsyncIterator[CutterPool]:
    limits = Limits(wall_s=None, open_files=64)
    async with CutterPool(lambda argv: spawn(list(argv), limits=limits, stdin=True), size=2) as running:
        yield running


@pytest.fixture
def cutter(pool: CutterPool) -> CountingCutter:
    return CountingCutter(pool)


@pytest.fixture
async def cut_house(database: Database, tmp_path: Path, cutter: CountingCutter) -> AsyncIterator[House]:
    opened = await open_house(database, tmp_path, cutter=cutter)
    async with opened.client:
        yield opened
    await opened.playback.close()


async def published(house: House, pool: CutterPool, source: Path) -> tuple[Video, CutPlan]:
    video = await house.video()
    key = f"sources/{video.id}"
    await house.library.storage.put(key, source.read_bytes())
    cuts = plan(await pool.index(str(source)))
    await house.record(video, OutputKind.PRESENTATION, CUT, {}, cut_document(cuts, key))
    return await house.mark_playable(video), cuts


async def test_the_document_gives_the_plan_back(pool: CutterPool, source: Path) -> None:
    cuts = plan(await pool.index(str(source)))
    presentation, cut = read_document(cut_document(cuts, "sources/1"))
    assert presentation == cuts.presentation
    assert cut is not None
    assert cut.source_key == "sources/1"
    assert tuple(cut.tracks.values()) == cuts.tracks


async def test_the_film_plays_from_its_first_request(
    cut_house: House, cutter: CountingCutter, pool: CutterPool, source: Path, tmp_path: Path
) -> None:
    house = cut_house
    video, cuts = await published(house, pool, source)
    base = await house.media(video)
    assert not cutter.asked, "manifests cost no cut"
    for name in ("master.m3u8", "manifest.mpd"):
        assert (await house.client.get(base + name)).status_code == 200
    for track in cuts.tracks:
        film = tmp_path / f"{track.id}.mp4"
        with film.open("wb") as out:
            for name in ("init.mp4", *(f"{number}.m4s" for number in range(1, track.segment_count + 1))):
                answer = await house.client.get(f"{base}{track.id}/{name}")
                assert answer.status_code == 200
                assert answer.headers["content-type"] == f"{track.kind}/mp4"
                out.write(answer.content)
        decoded = subprocess.run(
            [FFMPEG, "-v", "error", "-xerror", "-i", str(film), "-f", "null", "-"], capture_output=True, timeout=60
        )
        assert (decoded.returncode, decoded.stderr) == (0, b"")
        beyond = await house.client.get(f"{base}{track.id}/{track.segment_count + 1}.m4s")
        assert beyond.status_code == 404
    assert sorted(cutter.asked) == sorted((t.id, n) for t in cuts.tracks for n in range(1, t.segment_count + 1))


async def test_one_cut_however_many_ask_and_none_afterwards(
    cut_house: House, cutter: CountingCutter, pool: CutterPool, source: Path
) -> None:
    house = cut_house
    video, _ = await published(house, pool, source)
    base = await house.media(video)
    answers = await asyncio.gather(*(house.client.get(base + "v1/2.m4s") for _ in range(30)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert len({answer.headers["etag"] for answer in answers}) == 1
    assert cutter.asked == [("v1", 2)]
    await house.playback.segments.drain()
    later = await house.client.get(base + "v1/2.m4s")
    assert (later.content, later.headers["etag"]) == (answers[0].content, answers[0].headers["etag"])
    assert cutter.asked == [("v1", 2)]
    part = await house.client.get(base + "v1/2.m4s", headers={"range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, later.content[4:8])


async def test_a_viewer_who_leaves_does_not_take_the_cut_along(
    cut_house: House, cutter: CountingCutter, pool: CutterPool, source: Path
) -> None:
    house = cut_house
    video, _ = await published(house, pool, source)
    url = await house.media(video) + "v1/1.m4s"
    leaving, staying = (asyncio.create_task(house.client.get(url)) for _ in range(2))
    while not cutter.asked:
        await asyncio.sleep(0)
    leaving.cancel()
    assert (await staying).status_code == 200
    assert cutter.asked == [("v1", 1)]


async def test_a_cut_that_fails_is_tried_again_at_the_next_request(
    cut_house: House, cutter: CountingCutter, pool: CutterPool, source: Path
) -> None:
    house = cut_house
    video, _ = await published(house, pool, source)
    url = await house.media(video) + "v1/1.m4s"
    cutter.failure = TemporarilyUnavailable("Too many segments are being cut at the moment; try again.")
    busy = await house.client.get(url)
    assert (busy.status_code, busy.headers["retry-after"]) == (503, "1")
    assert busy.headers["access-control-allow-origin"] == "*"
    cutter.failure = NotFound("The source's file is not there.")
    assert (await house.client.get(url)).status_code == 404
    cutter.failure = None
    assert (await house.client.get(url)).status_code == 200


async def test_a_source_that_is_gone_leaves_what_was_kept(
    cut_house: House, cutter: CountingCutter, pool: CutterPool, source: Path
) -> None:
    house = cut_house
    video, _ = await published(house, pool, source)
    base = await house.media(video)
    assert (await house.client.get(base + "v1/1.m4s")).status_code == 200
    await house.playback.segments.drain()
    await house.library.storage.delete(f"sources/{video.id}")
    assert (await house.client.get(base + "v1/1.m4s")).status_code == 200
    assert (await house.client.get(base + "v1/2.m4s")).status_code == 404
