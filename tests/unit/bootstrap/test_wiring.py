"""What follows from an event in another room, as the installation is really wired."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from framehouse import library, playback
from framehouse.bootstrap.services import Services, open_services
from framehouse.infra.migrations import migrate
from framehouse.infra.settings import Settings
from framehouse.kernel import FakeClock
from framehouse.library import NewVideo, Owner, Privacy, Video
from framehouse.playback import NewGrant


@pytest.fixture
async def services(tmp_path: Path) -> AsyncIterator[Services]:
    settings = Settings.model_validate({"data_dir": tmp_path})
    migrate(settings.database_location, tmp_path)
    opened = open_services(settings, FakeClock())
    yield opened
    await opened.close()


async def received(services: Services, owner: Owner) -> Video:
    async def data() -> AsyncIterator[bytes]:
        yield b"film"

    new = NewVideo(title="A film", file_name="a.mp4", privacy=Privacy.LOGIN)
    return await library.receive_video(services.library, owner, new, data())


async def test_grants_go_with_their_video_and_tickets_with_their_login(services: Services) -> None:
    owner = Owner((await services.identity.create_tenant("acme", "Acme")).id)
    login = await services.identity.create_login(owner.tenant_id, "ada@example.com", "x")
    video, deleted = await received(services, owner), await received(services, owner)
    for each in (video, deleted):
        await playback.create_grant(services.library, owner, NewGrant(login.id, each.id))
    await library.delete_video(services.library, owner, deleted.id)
    assert [grant.video_id for grant in (await playback.list_grants(services.library, owner)).items] == [video.id]
    generations = [video.ticket_generation]
    for ending in (
        services.identity.set_login_password(owner.tenant_id, login.id, "y"),
        services.identity.delete_login(owner.tenant_id, login.id),
    ):
        await ending
        generations.append((await library.get_video(services.library, owner, video.id)).ticket_generation)
    assert generations == [1, 2, 3]
    assert (await playback.list_grants(services.library, owner)).items == ()
