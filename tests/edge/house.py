"""A small installation for the edge's tests: migrated SQLite, files, the edge over them, and videos to serve."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import httpx
from starlette.requests import Request

from framehouse import library
from framehouse.edge import EdgeContext, create_edge
from framehouse.identity import Identity, LoginRevoked
from framehouse.identity.passwords import Passwords
from framehouse.infra.database import Database
from framehouse.infra.events import EventBus
from framehouse.infra.secretbox import SecretBox
from framehouse.infra.settings import Settings
from framehouse.infra.storage import FileSystemStorage, UrlSigner
from framehouse.kernel import FakeClock, TenantId, to_hex
from framehouse.library import (
    LibraryContext,
    NewPlaylist,
    NewVideo,
    Output,
    OutputKind,
    Owner,
    Playlist,
    Privacy,
    Video,
    VideoChanges,
)
from framehouse.media.presentation import AudioTrack, Presentation, SegmentTimeline, TextTrack, VideoTrack
from framehouse.playback import PlaybackContext, embed_path, end_login, forget_video, ladder_document, open_playback
from framehouse.playback.segments import SegmentCutter
from tests.audience.engine import audience_for

BASE = "http://films.example"
SEGMENT = bytes(range(256)) * 40
LADDER_FILES = {
    "v1/init.mp4": b"init of v1",
    "v1/1.m4s": SEGMENT,
    "v1/2.m4s": SEGMENT[::-1],
    "v2/init.mp4": b"init of v2",
    "v2/1.m4s": b"large 1",
    "v2/2.m4s": b"large 2",
    "a1/init.mp4": b"init of a1",
    "a1/1.m4s": b"sound 1",
    "a1/2.m4s": b"sound 2",
    "t1.vtt": b"WEBVTT\n",
}


def ladder() -> Presentation:
    timeline = SegmentTimeline.of([4000, 2000])

    def rung(name: str, width: int, height: int) -> VideoTrack:
        return VideoTrack(
            id=name, codec="avc1.64001e", timescale=1000, segments=timeline, bandwidth_bps=width * 1000,
            average_bps=width * 900, width=width, height=height, frame_rate=Fraction(25),
        )  # fmt: skip

    sound = AudioTrack(
        id="a1", codec="mp4a.40.2", timescale=1000, segments=timeline, bandwidth_bps=128_000, average_bps=128_000,
        language="en", name="English", channels=2, sample_rate_hz=48_000, default=True,
    )  # fmt: skip
    video = (rung("v1", 640, 360), rung("v2", 1280, 720))
    return Presentation(6000, video, (sound,), (TextTrack("t1", "en", "English"),))


CHEAP = Passwords(time_cost=1, memory_kib=64, parallelism=1)


@dataclass
class House:
    settings: Settings
    identity: Identity
    library: LibraryContext
    playback: PlaybackContext
    clock: FakeClock
    owner: Owner
    context: EdgeContext
    client: httpx.AsyncClient
    signed_in: list[TenantId]

    async def video(self, **about: Any) -> Video:
        """Received, not inspected yet."""
        new = NewVideo(**{"title": "Äpfel & Birnen", "file_name": "äpfel.mp4", **about})
        return await library.receive_video(self.library, self.owner, new, _stream(b"the source's bytes"))

    async def playable(self, **about: Any) -> Video:
        """With the whole ladder, its bytes in storage."""
        video = await self.video(**about)
        await self.record(video, OutputKind.PRESENTATION, library.LADDER, LADDER_FILES, ladder_document(ladder()))
        return await self.mark_playable(video)

    async def playlist(self, videos: Sequence[Video], **about: Any) -> Playlist:
        new = {"title": "A playlist", "privacy": Privacy.PUBLIC, **about}
        ids = tuple(video.id for video in videos)
        return await library.create_playlist(self.library, self.owner, NewPlaylist(**new, video_ids=ids))

    async def mark_playable(self, video: Video) -> Video:
        async with self.library.database.write() as tx:
            await library.mark_inspected(
                tx, self.clock, self.owner.tenant_id, video.id, duration_ms=6000, width=640, height=360
            )
            await library.mark_playable(tx, self.clock, self.owner.tenant_id, video.id)
        return await self.fresh(video)

    async def record(
        self, video: Video, kind: OutputKind, name: str, files: dict[str, bytes], document: dict[str, Any] | None = None
    ) -> Output:
        """An output of one file, or of a folder when it has a document."""
        output_id = library.new_output_id()
        prefix = library.output_prefix(video.id, output_id)
        for file, data in files.items():
            await self.library.storage.put(prefix + file, data)
        key = prefix if document is not None else prefix + next(iter(files))
        output = Output(output_id, video.id, kind, name, key, 1, None, None, "en", document, self.clock.now())
        async with self.library.database.write() as tx:
            await library.record_output(tx, self.clock, self.owner.tenant_id, output, prefix)
        return output

    async def fresh(self, video: Video) -> Video:
        return await library.get_video(self.library, self.owner, video.id)

    async def change(self, video: Video, **changes: Any) -> Video:
        return await library.change_video(self.library, self.owner, video.id, VideoChanges(**changes))

    async def config(self, video: Video, **request: Any) -> dict[str, Any]:
        answer = await self.client.get(embed_path(video) + "/config", **request)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def media(self, video: Video) -> str:
        """The path of the presentation's base, with a new ticket."""
        hls = (await self.config(video))["manifests"]["hls"]
        assert hls.endswith("/master.m3u8")
        return hls.removesuffix("master.m3u8")

    def advance(self, **by: float) -> None:
        self.clock.advance(timedelta(**by))


