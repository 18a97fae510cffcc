"""Logins, protected videos and grants over a real database, for the contract tests of who may watch."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from framehouse import library, playback
from framehouse.identity import Identity, Login, LoginRevoked
from framehouse.identity.passwords import Passwords
from framehouse.infra.database import Database
from framehouse.infra.events import EventBus
from framehouse.infra.secretbox import SecretBox
from framehouse.infra.storage import UrlSigner, open_storage
from framehouse.kernel import FakeClock
from framehouse.library import LibraryContext, NewVideo, Owner, Privacy, Video, VideoDeleted
from framehouse.playback import Grant, NewGrant, Place, Proofs, SignedIn, Viewer, Viewing
from tests.contracts.library_house import blocks


@dataclass
class PlaybackHouse:
    context: LibraryContext
    playback: playback.PlaybackContext
    identity: Identity
    clock: FakeClock
    owner: Owner
    stranger: Owner
    made: int = 0

    async def login(self, owner: Owner | None = None) -> Login:
        self.made += 1
        return await self.identity.create_login((owner or self.owner).tenant_id, f"ada{self.made}@example.com", "x")

    async def video(self, owner: Owner | None = None, **about: Any) -> Video:
        """A playable one; the next thing is a second younger."""
        owner = owner or self.owner
        new = NewVideo(**{"title": "A film", "file_name": "a.mp4", "privacy": Privacy.LOGIN, **about})
        video = await library.receive_video(self.context, owner, new, blocks(b"film"))
        async with self.context.database.write() as tx:
            output = library.Output(
                library.new_output_id(), video.id, library.OutputKind.PRESENTATION, library.LADDER,
                f"videos/{video.id}/", 1, None, None, None, {}, self.clock.now(),
            )  # fmt: skip
            await library.record_output(tx, self.clock, owner.tenant_id, output, output.object_key)
            await library.mark_inspected(
                tx, self.clock, owner.tenant_id, video.id, duration_ms=6000, width=640, height=360
            )
            await library.mark_playable(tx, self.clock, owner.tenant_id, video.id)
        self.clock.advance(timedelta(seconds=1))
        return await library.get_video(self.context, owner, video.id)

    async def grant(self, login: Login, video: Video, **terms: Any) -> Grant:
        made = await playback.create_grant(self.context, self.owner, NewGrant(login.id, video.id, **terms))
        self.clock.advance(timedelta(seconds=1))
        return made

    async def fresh(self, grant: Grant) -> Grant:
        return await playback.get_grant(self.context, self.owner, grant.id)

    async def start(self, login: Login, video: Video, previous: str = "") -> Viewing:
        """Presses the play button, signed in as the login is now."""
        now = await self.identity.login(self.owner.tenant_id, login.id)
        viewer = Viewer("192.0.2.1", proofs=Proofs(login=SignedIn(now.id, now.generation)))
        published = await playback.find_published(self.playback, video.id)
        assert published is not None
        return await playback.start_play(self.playback, published, Place.EMBED, viewer, previous)

    async def admitted(self, viewing: Viewing) -> bool:
        """Whether a media request with the ticket is let in, seconds later."""
        assert viewing.ticket is not None
        self.clock.advance(timedelta(seconds=5))
        try:
            await self.playback.catalogue.admit(viewing.ticket, viewing.video.id, "192.0.2.1")
        except playback.TicketRevoked:
            return False
        return True

    async def count(self, table: str) -> int:
        async with self.context.database.read() as tx:
            return (await tx.execute(sa.text(f"SELECT count(*) FROM {table}"))).scalar_one()


@pytest.fixture
async def playback_house(database_url: str, tmp_path: Path) -> AsyncIterator[PlaybackHouse]:
    clock, secrets, bus = FakeClock(), SecretBox(b"k" * 32), EventBus()
    bus.subscribe(VideoDeleted, playback.forget_video)
    bus.subscribe(LoginRevoked, playback.end_login)
    database = Database(database_url, emit=bus.emit)
    signer = UrlSigner(b"a secret of the tests, 16+ bytes")
    storage = open_storage(f"file://{tmp_path}/media", signer=signer, base_url="http://127.0.0.1:1", clock=clock)
    cheap = Passwords(time_cost=1, memory_kib=64, parallelism=1)
    identity = Identity(database, secrets, clock, 6000, passwords=cheap)
    owner, stranger = [Owner((await identity.create_tenant(slug, slug)).id) for slug in ("own", "stranger")]
    context = LibraryContext(database, storage, secrets, clock, 1_000_000, 3600)
    opened = playback.open_playback(context, ticket_min_s=6 * 3600, scratch=tmp_path / "copies")
    yield PlaybackHouse(context, opened, identity, clock, owner, stranger)
    await opened.close()
    await storage.close()
    await database.close()
