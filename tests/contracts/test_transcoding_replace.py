"""Work on the two sources of a video whose media are replaced: jobs, failures, cancelling; on both engines.

The probe is a script; everything is wired as the installation is, and durable work is only noted.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from framehouse import library, transcoding
from framehouse.bootstrap.wiring import DIGEST_SOURCE, subscribe
from framehouse.infra.database import Database
from framehouse.infra.events import EventBus
from framehouse.infra.secretbox import SecretBox
from framehouse.infra.settings import Settings
from framehouse.infra.storage import UrlSigner, open_storage
from framehouse.infra.tools import Tools
from framehouse.infra.transaction import Transaction, Work
from framehouse.infra.workflows import WorkClient
from framehouse.kernel import FakeClock, SourceId
from framehouse.library import LibraryContext, OutputKind, Video, VideoState
from framehouse.playback import PUBLISH_CUT
from framehouse.transcoding import TranscodingContext, works
from framehouse.transcoding.finish import fail_job
from framehouse.transcoding.inspect import inspect_source
from framehouse.transcoding.job import Job, JobState
from framehouse.transcoding.store import jobs
from framehouse.transcoding.switch import switch_to
from tests.contracts.library_house import UPLOAD_EXPIRES_S, UPLOAD_MAX_BYTES, House, source_id_of
from tests.contracts.replacing import OLD, Stage, complete, received

# Ten minutes that no browser plays as they are: a first media of that kind would get a quick first rung.
FILM: dict[str, Any] = {
    "streams": [
        {
            "index": 0, "codec_type": "video", "codec_name": "mpeg4", "width": 1920, "height": 1080,
            "pix_fmt": "yuv420p", "sample_aspect_ratio": "1:1", "r_frame_rate": "25/1", "avg_frame_rate": "25/1",
            "time_base": "1/12800", "start_time": "0.000000", "duration": "600.000000", "nb_frames": "15000",
            "field_order": "progressive", "disposition": {"default": 1},
        }
    ],
    "format": {"format_name": "mov,mp4", "start_time": "0.000000", "duration": "600.000000", "size": "1000"},
}  # fmt: skip


@dataclass
class Wired:
    """An installation whose workers do nothing by themselves."""

    house: House
    context: TranscodingContext
    probe: Path
    enqueued: list[Work] = field(default_factory=list[Work])

    def works(self, name: str) -> list[Work]:
        return [work for work in self.enqueued if work.name == name]

    def finds(self, answer: dict[str, Any]) -> None:
        """What the probe says of every file from now on."""
        code = 0 if answer else 1
        self.probe.write_text(f"#!/bin/sh\ncat <<'END'\n{json.dumps(answer)}\nEND\nexit {code}\n")
        self.probe.chmod(0o755)

    async def inspect(self, video: Video, source_id: SourceId) -> list[Job]:
        """The jobs of that source after its inspection."""
        await inspect_source(self.context, str(video.tenant_id), video.id, source_id)
        return await self.jobs(video, source_id)

    async def jobs(self, video: Video, source_id: SourceId) -> list[Job]:
        async with self.house.database.read() as tx:
            found = await jobs.of_video(tx, video.tenant_id, video.id)
        return [job for job in found if job.source_id == source_id]


class NoWorkers:
    """Cancels nothing, since nothing runs."""

    def __init__(self) -> None:
        self.cancelled: list[str] = []

    async def cancel(self, prefixes: list[str]) -> None:
        self.cancelled += prefixes


@pytest.fixture
async def wired(database_url: str, tmp_path: Path) -> AsyncIterator[Wired]:
    clock, bus, enqueued = FakeClock(), EventBus(), list[Work]()
    options: dict[str, Any] = {"data_dir": tmp_path}
    settings = Settings(**options)
    subscribe(bus, settings, clock)

    async def enqueue(_tx: Transaction, work: Work) -> None:
        enqueued.append(work)

    database = Database(database_url, enqueue=enqueue, emit=bus.emit)
    signer = UrlSigner(b"a secret of the tests, 16+ bytes")
    storage = open_storage(f"file://{tmp_path}/library", signer=signer, base_url="http://127.0.0.1:1", clock=clock)
    secrets = SecretBox(b"k" * 32)
    house = House(LibraryContext(database, storage, secrets, clock, UPLOAD_MAX_BYTES, UPLOAD_EXPIRES_S), clock)
    probe = tmp_path / "probe"
    tools = Tools(ffmpeg=tmp_path / "no-ffmpeg", ffprobe=probe, packager=tmp_path / "no-packager")
    wired = Wired(house, TranscodingContext(house.context, tools, settings, "w", tmp_path / "scratch"), probe, enqueued)
    wired.finds(FILM)
    try:
        yield wired
    finally:
        await storage.close()
        await database.close()


async def begun(wired: Wired) -> tuple[Stage, SourceId, Job]:
    """A complete video with a replacement that is being encoded."""
    stage = await complete(wired.house)
    source_id = await stage.replace()
    (job,) = await wired.inspect(stage.video, source_id)
    return stage, source_id, job


async def test_a_replacement_is_inspected_without_a_word_to_viewers(wired: Wired) -> None:
    stage = await complete(wired.house)
    before = await stage.now()
    wired.enqueued.clear()
    source_id = await stage.replace()
    assert wired.enqueued == [works.inspection(stage.owner.tenant_id, stage.video.id, source_id)]
    (job,) = await wired.inspect(stage.video, source_id)
    assert job.plan is not None
    assert (job.plan["part"], job.source_id) == ("ladder", source_id), "nothing is shown of it before it is whole"
    now = await stage.now()
    assert (now.duration_ms, now.width, now.state) == (before.duration_ms, before.width, VideoState.PROCESSING)
    assert wired.works(works.MAKE_IMAGES) == wired.works(PUBLISH_CUT) == wired.works(DIGEST_SOURCE) == []
    pieces = len(wired.works(works.ENCODE_PIECE))
    assert pieces > 0
    assert await wired.inspect(stage.video, source_id) == [job], "an attempt that is repeated begins nothing again"
    assert len(wired.works(works.ENCODE_PIECE)) == pieces


async def test_a_replacement_that_is_no_media_costs_nothing(wired: Wired) -> None:
    stage = await complete(wired.house)
    wired.finds({})
    assert await wired.inspect(stage.video, await stage.replace()) == []
    now = await stage.now()
    assert (now.state, now.replacement_source_id) == (VideoState.COMPLETE, None)
    assert now.state_reason == "The replacement failed: The file is not a video or audio file that can be read."
    await stage.collect()
    assert await stage.sources() == [OLD]


async def test_a_replacement_that_does_not_fit_the_preset_costs_nothing(wired: Wired) -> None:
    stage = Stage(wired.house, wired.house.owner(), (await received(wired.house)).video)
    stage.owner = library.Owner(stage.video.tenant_id)
    async with wired.house.database.write() as tx:
        await library.mark_failed(tx, wired.house.clock, stage.owner.tenant_id, stage.video.id, "No film.")
    wired.finds({"streams": [], "format": FILM["format"]})
    assert await wired.inspect(stage.video, await stage.replace()) == []
    now = await stage.now()
    assert now.state is VideoState.FAILED
    assert str(now.state_reason).startswith("The replacement failed: ")


async def test_the_switch_ends_what_is_left_of_the_old_work_and_makes_new_images(wired: Wired) -> None:
    stage = await received(wired.house)
    old = source_id_of(stage.video)
    first, ladder = await wired.inspect(stage.video, old)
    assert first.plan is not None
    assert first.plan["part"] == "first"
    source_id = await stage.replace()
    (job,) = await wired.inspect(stage.video, source_id)
    assert [each.state for each in await wired.jobs(stage.video, old)] == [JobState.WAITING] * 2
    wired.enqueued.clear()
    async with wired.house.database.write() as tx:
        assert not await switch_to(wired.context, tx, ladder, 600_000), "it is no replacement"
        assert await switch_to(wired.context, tx, job, 599_960)
    assert {each.state for each in await wired.jobs(stage.video, old)} == {JobState.CANCELLED}
    assert (await wired.jobs(stage.video, source_id))[0].state is JobState.WAITING, "its finish ends it itself"
    assert [work.id for work in wired.works(works.MAKE_IMAGES)] == [
        works.images(stage.owner.tenant_id, stage.video.id, source_id).id
    ]
    assert [work.arguments[-1] for work in wired.works(DIGEST_SOURCE)] == [source_id]
    now = await stage.now()
    assert (now.state, now.duration_ms, now.width, now.height) == (VideoState.COMPLETE, 599_960, 1920, 1080)
    assert await wired.inspect(stage.video, source_id) == [job], "a late inspection of what plays begins nothing"


async def test_a_protected_video_stays_protected(wired: Wired) -> None:
    owner = wired.house.owner()
    stage = Stage(wired.house, owner, await wired.house.video(owner, protected=True, data=OLD))
    source_id = await stage.replace()
    (job,) = await wired.inspect(stage.video, source_id)
    assert job.preset.endswith("_drm")
    async with wired.house.database.write() as tx:
        assert await switch_to(wired.context, tx, job, 1000)
    assert (await stage.now()).protected


async def test_a_job_that_fails_fails_only_what_it_was_for(wired: Wired) -> None:
    stage, source_id, job = await begun(wired)
    await fail_job(wired.context, job.id, "The encoder failed.")
    now = await stage.now()
    assert (now.state, now.state_reason) == (VideoState.COMPLETE, "The replacement failed: The encoder failed.")
    (ended,) = await wired.jobs(stage.video, source_id)
    assert (ended.state, ended.reason) == (JobState.FAILED, "The encoder failed.")


async def test_a_superseded_replacement_is_not_encoded_any_further(wired: Wired) -> None:
    stage, source_id, job = await begun(wired)
    second = await stage.replace(b"better")
    (ended,) = await wired.jobs(stage.video, source_id)
    assert (ended.state, ended.reason) == (JobState.CANCELLED, "Other media took the place of its source.")
    await fail_job(wired.context, job.id, "late")
    assert await wired.inspect(stage.video, source_id) == [ended]
    assert (await stage.now()).replacement_source_id == second


async def test_cancelling_ends_the_replacement_and_nothing_else(wired: Wired) -> None:
    stage = await received(wired.house)
    old = source_id_of(stage.video)
    await wired.inspect(stage.video, old)
    source_id = await stage.replace()
    (job,) = await wired.inspect(stage.video, source_id)
    workers = NoWorkers()

    async def cancel() -> int:
        return await transcoding.cancel_encode(
            wired.house.context, cast("WorkClient", workers), stage.owner, stage.video
        )

    assert await cancel() == 1
    assert workers.cancelled == works.prefixes_of(job.id)
    assert [each.state for each in await wired.jobs(stage.video, old)] == [JobState.WAITING] * 2
    assert (await stage.now()).replacement_source_id is None
    await stage.replace()
    assert await cancel() == 1, "one that is not inspected yet"
    assert (await stage.now()).media_state is VideoState.PROCESSING
    assert await cancel() == 2, "the video's own media"
    assert (await stage.now()).state is VideoState.FAILED
    assert await cancel() == 0


async def test_work_and_replacements_lock_a_video_and_its_job_in_one_order(wired: Wired) -> None:
    """On PostgreSQL, transactions that do it in different orders end each other."""
    stage, source_id, job = await begun(wired)
    async with wired.house.database.write() as tx:
        await library.video_for_work(tx, stage.owner.tenant_id, stage.video.id)
        failing = asyncio.create_task(fail_job(wired.context, job.id, "It failed."))
        await asyncio.sleep(0.3)  # by now it waits for this transaction
        withdrawn = library.SourceWithdrawn(stage.owner.tenant_id, stage.video.id, source_id)
        await transcoding.end_source_work(tx, wired.house.clock, withdrawn)
    await failing
    assert [each.state for each in await wired.jobs(stage.video, source_id)] == [JobState.CANCELLED]


async def test_frames_of_a_source_take_the_place_of_all_that_were_there(wired: Wired) -> None:
    stage = await complete(wired.house)
    old = await stage.publish(OutputKind.POSTER, "2")
    new = library.Output(
        library.new_output_id(), stage.video.id, OutputKind.POSTER, "1", f"{library.video_prefix(stage.video.id)}n.jpg",
        3, 2, 2, None, None, wired.house.clock.now(),
    )  # fmt: skip

    async def record(source_id: SourceId) -> None:
        async with wired.house.database.write() as tx:
            await library.record_frames(
                tx, wired.house.clock, stage.owner.tenant_id, stage.video.id, source_id, [new], "videos/none/"
            )

    await record(await stage.replace())
    assert await stage.names(OutputKind.POSTER) == list("01234"), "a source that is not played shows nothing"
    await record(source_id_of(stage.video))
    assert await stage.names(OutputKind.POSTER) == ["1", "4"], "the uploaded one stays"
    assert await stage.found(old) is None