async def _stream(data: bytes) -> AsyncIterator[bytes]:
    yield data


def open_database(url: str) -> Database:
    """With the handlers that the installation has."""
    bus = EventBus()
    bus.subscribe(library.VideoDeleted, forget_video)
    bus.subscribe(LoginRevoked, end_login)
    return Database(url, emit=bus.emit)


async def open_house(database: Database, folder: Path, *, cutter: SegmentCutter | None = None) -> House:
    clock, secrets = FakeClock(), SecretBox(bytes(range(32)))
    signer = UrlSigner(secrets.derive("storage-url"))
    storage = FileSystemStorage(folder / "media", signer, BASE, clock)
    context = LibraryContext(database, storage, secrets, clock, 10_000_000, 3600)
    settings = Settings.model_validate({"data_dir": folder})
    identity = Identity(database, secrets, clock, settings.rate_limit_per_minute, passwords=CHEAP)
    tenant = await identity.create_tenant("films", "Films")
    playback = open_playback(context, ticket_min_s=settings.ticket_min_s, scratch=folder / "copies", cutter=cutter)
    signed_in: list[TenantId] = []

    async def owner_of(_request: Request) -> TenantId | None:
        return signed_in[-1] if signed_in else None

    player = folder / "player"
    player.mkdir()
    (player / "player-ABCD1234.js").write_text("// player")
    (player / "style-ABCD1234.css").write_text("/* style */")
    names = ("player.js", "player.css", "shaka-dash.js", "shaka-hls.js", "playlist.js", "playlist.css")
    listed = ", ".join(f'"{name}": "player-ABCD1234.js"' for name in names)
    (player / "manifest.json").write_text("{" + listed + "}")
    edge = EdgeContext(context, playback, settings, identity, audience_for(secrets, clock), signer, owner_of, player)
    # Errors must become answers inside the edge: nothing may reach the server.
    transport = httpx.ASGITransport(create_edge(edge), raise_app_exceptions=True)
    client = httpx.AsyncClient(transport=transport, base_url=BASE)
    return House(settings, identity, context, playback, clock, Owner(tenant.id), edge, client, signed_in)


def with_settings(house: House, **changes: Any) -> httpx.AsyncClient:
    """A client of the same house under other settings."""
    context = replace(house.context, settings=house.settings.model_copy(update=changes))
    return httpx.AsyncClient(transport=httpx.ASGITransport(create_edge(context)), base_url=BASE)


def hex_of(video: Video) -> str:
    return to_hex(video.id)
